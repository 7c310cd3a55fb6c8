//! The reference adapter passes: signed, with a token, and creating in two steps.

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

mod token {
    use crate::platform::Platform;

    tulay_conformance::conformance_suite!(
        Platform { token: true, ..Platform::default() },
        skips: ["changed_notifications_are_refused", "rewritten_notifications_are_refused"],
    );
}
