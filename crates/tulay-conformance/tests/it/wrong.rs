//! Adapters that are wrong on purpose: each fails the check that is meant for it.

use crate::{acme::Wrong, platform::Platform};
use std::collections::BTreeSet;
use tulay_conformance::{Check, Suite, Verdict, checks};

/// The check that is meant to find a defect.
pub(crate) fn meant(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::CutsTheId | Wrong::DropsTheId => "order_id_is_sent_verbatim",
        Wrong::PaysOverOneRail => "listed_corridors_are_served",
        Wrong::IgnoresTheLimitOfABank => "amounts_are_exact_or_refused",
        Wrong::Floats | Wrong::Rounds => "amounts_are_exact_or_refused",
        Wrong::TakesRupiahForPesos => "unlisted_currencies_are_refused",
        Wrong::UnknownIsSuccess => "unknown_statuses_are_not_final",
        Wrong::ReturnedIsPaid => "lookup_statuses_match_the_documents",
        Wrong::CreatedFailedIsPaid => "creation_statuses_match_the_documents",
        Wrong::RetriesOnReset => "creation_faults_have_the_right_effect",
        Wrong::RetriesLookUps | Wrong::FailedLookUpIsNotSent | Wrong::NotFoundIsAbsent => {
            "lookup_faults_prove_nothing"
        }
        Wrong::RetriesBalances => "query_faults_prove_nothing",
        Wrong::DuplicateIsRejection | Wrong::DuplicateIsSuccess => "duplicate_is_not_a_rejection",
        Wrong::VerifiesWhatItWrote => "rewritten_responses_prove_nothing",
        Wrong::VerifiesWhatItWroteOfNotifications => "rewritten_notifications_are_refused",
        Wrong::AcceptsUnsigned => "unsigned_responses_prove_nothing",
        Wrong::BelievesATestKey => "responses_with_another_key_prove_nothing",
        Wrong::AcceptsAnySignature => "changed_responses_prove_nothing",
        Wrong::AcceptsUnsignedRejections => "unsigned_rejections_need_a_guarantee",
        Wrong::AcceptsAnonymousRejections => "anonymous_rejections_need_a_guarantee",
        Wrong::ForgetsTheSignature => "trust_matches_verification",
        Wrong::LogsTheAccount => "sensitive_data_is_not_logged",
        Wrong::PrintsTheKey | Wrong::RepeatsTheWords => "sensitive_data_is_not_printed",
        Wrong::KeepsTheTimeStamp => "resend_renews_the_timestamp",
        Wrong::CountsSendings => "resend_has_the_same_content",
        Wrong::PreparesWithTheClock | Wrong::PreparesCollectionsWithTheClock => {
            "prepare_is_deterministic"
        }
        Wrong::SkipsTheAmount => "another_amount_is_a_mismatch",
        Wrong::SkipsTheOrder => "another_order_is_unrelated",
        Wrong::SkipsTheAccount => "another_account_is_a_mismatch",
        Wrong::UnidentifiedIsFinal => "unidentified_responses_are_not_final",
        Wrong::AsksAnotherAccount | Wrong::SignsSomethingElse => "requests_pass_verification",
        Wrong::SendsForAnotherAccount | Wrong::SendsCodesOfAnyForm => {
            "foreign_prepared_order_is_not_sent"
        }
        Wrong::LooksUpSomethingElse => "lookup_identifies_the_order",
        Wrong::HarnessTakesAnything => "changed_requests_fail_verification",
        Wrong::HarnessSaysNoCodes => "creation_codes_match_the_documents",
        Wrong::GenericIsRejection
        | Wrong::SpacingIsRejection
        | Wrong::EveryRejectionIsPermanent => "creation_codes_match_the_documents",
        Wrong::AmbiguousIsAbsent | Wrong::AmbiguousIsFailed => "lookup_codes_match_the_documents",
        Wrong::UnlistedIsRejection => "unlisted_codes_prove_nothing",
        Wrong::BelievesFailingServers => "server_errors_prove_nothing",
        Wrong::CutsRemarks => "remarks_are_sent_verbatim_or_refused",
        Wrong::DropsLeadingZeros | Wrong::CutsTheAccount => "accounts_are_sent_verbatim_or_refused",
        Wrong::CutsNames => "names_are_sent_verbatim_or_refused",
        Wrong::MakesUpAName => "missing_required_fields_are_named",
        Wrong::WantsMore => "optional_fields_may_be_missing",
        Wrong::NamesNoField => "invalid_fields_are_named",
        Wrong::TakesAnyBank => "unknown_institutions_are_refused",
        Wrong::IgnoresExtras => "extras_of_other_adapters_are_ignored",
        Wrong::ListsTooMuch | Wrong::HidesARole | Wrong::KeepsARole => {
            "listed_corridors_are_served"
        }
        Wrong::TakesWallets => "unlisted_countries_and_channels_are_refused",
        Wrong::IgnoresTheSwitch => "disabled_operations_send_nothing",
        Wrong::TellsAnyBalance => "balances_match_the_listed_accounts",
        Wrong::ListsAnyCountry => "institutions_are_listed",
        Wrong::IsAlwaysWell => "health_check_sends_a_request",
        Wrong::FailedAttemptIsFinal => "notification_statuses_match_the_documents",
        Wrong::ReadsByFloat | Wrong::ReadsNotifiedByFloat => "amounts_are_read_exactly",
        Wrong::DropsTheExponent | Wrong::CutsDigits => "other_forms_of_amounts_are_not_believed",
        Wrong::UnnamedAccountIsFinal => "unidentified_responses_are_not_final",
        Wrong::BelievesRefundsOfOthers | Wrong::HarnessHidesThePayment => {
            "refunds_of_other_payments_are_not_believed"
        }
        Wrong::ComparesTokensWithoutCase
        | Wrong::TakesTheOtherModesSignature
        | Wrong::ComparesTheSignaturesBeginning => "unauthenticated_notifications_are_refused",
        Wrong::KnowsOneSecret | Wrong::HarnessNotifiesTooLittle => {
            "genuine_notifications_are_accepted"
        }
        Wrong::OpensTheOtherMode => "notifications_for_other_accounts_are_refused",
        Wrong::VerifiesWholeNumbers => "rewritten_notifications_are_refused",
        Wrong::ExpiresInMilliseconds | Wrong::DropsTheExpiry | Wrong::SendsWhatHasExpired => {
            "expiry_is_sent_exactly"
        }
        Wrong::HarnessHidesTheAccount => "another_account_is_a_mismatch",
        Wrong::OpensUnsigned => "unauthenticated_notifications_are_refused",
        Wrong::OpensChanged => "changed_notifications_are_refused",
        Wrong::OpensOthers | Wrong::OpensLongerAccounts => {
            "notifications_for_other_accounts_are_refused"
        }
        Wrong::OpensAnonymous => "anonymous_notifications_need_a_guarantee",
        Wrong::NotifiedIsPending => "notification_statuses_match_the_documents",
        Wrong::ForgetsTheAmount => "genuine_notifications_are_accepted",
        Wrong::Panics => "no_notification_panics",
        Wrong::OpensAnswers => "non_notifications_are_refused",
        Wrong::AcknowledgesAll => "acknowledgements_match_the_documents",
        Wrong::SecondStepIsNotSent => "creation_faults_have_the_right_effect",
        Wrong::GoesOnAfterARejection => "creation_codes_match_the_documents",
        Wrong::AsksWithoutTheirId => "lookup_identifies_the_order",
        Wrong::GoesAstray | Wrong::ConfirmsAstray => "provider_references_cannot_change_a_path",
        Wrong::LostIsAbsent
        | Wrong::MissingListIsEmpty
        | Wrong::SkipsUnreadableOrders
        | Wrong::AnyNotFoundIsAbsent => "lookup_faults_prove_nothing",
        Wrong::EmptyListIsUnreadable => "lookup_codes_match_the_documents",
        Wrong::SkipsTheAmountOfAList | Wrong::ConfirmsAnyAmount => "another_amount_is_a_mismatch",
        Wrong::ConfirmsAnotherDraft => "another_order_is_unrelated",
        Wrong::RejectedConfirmationIsFinal
        | Wrong::EveryRejectionEndsTheDraft
        | Wrong::EndOfTheDraftIsPermanent => "creation_codes_match_the_documents",
        Wrong::CutsTheKey | Wrong::KeepsTheKeyOfAnAttempt | Wrong::DraftsHaveNoKey => {
            "duplicates_are_recognised_by_the_whole_id"
        }
        Wrong::TakesTheFirstOfTwo | Wrong::TakesTheLastOfTwo | Wrong::TakesNoneOfTwo => {
            "two_orders_with_one_id_are_refused"
        }
        Wrong::ReadsTheFirstCode | Wrong::ReadsTheLastCode => "every_code_of_a_response_counts",
        Wrong::AccountsMayBeLonger | Wrong::AccountsMayBeShorter => "another_account_is_a_mismatch",
        Wrong::PrintsTheKeyInBase64 | Wrong::PrintsItsAuthorization => {
            "sensitive_data_is_not_printed"
        }
        Wrong::DropsTheKnownReference => "creation_faults_have_the_right_effect",
        Wrong::ConfirmedIsPending => "creation_statuses_match_the_documents",
        Wrong::BindsByAnyReference | Wrong::AdoptsAnotherDraft | Wrong::AdoptsAnotherNumber => {
            "another_order_is_unrelated"
        }
        Wrong::PromisesToSendAgain | Wrong::HarnessMakesNoAdapter => "guarantees_are_consistent",
        Wrong::WaitsForWhatIsNeverSaid | Wrong::DropsTheFailureCode => {
            "lookup_statuses_match_the_documents"
        }
        Wrong::TokenIsEvidence => "token_notifications_are_not_evidence",
        Wrong::ShowsAnyAmount => "codes_with_another_amount_are_refused",
        Wrong::ShowsAnyPayee => "codes_of_another_payee_are_refused",
        Wrong::ShowsNothing => "payment_instructions_are_returned",
        Wrong::AcceptsUnsignedCollections => "unsigned_responses_prove_nothing",
        Wrong::LostWithdrawalIsDone => "change_faults_have_the_right_effect",
        Wrong::PaidIsWithdrawn => "cancellations_match_the_status",
        Wrong::UnlistedRefusesWithdrawals => "change_codes_match_the_documents",
        Wrong::UnknownCollectionIsPaid => "unknown_statuses_are_not_final",
        Wrong::CreditsUnnamedCode => "incoming_payments_identify_their_code",
        Wrong::ListsPaymentsOfOthers => "payments_of_other_codes_are_not_listed",
        Wrong::ListsWholePesos => "payments_are_listed_exactly",
        Wrong::CodeObeysAlways => "static_code_changes_match_the_status",
        Wrong::TakesAnyCurrency => "another_currency_is_a_mismatch",
        Wrong::RefundsAnotherPayment => "refunds_identify_their_payment",
        Wrong::RefundsMoreThanWasPaid => "refunds_do_not_exceed_the_payment",
        Wrong::PreparesRefundsWithTheClock => "prepare_is_deterministic",
        Wrong::DuplicateRefundIsRejection => "duplicate_is_not_a_rejection",
        Wrong::NamesThePayer => "sensitive_data_is_not_printed",
        Wrong::BalancesByFloat => "balances_are_exact",
        Wrong::BelievesTheScan => "contradicting_inspection_is_a_mismatch",
        Wrong::ScansAnything => "invalid_codes_are_not_inspected",
        Wrong::ForgetsTheKindOfCode => "inspection_is_consistent",
        Wrong::TellsAnyLink | Wrong::TellsPrivateLinks => "unsafe_report_links_are_refused",
        Wrong::ReportsOneDay => "report_links_are_returned_unchanged",
        Wrong::OpensAnySize => "non_notifications_are_refused",
        Wrong::ComparesTheTokensBeginning => "unauthenticated_notifications_are_refused",
        Wrong::TellsANamelessPayout => "notification_statuses_match_the_documents",
        Wrong::PrintsTheKeyOfAHeader | Wrong::HarnessPlantsNothing => {
            "sensitive_data_is_not_printed"
        }
        Wrong::HarnessNamesNoAccounts => "anonymous_notifications_need_a_guarantee",
        Wrong::BelievesTheAddress => "notifications_match_only_their_order",
        Wrong::AnonymousIsEvidence => "notifications_of_other_merchants_end_nothing",
        Wrong::AnonymousPaymentIsEvidence => "payments_of_other_merchants_end_nothing",
        Wrong::UnboundIsEvidence => "unbound_notifications_are_hints",
        Wrong::RefusesTheUnreadable => "unreadable_notifications_are_kept",
        Wrong::ForgetsHowToRead => "stored_notifications_are_read_without_keys",
        Wrong::FindsWhatNamesNothing => "responses_without_the_order_are_unrelated",
    }
}

/// The checks that do not apply to Acme as it is, and why.
pub(crate) const SKIPS: &[&str] = &[
    // Notifications are signed.
    "token_notifications_are_not_evidence",
    // No path has an id of its own, no answer is a list, and each rejection has one code.
    "provider_references_cannot_change_a_path",
    "two_orders_with_one_id_are_refused",
    "every_code_of_a_response_counts",
];

/// Where notifications carry a token.
pub(crate) const TOKEN_SKIPS: &[&str] = &[
    "changed_notifications_are_refused",
    "rewritten_notifications_are_refused",
    "provider_references_cannot_change_a_path",
    "two_orders_with_one_id_are_refused",
    "every_code_of_a_response_counts",
];

/// Where payouts are looked up by the platform's own number.
pub(crate) const TWO_STEPS_SKIPS: &[&str] = &[
    "token_notifications_are_not_evidence",
    "responses_without_the_order_are_unrelated",
    "two_orders_with_one_id_are_refused",
    "every_code_of_a_response_counts",
];

/// Where that number is all that names a payout.
pub(crate) const BY_NUMBER_SKIPS: &[&str] = &[
    "token_notifications_are_not_evidence",
    "another_amount_is_a_mismatch",
    "another_currency_is_a_mismatch",
    "amounts_are_read_exactly",
    "other_forms_of_amounts_are_not_believed",
    "expiry_is_sent_exactly",
    "two_orders_with_one_id_are_refused",
    "every_code_of_a_response_counts",
    "payments_of_other_merchants_end_nothing",
    // It pays out, and does nothing else.
    "payment_instructions",
    "changes",
    "incoming_payments",
    "refunds",
    "inspection",
    "reports",
];

/// Where payouts are listed by our order id, too.
pub(crate) const LISTED_SKIPS: &[&str] = &[
    "expiry_is_sent_exactly",
    "token_notifications_are_not_evidence",
    "payments_of_other_merchants_end_nothing",
    // Answers are not signed.
    "changed_responses_prove_nothing",
    "rewritten_responses_prove_nothing",
    "unsigned_responses_prove_nothing",
    "responses_with_another_key_prove_nothing",
    // It pays out, and does nothing else.
    "payment_instructions",
    "changes",
    "incoming_payments",
    "refunds",
    "inspection",
    "reports",
];

/// Where there are collections and nothing else.
pub(crate) const COLLECTIONS_SKIPS: &[&str] = &[
    "token_notifications_are_not_evidence",
    "provider_references_cannot_change_a_path",
    "two_orders_with_one_id_are_refused",
    "every_code_of_a_response_counts",
    "unknown_institutions_are_refused",
    "accounts_are_sent_verbatim_or_refused",
    "payments_of_other_merchants_end_nothing",
    "changes",
    "incoming_payments",
    "refunds",
    "inspection",
    "reports",
];

/// Where the key of notifications is this account's alone.
pub(crate) const OWN_KEY_SKIPS: &[&str] = &[
    "token_notifications_are_not_evidence",
    "provider_references_cannot_change_a_path",
    "two_orders_with_one_id_are_refused",
    "every_code_of_a_response_counts",
    // No message names the account.
    "another_account_is_a_mismatch",
    "anonymous_notifications_need_a_guarantee",
    "notifications_of_other_merchants_end_nothing",
    "payments_of_other_merchants_end_nothing",
];

/// How the platform of a wrong adapter differs.
fn platform(wrong: Wrong) -> (Platform, &'static [&'static str]) {
    let plain = Platform { wrong: Some(wrong), ..Platform::default() };
    let two_steps = Platform { two_steps: true, ..plain };
    match wrong {
        Wrong::TakesTheOtherModesSignature
        | Wrong::ComparesTheSignaturesBeginning
        | Wrong::KnowsOneSecret
        | Wrong::OpensTheOtherMode => (Platform { own_key: true, ..plain }, OWN_KEY_SKIPS),
        Wrong::TokenIsEvidence
        | Wrong::ComparesTheTokensBeginning
        | Wrong::ComparesTokensWithoutCase => (Platform { token: true, ..plain }, TOKEN_SKIPS),
        Wrong::BindsByAnyReference
        | Wrong::WaitsForWhatIsNeverSaid
        | Wrong::AdoptsAnotherDraft
        | Wrong::ConfirmedIsPending => (Platform { by_number: true, ..two_steps }, BY_NUMBER_SKIPS),
        Wrong::SecondStepIsNotSent
        | Wrong::GoesOnAfterARejection
        | Wrong::AsksWithoutTheirId
        | Wrong::GoesAstray
        | Wrong::ConfirmsAstray
        | Wrong::DropsTheKnownReference
        | Wrong::PromisesToSendAgain
        | Wrong::RejectedConfirmationIsFinal
        | Wrong::EveryRejectionEndsTheDraft
        | Wrong::EndOfTheDraftIsPermanent
        | Wrong::ConfirmsAnyAmount
        | Wrong::AdoptsAnotherNumber
        | Wrong::ConfirmsAnotherDraft => (two_steps, TWO_STEPS_SKIPS),
        Wrong::LostIsAbsent
        | Wrong::MissingListIsEmpty
        | Wrong::SkipsUnreadableOrders
        | Wrong::SkipsTheAmountOfAList
        | Wrong::EmptyListIsUnreadable
        | Wrong::AnyNotFoundIsAbsent
        | Wrong::CutsTheKey
        | Wrong::KeepsTheKeyOfAnAttempt
        | Wrong::DraftsHaveNoKey
        | Wrong::PaysOverOneRail
        | Wrong::IgnoresTheLimitOfABank
        | Wrong::TakesTheFirstOfTwo
        | Wrong::TakesTheLastOfTwo
        | Wrong::TakesNoneOfTwo
        | Wrong::ReadsTheFirstCode
        | Wrong::ReadsTheLastCode => (Platform { listed: true, ..two_steps }, LISTED_SKIPS),
        _ => (plain, SKIPS),
    }
}

pub(crate) fn suite(wrong: Wrong) -> Suite {
    let (platform, skips) = platform(wrong);
    Suite::new(platform, skips)
}

fn names() -> impl Iterator<Item = &'static str> {
    checks().iter().map(|check| check.name)
}

#[test]
fn every_wrong_adapter_fails_its_check() {
    let passes =
        |wrong: &&Wrong| !matches!(suite(**wrong).verdict(meant(**wrong)), Verdict::Failed(_));
    let missed: Vec<&Wrong> = Wrong::ALL.iter().filter(passes).collect();
    assert_eq!(missed, [] as [&Wrong; 0], "the check that is meant does not find these");
}

#[test]
fn every_check_finds_a_wrong_adapter() {
    let meant: BTreeSet<_> = Wrong::ALL.iter().map(|wrong| meant(*wrong)).collect();
    let without: Vec<_> = names().filter(|name| !meant.contains(name)).collect();
    assert_eq!(without, [""; 0]);
}

#[test]
fn every_check_says_what_it_demands() {
    for Check { name, demands, .. } in checks() {
        let whole = demands.len() > 40 && demands.ends_with('.') && !demands.contains("  ");
        assert!(whole, "{name}: {demands:?}");
    }
}

#[test]
#[should_panic(expected = "The check demands: The health check sends a request: it reports")]
fn a_failure_says_what_the_check_demands() {
    suite(Wrong::IsAlwaysWell).test("health_check_sends_a_request");
}

#[test]
fn the_reason_for_a_status_that_is_not_final_is_given() {
    let verdict =
        suite(Wrong::WaitsForWhatIsNeverSaid).verdict("lookup_statuses_match_the_documents");
    let why = "payout: paid means succeeded, but is read as pending: it names neither the order id nor the \
               amount, and the guarantees say that [OrderId, Amount, Account] tell whose it is";
    assert_eq!(verdict, Verdict::Failed(why.into()));
}

#[test]
fn a_failure_over_a_duplicate_names_the_step() {
    let suite = Suite::new(
        Platform { wrong: Some(Wrong::DuplicateIsSuccess), two_steps: true, ..Platform::default() },
        TWO_STEPS_SKIPS,
    );
    let verdict = suite.verdict("duplicate_is_not_a_rejection");
    let named = matches!(&verdict, Verdict::Failed(why) if why.contains("in step 1 of 2"));
    assert!(named, "{verdict:?}");
}

#[test]
fn a_skip_must_agree_with_what_is_offered() {
    let right = |more: &[&'static str]| Suite::new(Platform::default(), &[SKIPS, more].concat());
    let failed = |suite: &Suite, name| match suite.verdict(name) {
        Verdict::Failed(why) => why,
        other => panic!("{name}: {other:?}"),
    };
    let passing = failed(&right(&["health_check_sends_a_request"]), "health_check_sends_a_request");
    assert_eq!(passing, "it is declared a skip, but passes: take it off the list");
    let none = Suite::new(Platform::default(), &[]);
    let missing = failed(&none, "token_notifications_are_not_evidence");
    assert_eq!(
        missing,
        "it does not apply, and is not declared a skip: notifications are signed, and so evidence"
    );
    let hiding = Suite::new(
        Platform { wrong: Some(Wrong::IsAlwaysWell), ..Platform::default() },
        &["health_check_sends_a_request"],
    );
    let hidden = failed(&hiding, "health_check_sends_a_request");
    assert_eq!(hidden, "it is declared a skip, but is offered, and fails: nothing is sent");
    assert_eq!(right(&["healthy"]).unknown_skips(), ["healthy"]);
    right(&["reports", "health_check_sends_a_request"]).test_skips();
}

#[test]
#[should_panic(expected = "no check or family is called \"reportz\"; did you mean \"reports\"?")]
fn a_misspelt_skip_gets_a_suggestion() {
    Suite::new(Platform::default(), &["reportz"]).test_skips();
}

#[test]
fn an_adapter_that_cannot_be_made_is_reported_once() {
    let suite = suite(Wrong::HarnessMakesNoAdapter);
    let failure = |name| match suite.verdict(name) {
        Verdict::Failed(why) => why,
        other => panic!("{name}: {other:?}"),
    };
    let why = failure("guarantees_are_consistent");
    assert_eq!(why, "the harness cannot make the adapter: resend_for: it cannot be asked for");
    for name in names().filter(|name| *name != "guarantees_are_consistent") {
        let failure = failure(name);
        let why = "there is no adapter to check: see guarantees_are_consistent";
        assert!(failure.ends_with(why), "{failure}");
    }
}
