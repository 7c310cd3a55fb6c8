//! The text of one member.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroize;

/// The text of one JSON member, which may be personal data. It serialises in clear; `Debug` prints
/// `***`, there is no `Display`, and the memory is wiped on drop.
///
/// ```
/// use tulay::json::Text;
/// let account = Text::from("09171234567");
/// assert_eq!(format!("{account:?}"), "***");
/// assert_eq!(account.expose(), "09171234567");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
