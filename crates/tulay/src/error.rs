//! What is wrong in a configuration, and where.

use std::{fmt, ops::Range};

/// One mistake in a configuration: where, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The file, as it was named.
    pub file: String,
    /// Line and column, counted from 1; `None` where the mistake has no place in the file.
    pub place: Option<(usize, usize)>,
    /// The key, dotted: `providers.starpay.merchant_id`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and how to fix it.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Everything that is wrong in a configuration, in the order of the file.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// The mistakes; at least one.
    #[must_use]
    pub fn errors(&self) -> &[ConfigError] {
        &self.0
    }

    pub(crate) fn new(mut errors: Vec<ConfigError>) -> Self {
        errors.sort_by_key(|error| error.place);
        Self(errors)
    }

    pub(crate) fn whole(file: &str, message: impl fmt::Display) -> Self {
        let (file, message) = (file.to_owned(), message.to_string());
        Self(vec![ConfigError { file, place: None, key: String::new(), message }])
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// As `Display`, so that `fn main() -> Result<…>` and `unwrap` show the lines as they are.
impl fmt::Debug for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigErrors {}

/// Line and column of a place in a text, counted from 1, the column in characters.
pub(crate) fn place(text: &str, span: &Range<usize>) -> (usize, usize) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start_of_line = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start_of_line..).unwrap_or_default().chars().count() + 1;
    (line, column)
}
