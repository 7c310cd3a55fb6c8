//! Whether a code serves once or often.

use core::fmt;

/// Whether a code serves many payments or one (object 01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "EMVCo MPM 1.0, table 3.2: there is no third")]
pub enum Initiation {
    /// `11`: the same code for many payments.
    Static,
    /// `12`: a new code for each payment.
    Dynamic,
}

impl Initiation {
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code {
            "11" => Some(Self::Static),
            "12" => Some(Self::Dynamic),
            _ => None,
        }
    }

    /// The two digits of object 01.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Static => "11",
            Self::Dynamic => "12",
        }
    }

    /// `static` or `dynamic`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Dynamic => "dynamic",
        }
    }
}

impl fmt::Display for Initiation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
