//! Words that are not used here: in identifiers, which test names are too, in file names, in rustdoc
//! and in Markdown. Each has a plain word, or a word of the field, in its place.

use crate::{
    files::rust_files,
    markdown::{pages, prose, without_code},
    tokens::{self, Kind},
};
use std::{collections::BTreeSet, fs, io, path::Path};

/// Each word with its inflections.
const WORDS: &[&str] = &[
    "mend", "mends", "mended", "mending", "mendable", //
    "told", "nobody", "whoever", //
    "till", "tills", "room", "rooms", "arrow", "arrows",
];

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
    let lines = prose(text).map(|(line, text)| (line, parts(&without_code(text))));
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
            Kind::Word | Kind::Doc => parts(&token.text),
            Kind::Mark | Kind::Literal => BTreeSet::new(),
        };
        words.into_iter().map(|word| format!("{name}:{}: {word}", token.line))
    });
    let mut seen = BTreeSet::new();
    Ok(in_name.chain(in_text).filter(|line| seen.insert(line.clone())).collect())
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
