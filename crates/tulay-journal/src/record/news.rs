//! What became known of a collection.

use super::event::Reason;
use crate::collection::Evidence;
use jiff::Timestamp;
use tulay_core::ProviderReference;

/// What became known of a collection, to be written down by [`Step::Learn`](super::Step::Learn).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct News {
    /// What became known.
    pub evidence: Evidence,
    /// The provider's id of the order.
    pub provider_reference: Option<ProviderReference>,
    /// The way to pay, in its stored form.
    pub instructions: Option<super::Personal>,
    /// Until when it can be paid, as the provider says.
    pub expires: Option<Timestamp>,
    /// Why it is not as it should be.
    pub reason: Option<Reason>,
    /// When the sending was written down that this is the answer to. After a restore, another sending
    /// may have the same number.
    pub sent_at: Option<Timestamp>,
    /// The notification that says so. It is applied in the same transaction.
    pub notification: Option<NotificationId>,
}

impl News {
    /// Evidence without anything beside it.
    #[must_use]
    pub const fn new(evidence: Evidence) -> Self {
        Self {
            evidence,
            provider_reference: None,
            instructions: None,
            expires: None,
            reason: None,
            sent_at: None,
            notification: None,
        }
    }
}

/// The key of a notification in one journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a key is a number")]
pub struct NotificationId(pub i64);
