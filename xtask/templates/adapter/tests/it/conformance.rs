//! The suite that every adapter passes. A skip says what this one does not offer; one that would
//! pass fails, so take each off as the adapter grows.

use crate::platform::Platform;

tulay_conformance::conformance_suite!(
    Platform,
    skips: [
        // No such role yet.
        "balances_match_the_listed_accounts",
        "balances_are_exact",
        "institutions_are_listed",
        "health_check_sends_a_request",
        "query_faults_prove_nothing",
        "notifications",
        "evidence",
        "expiry_is_sent_exactly",
        // Neither collections nor static codes, refunds, readings of codes or reports.
        "payment_instructions",
        "changes",
        "incoming_payments",
        "refunds",
        "inspection",
        "reports",
        // Requests bear a key and no signature; answers bear neither.
        "resend_renews_the_timestamp",
        "changed_requests_fail_verification",
        "changed_responses_prove_nothing",
        "rewritten_responses_prove_nothing",
        "unsigned_responses_prove_nothing",
        "responses_with_another_key_prove_nothing",
        // The path of a look-up has our reference, no answer is a list, and each has one code.
        "provider_references_cannot_change_a_path",
        "two_orders_with_one_id_are_refused",
        "every_code_of_a_response_counts",
        // The harness lets no answer name another currency.
        "another_currency_is_a_mismatch",
        // Answers do not name the merchant.
        "another_account_is_a_mismatch",
    ],
);
