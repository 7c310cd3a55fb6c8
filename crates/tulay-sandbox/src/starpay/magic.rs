//! Accounts and terminals whose last six digits say what is to happen.

use super::{code::Code, instapay::InstaPay};

/// What the last six digits of the beneficiary's account ask for, or of a collection's terminal. The
/// README has the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    Pay,
    Refuse(Code),
    Fail(InstaPay),
    LoseAnswer,
    LoseFirstRequest,
    BadGateway,
    HalfAnswer,
    SettleSlowly,
    AnswerLate,
    Reverse,
}

impl Magic {
    /// The refusal that is asked for.
    pub(super) fn refusal(self) -> Result<(), Code> {
        if let Self::Refuse(code) = self { Err(code) } else { Ok(()) }
    }

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
            "994001" => return Self::Reverse,
            _ => {}
        }
        if let Some(code) = digits.strip_prefix("990").and_then(Code::refusal) {
            return Self::Refuse(code);
        }
        let families: [(&str, &[&str]); 4] =
            [("9910", &["AC"]), ("9911", &["AG", "AB"]), ("9912", &["AM"]), ("9913", &["AB"])];
        families
            .iter()
            .filter_map(|(prefix, families)| Some((digits.strip_prefix(prefix)?, families)))
            .flat_map(|(number, families)| families.iter().map(move |f| format!("{f}{number}")))
            .find_map(|code| InstaPay::listed(&code))
            .map_or(Self::Pay, Self::Fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_digits_decide() {
        let fails = |account, code| {
            let InstaPay { code: failed, .. } = match Magic::of(account) {
                Magic::Fail(reason) => reason,
                other => panic!("{account}: {other:?}"),
            };
            assert_eq!(failed, code);
        };
        fails("991001", "AC01");
        fails("0917991014", "AC14");
        fails("0917991101", "AG01");
        fails("0917991108", "AB08");
        fails("0917991202", "AM02");
        fails("0917991301", "AB01");
        assert_eq!(Magic::of("0917990418"), Magic::Refuse(Code::INVALID_BANK));
        assert_eq!(Magic::of("0917994001"), Magic::Reverse);
        for ordinary in
            ["", "99041", "0917990200", "0917990999", "0917991002", "0917995001", "ñññ9"]
        {
            assert_eq!(Magic::of(ordinary), Magic::Pay, "{ordinary}");
        }
    }
}
