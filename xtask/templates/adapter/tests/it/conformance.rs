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
        "notifications_are_read",
        "notifications_name_their_own_order",
        "statuses_of_notifications",
        "no_notification_panics",
        "changed_notifications_are_refused",
        "rewritten_notifications_are_refused",
        "unsealed_notifications_are_refused",
        "notifications_for_others_are_refused",
        "anonymous_notifications_count_only_by_contract",
        "tokens_are_hints",
        "what_is_no_notification_is_refused",
        "acknowledgements_are_literal",
        // Neither collections nor static codes, refunds, readings of codes or reports.
        "shown",
        "changes",
        "credits",
        "refunds",
        "inspection",
        "reports",
        // Requests bear a key and no signature; answers bear neither.
        "a_second_sending_renews_the_time_stamp",
        "changed_requests_are_turned_away",
        "changed_answers_prove_nothing",
        "rewritten_answers_prove_nothing",
        "unsigned_answers_prove_nothing",
        "answers_under_another_key_prove_nothing",
        // The harness lets no answer name another currency.
        "another_currency_is_a_mismatch",
        // Answers do not name the merchant.
        "another_account_is_a_mismatch",
    ],
);
