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
        // Neither cancellations nor static codes, readings of codes or reports.
        "changes",
        "incoming_payments",
        "inspection",
        "reports",
        // A page is shown, and no code.
        "codes_with_another_amount_are_refused",
        "codes_of_another_payee_are_refused",
        // A page has no expiry.
        "expiry_is_sent_exactly",
        // A response has one code.
        "every_code_of_a_response_counts",
        // Notifications are signed under a secret of this account alone, and name no account.
        "token_notifications_are_not_evidence",
        "another_account_is_a_mismatch",
        "notifications_of_other_merchants_end_nothing",
        "notifications_for_other_accounts_are_refused",
        "anonymous_notifications_need_a_guarantee",
        "payments_of_other_merchants_end_nothing",
        // Requests bear a key and no signature; answers bear neither.
        "resend_renews_the_timestamp",
        "changed_requests_fail_verification",
        "changed_responses_prove_nothing",
        "rewritten_responses_prove_nothing",
        "unsigned_responses_prove_nothing",
        "responses_with_another_key_prove_nothing",
    ],
);
