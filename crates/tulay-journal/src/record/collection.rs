//! What is known of a collection.

use crate::collection::Collected;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is known of a collection beside its request. It has no personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Collecting {
    /// Its orders and payments.
    pub facts: Collected,
    /// Until when it can be paid: as the provider accepted it, else as it was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

/// What came in otherwise than it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Surprise {
    /// A payment came when the collection was over.
    Late,
    /// A payment came after the application withdrew the collection.
    AfterCancellation,
    /// A payment came after the amount was reached.
    Twice,
    /// Less than the amount came in, and the collection is over.
    Short,
    /// More than the amount came in.
    Over,
}

impl Surprise {
    /// The name in the database and in JSON: `after_cancellation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::AfterCancellation => "after_cancellation",
            Self::Twice => "twice",
            Self::Short => "short",
            Self::Over => "over",
        }
    }
}

impl fmt::Display for Surprise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
