//! The macro that writes the suite's tests.

/// Writes one test for each check, and one snapshot of all requests and responses. The first
/// argument makes the [`Harness`](crate::Harness); `skips` names the checks of what the adapter
/// does not offer. A skip that would pass fails, and so does one that is missing.
///
/// `conformance_suite!(Platform, skips: ["health_check_sends_a_request"]);`
#[macro_export]
macro_rules! conformance_suite {
    ($harness:expr, skips: $skips:expr $(,)?) => {
        fn suite() -> $crate::Suite {
            $crate::Suite::new($harness, &$skips)
        }

        #[test]
        fn every_declared_skip_is_a_check() {
            suite().test_skips();
        }

        #[test]
        fn requests_and_answers_are_as_recorded() {
            $crate::insta::assert_snapshot!("requests_and_answers", suite().transcript());
        }

        $crate::__checks! { [$crate::__stamp] }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __stamp {
    ($($family:ident { $($(#[$demand:meta])+ $name:ident)* })*) => { $($(
        $(#[$demand])+
        #[test]
        fn $name() {
            suite().test(stringify!($name));
        }
    )*)* };
}
