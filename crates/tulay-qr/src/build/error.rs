//! Why a code can not be written.

use crate::{
    error::kinds,
    id::Path,
    rules::{Fault, Form},
    scheme::Short,
};
use core::{error, fmt};

/// Why a code can not be written as asked, and which object is at fault. It never repeats the
/// value, which may be personal; of an amount it states how to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildError {
    /// Why.
    pub kind: BuildErrorKind,
    /// Which object.
    pub path: Path,
    detail: Detail,
}

/// The sentence about one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    None,
    AtMost { found: usize, most: u8 },
    Exactly { found: usize, exactly: u8 },
    Character { position: usize, form: Form },
    Write(Short<16>),
}

kinds! {
    /// Why a code can not be written. `Display` says it in a sentence.
    BuildErrorKind;
    /// A value has to be there.
    Missing = "missing", "a value is needed here";
    /// A value is too long; nothing is cut short.
    TooLong = "too_long", "the value is too long";
    /// A value has a character or a form that it must not have.
    Malformed = "malformed", "the value does not have the form that this object has";
    /// An amount is malformed, too long or zero.
    BadAmount = "bad_amount", "the amount has to be digits with at most one point between them, 13 characters at most, and not zero";
    /// An amount has more decimals than its currency.
    TooManyDecimals = "too_many_decimals", "the amount has more decimals than the currency";
    /// A fee in percent is zero, or 100 and above.
    BadPercentage = "bad_percentage", "a fee in percent is from 00.01 to 99.99";
    /// An ID occurs twice.
    Duplicate = "duplicate", "this object is given twice";
    /// An object can not be written in this place or in this order.
    NotHere = "not_here", "this object can not be written here; objects are given once, by rising ID";
    /// The currency's number is not in ISO 4217.
    UnknownCurrency = "unknown_currency", "this number is no currency of ISO 4217";
    /// The two letters are not in ISO 3166-1.
    UnknownCountry = "unknown_country", "these letters are no country of ISO 3166-1";
}

impl BuildError {
    pub(crate) fn new(kind: BuildErrorKind, path: impl Into<Path>) -> Self {
        Self { kind, path: path.into(), detail: Detail::None }
    }

    pub(crate) fn missing(path: impl Into<Path>) -> Self {
        Self::new(BuildErrorKind::Missing, path)
    }

    pub(crate) fn malformed(path: impl Into<Path>) -> Self {
        Self::new(BuildErrorKind::Malformed, path)
    }

    /// The value of this object breaks its rule.
    #[cold]
    pub(crate) fn of(fault: Fault, path: Path, value: &str) -> Self {
        let (kind, detail) = match fault {
            Fault::Empty => (BuildErrorKind::Missing, Detail::None),
            Fault::TooLong { found, most } => {
                (BuildErrorKind::TooLong, Detail::AtMost { found, most })
            }
            Fault::Length { found, exactly } => {
                (BuildErrorKind::Malformed, Detail::Exactly { found, exactly })
            }
            Fault::Character { at, form } => {
                let before = value.get(..at).unwrap_or_default().chars().count();
                let position = before.saturating_add(1);
                (BuildErrorKind::Malformed, Detail::Character { position, form })
            }
        };
        Self { kind, path, detail }
    }

    /// The amount would be written like this.
    pub(crate) fn write_as(mut self, amount: Option<Short<16>>) -> Self {
        self.detail = amount.map_or(Detail::None, Detail::Write);
        self
    }

    /// Which character is at fault, counted from 1; `None` where it is not one character.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match self.detail {
            Detail::Character { position, .. } => Some(position),
            _ => None,
        }
    }

    /// How many characters the value may have, where it has another number of them.
    #[must_use]
    pub const fn limit(&self) -> Option<usize> {
        match self.detail {
            Detail::AtMost { most: limit, .. } | Detail::Exactly { exactly: limit, .. } => {
                Some(limit as usize)
            }
            _ => None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match self.detail {
            Detail::None => write!(f, "{}", self.kind),
            Detail::AtMost { found, most } => {
                write!(f, "the value has {found} characters, and at most {most} are allowed")
            }
            Detail::Exactly { found, exactly } => {
                write!(f, "the value has {found} characters, and exactly {exactly} are needed")
            }
            Detail::Character { position, form } => {
                write!(f, "character {position} of the value is not {form}")
            }
            Detail::Write(amount) => {
                write!(f, "the amount is not in the form of a code: write {}", amount.as_str())
            }
        }
    }
}

impl error::Error for BuildError {}
