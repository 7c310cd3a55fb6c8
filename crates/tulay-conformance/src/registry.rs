//! The one list of checks.

use crate::checks::{self, Check};

/// The names of all checks, as in tests and skips.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}

/// Passes the name of every check, under its family, to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __checks {
    ([$($then:tt)*]) => { $($then)*! {
        roles {
            listed_corridors_are_served
            guarantees_are_consistent
            unlisted_countries_and_channels_are_refused
            disabled_operations_send_nothing
            balances_match_the_listed_accounts
            balances_are_exact
            institutions_are_listed
            health_check_sends_a_request
        }
        ids {
            order_id_is_sent_verbatim
            prepare_is_deterministic
            resend_has_the_same_content
            resend_renews_the_timestamp
            duplicate_is_not_a_rejection
            foreign_prepared_order_is_not_sent
            lookup_identifies_the_order
        }
        money {
            amounts_are_exact_or_refused
            unlisted_currencies_are_refused
        }
        requests {
            requests_pass_verification
            changed_requests_fail_verification
        }
        responses {
            trust_matches_verification
            changed_responses_prove_nothing
            rewritten_responses_prove_nothing
            unsigned_responses_prove_nothing
            responses_with_another_key_prove_nothing
            unsigned_rejections_need_a_guarantee
            anonymous_rejections_need_a_guarantee
        }
        tables {
            creation_codes_match_the_documents
            lookup_codes_match_the_documents
            unlisted_codes_prove_nothing
            creation_statuses_match_the_documents
            lookup_statuses_match_the_documents
            unknown_statuses_are_not_final
        }
        faults {
            creation_faults_have_the_right_effect
            lookup_faults_prove_nothing
            query_faults_prove_nothing
            server_errors_prove_nothing
        }
        agreement {
            another_amount_is_a_mismatch
            another_currency_is_a_mismatch
            another_order_is_unrelated
            another_account_is_a_mismatch
            unidentified_responses_are_not_final
            responses_without_the_order_are_unrelated
        }
        fields {
            missing_required_fields_are_named
            optional_fields_may_be_missing
            invalid_fields_are_named
            remarks_are_sent_verbatim_or_refused
            names_are_sent_verbatim_or_refused
            unknown_institutions_are_refused
            extras_of_other_adapters_are_ignored
        }
        secrecy {
            sensitive_data_is_not_printed
            sensitive_data_is_not_logged
        }
        notifications {
            genuine_notifications_are_accepted
            notifications_match_only_their_order
            notification_statuses_match_the_documents
            no_notification_panics
            changed_notifications_are_refused
            rewritten_notifications_are_refused
            unauthenticated_notifications_are_refused
            notifications_for_other_accounts_are_refused
            anonymous_notifications_need_a_guarantee
            non_notifications_are_refused
            acknowledgements_match_the_documents
        }
        evidence {
            token_notifications_are_not_evidence
            notifications_of_other_merchants_end_nothing
            payments_of_other_merchants_end_nothing
        }
        payment_instructions {
            payment_instructions_are_returned
            codes_with_another_amount_are_refused
            codes_of_another_payee_are_refused
        }
        changes {
            cancellations_match_the_status
            static_code_changes_match_the_status
            change_codes_match_the_documents
            change_faults_have_the_right_effect
        }
        incoming_payments {
            payments_are_listed_exactly
            payments_of_other_codes_are_not_listed
            incoming_payments_identify_their_code
        }
        refunds {
            refunds_do_not_exceed_the_payment
            refunds_identify_their_payment
        }
        inspection {
            inspection_is_consistent
            contradicting_inspection_is_a_mismatch
            invalid_codes_are_not_inspected
        }
        reports {
            report_links_are_returned_unchanged
            unsafe_report_links_are_refused
        }
    } };
}

macro_rules! table {
    ($($family:ident { $($name:ident)* })*) => {
        pub(crate) const CHECKS: &[Check] = &[$($(
            Check {
                family: stringify!($family),
                name: stringify!($name),
                run: checks::$family::$name,
            },
        )*)*];
    };
}

crate::__checks! { [table] }
