//! Tests that a page names: each is a function in the file of the module that its path names.

use crate::{
    files::rust_files,
    markdown::prose,
    tokens::{self, Token},
};
use std::{fs, path::Path};

/// The page whose tables name tests in their last column.
const PAGE: &str = "docs/ways-to-lose-money.md";

/// A Rust file: its path below the root, and its text.
type File = (String, String);

/// A complaint for each test that does not exist.
pub(crate) fn complaints(root: &Path, folders: &[String]) -> Result<Vec<String>, String> {
    let page = fs::read_to_string(root.join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
    let mut files = Vec::new();
    for folder in folders {
        for file in rust_files(&root.join(folder)).map_err(|error| error.to_string())? {
            let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
            let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            files.push((name, text));
        }
    }
    of_page(&page, &files)
}

fn of_page(page: &str, files: &[File]) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for (line, test) in named(page) {
        if let Some(problem) = problem(test, files)? {
            complaints.push(format!("{PAGE}:{line}: the test {test} does not exist: {problem}"));
        }
    }
    Ok(complaints)
}

/// The code in the last column of each table, with its line.
fn named(page: &str) -> impl Iterator<Item = (usize, &str)> {
    prose(page).flat_map(|(line, text)| {
        let row = text.trim().strip_prefix('|').and_then(|row| row.strip_suffix('|'));
        let cell = row.and_then(|row| row.rsplit('|').next()).unwrap_or_default();
        let code = cell.split('`').skip(1).step_by(2);
        code.map(move |test| (line, test))
    })
}

/// What is wrong with the path of a test, if anything is.
fn problem(test: &str, files: &[File]) -> Result<Option<String>, String> {
    let Some((module, name)) = test.rsplit_once("::") else {
        return Ok(Some("expected package::module::function".to_owned()));
    };
    let outer = module.strip_suffix("::tests").unwrap_or(module);
    let mut of_module = files.iter().filter(|(path, _)| {
        let of_file = module_of(path);
        of_file == module || of_file == outer
    });
    let Some(first) = of_module.next() else {
        return Ok(Some(format!("no file is the module {module}")));
    };
    for (path, text) in [first].into_iter().chain(of_module) {
        let tokens = tokens::read(text).map_err(|error| format!("{path}: {error}"))?;
        if has_function(&tokens, name) {
            return Ok(None);
        }
    }
    Ok(Some(format!("{} has no function {name}", first.0)))
}

/// The package of a file and its module, as a path. The target `it` is not a part of it.
fn module_of(path: &str) -> String {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let (package, parts) = match parts.as_slice() {
        ["crates", package, "src", rest @ ..] => (*package, rest),
        ["crates", package, "tests", "it", rest @ ..] => (*package, rest),
        ["crates", package, "tests", rest @ ..] => (*package, rest),
        ["tests", "it", rest @ ..] | ["tests", rest @ ..] => ("tulay-tests", rest),
        other => ("", other),
    };
    let modules = match parts {
        [rest @ .., "mod" | "main" | "lib"] => rest,
        all => all,
    };
    [&[package], modules].concat().join("::")
}

fn has_function(tokens: &[Token], name: &str) -> bool {
    tokens.windows(2).any(|pair| matches!(pair, [word, it] if word.is("fn") && it.is(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_tests_are_found() {
        let files = [
            ("crates/a/tests/it/b/mod.rs", "databases!(c);\n// fn gone() {}\nasync fn c<D>() {}"),
            ("crates/a/src/b.rs", "mod tests { #[test] fn d() {} }"),
            ("crates/a/tests/kill/main.rs", "#[test] fn e() {}"),
            ("tests/it/f.rs", "proptest! { #[test] fn g(h in 0..1) {} }"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let page = "| `other` | test |\n|---|---|\n\
                    | x | `a::b::c`, `a::b::tests::d` |\n| x | `a::kill::e` and `tulay-tests::f::g` |\n\
                    `a::outside::of_a_table`\n| x | none |\n\
                    | x | `a::b::gone`, `a::b::databases` |\n| x | `a::i::c` |\n| x | `c` |\n";
        let found = [
            (7, "a::b::gone", "crates/a/tests/it/b/mod.rs has no function gone"),
            (7, "a::b::databases", "crates/a/tests/it/b/mod.rs has no function databases"),
            (8, "a::i::c", "no file is the module a::i"),
            (9, "c", "expected package::module::function"),
        ];
        let found = found.map(|(line, test, problem)| {
            format!("{PAGE}:{line}: the test {test} does not exist: {problem}")
        });
        assert_eq!(of_page(page, &files).unwrap(), found);
    }

    #[test]
    fn files_have_their_modules() {
        for (path, module) in [
            ("crates/a/src/lib.rs", "a"),
            ("crates/a/src/b/tests.rs", "a::b::tests"),
            ("crates/a/tests/it/b/mod.rs", "a::b"),
            ("crates/a/tests/kill/c.rs", "a::kill::c"),
            ("tests/it/b/c.rs", "tulay-tests::b::c"),
        ] {
            assert_eq!(module_of(path), module, "{path}");
        }
    }
}
