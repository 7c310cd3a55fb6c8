//! The suite that every adapter passes.

use crate::platform::Platform;

/// What does not apply to PayMongo.
pub(crate) const SKIPS: &[&str] = &[
    // No request bears a time stamp, and none is signed.
    "resend_renews_the_timestamp",
    "changed_requests_fail_verification",
    // Answers are not signed.
    "changed_responses_prove_nothing",
    "rewritten_responses_prove_nothing",
    "unsigned_responses_prove_nothing",
    "responses_with_another_key_prove_nothing",
    // An error names nothing, and no code says that an id was seen before.
    "duplicate_is_not_a_rejection",
    // Orders are looked up by PayMongo's own id, and no answer is a list of orders.
    "responses_without_the_order_are_unrelated",
    "two_orders_with_one_id_are_refused",
    // The webhook's secret is this account's alone, and stands for its name.
    "token_notifications_are_not_evidence",
    "anonymous_notifications_need_a_guarantee",
    "notifications_of_other_merchants_end_nothing",
    "payments_of_other_merchants_end_nothing",
    // No such role.
    "health_check_sends_a_request",
    "changes",
    "incoming_payments",
    "inspection",
    "reports",
];

tulay_conformance::conformance_suite!(Platform::default(), skips: SKIPS);
