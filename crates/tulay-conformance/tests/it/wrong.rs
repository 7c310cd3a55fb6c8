//! Adapters that are wrong on purpose: the suite fails each, by the check meant for it.

use crate::{acme::Wrong, platform::Platform};
use std::collections::BTreeSet;
use tulay_conformance::{Suite, Verdict, names};

/// The check that is meant to find a way of being wrong.
fn meant(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::CutsTheId | Wrong::DropsTheId => "order_ids_are_placed_whole",
        Wrong::Floats | Wrong::Rounds => "amounts_settle_exactly_or_are_refused",
        Wrong::TakesRupiahForPesos => "other_currencies_are_refused",
        Wrong::UnknownIsSuccess => "unknown_statuses_are_not_final",
        Wrong::ReturnedIsPaid => "statuses_of_a_look_up",
        Wrong::CreatedFailedIsPaid => "statuses_of_a_created_payout",
        Wrong::RetriesOnReset => "faults_of_a_payout",
        Wrong::RetriesLookUps | Wrong::FailedLookUpIsNotSent | Wrong::NotFoundIsAbsent => {
            "faults_of_a_look_up"
        }
        Wrong::RetriesBalances => "faults_of_other_readings",
        Wrong::DuplicateIsRefusal | Wrong::DuplicateIsSuccess => {
            "a_duplicate_proves_only_that_the_id_was_seen"
        }
        Wrong::VerifiesWhatItWrote => "rewritten_answers_prove_nothing",
        Wrong::VerifiesWhatItWroteOfNotifications => "rewritten_notifications_are_refused",
        Wrong::AcceptsUnsigned => "unsigned_answers_prove_nothing",
        Wrong::BelievesATestKey => "answers_under_another_key_prove_nothing",
        Wrong::AcceptsAnySignature => "changed_answers_prove_nothing",
        Wrong::AcceptsUnsignedRefusals => "unsigned_refusals_count_only_by_contract",
        Wrong::AcceptsAnonymousRefusals => "anonymous_refusals_count_only_by_contract",
        Wrong::ForgetsTheSignature => "trust_is_what_was_proven",
        Wrong::LogsTheAccount => "nothing_private_is_logged",
        Wrong::PrintsTheKey | Wrong::RepeatsTheWords => "nothing_private_is_printed",
        Wrong::KeepsTheTimeStamp => "a_second_sending_renews_the_time_stamp",
        Wrong::CountsSendings => "a_second_sending_says_the_same",
        Wrong::PreparesWithTheClock => "preparing_is_pure",
        Wrong::SkipsTheAmount => "another_amount_is_a_mismatch",
        Wrong::SkipsTheOrder => "another_order_is_a_mismatch",
        Wrong::SkipsTheAccount => "another_account_is_a_mismatch",
        Wrong::UnboundIsFinal => "what_is_not_bound_ends_nothing",
        Wrong::AsksAnotherAccount | Wrong::SignsSomethingElse => "requests_are_genuine",
        Wrong::SendsForAnotherAccount => "what_was_prepared_for_another_is_not_sent",
        Wrong::LooksUpSomethingElse => "look_ups_name_the_order",
        Wrong::HarnessTakesAnything => "changed_requests_are_turned_away",
        Wrong::HarnessSaysNoCodes => "codes_of_a_payout",
        Wrong::GenericIsRefusal | Wrong::SpacingIsRefusal | Wrong::EveryRefusalIsStable => {
            "codes_of_a_payout"
        }
        Wrong::AmbiguousIsAbsent | Wrong::AmbiguousIsFailed => "codes_of_a_look_up",
        Wrong::UnlistedIsRefusal => "unlisted_codes_prove_nothing",
        Wrong::BelievesFailingServers => "failing_servers_prove_nothing",
        Wrong::CutsRemarks => "remarks_are_carried_whole_or_refused",
        Wrong::CutsNames => "names_are_carried_whole_or_refused",
        Wrong::MakesUpAName => "required_fields_are_named",
        Wrong::WantsMore => "optional_fields_may_be_missing",
        Wrong::NamesNoField => "misfits_are_named",
        Wrong::TakesAnyBank => "unknown_institutions_are_refused",
        Wrong::IgnoresExtras => "extras_of_others_are_ignored",
        Wrong::ListsTooMuch => "corridors_pay_where_they_say",
        Wrong::TakesWallets => "other_countries_and_channels_are_refused",
        Wrong::IgnoresTheSwitch => "what_is_switched_off_sends_nothing",
        Wrong::TellsAnyBalance => "balances_are_those_listed",
        Wrong::ListsAnyCountry => "institutions_are_listed",
        Wrong::IsAlwaysWell => "health_is_asked",
        Wrong::OpensUnsigned => "unsealed_notifications_are_refused",
        Wrong::OpensChanged => "changed_notifications_are_refused",
        Wrong::OpensOthers => "notifications_for_others_are_refused",
        Wrong::OpensAnonymous => "anonymous_notifications_count_only_by_contract",
        Wrong::NotifiedIsPending => "statuses_of_notifications",
        Wrong::ForgetsTheAmount => "notifications_are_read",
        Wrong::Panics => "no_notification_panics",
        Wrong::OpensAnswers => "what_is_no_notification_is_refused",
        Wrong::AcknowledgesAll => "acknowledgements_are_literal",
        Wrong::SecondStepIsNotSent => "faults_of_a_payout",
        Wrong::GoesOnAfterARefusal => "codes_of_a_payout",
        Wrong::AsksWithoutTheirId | Wrong::GoesAstray => "look_ups_name_the_order",
        Wrong::DropsTheKnownReference => "faults_of_a_payout",
        Wrong::BindsByAnyReference => "another_order_is_a_mismatch",
        Wrong::PromisesToSendAgain => "contracts_do_not_contradict_themselves",
        Wrong::WaitsForWhatIsNeverSaid | Wrong::DropsTheFailureCode => "statuses_of_a_look_up",
        Wrong::TokenIsEvidence => "tokens_are_hints",
    }
}

/// What a platform cannot say that tells of payouts by its own number alone.
const BY_NUMBER_SKIPS: &[&str] = &["tokens_are_hints", "another_amount_is_a_mismatch"];

fn suite(wrong: Wrong) -> Suite {
    let token = wrong == Wrong::TokenIsEvidence;
    let skips: &[&str] = if token {
        &["changed_notifications_are_refused", "rewritten_notifications_are_refused"]
    } else {
        &["tokens_are_hints"]
    };
    let by_number = matches!(wrong, Wrong::BindsByAnyReference | Wrong::WaitsForWhatIsNeverSaid);
    let two_steps = by_number
        || matches!(
            wrong,
            Wrong::SecondStepIsNotSent
                | Wrong::GoesOnAfterARefusal
                | Wrong::AsksWithoutTheirId
                | Wrong::GoesAstray
                | Wrong::DropsTheKnownReference
                | Wrong::PromisesToSendAgain
        );
    let skips = if by_number { BY_NUMBER_SKIPS } else { skips };
    Suite::new(Platform { wrong: Some(wrong), token, two_steps, by_number }, skips)
}

/// Which checks fail, the one that is meant first.
fn failing(wrong: Wrong) -> Vec<&'static str> {
    let suite = suite(wrong);
    let failed = |name: &&str| matches!(suite.verdict(name), Verdict::Failed(_));
    let mut failing: Vec<_> = names().filter(failed).collect();
    failing.sort_by_key(|name| *name != meant(wrong));
    failing
}

#[test]
fn every_wrong_adapter_is_found_by_the_check_meant_for_it() {
    let found: Vec<String> = Wrong::ALL
        .iter()
        .map(|wrong| {
            let failing = failing(*wrong);
            assert_eq!(failing.first(), Some(&meant(*wrong)), "{wrong:?} was found by {failing:?}");
            format!("{wrong:?}: {}", failing.join(", "))
        })
        .collect();
    // Which other checks find it too is worth knowing, and changes are worth a look.
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn every_check_finds_a_wrong_adapter() {
    let meant: BTreeSet<_> = Wrong::ALL.iter().map(|wrong| meant(*wrong)).collect();
    let without: Vec<_> = names().filter(|name| !meant.contains(name)).collect();
    assert_eq!(without, [""; 0]);
}

#[test]
fn what_keeps_an_end_from_being_final_is_named() {
    let verdict = suite(Wrong::WaitsForWhatIsNeverSaid).verdict("statuses_of_a_look_up");
    let why = "paid means succeeded, but is read as pending: it names neither the order id nor the \
               amount, and the contract says that [OrderId, Amount, Account] tell whose it is";
    assert_eq!(verdict, Verdict::Failed(why.into()));
}

#[test]
fn a_skip_must_agree_with_what_is_offered() {
    let right = |skips: &[&'static str]| Suite::new(Platform::default(), skips);
    let failed = |suite: &Suite, name| match suite.verdict(name) {
        Verdict::Failed(why) => why,
        other => panic!("{name}: {other:?}"),
    };
    let passing = failed(&right(&["health_is_asked"]), "health_is_asked");
    assert_eq!(passing, "it is declared a skip, but passes: take it off the list");
    let missing = failed(&right(&[]), "tokens_are_hints");
    assert_eq!(
        missing,
        "it does not apply, and is not declared a skip: notifications are signed, and so evidence"
    );
    let hiding = Suite::new(
        Platform { wrong: Some(Wrong::IsAlwaysWell), ..Platform::default() },
        &["health_is_asked"],
    );
    let hidden = failed(&hiding, "health_is_asked");
    assert_eq!(hidden, "it is declared a skip, but is offered, and fails: nothing is sent");
    assert_eq!(right(&["healthy"]).unknown_skips(), ["healthy"]);
}
