//! Money that is given back.

use super::{channels::PaymentChannel, triggers::Trigger};
use jiff::Timestamp;
use tulay_core::Money;

/// A refund.
#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) reference_id: Option<String>,
    pub(super) payment_request_id: String,
    pub(super) payment_id: String,
    pub(super) channel: &'static PaymentChannel,
    pub(super) money: Money,
    pub(super) reason: String,
    pub(super) status: RefundStatus,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    /// What the payment asks for.
    pub(super) trigger: Trigger,
}

/// `status` of a refund: reference, "Refund a payment request".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundStatus {
    Pending,
    Succeeded,
    Failed,
    Cancelled,
}

impl RefundStatus {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The event that is notified: reference, "Refund webhook notification".
    pub(super) const fn event(self) -> Option<&'static str> {
        match self {
            Self::Succeeded => Some("refund.succeeded"),
            Self::Failed => Some("refund.failed"),
            Self::Pending | Self::Cancelled => None,
        }
    }
}

impl Refund {
    /// How it ends.
    pub(super) const fn end(&self) -> RefundStatus {
        match self.trigger {
            Trigger::FailRefund => RefundStatus::Failed,
            Trigger::CancelRefund => RefundStatus::Cancelled,
            _ => RefundStatus::Succeeded,
        }
    }

    /// Why it failed, if it did.
    pub(super) fn failure(&self) -> Option<&'static str> {
        (self.status == RefundStatus::Failed).then_some("REFUND_FAILED")
    }

    /// Whether the payer has the money, or is about to.
    pub(super) fn counts(&self) -> bool {
        matches!(self.status, RefundStatus::Pending | RefundStatus::Succeeded)
    }
}
