//! Free text.

use crate::{characters::invisible, invalid::Invalid};
use std::borrow::Cow;

/// Reads one line of free text that a person or program typed: a remark, the name of a shop. The
/// field is the one that an error names.
///
/// # Errors
/// A line break, or any other character that cannot be seen: with its place. Nothing was sent.
///
/// ```
/// use tulay_core::text;
/// assert_eq!(text::line("remark", " Salary, November ")?, "Salary, November");
/// let invalid = text::line("remark", "Salary\u{202e}").unwrap_err();
/// assert_eq!(
///     invalid.to_string(),
///     "remark: character 7 is an invisible character that reverses the text (U+202E): remove it"
/// );
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn line(field: impl Into<Cow<'static, str>>, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    match invisible(text) {
        Some(clause) => Err(Invalid::unreadable(field, clause)),
        None => Ok(text.to_owned()),
    }
}
