//! Accounts and mobile numbers whose last six digits say what is to happen.

use super::code::{Code, Failure};
use crate::kit::{Trouble, last_six};

/// What the last six digits of `accountNo`, or of a payer's `mobile`, ask for. The README has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    Pay,
    Refuse(Code),
    /// The first answer, a refusal, is lost.
    RefuseUnheard(Code),
    Fail(Failure),
    Trouble(Trouble),
    Return,
    FailRefund,
    CancelRefund,
    LoseRefundAnswer,
}

impl Trigger {
    pub(super) fn trouble(self) -> Option<Trouble> {
        if let Self::Trouble(trouble) = self { Some(trouble) } else { None }
    }

    pub(super) fn of(account: &str) -> Self {
        let Some(digits) = last_six(account) else { return Self::Pay };
        match digits {
            "994001" => return Self::Return,
            "995001" => return Self::FailRefund,
            "995002" => return Self::CancelRefund,
            "995003" => return Self::LoseRefundAnswer,
            _ => {}
        }
        if let Some(trouble) = Trouble::of(digits) {
            return Self::Trouble(trouble);
        }
        let code = |prefix| digits.strip_prefix(prefix).and_then(Code::ending_in);
        let refused = code("9900").map(Self::Refuse);
        let unheard = || code("9800").map(Self::RefuseUnheard);
        let failed = || digits.strip_prefix("9910").and_then(Failure::ending_in).map(Self::Fail);
        refused.or_else(unheard).or_else(failed).unwrap_or(Self::Pay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_digits_decide() {
        assert_eq!(Trigger::of("09171990014"), Trigger::Refuse(Code::BALANCE));
        assert_eq!(Trigger::of("09171980018"), Trigger::RefuseUnheard(Code::TRANSFER_CODE));
        assert_eq!(Trigger::of("991005"), Trigger::Fail(Failure::DESTINATION));
        assert_eq!(Trigger::of("0917994001"), Trigger::Return);
        assert_eq!(Trigger::of("09171995002"), Trigger::CancelRefund);
        for ordinary in ["", "99001", "990029", "0917991008", "990418", "ñññ9"] {
            assert_eq!(Trigger::of(ordinary), Trigger::Pay, "{ordinary}");
        }
    }
}
