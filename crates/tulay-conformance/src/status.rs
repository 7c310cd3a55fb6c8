//! The state of an order of any kind.

use std::fmt;
use tulay_core::{CodeStatus, CollectionStatus, PayoutStatus, RefundStatus};

/// What a platform's word for the state of an order means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "as Request")]
pub enum Status {
    /// Of a payout.
    Payout(PayoutStatus),
    /// Of a collection, and of a payment of a static code.
    Collection(CollectionStatus),
    /// Of a static code.
    Code(CodeStatus),
    /// Of a refund.
    Refund(RefundStatus),
}

impl Status {
    /// Whether it ends the order, or says that money moved.
    pub(crate) const fn is_final(&self) -> bool {
        match self {
            Self::Payout(status) => matches!(
                status,
                PayoutStatus::Succeeded | PayoutStatus::Failed | PayoutStatus::Reversed
            ),
            Self::Collection(status) => matches!(
                status,
                CollectionStatus::Paid
                    | CollectionStatus::Failed
                    | CollectionStatus::Closed
                    | CollectionStatus::Reversed
            ),
            Self::Code(status) => matches!(status, CodeStatus::Cancelled),
            Self::Refund(status) => matches!(
                status,
                RefundStatus::Succeeded | RefundStatus::Failed | RefundStatus::Cancelled
            ),
        }
    }

    /// Whether it is what the application hopes for.
    pub(crate) const fn is_success(&self) -> bool {
        matches!(
            self,
            Self::Payout(PayoutStatus::Succeeded)
                | Self::Collection(CollectionStatus::Paid)
                | Self::Code(CodeStatus::Active)
                | Self::Refund(RefundStatus::Succeeded)
        )
    }

    /// Whether there must be a reason beside it, be it that none is known.
    pub(crate) const fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::Payout(PayoutStatus::Failed)
                | Self::Collection(CollectionStatus::Failed)
                | Self::Refund(RefundStatus::Failed)
        )
    }

    /// Whether it waits for something.
    pub(crate) const fn is_pending(&self) -> bool {
        matches!(
            self,
            Self::Payout(PayoutStatus::Pending)
                | Self::Collection(CollectionStatus::Pending)
                | Self::Refund(RefundStatus::Pending)
        )
    }

    /// The platform's own word, where no table lists it.
    pub(crate) fn unknown(&self) -> Option<&str> {
        match self {
            Self::Payout(PayoutStatus::Unknown(word))
            | Self::Collection(CollectionStatus::Unknown(word))
            | Self::Code(CodeStatus::Unknown(word))
            | Self::Refund(RefundStatus::Unknown(word)) => Some(word),
            _ => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payout(status) => status.as_str(),
            Self::Collection(status) => status.as_str(),
            Self::Code(status) => status.as_str(),
            Self::Refund(status) => status.as_str(),
        })
    }
}

impl From<PayoutStatus> for Status {
    fn from(status: PayoutStatus) -> Self {
        Self::Payout(status)
    }
}

impl From<CollectionStatus> for Status {
    fn from(status: CollectionStatus) -> Self {
        Self::Collection(status)
    }
}

impl From<CodeStatus> for Status {
    fn from(status: CodeStatus) -> Self {
        Self::Code(status)
    }
}

impl From<RefundStatus> for Status {
    fn from(status: RefundStatus) -> Self {
        Self::Refund(status)
    }
}
