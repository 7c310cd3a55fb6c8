//! A payment that was accepted is planned again, by the accounts of its sequence.

use crate::{
    outline::{Outline, account, calm, ids, pesos, providers, router, rule},
    past_attempts::tried,
};
use tulay_core::{Channel, Country, Currency, ErrorKind, Operation, ProviderId};
use tulay_router::{
    Decision, PastAttempt, Payment, Plan, ProviderSequence, Router, Unavailability, WaitReason,
};

/// The sequence of a small payment: one, two.
fn accepted() -> ProviderSequence {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    router.plan(&pesos(1), &calm()).sequence().unwrap()
}

/// What the deferred providers lack, by name.
fn missing(plan: &Plan<'_>) -> Vec<String> {
    let line = |deferred: &tulay_router::Deferred<'_>| {
        let WaitReason::NotConfigured { missing } = &deferred.reason else { panic!("{plan:?}") };
        format!("{}: {missing}", deferred.id)
    };
    plan.deferred().iter().map(line).collect()
}

#[test]
fn sequence_outlives_the_rules_and_storage() {
    let payment = pesos(1);
    let sequence = router(vec![rule(Country::PH, &["two", "one"])])
        .plan(&payment, &calm())
        .sequence()
        .unwrap();
    let sequence = ProviderSequence::restore(&sequence.store()).unwrap();
    assert_eq!(sequence.rule(), Some("payout, country PH"));

    let today = router(vec![rule(Country::PH, &["one"])]);
    let plan = today.resume(&sequence, &payment, &calm());
    assert_eq!(ids(&plan), ["two", "one"], "as it was accepted");
    assert_eq!(plan.first().unwrap().reasons()[0], "it was planned when the payment was accepted");
    assert_eq!(plan.sequence().unwrap(), sequence);
    let attempts = [PastAttempt::new(account("two"), ErrorKind::Limit)];
    assert_eq!(ids(&today.resume(&sequence, &payment, &tried(&attempts))), ["one"]);
}

#[test]
fn availability_is_evaluated_at_each_attempt() {
    let router = router(Vec::new());
    let unavailabilities =
        [Unavailability::new(account("one"), WaitReason::Maintenance { until: None })];
    let mut conditions = calm();
    conditions.unavailable = &unavailabilities;
    let sequence = accepted();
    assert_eq!(ids(&router.resume(&sequence, &pesos(1), &conditions)), ["two"]);
    assert_eq!(ids(&router.resume(&sequence, &pesos(1), &calm())), ["one", "two"]);
}

#[test]
fn provider_is_found_by_its_account() {
    let outline = |id: &str| Outline::new(id).pays(Country::PH, Currency::PHP, 100);
    // The names were swapped, and one of them changed.
    let today = Router::new(
        Vec::new(),
        [outline("one").account("two").done(), outline("new").account("one").done()],
    );
    let sequence = accepted();
    let payment = pesos(1);
    let plan = today.resume(&sequence, &payment, &calm());
    assert_eq!(ids(&plan), ["new", "one"]);
    assert!(plan.excluded().is_empty(), "{plan:?}");
    let attempts = [PastAttempt::new(account("one"), ErrorKind::Limit)];
    assert_eq!(ids(&today.resume(&sequence, &payment, &tried(&attempts))), ["one"]);
    assert_eq!(sequence.providers().map(ProviderId::as_str).collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn account_that_is_not_configured_is_waited_for() {
    let moved = Outline::new("one").pays(Country::PH, Currency::PHP, 100).account("another");
    let today = Router::new(Vec::new(), [moved.done()]);
    let (payment, sequence) = (pesos(1), accepted());
    let plan = today.resume(&sequence, &payment, &calm());
    let sentence = "of outline (sandbox, host) is not configured";
    assert_eq!(missing(&plan), ["one", "two"].map(|id| format!("{id}: account {id} {sentence}")));
    let Decision::Wait(deferred) = plan.decide() else { panic!("{plan:?}") };
    assert!(deferred.provider.is_none() && deferred.corridor.is_none());
    assert_eq!(deferred.reason.until(), None);
    assert_eq!(
        deferred.reasons(),
        [
            format!("the configuration does not allow it now: account one {sentence}"),
            "it was planned when the payment was accepted".to_owned(),
        ]
    );
    // Its name means another account now, which the payment was not accepted for.
    let excluded: Vec<String> = plan.excluded().iter().flat_map(|e| e.reasons()).collect();
    assert_eq!(excluded, ["it is not one of the providers planned for this payment"]);
}

#[test]
fn corridor_that_fits_no_more_is_waited_for() {
    let sequence = accepted();
    let payment = pesos(1_000);
    let low = Outline::new("one").pays(Country::PH, Currency::PHP, 999);
    let off =
        Outline::new("two").pays_with(Country::PH, Currency::PHP, Channel::Bank, |corridor| {
            corridor.operations.clear();
        });
    let today = Router::new(Vec::new(), [low.done(), off.done()]);
    let plan = today.resume(&sequence, &payment, &calm());
    let limit = "one: amount: expected at most PHP 9.99";
    let missing = missing(&plan);
    assert_eq!((missing.len(), missing[0].as_str()), (2, limit), "{missing:?}");
    assert!(plan.deferred().iter().all(|it| it.provider.is_some() && it.corridor.is_none()));
    assert!(matches!(plan.decide(), Decision::Wait(_)));
    let no_route = plan.first().unwrap_err().to_string();
    assert!(no_route.starts_with("no provider can carry a payout of PHP 10.00"), "{no_route}");

    let elsewhere = Outline::new("one").pays(Country::ID, Currency::IDR, 999_999);
    let today = Router::new(Vec::new(), [elsewhere.done(), Outline::new("two").done()]);
    let plan = today.resume(&sequence, &payment, &calm());
    assert_eq!((plan.deferred().len(), plan.excluded().len()), (2, 0), "{plan:?}");

    // The same corridors leave a payment out that was not accepted.
    let plan = today.plan(&payment, &calm());
    assert!(matches!(plan.decide(), Decision::NoRoute(_)));
}

#[test]
fn provider_that_fits_is_sent_to_before_any_wait() {
    let two = providers().remove(1);
    let (payment, sequence) = (pesos(1), accepted());
    let today = Router::new(Vec::new(), [two]);
    let plan = today.resume(&sequence, &payment, &calm());
    assert!(matches!(plan.decide(), Decision::Send(it) if it.provider.id().as_str() == "two"));
    // A time is waited for rather than a change of the configuration.
    let until = crate::outline::at(60);
    let unavailable = [Unavailability::new(account("two"), WaitReason::RateLimited { until })];
    let mut conditions = calm();
    conditions.unavailable = &unavailable;
    let plan = today.resume(&sequence, &payment, &conditions);
    let Decision::Wait(deferred) = plan.decide() else { panic!("{plan:?}") };
    assert_eq!((deferred.id.as_str(), deferred.reason.until()), ("two", Some(until)));
}

#[test]
fn past_attempts_count_though_nothing_is_configured() {
    let (payment, sequence) = (pesos(1), accepted());
    let nothing = Router::default();
    for (kind, waits_for) in [
        (ErrorKind::Beneficiary, &[] as &[&str]),
        (ErrorKind::Limit, &["two"]),
        (ErrorKind::TooEarly, &["one"]),
        (ErrorKind::Funds, &["one", "two"]),
    ] {
        let attempts = [PastAttempt::new(account("one"), kind)];
        let plan = nothing.resume(&sequence, &payment, &tried(&attempts));
        let names: Vec<&str> = plan.deferred().iter().map(|it| it.id.as_str()).collect();
        assert_eq!(names, waits_for, "{kind}");
        assert_eq!(matches!(plan.decide(), Decision::NoRoute(_)), names.is_empty(), "{kind}");
    }
}

#[test]
fn new_providers_do_not_enter_a_sequence() {
    let payment = pesos(1);
    let one = providers().remove(0);
    let sequence = Router::new(Vec::new(), [one]).plan(&payment, &calm()).sequence().unwrap();
    let today = router(Vec::new());
    let plan = today.resume(&sequence, &payment, &calm());
    assert_eq!(ids(&plan), ["one"]);
    let excluded: Vec<String> = plan.excluded().iter().flat_map(|e| e.reasons()).collect();
    assert_eq!(excluded, ["it is not one of the providers planned for this payment"]);
}

#[test]
fn sequence_is_never_empty_and_never_shrinks() {
    let today = router(vec![rule(Country::PH, &["one", "two"])]);
    let too_much = pesos(i64::MAX);
    let no_route = today.plan(&too_much, &calm()).sequence().unwrap_err();
    assert_eq!(no_route.kind(), Some(ErrorKind::Limit));
    let sequence = today.plan(&pesos(1), &calm()).sequence().unwrap();
    let one = Router::new(Vec::new(), [providers().remove(0)]);
    assert_eq!(one.resume(&sequence, &pesos(1), &calm()).sequence(), Ok(sequence.clone()));
    assert_eq!(one.resume(&sequence, &too_much, &calm()).sequence(), Ok(sequence));
}

#[test]
fn operation_that_was_switched_off_is_waited_for() {
    let collecting = Outline::new("one").collects().done();
    let channel = Channel::Qr;
    let payment = Payment::new(Operation::Collection, Country::PH, Currency::PHP, channel);
    let sequence =
        Router::new(Vec::new(), [collecting]).plan(&payment, &calm()).sequence().unwrap();
    let today = Router::new(Vec::new(), [Outline::new("one").done()]);
    let plan = today.resume(&sequence, &payment, &calm());
    assert_eq!(missing(&plan), ["one: one does not offer collection"]);
}
