//! What this adapter assumes where the documents are silent; the README's table lists the same, which
//! a test ensures.

use tulay_core::{Assumption, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("transfers: look-up", "GET /v2/transfers/{id}, as client code has it")
        .setting("paths.transfer_find")
        .operation(Operation::PayoutFind),
    Assumption::new("transfers: no such transfer", "404 with not_found or resource_not_found")
        .setting("not_found_codes.payout_find"),
    Assumption::new("transfers: form of the request", "transfers at the top, no data around it"),
    Assumption::new("transfers: codes of banks", "the directory's BIC8 with XXX")
        .setting("institutions"),
    Assumption::new("transfers: wallet accounts", "a mobile number as 09171234567"),
    Assumption::new("transfers: merchant_id", "the organization's id").setting("organization_id"),
    Assumption::new("transfers: rejections", "parameter_… with HTTP 4xx, as of payments"),
    Assumption::new("transfers: reason of a failure", "provider_error_code, provider_error"),
    Assumption::new("descriptions", "at most 255 characters"),
    Assumption::new("payment methods: key", "the secret key may make them, as the client's does"),
    Assumption::new("payment methods: metadata", "kept, like that of intents"),
    Assumption::new("QR Ph: the picture", "PNG in base64 of the code's text, in the test mode too"),
    Assumption::new("QR Ph: the code's merchant", "the one whose name qr_merchant is")
        .setting("qr_merchant")
        .operation(Operation::Collection),
    Assumption::new("intents: payments", "each with amount, currency, status and fee")
        .operation(Operation::Collection),
    Assumption::new("events: a payment's members", "payment_intent_id, and the intent's metadata")
        .operation(Operation::Notification),
    Assumption::new("events: qrph.expired", "the members of a payment, where they occur"),
    Assumption::new("wallet: members", "balance.available and balance.pending, in centavos")
        .setting("paths.wallets")
        .operation(Operation::Balance),
    Assumption::new("receiving institutions: members", "name and bic")
        .setting("paths.institutions")
        .operation(Operation::Institutions),
    Assumption::new("a key is remembered for 12 hours at least (A9)", "about 24 are documented")
        .setting("guarantees.replays_for"),
    Assumption::new("one exchange is one arrival at the order logic (A2)", "no retry in front"),
    Assumption::new("a code listed as rejection moved nothing (A3)", "and never will"),
    Assumption::new("failed seen twice, failure_final_after apart, stays (A5)", "20 minutes")
        .setting("guarantees.failure_final_after"),
    Assumption::new("a key belongs to the configured organization (A10)", "nothing else tells"),
];
