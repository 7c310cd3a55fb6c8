//! The suite that every adapter passes, over an account of each country.

mod ph {
    use crate::platform::Platform;
    use tulay_core::Country;

    tulay_conformance::conformance_suite!(
        Platform { country: Country::PH, wrong: None },
        skips: [
            // No such role.
            "institutions_are_listed",
            "health_check_sends_a_request",
            // Notifications carry a token, and are not signed.
            "changed_notifications_are_refused",
            "rewritten_notifications_are_refused",
            // There are no static codes.
            "payments_of_other_merchants_end_nothing",
            // An answer has one code.
            "every_code_of_a_response_counts",
            // QRPh has no expiry.
            "expiry_is_sent_exactly",
            // No such role.
            "changes",
            "incoming_payments",
            "refunds",
            "inspection",
            "reports",
            // Nothing is signed or stamped.
            "resend_renews_the_timestamp",
            "changed_requests_fail_verification",
            "changed_responses_prove_nothing",
            "rewritten_responses_prove_nothing",
            "unsigned_responses_prove_nothing",
            "responses_with_another_key_prove_nothing",
        ],
    );
}

mod id {
    use crate::platform::Platform;
    use tulay_core::Country;

    tulay_conformance::conformance_suite!(
        Platform { country: Country::ID, wrong: None },
        skips: [
            // No such role.
            "institutions_are_listed",
            "health_check_sends_a_request",
            // Notifications carry a token, and are not signed.
            "changed_notifications_are_refused",
            "rewritten_notifications_are_refused",
            // There are no static codes.
            "payments_of_other_merchants_end_nothing",
            // An answer has one code.
            "every_code_of_a_response_counts",
            // No such role.
            "changes",
            "incoming_payments",
            "inspection",
            "reports",
            // Nothing is signed or stamped.
            "resend_renews_the_timestamp",
            "changed_requests_fail_verification",
            "changed_responses_prove_nothing",
            "rewritten_responses_prove_nothing",
            "unsigned_responses_prove_nothing",
            "responses_with_another_key_prove_nothing",
        ],
    );
}
