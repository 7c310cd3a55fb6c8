//! The pages that are generated: how each is written, and whether it is stale.

use crate::{capabilities, errors, messages};
use std::{fs, path::Path};

/// A page and the command that writes it.
pub(crate) struct Page {
    /// The argument of `cargo xtask`.
    pub(crate) command: &'static str,
    path: &'static str,
    text: fn(&Path) -> Result<String, String>,
}

pub(crate) const PAGES: &[Page] = &[
    Page { command: "capabilities", path: "docs/capabilities.md", text: capabilities::page },
    Page { command: "errors", path: "docs/errors.md", text: errors::page },
    Page { command: "messages", path: "docs/messages.md", text: messages::page },
];

impl Page {
    /// Writes the page.
    pub(crate) fn write(&self, root: &Path) -> Result<String, String> {
        let text = (self.text)(root)?;
        fs::write(root.join(self.path), text).map_err(|error| format!("{}: {error}", self.path))?;
        Ok(format!("{} is written", self.path))
    }
}

/// The pages that would be written otherwise now.
pub(crate) fn complaints(root: &Path) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for Page { command, path, text } in PAGES {
        if fs::read_to_string(root.join(path)).unwrap_or_default() != text(root)? {
            complaints.push(format!("{path} is stale: run cargo xtask {command}"));
        }
    }
    Ok(complaints)
}
