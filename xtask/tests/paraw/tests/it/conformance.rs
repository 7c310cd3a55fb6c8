//! The suite that every adapter passes. A skip says what this one does not offer; one that would
//! pass fails, so take each off as the adapter grows.

use crate::platform::Platform;

tulay_conformance::conformance_suite!(
    Platform,
    skips: [
        // No such role.
        "balances_match_the_listed_accounts",
        "balances_are_exact",
        "institutions_are_listed",
        "health_check_sends_a_request",
        "query_faults_prove_nothing",
        // Each response has one code.
        "every_code_of_a_response_counts",
        // Neither cancellations nor static codes, readings of codes or reports.
        "changes",
        "incoming_payments",
        "inspection",
        "reports",
        // Requests bear a key and no signature; answers bear neither.
        "resend_renews_the_timestamp",
        "changed_requests_fail_verification",
        "changed_responses_prove_nothing",
        "rewritten_responses_prove_nothing",
        "unsigned_responses_prove_nothing",
        "responses_with_another_key_prove_nothing",
    ],
);
