//! What stands in the files: small, finished, with a first page for every crate.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

const LONGEST_FILE: usize = 600;

/// What no finished file holds. Written in two parts, so that this one does not.
const UNFINISHED: &[(&str, &str)] =
    &[("todo", "!("), ("unimplemented", "!("), ("FIX", "ME"), ("TO", "DO"), DISABLED];

/// How a test is disabled. Only a test that needs a provider's key may be.
const DISABLED: (&str, &str) = ("#[igno", "re");
const NEEDS_A_KEY: &str = "/tests/remote.rs";

pub(crate) fn complaints(root: &Path, adapters: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for folder in folders(root)? {
        for file in rust_files(&root.join(&folder)).map_err(|error| error.to_string())? {
            let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
            let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            complaints.extend(of_file(&name, &text));
        }
    }
    complaints.extend(of_crates(root, adapters).map_err(|error| error.to_string())?);
    Ok(complaints)
}

fn of_file(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        complaints.push(format!("{name}: {lines} lines; at most {LONGEST_FILE}: split it"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        let unfinished = UNFINISHED.iter().any(|part| {
            let allowed = *part == DISABLED && name.ends_with(NEEDS_A_KEY);
            !allowed && line.contains(&format!("{}{}", part.0, part.1))
        });
        if unfinished {
            complaints.push(format!("{name}:{number}: unfinished or disabled"));
        }
    }
    complaints
}

/// Every crate has a README, which is its documentation's first page, and stands in the map; an
/// adapter has its own page instead, so that a new one edits nothing.
fn of_crates(root: &Path, adapters: &BTreeSet<String>) -> io::Result<Vec<String>> {
    let map = fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let mut complaints = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let first_page = fs::read_to_string(path.join("src/lib.rs")).unwrap_or_default();
        if !path.join("README.md").is_file() || !first_page.contains("../README.md") {
            complaints.push(format!("crates/{name}: its README.md is not its first page"));
        }
        if !adapters.contains(&name) && !map.contains(&format!("`{name}`")) {
            complaints.push(format!("crates/{name}: ARCHITECTURE.md does not list it"));
        }
    }
    Ok(complaints)
}

/// The folders of all packages, below the root.
pub(crate) fn folders(root: &Path) -> Result<Vec<String>, String> {
    let mut folders = vec!["examples".to_owned(), "tests".to_owned(), "xtask".to_owned()];
    for entry in fs::read_dir(root.join("crates")).map_err(|error| error.to_string())? {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        folders.push(format!("crates/{}", name.display()));
    }
    folders.sort();
    Ok(folders)
}

pub(crate) fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_unfinished_files_are_found() {
        assert!(of_file("a.rs", "fn a() {}\n").is_empty());
        assert_eq!(of_file("a.rs", &"\n".repeat(601)).len(), 1);
        let unfinished = format!("fn a() {{ {}{} }}", "todo", "!()");
        assert_eq!(of_file("a.rs", &unfinished), ["a.rs:1: unfinished or disabled"]);
        let disabled = format!("{}{}]", DISABLED.0, DISABLED.1);
        assert_eq!(of_file("a/tests/it/b.rs", &disabled).len(), 1);
        assert_eq!(of_file("a/tests/remote.rs", &disabled).len(), 0);
        assert_eq!(of_file("a/tests/remote.rs", &unfinished).len(), 1);
    }
}
