//! What this adapter assumes where the documents are silent; the README's table lists the same.

use tulay_core::{Assumption, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("payout: channel_code", "of public programs, but for six that are printed")
        .setting("institutions")
        .operation(Operation::Payout),
    Assumption::new("payout: rail", "the amount decides it"),
    Assumption::new("payout: wallet accounts of the Philippines", "as 09171234567, as Indonesia's"),
    Assumption::new("payout look-up by reference_id: form", "a bare list, or data and has_more"),
    Assumption::new("secret key: live", "begins with xnd_production_"),
    Assumption::new("payment request: channel_properties", "display_name of 25, and expires_at")
        .operation(Operation::Collection),
    Assumption::new("payment request: expiry", "of virtual accounts alone"),
    Assumption::new("payment request: Idempotency-key", "taken; nothing rests on it"),
    Assumption::new("the code's merchant", "any, where qr_merchant is not set")
        .setting("qr_merchant"),
    Assumption::new("refund: look-up", "GET /refunds/{id}, GET /refunds?payment_request_id=")
        .operation(Operation::RefundFind),
    Assumption::new("refund look-up: no such refund", "404 with DATA_NOT_FOUND")
        .setting("not_found_codes.refund_find"),
    Assumption::new("refund: Idempotency-key", "taken; nothing rests on it"),
    Assumption::new("the same key and text makes nothing new (A9)", "for at least 24 hours")
        .setting("guarantees.replays_for"),
    Assumption::new("one exchange is one arrival at the order logic (A2)", "no retry in front"),
    Assumption::new("a code listed as rejection moved nothing (A3)", "and never will"),
    Assumption::new(
        "a permanent rejection depends on content alone (A4)",
        "API_VALIDATION_ERROR AMOUNT_INCREMENT_NOT_SUPPORTED",
    ),
    Assumption::new("FAILED seen twice, failure_final_after apart, stays (A5)", "10 minutes")
        .setting("guarantees.failure_final_after"),
    Assumption::new("a cancelled payout is never paid", "as a failed one"),
];
