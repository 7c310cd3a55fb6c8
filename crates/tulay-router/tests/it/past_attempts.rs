//! The next provider after an attempt.

use crate::outline::{Outline, account, at, calm, ids, pesos, router, rule};
use tulay_core::{Country, Currency, ErrorKind};
use tulay_router::{Conditions, Decision, PastAttempt, Router, Unavailability, WaitReason};

pub(crate) fn tried<'a>(attempts: &'a [PastAttempt]) -> Conditions<'a> {
    let mut conditions = calm();
    conditions.past_attempts = attempts;
    conditions
}

/// A router of some providers, all of which carry a small payment.
fn all_of<const N: usize>(names: [&str; N]) -> Router {
    let outline = |id| Outline::new(id).pays(Country::PH, Currency::PHP, 100).done();
    Router::new(Vec::new(), names.map(outline))
}

fn past<const N: usize>(attempts: [(&str, ErrorKind); N]) -> [PastAttempt; N] {
    attempts.map(|(id, kind)| PastAttempt::new(account(id), kind))
}

#[test]
fn lasting_error_excludes_its_account() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let payment = pesos(1);
    let attempts = past([("one", ErrorKind::Limit)]);
    let plan = router.plan(&payment, &tried(&attempts));
    assert_eq!(ids(&plan), ["two"]);
    let excluded: Vec<String> = plan.excluded().iter().flat_map(|e| e.reasons()).collect();
    assert_eq!(excluded, ["an attempt failed: the amount is outside what is allowed"]);
    assert_eq!(plan.sequence().unwrap().providers().count(), 2);
}

#[test]
fn one_account_under_two_names_is_tried_once() {
    let twin = |id: &str| Outline::new(id).pays(Country::PH, Currency::PHP, 100).account("same");
    let router = Router::new(Vec::new(), [twin("one").done(), twin("two").done()]);
    let attempts = past([("same", ErrorKind::Limit)]);
    assert!(ids(&router.plan(&pesos(1), &tried(&attempts))).is_empty());
}

#[test]
fn error_kind_decides_who_is_next() {
    let router = all_of(["one", "two"]);
    for kind in ErrorKind::ALL {
        let attempts = past([("one", kind)]);
        let payment = pesos(1);
        let plan = router.plan(&payment, &tried(&attempts));
        let expected: &[&str] = match (kind.is_transient(), kind.allows_failover()) {
            (true, true) => &["two", "one"],
            (true, false) => &["one"],
            (false, true) => &["two"],
            (false, false) => &[],
        };
        assert_eq!(ids(&plan), expected, "{kind}");
        let no_route = matches!(plan.decide(), Decision::NoRoute(_));
        assert_eq!(no_route, expected.is_empty(), "{kind}");
        let same = "the same error is expected there";
        let is_same = plan.excluded().iter().any(|e| e.reasons()[0].starts_with(same));
        assert_eq!(is_same, !kind.allows_failover(), "{kind}");
    }
}

#[test]
fn failover_is_immediate_and_ends_where_it_is() {
    let router = all_of(["a", "b", "c"]);
    let mut attempts = Vec::new();
    let down = ErrorKind::Unreachable;
    for (expected, next) in [
        (["a", "b", "c"], "a"),
        (["b", "c", "a"], "b"),
        // The preferred of those that were tried before is the second choice.
        (["c", "b", "a"], "c"),
        (["c", "a", "b"], "c"),
        (["c", "a", "b"], "a"),
        (["a", "b", "c"], "a"),
    ] {
        assert_eq!(ids(&router.plan(&pesos(1), &tried(&attempts))), expected, "{attempts:?}");
        attempts.push(PastAttempt::new(account(next), down));
    }
}

#[test]
fn transient_errors_never_use_a_payment_up() {
    let router = all_of(["a", "b"]);
    let kinds = [ErrorKind::Funds, ErrorKind::Unreachable, ErrorKind::RateLimited];
    let attempts: Vec<PastAttempt> = (0..30)
        .map(|number| PastAttempt::new(account(["a", "b"][number % 2]), kinds[number % 3]))
        .collect();
    for count in 0..attempts.len() {
        let plan = ids(&router.plan(&pesos(1), &tried(&attempts[..count])));
        assert_eq!(plan.len(), 2, "{count}");
    }
}

#[test]
fn transient_error_without_failover_holds_until_the_next_attempt() {
    let router = all_of(["a", "b", "c"]);
    let order = |attempts: &[PastAttempt]| ids(&router.plan(&pesos(1), &tried(attempts)));
    let early = ("a", ErrorKind::TooEarly);
    assert_eq!(order(&past([early])), ["a"]);
    assert_eq!(order(&past([early, ("a", ErrorKind::Funds)])), ["b", "c", "a"]);
    assert_eq!(order(&past([("a", ErrorKind::Funds), ("b", ErrorKind::TooEarly)])), ["b"]);
    // An error that lasts holds, whatever follows it.
    let lasting = past([("b", ErrorKind::Beneficiary), ("a", ErrorKind::Unreachable)]);
    assert!(order(&lasting).is_empty());
}

#[test]
fn account_without_failover_is_waited_for() {
    let router = all_of(["a", "b"]);
    let attempts = past([("a", ErrorKind::TooEarly)]);
    let until = at(60);
    let unavailable = [Unavailability::new(account("a"), WaitReason::PayeeSpacing { until })];
    let mut conditions = tried(&attempts);
    conditions.unavailable = &unavailable;
    let payment = pesos(1);
    let plan = router.plan(&payment, &conditions);
    let Decision::Wait(deferred) = plan.decide() else { panic!("{plan:?}") };
    assert_eq!((deferred.id.as_str(), deferred.reason.until()), ("a", Some(until)));
}
