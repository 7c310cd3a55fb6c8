//! The reference adapter passes, signed and with a token.

mod signed {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(Platform::default(), skips: ["tokens_are_hints"]);
}

mod token {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { token: true, ..Platform::default() },
        skips: ["changed_notifications_are_refused", "rewritten_notifications_are_refused"],
    );
}
