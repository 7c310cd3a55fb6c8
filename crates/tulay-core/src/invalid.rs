//! A value that is not what it must be.

use std::{borrow::Cow, error, fmt};

/// A value that is not what it must be: which field, and what was expected. It never repeats the
/// value, which may be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalid {
    /// The field, dotted where it lies deeper: `beneficiary.name`.
    pub field: Cow<'static, str>,
    /// What was expected, to be read after "expected".
    pub expected: Cow<'static, str>,
}

impl Invalid {
    /// Names a field and what was expected of it.
    #[must_use]
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: field.into(), expected: expected.into() }
    }

    /// The same refusal under another field's name.
    #[must_use]
    pub fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = field.into();
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.field, self.expected)
    }
}

impl error::Error for Invalid {}
