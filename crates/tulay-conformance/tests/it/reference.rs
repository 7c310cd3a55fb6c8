//! The reference adapter passes: signed, with a token, creating in two steps, and told of by the
//! platform's own number alone.

mod signed {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(Platform::default(), skips: ["tokens_are_hints"]);
}

mod two_steps {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, ..Platform::default() },
        skips: ["tokens_are_hints"],
    );
}

mod by_number {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, by_number: true, ..Platform::default() },
        skips: [
            "tokens_are_hints",
            "another_amount_is_a_mismatch",
    "another_currency_is_a_mismatch",
            // It pays out, and does nothing else.
            "shown",
            "changes",
            "credits",
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
