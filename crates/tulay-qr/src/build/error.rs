//! Why a code can not be written.

use crate::{error::kinds, id::Path};
use core::{error, fmt};

/// Why a code can not be written as asked, and which object is at fault. It never repeats the
/// value, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildError {
    /// Why.
    pub kind: BuildErrorKind,
    /// Which object.
    pub path: Path,
}

kinds! {
    /// Why a code can not be written. `Display` says it in a sentence.
    BuildErrorKind;
    /// A value has to be there.
    Missing = "missing", "a value is needed here";
    /// A value is too long; nothing is cut short.
    TooLong = "too_long", "the value is too long";
    /// A value has characters or a form that it must not have.
    Malformed = "malformed", "the value has characters or a form that it must not have here";
    /// An amount is malformed, too long or zero.
    BadAmount = "bad_amount", "the amount has to be digits with at most one point, 13 characters at most, and not zero";
    /// An amount has more decimals than its currency.
    TooManyDecimals = "too_many_decimals", "the amount has more decimals than the currency";
    /// An ID occurs twice.
    Duplicate = "duplicate", "this object is given twice";
}

impl BuildError {
    pub(crate) fn new(kind: BuildErrorKind, path: impl Into<Path>) -> Self {
        Self { kind, path: path.into() }
    }

    pub(crate) fn missing(path: impl Into<Path>) -> Self {
        Self::new(BuildErrorKind::Missing, path)
    }

    pub(crate) fn malformed(path: impl Into<Path>) -> Self {
        Self::new(BuildErrorKind::Malformed, path)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.kind)
    }
}

impl error::Error for BuildError {}
