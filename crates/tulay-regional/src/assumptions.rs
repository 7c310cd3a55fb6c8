//! What this adapter takes for true without the provider's word. The README's table says the
//! same for readers; a test holds the two together.

use tulay_core::{Assumption, Country, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("base_url: one host for all countries", "the hosts of the developer site")
        .setting("base_url"),
    Assumption::new("2.1.1 payout: idempotencyId", "letters and digits; the same as mchOrderId"),
    Assumption::new("2.1.1 payout: transferCode", "a bank's BIC8, a wallet's brand in capitals")
        .setting("institutions.PH")
        .operation(Operation::Payout)
        .country(Country::PH),
    Assumption::new("3.1.1 payout: transferCode", "the brand in capitals, as CIMB is")
        .setting("institutions.ID")
        .operation(Operation::Payout)
        .country(Country::ID),
    Assumption::new("3.1.1 payout: wallets", "EWALLET, to a mobile number as 0812345678")
        .setting("pay_methods.wallet")
        .country(Country::ID),
    Assumption::new("4.1.1 payout: path and members", "those of 2.1.1, in sen")
        .setting("paths.payout")
        .operation(Operation::Payout)
        .country(Country::MY),
    Assumption::new("4.1.1 payout: transferCode", "a bank's BIC8, a wallet's brand in capitals")
        .setting("institutions.MY")
        .operation(Operation::Payout)
        .country(Country::MY),
    Assumption::new("5.1.1 payout: path and members", "as 2.1.1; members of the Thai edition")
        .setting("paths.payout")
        .operation(Operation::Payout)
        .country(Country::TH),
    Assumption::new("5.1.1 payout: transferCode", "a bank's BIC8, a wallet's brand in capitals")
        .setting("institutions.TH")
        .operation(Operation::Payout)
        .country(Country::TH),
    Assumption::new("5.1.1 payout: NATID", "an identity number of 13 digits"),
    Assumption::new("2.1.2, 3.1.2 look-up: path", "/open-api/{country}/disbursement/check")
        .setting("paths.payout_find")
        .operation(Operation::PayoutFind),
    Assumption::new("2.1.2, 3.1.2 look-up: no such payout", "21006, or 21010 \"… not found\""),
    Assumption::new("2.1.3, 3.1.3 notification: members", "those of sibling editions")
        .operation(Operation::Notification),
    Assumption::new("2.1.3, 3.1.3 notification: whose it is", "whoever knows the order id")
        .setting("contract.anonymous_notifications"),
    Assumption::new("failedCode -10007", "the channel timed out; the text is cut"),
    Assumption::new("1.1 balance: unit", "decimal text with a point is in major units"),
    Assumption::new("times without a zone", "kept as text alone").setting("utc_offset"),
    Assumption::new("refusals come with HTTP 200", "by any other status one proves nothing"),
    Assumption::new("refusals are not signed", "TLS alone vouches for them")
        .setting("contract.unsigned_refusals"),
    Assumption::new("refusals name no order", "they answer the request they follow")
        .setting("contract.anonymous_refusals"),
    Assumption::new("one mchOrderId never makes two orders (A1)", "for at least 24 hours")
        .setting("contract.resend_for"),
    Assumption::new("one exchange is one arrival at the order logic (A2)", "no retry in front"),
    Assumption::new("a code listed as refusal moved nothing (A3)", "and never will"),
    Assumption::new(
        "a stable refusal depends on content alone (A4)",
        "21002 21010 21012 21013 21018 21019",
    ),
    Assumption::new("FAILED seen twice, settle apart, stays (A5)", "10 minutes")
        .setting("contract.settle"),
];

/// Whether an operation would not be known at all without an assumption.
pub(crate) fn stands_on(operation: Operation) -> bool {
    ASSUMPTIONS.iter().any(|assumption| assumption.operation == Some(operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_every_assumption() {
        let readme = include_str!("../README.md");
        for assumption in ASSUMPTIONS {
            assert!(readme.contains(assumption.subject), "{}", assumption.subject);
        }
    }
}
