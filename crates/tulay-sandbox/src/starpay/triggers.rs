//! Accounts and terminals whose last six digits say what is to happen.

use super::{code::Code, instapay::InstaPay};
use crate::kit::{Trouble, last_six};

/// What the last six digits of the beneficiary's account ask for, or of a collection's terminal. The
/// README has the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    Pay,
    Refuse(Code),
    Fail(InstaPay),
    Trouble(Trouble),
    Reverse,
}

impl Trigger {
    /// The rejection that is requested.
    pub(super) fn rejection(self) -> Result<(), Code> {
        if let Self::Refuse(code) = self { Err(code) } else { Ok(()) }
    }

    pub(super) fn trouble(self) -> Option<Trouble> {
        if let Self::Trouble(trouble) = self { Some(trouble) } else { None }
    }

    pub(super) fn of(account: &str) -> Self {
        let Some(digits) = last_six(account) else { return Self::Pay };
        if digits == "994001" {
            return Self::Reverse;
        }
        if let Some(trouble) = Trouble::of(digits) {
            return Self::Trouble(trouble);
        }
        if let Some(code) = digits.strip_prefix("990").and_then(Code::rejection) {
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
            let InstaPay { code: failed, .. } = match Trigger::of(account) {
                Trigger::Fail(reason) => reason,
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
        assert_eq!(Trigger::of("0917990418"), Trigger::Refuse(Code::INVALID_BANK));
        assert_eq!(Trigger::of("0917994001"), Trigger::Reverse);
        for ordinary in
            ["", "99041", "0917990200", "0917990999", "0917991002", "0917995001", "ñññ9"]
        {
            assert_eq!(Trigger::of(ordinary), Trigger::Pay, "{ordinary}");
        }
    }
}
