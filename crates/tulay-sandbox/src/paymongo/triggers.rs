//! Accounts and mobile numbers whose digits say what is to happen.

use crate::kit::{Trouble, last_six};

/// What the digits of a payer's mobile number ask for, or of a beneficiary's account. The README has
/// the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    Pay,
    /// The first request that names the number is rejected with this HTTP status.
    Reject(u16),
    /// The method is made, and rejected when it is attached.
    RejectAttach(u16),
    Trouble(Trouble),
    /// Every payment fails.
    Fail,
    /// The first payment fails.
    FailOnce,
    /// A code that expired is paid all the same.
    PayLate,
    /// Events say that they are of the live mode.
    LiveEvent,
    FailRefund,
    /// A refund stays `processing` for a day.
    SlowRefund,
    LoseRefundAnswer,
    /// A transfer is accepted, and fails later.
    FailTransfer(Failure),
    /// A batch is accepted whose item has failed already.
    FailAtOnce(Failure),
    /// A transfer succeeds, and the money comes back.
    Return,
}

/// Why a transfer fails: code and message (Transfer Test Cases).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

impl Failure {
    /// Seen in public programs, not documented.
    pub(super) const BALANCE: Self = Self {
        code: "validation_failed",
        message: "validation failed for transfer_validator.source_account_balance: insufficient",
    };
    const TEST: Self =
        Self { code: "test_failed_number", message: "Simulated failure for test number" };
    pub(super) const NOT_FOUND: Self =
        Self { code: "account_not_found", message: "Destination account not found (test)" };
    const INACTIVE: Self =
        Self { code: "account_not_active", message: "Destination account inactive (test)" };
    const LIMIT: Self =
        Self { code: "account_limit_reached", message: "Destination account limit reached (test)" };
    const INTERNAL: Self =
        Self { code: "internal_server_error", message: "Provider internal error (test)" };

    fn numbered(digits: &str) -> Option<Self> {
        match digits {
            "02" => Some(Self::TEST),
            "03" => Some(Self::NOT_FOUND),
            "04" => Some(Self::INACTIVE),
            "05" => Some(Self::LIMIT),
            "06" => Some(Self::INTERNAL),
            _ => None,
        }
    }
}

impl Trigger {
    /// Of a payer, by the mobile number.
    pub(super) fn of_payer(phone: &str) -> Self {
        let Some(digits) = last_six(phone) else { return Self::Pay };
        match digits {
            "991000" => Self::Fail,
            "991001" => Self::FailOnce,
            "996001" => Self::PayLate,
            "996002" => Self::LiveEvent,
            "995001" => Self::FailRefund,
            "995002" => Self::SlowRefund,
            "995003" => Self::LoseRefundAnswer,
            _ => {
                let attach = digits.strip_prefix("998").and_then(status).map(Self::RejectAttach);
                attach.or_else(|| Self::of_both(digits)).unwrap_or(Self::Pay)
            }
        }
    }

    /// Of a beneficiary, by the account number: the numbers of the documents (Transfer Test Cases)
    /// first, then the last six digits.
    pub(super) fn of_beneficiary(account: &str) -> Self {
        if let Some(documented) = account.strip_prefix("9999999900") {
            return Failure::numbered(documented).map_or(Self::Pay, Self::FailTransfer);
        }
        let Some(digits) = last_six(account) else { return Self::Pay };
        if digits == "994001" {
            return Self::Return;
        }
        let failure = |prefix| digits.strip_prefix(prefix).and_then(Failure::numbered);
        failure("9910")
            .map(Self::FailTransfer)
            .or_else(|| failure("9911").map(Self::FailAtOnce))
            .or_else(|| Self::of_both(digits))
            .unwrap_or(Self::Pay)
    }

    pub(super) fn trouble(self) -> Option<Trouble> {
        if let Self::Trouble(trouble) = self { Some(trouble) } else { None }
    }

    fn of_both(digits: &str) -> Option<Self> {
        let rejected = || digits.strip_prefix("990").and_then(status).map(Self::Reject);
        Trouble::of(digits).map(Self::Trouble).or_else(rejected)
    }
}

/// One of the statuses that a rejection can have.
fn status(digits: &str) -> Option<u16> {
    let status = digits.parse().ok()?;
    [400, 401, 403, 404, 409, 429, 500, 503].contains(&status).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_digits_of_a_payer_decide() {
        for (phone, trigger) in [
            ("+639171991001", Trigger::FailOnce),
            ("09171996001", Trigger::PayLate),
            ("+639171990429", Trigger::Reject(429)),
            ("+639171998400", Trigger::RejectAttach(400)),
            ("+639171992001", Trigger::Trouble(Trouble::LoseAnswer)),
            ("+639171990418", Trigger::Pay),
            ("+639171234567", Trigger::Pay),
            ("", Trigger::Pay),
        ] {
            assert_eq!(Trigger::of_payer(phone), trigger, "{phone}");
        }
    }

    #[test]
    fn documented_account_numbers_come_first() {
        for (account, trigger) in [
            ("999999990001", Trigger::Pay),
            ("999999990003", Trigger::FailTransfer(Failure::NOT_FOUND)),
            ("123456991003", Trigger::FailTransfer(Failure::NOT_FOUND)),
            ("123456991103", Trigger::FailAtOnce(Failure::NOT_FOUND)),
            ("123456990001", Trigger::Pay),
            ("123456990400", Trigger::Reject(400)),
            ("123456994001", Trigger::Return),
            ("09171234567", Trigger::Pay),
        ] {
            assert_eq!(Trigger::of_beneficiary(account), trigger, "{account}");
        }
    }
}
