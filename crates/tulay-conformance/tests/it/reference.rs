//! The reference adapter passes: with signed notifications, with a token or a key of its own,
//! creating in two steps,
//! with orders that are identified by the provider reference alone or listed by our id, and with
//! collections alone.

mod signed {
    use crate::{platform::Platform, wrong::SKIPS};

    tulay_conformance::conformance_suite!(Platform::default(), skips: SKIPS);
}

mod two_steps {
    use crate::{platform::Platform, wrong::TWO_STEPS_SKIPS};

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, ..Platform::default() },
        skips: TWO_STEPS_SKIPS,
    );
}

mod by_number {
    use crate::{platform::Platform, wrong::BY_NUMBER_SKIPS};

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, by_number: true, ..Platform::default() },
        skips: BY_NUMBER_SKIPS,
    );
}

mod token {
    use crate::{platform::Platform, wrong::TOKEN_SKIPS};

    tulay_conformance::conformance_suite!(
        Platform { token: true, ..Platform::default() },
        skips: TOKEN_SKIPS,
    );
}

mod own_key {
    use crate::{platform::Platform, wrong::OWN_KEY_SKIPS};

    tulay_conformance::conformance_suite!(
        Platform { own_key: true, ..Platform::default() },
        skips: OWN_KEY_SKIPS,
    );
}

mod listed {
    use crate::{platform::Platform, wrong::LISTED_SKIPS};

    tulay_conformance::conformance_suite!(
        Platform { two_steps: true, listed: true, ..Platform::default() },
        skips: LISTED_SKIPS,
    );
}

mod collections_alone {
    use crate::{platform::Platform, wrong::COLLECTIONS_SKIPS};

    tulay_conformance::conformance_suite!(
        Platform { collections_alone: true, ..Platform::default() },
        skips: COLLECTIONS_SKIPS,
    );
}
