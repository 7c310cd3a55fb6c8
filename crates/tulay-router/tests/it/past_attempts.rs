//! The next provider after an attempt, in the sequence of the acceptance.

use crate::outline::{Outline, account, calm, ids, pesos, providers, router, rule};
use tulay_core::{Country, Currency, ErrorKind};
use tulay_router::{
    Conditions, Decision, PastAttempt, ProviderSequence, Router, Unavailability, WaitReason,
};

fn tried<'a>(attempts: &'a [PastAttempt]) -> Conditions<'a> {
    let mut conditions = calm();
    conditions.past_attempts = attempts;
    conditions
}

#[test]
fn tried_account_is_not_a_candidate() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let payment = pesos(1);
    let attempts = [PastAttempt::new(account("one"), ErrorKind::Unreachable)];
    let plan = router.plan(&payment, &tried(&attempts));
    assert_eq!(ids(&plan), ["two"]);
    let excluded: Vec<String> = plan.excluded().iter().flat_map(|e| e.reasons()).collect();
    assert_eq!(excluded, ["an attempt failed: the provider could not be reached"]);
}

#[test]
fn one_account_under_two_names_is_tried_once() {
    let twin = |id: &str| Outline::new(id).pays(Country::PH, Currency::PHP, 100).account("same");
    let router = Router::new(Vec::new(), [twin("one").done(), twin("two").done()]);
    let attempts = [PastAttempt::new(account("same"), ErrorKind::Unreachable)];
    assert!(ids(&router.plan(&pesos(1), &tried(&attempts))).is_empty());
}

#[test]
fn failover_depends_on_the_error_kind() {
    const KINDS: [ErrorKind; 21] = [
        ErrorKind::Unrelated,
        ErrorKind::Configuration,
        ErrorKind::Unsupported,
        ErrorKind::InvalidRequest,
        ErrorKind::Destination,
        ErrorKind::Beneficiary,
        ErrorKind::Limit,
        ErrorKind::Funds,
        ErrorKind::Institution,
        ErrorKind::Compliance,
        ErrorKind::Authentication,
        ErrorKind::RateLimited,
        ErrorKind::TooEarly,
        ErrorKind::Unreachable,
        ErrorKind::Unavailable,
        ErrorKind::InProcess,
        ErrorKind::Duplicate,
        ErrorKind::State,
        ErrorKind::Signature,
        ErrorKind::Mismatch,
        ErrorKind::Unexpected,
    ];
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    for kind in KINDS {
        let attempts = [PastAttempt::new(account("one"), kind)];
        let payment = pesos(1);
        let plan = router.plan(&payment, &tried(&attempts));
        assert_eq!(ids(&plan).len(), usize::from(kind.allows_failover()), "{kind}");
        assert_eq!(matches!(plan.decide(), Decision::Send(_)), kind.allows_failover(), "{kind}");
    }
}

#[test]
fn attempts_are_limited() {
    let names = ["a", "b", "c", "d", "e"];
    let all = names.map(|id| Outline::new(id).pays(Country::PH, Currency::PHP, 100).done());
    let router = Router::new(Vec::new(), all);
    let mut attempts: Vec<PastAttempt> = Vec::new();
    let payment = pesos(1);
    for id in ["a", "b", "c"] {
        assert_eq!(ids(&router.plan(&payment, &tried(&attempts)))[0], id);
        attempts.push(PastAttempt::new(account(id), ErrorKind::Unavailable));
    }
    let plan = router.plan(&payment, &tried(&attempts));
    let no_route = plan.first().unwrap_err().to_string();
    assert!(no_route.contains("d: all 3 allowed attempts were made"), "{no_route}");
    let mut patient = tried(&attempts);
    patient.max_attempts = 5;
    assert_eq!(ids(&router.plan(&payment, &patient)), ["d", "e"]);
}

#[test]
fn sequence_outlives_the_rules() {
    let payment = pesos(1);
    let sequence = router(vec![rule(Country::PH, &["two", "one"])])
        .plan(&payment, &calm())
        .sequence()
        .unwrap();
    let text = serde_json::to_string(&sequence).unwrap();
    let sequence: ProviderSequence = serde_json::from_str(&text).unwrap();
    assert_eq!(sequence.rule(), Some("payout, country PH"));

    let today = router(vec![rule(Country::PH, &["one"])]);
    let plan = today.resume(&sequence, &payment, &calm());
    assert_eq!(ids(&plan), ["two", "one"], "as it was accepted");
    assert_eq!(plan.first().unwrap().reasons()[0], "it was planned when the payment was accepted");
    assert_eq!(plan.sequence().unwrap(), sequence);
    let attempts = [PastAttempt::new(account("two"), ErrorKind::Funds)];
    assert_eq!(ids(&today.resume(&sequence, &payment, &tried(&attempts))), ["one"]);
}

#[test]
fn availability_is_evaluated_at_each_attempt() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let payment = pesos(1);
    let sequence = router.plan(&payment, &calm()).sequence().unwrap();
    let unavailabilities =
        [Unavailability::new(account("one"), WaitReason::Maintenance { until: None })];
    let mut conditions = calm();
    conditions.unavailable = &unavailabilities;
    assert_eq!(ids(&router.resume(&sequence, &payment, &conditions)), ["two"]);
    assert_eq!(ids(&router.resume(&sequence, &payment, &calm())), ["one", "two"]);
}

#[test]
fn changed_account_is_excluded() {
    let payment = pesos(1);
    let sequence = router(Vec::new()).plan(&payment, &calm()).sequence().unwrap();
    let moved = Outline::new("one").pays(Country::PH, Currency::PHP, 100).account("another");
    let today = Router::new(Vec::new(), [moved.done()]);
    let plan = today.resume(&sequence, &payment, &calm());
    assert!(ids(&plan).is_empty());
    let excluded: Vec<String> = plan
        .excluded()
        .iter()
        .map(|e| format!("{}: {}", e.provider, e.reasons().join("; ")))
        .collect();
    assert_eq!(
        excluded,
        ["one", "two"]
            .map(|id| format!("{id}: it is no longer configured, or has another account"))
    );
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
