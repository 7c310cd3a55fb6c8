//! Where a payment stands.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "code that acts on money must handle each")]
pub enum Status {
    /// Accepted; nothing has left.
    Created,
    /// On its way out, or waiting to be sent.
    Sending,
    /// It may have been paid.
    InDoubt,
    /// The provider has it.
    Pending,
    /// Paid.
    Succeeded,
    /// Not paid, with proof.
    Failed,
    /// Paid and returned, with proof.
    Reversed,
    /// Withdrawn before anything left.
    Cancelled,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::Sending,
        Self::InDoubt,
        Self::Pending,
        Self::Succeeded,
        Self::Failed,
        Self::Reversed,
        Self::Cancelled,
    ];

    /// Whether nothing is sent any more. A payment that succeeded may still be returned.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Reversed | Self::Cancelled)
    }

    /// The name in the database and in JSON: `in_doubt`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sending => "sending",
            Self::InDoubt => "in_doubt",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Reversed => "reversed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
