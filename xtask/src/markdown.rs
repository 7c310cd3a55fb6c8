//! Markdown pages: which there are, and their text without code.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Folders whose pages are not read: what is built, and templates, which are pages elsewhere.
const LEFT_OUT: &[&str] = &["target", ".git", "xtask/templates", "xtask/tests"];

/// The Markdown files below a folder.
pub(crate) fn pages(root: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let below = path.strip_prefix(root).unwrap_or(&path);
        if path.is_dir() && !LEFT_OUT.iter().any(|left_out| below == Path::new(left_out)) {
            found.extend(pages(root, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(found)
}

/// The lines outside code blocks, counted from 1.
pub(crate) fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    })
}

/// A line whose `code` is taken out.
pub(crate) fn without_code(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts.filter(|(index, _)| index % 2 == 0).map(|(_, part)| part).collect()
}
