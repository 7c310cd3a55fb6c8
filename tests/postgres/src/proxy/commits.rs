//! Which messages of a client commit.

use super::frames::Frame;
use std::collections::BTreeMap;

/// The statements and portals of a connection that are a `COMMIT`.
#[derive(Default)]
pub(super) struct Commits {
    statements: BTreeMap<String, bool>,
    portals: BTreeMap<String, bool>,
}

impl Commits {
    /// Whether the message carries out a `COMMIT`.
    pub(super) fn read(&mut self, frame: &Frame) -> bool {
        let mut texts = frame.texts();
        let mut text = || texts.next().unwrap_or_default();
        match frame.kind {
            Some(b'Q') => has_commit(&text()),
            Some(b'P') => {
                let name = text();
                self.statements.insert(name, has_commit(&text()));
                false
            }
            Some(b'B') => {
                let portal = text();
                let commits = self.statements.get(&text()).copied().unwrap_or_default();
                self.portals.insert(portal, commits);
                false
            }
            Some(b'E') => self.portals.get(&text()).copied().unwrap_or_default(),
            _ => false,
        }
    }
}

/// Whether one of the statements of a query is a `COMMIT`.
fn has_commit(query: &str) -> bool {
    query.split(';').any(|statement| statement.trim().eq_ignore_ascii_case("commit"))
}
