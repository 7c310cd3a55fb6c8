//! What takes nothing from the heap.

use crate::outline::{Outline, account, calm, ids, name, pesos};
use allocation_counter::measure;
use tulay_core::{Country, Currency, ErrorKind, Operation};
use tulay_router::{Decision, Hold, Router, Rule, Use, Wait};

/// Five providers, and some rules before the one that decides.
fn router(weighted: bool) -> Router {
    let names = ["a", "b", "c", "d", "e"];
    let all = names.map(|id| Outline::new(id).pays(Country::PH, Currency::PHP, 1_000).done());
    let mut rules = Vec::new();
    for amount in 1..16 {
        let mut rule = Rule::new(Operation::Payout, [name("a")]);
        rule.max = Some(format!("0.0{}", amount % 10).parse().unwrap());
        rules.push(rule);
    }
    let mut last = Rule::new(Operation::Payout, names.map(name));
    if weighted {
        last.uses = names.map(|id| Use::weighing(name(id), 20)).into();
    }
    rules.push(last);
    Router::new(rules, all)
}

#[test]
fn a_plan_takes_nothing_from_the_heap() {
    for weighted in [false, true] {
        let router = router(weighted);
        let holds = [Hold::new(account("a"), Wait::Maintenance { until: None })];
        let attempts = [(account("b"), ErrorKind::Funds)];
        let mut situation = calm();
        (situation.holds, situation.tried) = (&holds, &attempts);
        for minor in [500, 1_001] {
            let mut payment = pesos(minor);
            payment.reference = Some("PAY-1");
            let taken = measure(|| {
                let plan = router.plan(&payment, &situation);
                assert_eq!(plan.candidates().count(), if minor > 1_000 { 0 } else { 3 });
                assert_eq!(plan.later().count(), usize::from(minor <= 1_000));
                assert_eq!(plan.excluded().count(), if minor > 1_000 { 5 } else { 1 });
                let sent = minor > 1_000 || matches!(plan.decide(), Decision::Send(_));
                assert!(sent);
            });
            assert_eq!(taken.count_total, 0, "{minor} {weighted}");
        }
    }
}

#[test]
fn reasons_are_written_when_they_are_asked_for() {
    let router = router(false);
    let payment = pesos(500);
    let plan = router.plan(&payment, &calm());
    assert_eq!(ids(&plan).len(), 5);
    let taken = measure(|| drop(plan.first().map(|candidate| candidate.reasons())));
    assert!(taken.count_total > 0, "the counter counts");
}
