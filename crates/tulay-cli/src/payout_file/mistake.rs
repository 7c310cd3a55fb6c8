//! What is wrong in a file, line by line.

use std::fmt;
use tulay::Money;

/// Something wrong in a row, and in which column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) column: Option<String>,
    pub(crate) message: String,
}

impl Mistake {
    pub(crate) fn new(column: impl Into<String>, message: impl Into<String>) -> Self {
        Self { column: Some(column.into()), message: message.into() }
    }

    /// A mistake of the row as a whole.
    pub(crate) fn of_row(message: impl Into<String>) -> Self {
        Self { column: None, message: message.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// A line that cannot be paid, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadLine {
    /// `None` for a payout that stands in no table.
    pub(crate) line: Option<u64>,
    /// Its amount, where that could be read.
    pub(crate) amount: Option<Money>,
    pub(crate) mistakes: Vec<Mistake>,
}
