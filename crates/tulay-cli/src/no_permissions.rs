//! Systems whose permissions are not read here: nothing is known of other users.

use std::path::Path;
use tulay::Tulay;

/// A file or folder that other users can reach too far.
#[derive(Debug)]
pub(crate) struct TooOpen {
    pub(crate) problem: String,
    pub(crate) fix: String,
}

/// What other users can reach too far of a configuration.
pub(crate) fn too_open(_: &Path, _: &Tulay) -> Vec<TooOpen> {
    Vec::new()
}

/// Whether a file belongs to another user than the one who runs the command.
pub(crate) fn is_foreign(_: &Path) -> bool {
    false
}

/// The user who runs the command, where the environment does not name one.
pub(crate) fn user() -> String {
    "unknown".to_owned()
}
