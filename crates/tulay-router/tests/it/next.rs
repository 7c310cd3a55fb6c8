//! Who is next after an attempt, in the order that was frozen.

use crate::outline::{Outline, account, calm, ids, pesos, providers, router, rule};
use tulay_core::{Country, Currency, ErrorKind};
use tulay_router::{Decision, Hold, Order, Router, Situation, Tried, Wait};

fn tried<'a>(attempts: &'a [Tried]) -> Situation<'a> {
    let mut situation = calm();
    situation.tried = attempts;
    situation
}

#[test]
fn what_was_tried_is_no_candidate_again() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let payment = pesos(1);
    let attempts = [(account("one"), ErrorKind::Unreachable)];
    let plan = router.plan(&payment, &tried(&attempts));
    assert_eq!(ids(&plan), ["two"]);
    let excluded: Vec<String> = plan.excluded().flat_map(|e| e.reasons()).collect();
    assert_eq!(excluded, ["it was tried: the provider could not be reached"]);
}

#[test]
fn one_account_under_two_names_is_tried_once() {
    let twin = |id: &str| Outline::new(id).pays(Country::PH, Currency::PHP, 100).account("same");
    let router = Router::new(Vec::new(), [twin("one").done(), twin("two").done()]);
    let attempts = [(account("same"), ErrorKind::Unreachable)];
    assert!(ids(&router.plan(&pesos(1), &tried(&attempts))).is_empty());
}

#[test]
fn only_what_another_might_do_goes_elsewhere() {
    const KINDS: [ErrorKind; 21] = [
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
        ErrorKind::Wait,
        ErrorKind::Unreachable,
        ErrorKind::Unavailable,
        ErrorKind::InProcess,
        ErrorKind::Duplicate,
        ErrorKind::State,
        ErrorKind::Signature,
        ErrorKind::Unrelated,
        ErrorKind::Mismatch,
        ErrorKind::Unexpected,
    ];
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    for kind in KINDS {
        let attempts = [(account("one"), kind)];
        let payment = pesos(1);
        let plan = router.plan(&payment, &tried(&attempts));
        assert_eq!(ids(&plan).len(), usize::from(kind.elsewhere()), "{kind}");
        assert_eq!(matches!(plan.decide(), Decision::Send(_)), kind.elsewhere(), "{kind}");
    }
}

#[test]
fn attempts_have_an_end() {
    let names = ["a", "b", "c", "d", "e"];
    let all = names.map(|id| Outline::new(id).pays(Country::PH, Currency::PHP, 100).done());
    let router = Router::new(Vec::new(), all);
    let mut attempts: Vec<Tried> = Vec::new();
    let payment = pesos(1);
    for id in ["a", "b", "c"] {
        assert_eq!(ids(&router.plan(&payment, &tried(&attempts)))[0], id);
        attempts.push((account(id), ErrorKind::Unavailable));
    }
    let plan = router.plan(&payment, &tried(&attempts));
    let nobody = plan.first().unwrap_err().to_string();
    assert!(nobody.contains("d: there were as many attempts as are allowed, 3"), "{nobody}");
    let mut patient = tried(&attempts);
    patient.attempts = 5;
    assert_eq!(ids(&router.plan(&payment, &patient)), ["d", "e"]);
}

#[test]
fn a_frozen_order_outlives_the_rules() {
    let payment = pesos(1);
    let order =
        router(vec![rule(Country::PH, &["two", "one"])]).plan(&payment, &calm()).order().unwrap();
    let text = serde_json::to_string(&order).unwrap();
    let order: Order = serde_json::from_str(&text).unwrap();
    assert_eq!(order.rule(), Some("payout, country PH"));

    let today = router(vec![rule(Country::PH, &["one"])]);
    let plan = today.resume(&order, &payment, &calm());
    assert_eq!(ids(&plan), ["two", "one"], "as it was accepted");
    assert_eq!(plan.first().unwrap().reasons()[0], "the payment was accepted for it");
    assert_eq!(plan.order().unwrap(), order);
    let attempts = [(account("two"), ErrorKind::Funds)];
    assert_eq!(ids(&today.resume(&order, &payment, &tried(&attempts))), ["one"]);
}

#[test]
fn what_holds_is_asked_again_at_each_attempt() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let payment = pesos(1);
    let order = router.plan(&payment, &calm()).order().unwrap();
    let holds = [Hold::new(account("one"), Wait::Maintenance { until: None })];
    let mut situation = calm();
    situation.holds = &holds;
    assert_eq!(ids(&router.resume(&order, &payment, &situation)), ["two"]);
    assert_eq!(ids(&router.resume(&order, &payment, &calm())), ["one", "two"]);
}

#[test]
fn another_account_under_the_old_name_is_nobody() {
    let payment = pesos(1);
    let order = router(Vec::new()).plan(&payment, &calm()).order().unwrap();
    let moved = Outline::new("one").pays(Country::PH, Currency::PHP, 100).account("another");
    let today = Router::new(Vec::new(), [moved.done()]);
    let plan = today.resume(&order, &payment, &calm());
    assert!(ids(&plan).is_empty());
    let excluded: Vec<String> =
        plan.excluded().map(|e| format!("{}: {}", e.provider, e.reasons().join("; "))).collect();
    assert_eq!(
        excluded,
        ["one", "two"].map(|id| format!(
            "{id}: the configuration does not have it any more, or with another account"
        ))
    );
}

#[test]
fn nobody_new_enters_a_frozen_order() {
    let payment = pesos(1);
    let one = providers().remove(0);
    let order = Router::new(Vec::new(), [one]).plan(&payment, &calm()).order().unwrap();
    let today = router(Vec::new());
    let plan = today.resume(&order, &payment, &calm());
    assert_eq!(ids(&plan), ["one"]);
    let excluded: Vec<String> = plan.excluded().flat_map(|e| e.reasons()).collect();
    assert_eq!(excluded, ["it is not in the order that the payment was accepted with"]);
}

#[test]
fn an_order_is_never_empty_and_never_shrinks() {
    let today = router(vec![rule(Country::PH, &["one", "two"])]);
    let too_much = pesos(i64::MAX);
    let nobody = today.plan(&too_much, &calm()).order().unwrap_err();
    assert_eq!(nobody.kind(), Some(ErrorKind::Limit));
    let order = today.plan(&pesos(1), &calm()).order().unwrap();
    let one = Router::new(Vec::new(), [providers().remove(0)]);
    assert_eq!(one.resume(&order, &pesos(1), &calm()).order(), Ok(order.clone()));
    assert_eq!(one.resume(&order, &too_much, &calm()).order(), Ok(order));
}
