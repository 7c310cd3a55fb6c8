//! Words that are not used here: in identifiers, which test names are too, in file names, in rustdoc,
//! in Markdown, and in the text of the crates. Each has a plain word, or a word of the field, in its
//! place.

use crate::{
    files::rust_files,
    markdown::{pages, prose, without_code},
    tokens::{self, Kind, Token},
};
use std::{collections::BTreeSet, fs, io, path::Path};

/// Each word with its inflections.
const WORDS: &[&str] = &[
    "mend", "mends", "mended", "mending", "mendable", //
    "told", "nobody", "whoever", //
    "till", "tills", "room", "rooms", "arrow", "arrows",
];

/// Phrases that are replaced wherever a sentence may stand.
const PHRASES: &[&str] =
    &["asked for", "marks away", "said so", "is there already", "known only by"];

/// The page that lists old names beside the new.
const CHANGELOG: &str = "CHANGELOG.md";

/// Complaints about the words in these folders, and in all Markdown pages.
pub(crate) fn complaints(root: &Path, folders: &[String]) -> Result<Vec<String>, String> {
    let mut found = of_pages(root).map_err(|error| error.to_string())?;
    for folder in folders {
        found.extend(of_folder(root, folder)?);
    }
    Ok(found)
}

fn of_pages(root: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for page in pages(root, root)?.into_iter().filter(|page| !page.ends_with(CHANGELOG)) {
        let name = page.strip_prefix(root).unwrap_or(&page).display().to_string();
        found.extend(of_page(&name, &fs::read_to_string(&page)?));
    }
    found.sort();
    Ok(found)
}

/// The occurrences in one page, outside code.
fn of_page(name: &str, text: &str) -> Vec<String> {
    let lines = prose(text).map(|(line, text)| (line, in_prose(&without_code(text))));
    let found = lines.flat_map(|(line, words)| words.into_iter().map(move |word| (line, word)));
    found.map(|(line, word)| format!("{name}:{line}: {word}")).collect()
}

/// Every occurrence in these folders, and how many there are in each.
pub(crate) fn list(root: &Path, folders: &[String]) -> Result<String, String> {
    let mut text = String::new();
    let mut counts = String::new();
    for folder in folders {
        let found = of_folder(root, folder)?;
        counts.push_str(&format!("{folder}: {}\n", found.len()));
        for line in found {
            text.push_str(&format!("{line}\n"));
        }
    }
    Ok(text + &counts)
}

fn of_folder(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut files = rust_files(&root.join(folder)).map_err(|error| error.to_string())?;
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        found.extend(of_file(&name, &text)?);
    }
    Ok(found)
}

/// The occurrences in one file, as `file:line: word`.
fn of_file(name: &str, text: &str) -> Result<Vec<String>, String> {
    let file_name = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".rs");
    let in_name = parts(file_name).into_iter().map(|word| format!("{name}: {word}"));
    let tokens = tokens::read(text).map_err(|error| format!("{name}: {error}"))?;
    let in_text = tokens.iter().flat_map(|token| {
        let words = match token.kind {
            Kind::Word => parts(&token.text),
            Kind::Doc => in_prose(&token.text),
            Kind::Mark | Kind::Literal => BTreeSet::new(),
        };
        complaints_of(name, token, words)
    });
    let literals = match is_of_tests(name) {
        true => Vec::new(),
        false => tokens::without_tests(&tokens),
    };
    let in_literals = literals.iter().filter(|token| is_sentence(token));
    let in_literals = in_literals
        .flat_map(|token| complaints_of(name, token, in_prose(&on_one_line(&token.text))));
    let mut seen = BTreeSet::new();
    let found = in_name.chain(in_text).chain(in_literals);
    Ok(found.filter(|line| seen.insert(line.clone())).collect())
}

fn complaints_of(name: &str, token: &Token, words: BTreeSet<&'static str>) -> Vec<String> {
    words.into_iter().map(|word| format!("{name}:{}: {word}", token.line)).collect()
}

/// Whether the text in a file is not for users: tests, benches, this program.
fn is_of_tests(name: &str) -> bool {
    !name.starts_with("crates/") || !name.contains("/src/") || name.ends_with("/tests.rs")
}

/// Whether a token may be a sentence; one word is a value.
fn is_sentence(token: &Token) -> bool {
    token.kind == Kind::Literal && token.text.contains(' ')
}

/// A literal without the ends of its lines.
fn on_one_line(literal: &str) -> String {
    literal.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words and phrases that stand in prose.
fn in_prose(text: &str) -> BTreeSet<&'static str> {
    let mut found = parts(text);
    let text = text.to_lowercase();
    let text = format!(" {} ", text.replace(|c: char| !c.is_alphanumeric(), " "));
    found.extend(PHRASES.iter().filter(|phrase| text.contains(&format!(" {phrase} "))));
    found
}

/// The words of the list among the parts of a text: `snake_case`, `CamelCase` and prose alike.
fn parts(text: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut part = String::new();
    let mut previous = ' ';
    for c in text.chars().chain([' ']) {
        let begins = !c.is_alphabetic() || (c.is_uppercase() && !previous.is_uppercase());
        if begins {
            found.extend(WORDS.iter().find(|word| **word == part));
            part.clear();
        }
        if c.is_alphabetic() {
            part.extend(c.to_lowercase());
        }
        previous = c;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_form() {
        for (text, word) in [
            ("fn is_told() {}", "told"),
            ("struct ToldApart;", "told"),
            ("const ROOMS: u8 = 1;", "rooms"),
            ("enum A { Mend }", "mend"),
            ("/// Nobody is asked.\nfn a() {}", "nobody"),
            ("//! The rooms, and `mend()`.", "mend"),
            ("fn a() { let told = 1; }", "told"),
            ("macro_rules! a { () => { mended } }", "mended"),
        ] {
            let found = of_file("src/a.rs", text).unwrap();
            assert!(found.contains(&format!("src/a.rs:1: {word}")), "{text} {found:?}");
        }
        assert_eq!(of_file("src/till_a.rs", "").unwrap(), ["src/till_a.rs: till"]);
        assert_eq!(of_file("src/a.rs", "\n\nfn told() {}").unwrap(), ["src/a.rs:3: told"]);
    }

    #[test]
    fn words_are_found_in_pages_outside_code() {
        let page = "# A room\n`told` is old\n```text\nnobody\n```\nWhoever pays is told.\n";
        assert_eq!(of_page("a.md", page), ["a.md:1: room", "a.md:6: told", "a.md:6: whoever"]);
    }

    #[test]
    fn phrases_are_found_in_prose() {
        let page = "The amount asked for.\n`it is there already`\n";
        assert_eq!(of_page("a.md", page), ["a.md:1: asked for"]);
        let found = of_file("src/a.rs", "/// It was asked for.\nfn asked_for() {}").unwrap();
        assert_eq!(found, ["src/a.rs:1: asked for"]);
    }

    #[test]
    fn literals_of_the_crates_are_prose() {
        let text = "fn a() { b!(\"a code was \\\n    asked for\"); }\n\
                    #[cfg(test)]\nmod tests { const A: &str = \"nobody\"; }";
        let name = "crates/a/src/b.rs";
        assert_eq!(of_file(name, text).unwrap(), [format!("{name}:1: asked for")]);
        for name in ["crates/a/tests/it/b.rs", "crates/a/src/b/tests.rs", "xtask/src/b.rs"] {
            assert!(of_file(name, text).unwrap().is_empty(), "{name}");
        }
    }

    #[test]
    fn other_words_texts_and_comments_are_left_alone() {
        for text in [
            "fn narrow_bathroom() {}",
            "fn until_stolen() {}",
            "const A: &str = \"told\";",
            "// nobody is told\nfn a() {}",
            "struct Broom;",
            "fn amend() {}",
        ] {
            assert!(of_file("src/distil.rs", text).unwrap().is_empty(), "{text}");
        }
    }
}
