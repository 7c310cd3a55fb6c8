//! Where an attempt stands.

use serde::{Deserialize, Serialize};

/// Where an attempt stands, by what is known now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "code that sends must handle each")]
pub enum Standing {
    /// Paid, and returned.
    Reversed,
    /// Paid.
    Succeeded,
    /// Dead: an order exists and has failed for good.
    Failed,
    /// An order exists.
    Pending,
    /// Dead: every copy was rejected or never left.
    Rejected,
    /// No copy left.
    Unsent,
    /// Dead: evidence from outside says that nothing was executed.
    Declared,
    /// An order of a collection that is not shown, and never will be. It may be paid all the same.
    GivenUp,
    /// A copy may have arrived.
    InDoubt,
}

impl Standing {
    /// Whether no copy of the order id was paid, nor can be any more.
    #[must_use]
    pub const fn is_dead(self) -> bool {
        matches!(self, Self::Failed | Self::Rejected | Self::Declared)
    }
}
