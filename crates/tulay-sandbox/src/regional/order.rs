//! A payout and how it goes.

use super::{code::Failure, country::Rules, triggers::Trigger};
use jiff::{
    Timestamp,
    tz::{TimeZone, offset},
};
use tulay_core::Money;

/// A payout that was accepted. Name and account are not kept, as nothing asks for them.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) app_id: String,
    pub(super) mch_order_id: String,
    pub(super) transaction_id: String,
    pub(super) rules: &'static Rules,
    /// In the country's unit on the wire.
    pub(super) amount: i64,
    pub(super) remark: Option<String>,
    pub(super) state: State,
    pub(super) created: Timestamp,
    /// When it came to the state that it is in, if that is final.
    pub(super) returned: Option<Timestamp>,
    pub(super) failure: Option<Failure>,
    pub(super) trigger: Trigger,
}

/// `transactionStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Pending,
    Completed,
    Failed,
}

impl Order {
    pub(super) fn money(&self) -> Money {
        Money::from_minor(self.amount.saturating_mul(self.rules.unit), self.rules.currency)
    }

    /// Whether the bank returns the money after it was paid.
    pub(super) fn is_to_be_returned(&self) -> bool {
        self.trigger == Trigger::Return
    }
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// The platform's name for a payout: `D` and nineteen digits.
pub(super) fn transaction_id(sequence: u64) -> String {
    format!("D{:019}", 1_656_505_190_221_600_000_u64.saturating_add(sequence))
}

/// The platform's name for a collection: `C` and nineteen digits.
pub(super) fn payment_id(sequence: u64) -> String {
    format!("C{:019}", 1_030_677_482_494_880_000_u64.saturating_add(sequence))
}

/// The platform's name for a refund: nineteen digits.
pub(super) fn refund_id(sequence: u64) -> String {
    format!("{:019}", 1_818_491_499_290_160_000_u64.saturating_add(sequence))
}

/// A time as it is written: at UTC+8, which is not said.
pub(super) fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_times_look_like_the_documents() {
        assert_eq!(transaction_id(7), "D1656505190221600007");
        assert_eq!(time("2026-11-20T16:00:00.9Z".parse().unwrap()), "2026-11-21 00:00:00");
    }
}
