//! Adapters that are wrong on purpose: the suite fails each, by the check meant for it.

use crate::{acme::Wrong, platform::Platform};
use std::{collections::BTreeSet, thread};
use tulay_conformance::{Suite, Verdict, names};

/// How many adapters are judged at once.
const THREADS: usize = 4;

/// The check that is meant to find a way of being wrong.
pub(crate) fn meant(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::CutsTheId | Wrong::DropsTheId => "order_ids_are_placed_whole",
        Wrong::Floats | Wrong::Rounds => "amounts_settle_exactly_or_are_refused",
        Wrong::TakesRupiahForPesos => "other_currencies_are_refused",
        Wrong::UnknownIsSuccess => "unknown_statuses_are_not_final",
        Wrong::ReturnedIsPaid => "statuses_of_a_look_up",
        Wrong::CreatedFailedIsPaid => "statuses_of_what_was_created",
        Wrong::RetriesOnReset => "faults_of_a_creation",
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
        Wrong::PreparesWithTheClock | Wrong::PreparesCollectionsWithTheClock => "preparing_is_pure",
        Wrong::SkipsTheAmount => "another_amount_is_a_mismatch",
        Wrong::SkipsTheOrder => "another_order_is_unrelated",
        Wrong::SkipsTheAccount => "another_account_is_a_mismatch",
        Wrong::UnboundIsFinal => "what_is_not_bound_ends_nothing",
        Wrong::AsksAnotherAccount | Wrong::SignsSomethingElse => "requests_are_genuine",
        Wrong::SendsForAnotherAccount | Wrong::SendsCodesOfAnyForm => {
            "what_was_prepared_for_another_is_not_sent"
        }
        Wrong::LooksUpSomethingElse => "look_ups_name_the_order",
        Wrong::HarnessTakesAnything => "changed_requests_are_turned_away",
        Wrong::HarnessSaysNoCodes => "codes_of_a_creation",
        Wrong::GenericIsRefusal | Wrong::SpacingIsRefusal | Wrong::EveryRefusalIsStable => {
            "codes_of_a_creation"
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
        Wrong::ListsTooMuch | Wrong::HidesARole | Wrong::KeepsARole => {
            "corridors_pay_where_they_say"
        }
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
        Wrong::SecondStepIsNotSent => "faults_of_a_creation",
        Wrong::GoesOnAfterARefusal => "codes_of_a_creation",
        Wrong::AsksWithoutTheirId | Wrong::GoesAstray => "look_ups_name_the_order",
        Wrong::DropsTheKnownReference => "faults_of_a_creation",
        Wrong::ConfirmedIsPending => "statuses_of_what_was_created",
        Wrong::BindsByAnyReference | Wrong::AdoptsAnotherDraft => "another_order_is_unrelated",
        Wrong::PromisesToSendAgain | Wrong::HarnessMakesNoAdapter => {
            "contracts_do_not_contradict_themselves"
        }
        Wrong::WaitsForWhatIsNeverSaid | Wrong::DropsTheFailureCode => "statuses_of_a_look_up",
        Wrong::TokenIsEvidence => "tokens_are_hints",
        Wrong::ShowsAnyAmount => "codes_over_another_amount_are_not_shown",
        Wrong::ShowsAnyPayee => "codes_of_another_payee_are_not_shown",
        Wrong::ShowsNothing => "what_is_shown_can_be_paid",
        Wrong::AcceptsUnsignedCollections => "unsigned_answers_prove_nothing",
        Wrong::LostWithdrawalIsDone => "faults_of_a_change",
        Wrong::PaidIsWithdrawn => "withdrawals_mean_what_they_say",
        Wrong::UnlistedRefusesWithdrawals => "codes_of_a_change",
        Wrong::UnknownCollectionIsPaid => "unknown_statuses_are_not_final",
        Wrong::CreditsNobody => "credits_name_their_code",
        Wrong::ListsPaymentsOfOthers => "payments_of_others_are_not_listed",
        Wrong::ListsWholePesos => "payments_are_listed_exactly",
        Wrong::CodeObeysAlways => "changes_of_a_code_mean_what_they_say",
        Wrong::TakesAnyCurrency => "another_currency_is_a_mismatch",
        Wrong::RefundsAnotherPayment => "refunds_name_their_payment",
        Wrong::RefundsMoreThanWasPaid => "no_more_is_given_back_than_was_paid",
        Wrong::PreparesRefundsWithTheClock => "preparing_is_pure",
        Wrong::DuplicateRefundIsRefusal => "a_duplicate_proves_only_that_the_id_was_seen",
        Wrong::NamesThePayer => "nothing_private_is_printed",
        Wrong::BalancesByFloat => "balances_are_exact",
        Wrong::BelievesTheScan => "another_reading_is_a_mismatch",
        Wrong::ScansAnything => "what_is_no_code_is_not_read",
        Wrong::ForgetsTheKindOfCode => "codes_are_read_alike",
        Wrong::TellsAnyLink => "links_that_are_not_safe_are_refused",
        Wrong::ReportsOneDay => "reports_are_where_it_says",
        Wrong::OpensAnySize => "what_is_no_notification_is_refused",
        Wrong::ComparesTheTokensBeginning => "unsealed_notifications_are_refused",
        Wrong::TellsANamelessPayout => "statuses_of_notifications",
        Wrong::PrintsTheKeyOfAHeader | Wrong::HarnessPlantsNothing => "nothing_private_is_printed",
        Wrong::HarnessNamesNoAccounts => "anonymous_notifications_count_only_by_contract",
        Wrong::BelievesTheAddress => "notifications_name_their_own_order",
    }
}

/// What a platform cannot say that tells of payouts by its own number alone.
const BY_NUMBER_SKIPS: &[&str] = &[
    "tokens_are_hints",
    "another_amount_is_a_mismatch",
    "another_currency_is_a_mismatch",
    "shown",
    "changes",
    "credits",
    "refunds",
    "inspection",
    "reports",
];

pub(crate) fn suite(wrong: Wrong) -> Suite {
    let token = matches!(wrong, Wrong::TokenIsEvidence | Wrong::ComparesTheTokensBeginning);
    let skips: &[&str] = if token {
        &["changed_notifications_are_refused", "rewritten_notifications_are_refused"]
    } else {
        &["tokens_are_hints"]
    };
    let by_number = matches!(
        wrong,
        Wrong::BindsByAnyReference
            | Wrong::WaitsForWhatIsNeverSaid
            | Wrong::AdoptsAnotherDraft
            | Wrong::ConfirmedIsPending
    );
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
    let judge = |wrong: &Wrong| {
        let failing = failing(*wrong);
        assert_eq!(failing.first(), Some(&meant(*wrong)), "{wrong:?} was found by {failing:?}");
        format!("{wrong:?}: {}", failing.join(", "))
    };
    let share = Wrong::ALL.len().div_ceil(THREADS);
    let found: Vec<String> = thread::scope(|scope| {
        let judges: Vec<_> = Wrong::ALL
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(judge).collect::<Vec<_>>()))
            .collect();
        judges.into_iter().flat_map(|judge| judge.join().unwrap()).collect()
    });
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
    let why = "payout: paid means succeeded, but is read as pending: it names neither the order id nor the \
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
    right(&["reports", "health_is_asked"]).test_skips();
}

#[test]
#[should_panic(expected = "no check or family is called \"reportz\"; did you mean \"reports\"?")]
fn a_skip_that_is_spelt_wrong_is_named_with_the_right_one() {
    Suite::new(Platform::default(), &["reportz"]).test_skips();
}

#[test]
fn an_adapter_that_cannot_be_made_is_told_once() {
    let suite = suite(Wrong::HarnessMakesNoAdapter);
    let told = |name| match suite.verdict(name) {
        Verdict::Failed(why) => why,
        other => panic!("{name}: {other:?}"),
    };
    let why = told("contracts_do_not_contradict_themselves");
    assert_eq!(why, "the harness cannot make the adapter: resend_for: it cannot be asked for");
    for name in names().filter(|name| *name != "contracts_do_not_contradict_themselves") {
        let told = told(name);
        let why = "there is no adapter to check: see contracts_do_not_contradict_themselves";
        assert!(told.ends_with(why), "{told}");
    }
}
