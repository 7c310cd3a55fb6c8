//! What a path asks for.

use super::country::Rules;

/// What a path asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Transfer(&'static Rules),
    Check(&'static Rules),
    Collect(&'static Rules),
    Query(&'static Rules),
    MakeCode(&'static Rules),
    CodeDetail(&'static Rules),
    CodePayments(&'static Rules),
    CancelCode(&'static Rules),
    Refund,
    Refunds,
    Balance,
    Report,
}

impl Operation {
    pub(super) fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/open-api/")?;
        match rest {
            "account/balance" => return Some(Self::Balance),
            "payment/refund" => return Some(Self::Refund),
            "refund/payments" => return Some(Self::Refunds),
            "report/download" => return Some(Self::Report),
            _ => {}
        }
        let (word, rest) = rest.split_once('/')?;
        match (Rules::of_word(word)?, rest) {
            (rules, "disbursement/transfer") if rules.has_payouts() => Some(Self::Transfer(rules)),
            (rules, "disbursement/check") if rules.has_payouts() => Some(Self::Check(rules)),
            (rules, "payment/generate") => Some(Self::Collect(rules)),
            (rules, "payment/query") => Some(Self::Query(rules)),
            (rules, "static/payment/generate") if rules.has_codes() => Some(Self::MakeCode(rules)),
            // How these two are spelled is not known: each candidate is answered.
            (rules, "static/code/detail" | "static/code/query" | "static/payment/detail")
                if rules.has_codes() =>
            {
                Some(Self::CodeDetail(rules))
            }
            (rules, "static/payment/list" | "static/payment/query" | "static/code/payments")
                if rules.has_codes() =>
            {
                Some(Self::CodePayments(rules))
            }
            (rules, "static/code/cancel") if rules.cancels => Some(Self::CancelCode(rules)),
            _ => None,
        }
    }
}
