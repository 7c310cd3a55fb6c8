//! A value that does not fit, and why.

use std::{borrow::Cow, error, fmt};

/// A value that does not fit: its field, and what is wrong. It never repeats the value, which may
/// be personal.
///
/// ```
/// use tulay_core::Invalid;
/// let invalid = Invalid::new("amount", "more than zero");
/// assert_eq!(invalid.to_string(), "amount: expected more than zero");
/// let invalid = Invalid::unsupported("remark", "static codes carry none");
/// assert_eq!(invalid.to_string(), "remark: not supported here: static codes carry none");
/// let invalid = Invalid::unreadable("amount", "the point has no decimals behind it: write 1250");
/// assert_eq!(invalid.to_string(), "amount: the point has no decimals behind it: write 1250");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    field: Cow<'static, str>,
    problem: Problem,
}

/// What is wrong with a value. `Display` writes a clause that stands beside the field's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Another value is needed. The text follows the word "expected".
    Expected(Cow<'static, str>),
    /// No value is taken here. The text says why, as a clause of its own.
    Unsupported(Cow<'static, str>),
    /// The value cannot be read. The text is a clause of its own.
    Unreadable(Cow<'static, str>),
}

impl Invalid {
    /// A field, and what was expected in it: `12 digits`. The field is dotted where it lies
    /// deeper: `beneficiary.name`.
    #[must_use]
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: field.into(), problem: Problem::Expected(expected.into()) }
    }

    /// A field that must be left out, and why: `static codes carry none`.
    #[must_use]
    pub fn unsupported(
        field: impl Into<Cow<'static, str>>,
        why: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: field.into(), problem: Problem::Unsupported(why.into()) }
    }

    /// A field that cannot be read, and why, as a clause of its own:
    /// `the point may separate thousands: write 10000 or 10.00`.
    #[must_use]
    pub fn unreadable(
        field: impl Into<Cow<'static, str>>,
        clause: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: field.into(), problem: Problem::Unreadable(clause.into()) }
    }

    /// The same problem under another field's name.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = field.into();
        self
    }

    /// The field, dotted.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(expected) => write!(f, "expected {expected}"),
            Self::Unsupported(why) => write!(f, "not supported here: {why}"),
            Self::Unreadable(clause) => f.write_str(clause),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem)
    }
}

impl error::Error for Invalid {}
