//! Accounts and mobile numbers whose last six digits say what is to happen.

use super::code::{Code, Failure};

/// What the last six digits of `accountNo`, or of a payer's `mobile`, ask for. The README has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    Pay,
    Refuse(Code),
    Fail(Failure),
    LoseAnswer,
    LoseFirstRequest,
    BadGateway,
    HalfAnswer,
    SettleSlowly,
    AnswerLate,
    Return,
    FailRefund,
    CancelRefund,
    LoseRefundAnswer,
}

impl Magic {
    pub(super) fn of(account: &str) -> Self {
        let last_six = account.len().checked_sub(6).and_then(|start| account.get(start..));
        let Some(digits) = last_six else { return Self::Pay };
        match digits {
            "992001" => return Self::LoseAnswer,
            "992002" => return Self::LoseFirstRequest,
            "992003" => return Self::BadGateway,
            "992004" => return Self::HalfAnswer,
            "993001" => return Self::SettleSlowly,
            "993002" => return Self::AnswerLate,
            "994001" => return Self::Return,
            "995001" => return Self::FailRefund,
            "995002" => return Self::CancelRefund,
            "995003" => return Self::LoseRefundAnswer,
            _ => {}
        }
        let refused = digits.strip_prefix("9900").and_then(Code::ending_in).map(Self::Refuse);
        let failed = || digits.strip_prefix("9910").and_then(Failure::ending_in).map(Self::Fail);
        refused.or_else(failed).unwrap_or(Self::Pay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_digits_decide() {
        assert_eq!(Magic::of("09171990014"), Magic::Refuse(Code::BALANCE));
        assert_eq!(Magic::of("991005"), Magic::Fail(Failure::DESTINATION));
        assert_eq!(Magic::of("0917994001"), Magic::Return);
        assert_eq!(Magic::of("09171995002"), Magic::CancelRefund);
        for ordinary in ["", "99001", "990029", "0917991008", "990418", "ñññ9"] {
            assert_eq!(Magic::of(ordinary), Magic::Pay, "{ordinary}");
        }
    }
}
