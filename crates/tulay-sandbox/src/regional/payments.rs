//! What a merchant collects: payments, static codes and refunds.

use super::{
    code::Failure,
    country::{Kind, Rules},
    order::State,
    triggers::Trigger,
};
use http::Uri;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::Money;

/// Money that is requested of a payer, or was paid into a static code.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) app_id: String,
    pub(super) mch_order_id: String,
    pub(super) transaction_id: String,
    pub(super) rules: &'static Rules,
    /// In the country's unit on the wire.
    pub(super) amount: i64,
    pub(super) channel_code: String,
    pub(super) kind: Kind,
    /// What the payer is shown.
    pub(super) pay_data: String,
    pub(super) remark: Option<String>,
    pub(super) notify_url: Option<Uri>,
    pub(super) state: State,
    pub(super) created: Timestamp,
    pub(super) returned: Option<Timestamp>,
    pub(super) failure: Option<Failure>,
    pub(super) trigger: Trigger,
    /// Whether it came by a static code.
    pub(super) of_code: bool,
}

impl Payment {
    pub(super) fn money(&self) -> Money {
        Money::from_minor(self.amount.saturating_mul(self.rules.unit), self.rules.currency)
    }
}

/// A code that is paid again and again.
#[derive(Clone, Debug)]
pub(super) struct StaticCode {
    pub(super) app_id: String,
    pub(super) mch_order_id: String,
    pub(super) rules: &'static Rules,
    pub(super) channel_code: String,
    pub(super) kind: Kind,
    pub(super) pay_data: String,
    pub(super) notify_url: Option<Uri>,
    pub(super) created: Timestamp,
    /// When it was cancelled, if it was.
    pub(super) cancelled: Option<Timestamp>,
}

/// Money that was given back.
#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) app_id: String,
    pub(super) mch_refund_order_id: String,
    pub(super) transaction_id: String,
    /// The payment's transaction.
    pub(super) original: String,
    /// The payment's order.
    pub(super) rules: &'static Rules,
    pub(super) amount: i64,
    pub(super) callback: Option<Uri>,
    pub(super) created: Timestamp,
    /// When it came to its end.
    pub(super) returned: Option<Timestamp>,
    /// How it ends.
    pub(super) end: RefundEnd,
}

/// How a refund ends, as `refundStatus` and the name of the event say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundEnd {
    Complete,
    Failed,
    Cancelled,
}

impl RefundEnd {
    pub(super) const fn status(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCEL",
        }
    }

    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Complete => "payment.refund.success",
            Self::Failed => "payment.refund.failed",
            Self::Cancelled => "payment.refund.cancel",
        }
    }
}

impl Refund {
    /// `refundStatus`.
    pub(super) const fn status(&self) -> &'static str {
        if self.returned.is_some() { self.end.status() } else { "PENDING" }
    }

    /// Why it failed, if it did.
    pub(super) fn failure(&self) -> Option<Failure> {
        (self.returned.is_some() && self.end == RefundEnd::Failed).then_some(Failure::REJECTED)
    }

    pub(super) fn money(&self) -> Money {
        Money::from_minor(self.amount.saturating_mul(self.rules.unit), self.rules.currency)
    }
}

/// All of one merchant's.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// By `transactionId`.
    pub(super) payments: BTreeMap<String, Payment>,
    /// By `mchOrderId`.
    pub(super) codes: BTreeMap<String, StaticCode>,
    /// By `mchRefundOrderId`.
    pub(super) refunds: BTreeMap<String, Refund>,
    /// The ids of refunds that were refused and are used up by that.
    pub(super) used_refund_ids: BTreeSet<String>,
    /// What a wallet's own browser needs, by `transactionId`.
    pub(super) metadata: BTreeMap<String, Value>,
}

impl Collected {
    /// The payment that was requested under an id.
    pub(super) fn payment(&self, mch_order_id: &str) -> Option<&Payment> {
        let asked = |payment: &&Payment| !payment.of_code && payment.mch_order_id == mch_order_id;
        self.payments.values().find(asked)
    }

    /// What was shown to a payer, by its text or by an id of the order: the newest, where some
    /// shop's counter showed the same number again.
    pub(super) fn shown(&self, code: &str) -> Option<&Payment> {
        let is = |payment: &&Payment| {
            !payment.of_code
                && [&payment.pay_data, &payment.mch_order_id, &payment.transaction_id]
                    .into_iter()
                    .any(|text| text == code)
        };
        self.payments.values().rev().find(is)
    }

    /// The static code that was shown to a payer, by its text or by the order's id.
    pub(super) fn shown_again(&self, code: &str) -> Option<&StaticCode> {
        self.codes.values().find(|known| known.pay_data == code || known.mch_order_id == code)
    }

    /// What has been given back of a payment, or is about to be.
    pub(super) fn refunded(&self, transaction_id: &str) -> i64 {
        let of = self.refunds.values().filter(|refund| {
            let ended = refund.returned.is_some() && refund.end != RefundEnd::Complete;
            refund.original == transaction_id && !ended
        });
        of.map(|refund| refund.amount).fold(0, i64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_refunded_of_what_is_not_there() {
        assert_eq!(Collected::default().refunded("C1"), 0);
        assert!(Collected::default().payment("C1").is_none());
    }
}
