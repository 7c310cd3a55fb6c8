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
        "expiry_is_sent_exactly",
        // Neither collections nor static codes, refunds, readings of codes or reports.
        "payment_instructions",
        "changes",
        "incoming_payments",
        "refunds",
        "inspection",
        "reports",
        "payments_of_other_merchants_end_nothing",
        // Answers and notifications bear no signature.
        "changed_responses_prove_nothing",
        "rewritten_responses_prove_nothing",
        "unsigned_responses_prove_nothing",
        "responses_with_another_key_prove_nothing",
        "changed_notifications_are_refused",
        "rewritten_notifications_are_refused",
        // No answer is a list, and each has one code.
        "two_orders_with_one_id_are_refused",
        "every_code_of_a_response_counts",
        // Nothing names merchant or amount.
        "another_account_is_a_mismatch",
        "another_amount_is_a_mismatch",
        "another_currency_is_a_mismatch",
        "amounts_are_read_exactly",
        "other_forms_of_amounts_are_not_believed",
        "notifications_for_other_accounts_are_refused",
    ],
);
