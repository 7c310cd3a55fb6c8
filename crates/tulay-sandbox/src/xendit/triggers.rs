//! Account numbers and descriptions whose last six characters say what is to happen.

use super::rejection::Rejection;
use crate::kit::{Trouble, last_six};

/// What the last six characters of a payout's `account_number`, or of a payment request's
/// `description`, ask for. The README has the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    Pay,
    Reject(Rejection),
    Fail(&'static str),
    Trouble(Trouble),
    /// The order is made, its answer is lost, and for a minute its key is answered with 409.
    InProgress,
    Reverse,
    /// It stays as it is.
    Stay,
    Assess,
    RejectByCompliance,
    Cancel,
    FailRefund,
    CancelRefund,
    LoseRefundAnswer,
}

/// `failure_code` of a payout: reference, "Create a Payout".
const PAYOUT_FAILURES: [&str; 7] = [
    "INSUFFICIENT_BALANCE",
    "INVALID_DESTINATION",
    "REJECTED_BY_CHANNEL",
    "TEMPORARY_TRANSFER_ERROR",
    "TRANSFER_ERROR",
    "UNKNOWN_BANK_NETWORK_ERROR",
    "DESTINATION_MAXIMUM_LIMIT",
];

/// `failure_code` of a payment: some of those in the reference, "Create a payment request".
const PAYMENT_FAILURES: [&str; 5] = [
    "INSUFFICIENT_BALANCE",
    "CHANNEL_UNAVAILABLE",
    "USER_DECLINED_PAYMENT",
    "PARTNER_TIMEOUT_ERROR",
    "FAILURE_DETAILS_UNAVAILABLE",
];

impl Trigger {
    /// Of a payout's `account_number`. The provider's own numbers for test mode are known too: guide,
    /// "Test scenarios: Payouts".
    pub(super) fn of_account(account: &str) -> Self {
        match account {
            "98018521" => Self::Fail("TRANSFER_ERROR"),
            "123456" => Self::Fail("TEMPORARY_TRANSFER_ERROR"),
            "999999" => Self::Fail("REJECTED_BY_CHANNEL"),
            "121212" => Self::Fail("INVALID_DESTINATION"),
            "131313" => Self::Stay,
            _ => Self::of(account, &PAYOUT_FAILURES),
        }
    }

    /// Whether an account number is one of the provider's own for test mode.
    pub(super) fn is_documented(account: &str) -> bool {
        ["98018521", "123456", "999999", "121212", "131313"].contains(&account)
    }

    /// Of a payment request's `description`.
    pub(super) fn of_description(description: &str) -> Self {
        Self::of(description, &PAYMENT_FAILURES)
    }

    /// The rejection that is requested.
    pub(super) const fn rejection(self) -> Result<(), Rejection> {
        if let Self::Reject(rejection) = self { Err(rejection) } else { Ok(()) }
    }

    /// What becomes of the answer.
    pub(super) const fn trouble(self) -> Option<Trouble> {
        match self {
            Self::Trouble(trouble) => Some(trouble),
            Self::InProgress => Some(Trouble::LoseAnswer),
            _ => None,
        }
    }

    fn of(text: &str, failures: &[&'static str]) -> Self {
        let Some(digits) = last_six(text) else { return Self::Pay };
        match digits {
            "992005" => return Self::InProgress,
            "994001" => return Self::Reverse,
            "995001" => return Self::FailRefund,
            "995002" => return Self::CancelRefund,
            "995003" => return Self::LoseRefundAnswer,
            "996001" => return Self::Assess,
            "996002" => return Self::RejectByCompliance,
            "996003" => return Self::Cancel,
            _ => {}
        }
        if let Some(trouble) = Trouble::of(digits) {
            return Self::Trouble(trouble);
        }
        if let Some(rejection) = digits.strip_prefix("9900").and_then(Rejection::numbered) {
            return Self::Reject(rejection);
        }
        let number = digits.strip_prefix("9910").and_then(|number| number.parse::<usize>().ok());
        let failure = number.and_then(|number| failures.get(number.checked_sub(1)?));
        failure.copied().map_or(Self::Pay, Self::Fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_characters_decide() {
        let of = Trigger::of_account;
        assert_eq!(of("09171990003"), Trigger::Reject(Rejection::CHANNEL));
        assert_eq!(of("09171991002"), Trigger::Fail("INVALID_DESTINATION"));
        assert_eq!(of("09171992001"), Trigger::Trouble(Trouble::LoseAnswer));
        assert_eq!(of("09171994001"), Trigger::Reverse);
        assert_eq!(of("123456"), Trigger::Fail("TEMPORARY_TRANSFER_ERROR"));
        assert_eq!(Trigger::of_description("Order 991003"), Trigger::Fail("USER_DECLINED_PAYMENT"));
        for ordinary in ["", "99001", "990013", "991000", "991008", "0123456", "ñññ9"] {
            assert_eq!(of(ordinary), Trigger::Pay, "{ordinary}");
        }
    }
}
