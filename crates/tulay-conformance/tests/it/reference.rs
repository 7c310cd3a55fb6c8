//! The reference adapter passes: with signed notifications, with a token, creating in two steps,
//! and with orders that are identified by the provider reference alone.

mod signed {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(Platform::default(), skips: ["token_notifications_are_not_evidence"]);
}

mod two_steps {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, ..Platform::default() },
        skips: [
            "token_notifications_are_not_evidence",
            "responses_without_the_order_are_unrelated",
        ],
    );
}

mod by_number {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, by_number: true, ..Platform::default() },
        skips: [
            "token_notifications_are_not_evidence",
            "another_amount_is_a_mismatch",
            "another_currency_is_a_mismatch",
            "payments_of_other_merchants_end_nothing",
            // It pays out, and does nothing else.
            "payment_instructions",
            "changes",
            "incoming_payments",
            "refunds",
            "inspection",
            "reports",
        ],
    );
}

mod token {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { token: true, ..Platform::default() },
        skips: ["changed_notifications_are_refused", "rewritten_notifications_are_refused"],
    );
}
