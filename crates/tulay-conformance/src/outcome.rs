//! The outcome of a check.

/// A check passes, or fails with a reason.
pub(crate) type Outcome = Result<(), Unmet>;

/// Why a check does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unmet {
    /// The adapter is wrong, or its harness.
    Fails(String),
    /// The capability says that this is not offered.
    NotOffered(String),
}

impl Unmet {
    pub(crate) fn fails(why: impl Into<String>) -> Self {
        Self::Fails(why.into())
    }

    pub(crate) fn not_offered(why: impl Into<String>) -> Self {
        Self::NotOffered(why.into())
    }
}

/// Ends a check as failed unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($why:tt)+) => {
        if !$condition {
            return Err($crate::outcome::Unmet::fails(format!($($why)+)));
        }
    };
}
pub(crate) use ensure;

/// An error in one line, for the reason of a failure.
pub(crate) fn shown(error: &tulay_core::Error) -> String {
    let field = error.field().unwrap_or("-");
    format!("{} {} [{field}] {error}", error.kind(), error.effect())
}
