//! The suite that every adapter passes. A skip says what this one does not offer; one that would
//! pass fails, so take each off as the adapter grows.

use crate::platform::Platform;

tulay_conformance::conformance_suite!(
    Platform,
    skips: [
        // No such role yet.
        "balances_are_those_listed",
        "balances_are_exact",
        "institutions_are_listed",
        "health_is_asked",
        "faults_of_other_readings",
        // Neither collections nor static codes, refunds, readings of codes or reports.
        "shown",
        "changes",
        "credits",
        "refunds",
        "inspection",
        "reports",
        // Answers and notifications bear no signature.
        "changed_answers_prove_nothing",
        "rewritten_answers_prove_nothing",
        "unsigned_answers_prove_nothing",
        "answers_under_another_key_prove_nothing",
        "changed_notifications_are_refused",
        "rewritten_notifications_are_refused",
        // Nothing names merchant or amount.
        "another_account_is_a_mismatch",
        "another_amount_is_a_mismatch",
        "another_currency_is_a_mismatch",
        "notifications_for_others_are_refused",
    ],
);
