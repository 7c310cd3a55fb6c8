//! Words that are not used here: in identifiers, which test names are too, in file names and in
//! rustdoc. Each has a plain word, or a word of the field, in its place.

use crate::{
    files::rust_files,
    tokens::{self, Kind},
};
use std::{collections::BTreeSet, fs, path::Path};

/// Each word with its inflections.
const WORDS: &[&str] = &[
    "mend", "mends", "mended", "mending", "mendable", //
    "told", "nobody", "whoever", //
    "till", "tills", "room", "rooms", "arrow", "arrows",
];

/// Complaints about the words in these folders.
pub(crate) fn complaints(root: &Path, folders: &[String]) -> Result<Vec<String>, String> {
    let found = folders.iter().map(|folder| of_folder(root, folder));
    found.collect::<Result<Vec<_>, _>>().map(|found| found.into_iter().flatten().collect())
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
