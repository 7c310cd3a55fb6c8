//! The one list of checks.

use crate::checks::{self, Check};

/// The names of all checks, as tests and skips have them.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}

/// Every check's name, under the file it stands in, handed to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __checks {
    ([$($then:tt)*]) => { $($then)*! {
        roles {
            corridors_pay_where_they_say
            contracts_do_not_contradict_themselves
            other_countries_and_channels_are_refused
            what_is_switched_off_sends_nothing
            balances_are_those_listed
            balances_are_exact
            institutions_are_listed
            health_is_asked
        }
        ids {
            order_ids_are_placed_whole
            preparing_is_pure
            a_second_sending_says_the_same
            a_second_sending_renews_the_time_stamp
            a_duplicate_proves_only_that_the_id_was_seen
            what_was_prepared_for_another_is_not_sent
            look_ups_name_the_order
        }
        money {
            amounts_settle_exactly_or_are_refused
            other_currencies_are_refused
        }
        requests {
            requests_are_genuine
            changed_requests_are_turned_away
        }
        answers {
            trust_is_what_was_proven
            changed_answers_prove_nothing
            rewritten_answers_prove_nothing
            unsigned_answers_prove_nothing
            answers_under_another_key_prove_nothing
            unsigned_refusals_count_only_by_contract
            anonymous_refusals_count_only_by_contract
        }
        tables {
            codes_of_a_creation
            codes_of_a_look_up
            unlisted_codes_prove_nothing
            statuses_of_what_was_created
            statuses_of_a_look_up
            unknown_statuses_are_not_final
        }
        faults {
            faults_of_a_creation
            faults_of_a_look_up
            faults_of_other_readings
            failing_servers_prove_nothing
        }
        agreement {
            another_amount_is_a_mismatch
            another_currency_is_a_mismatch
            another_order_is_unrelated
            another_account_is_a_mismatch
            what_is_not_bound_ends_nothing
        }
        fields {
            required_fields_are_named
            optional_fields_may_be_missing
            misfits_are_named
            remarks_are_carried_whole_or_refused
            names_are_carried_whole_or_refused
            unknown_institutions_are_refused
            extras_of_others_are_ignored
        }
        secrecy {
            nothing_private_is_printed
            nothing_private_is_logged
        }
        notifications {
            notifications_are_read
            notifications_name_their_own_order
            statuses_of_notifications
            no_notification_panics
            changed_notifications_are_refused
            rewritten_notifications_are_refused
            unsealed_notifications_are_refused
            notifications_for_others_are_refused
            anonymous_notifications_count_only_by_contract
            tokens_are_hints
            what_is_no_notification_is_refused
            acknowledgements_are_literal
        }
        shown {
            what_is_shown_can_be_paid
            codes_over_another_amount_are_not_shown
            codes_of_another_payee_are_not_shown
        }
        changes {
            withdrawals_mean_what_they_say
            changes_of_a_code_mean_what_they_say
            codes_of_a_change
            faults_of_a_change
        }
        credits {
            payments_are_listed_exactly
            payments_of_others_are_not_listed
            credits_name_their_code
        }
        refunds {
            no_more_is_given_back_than_was_paid
            refunds_name_their_payment
        }
        inspection {
            codes_are_read_alike
            another_reading_is_a_mismatch
            what_is_no_code_is_not_read
        }
        reports {
            reports_are_where_it_says
            links_that_are_not_safe_are_refused
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
