//! Who could carry it, but not now.

use crate::outline::{account, at, calm, ids, pesos, router, rule};
use tulay_core::{Country, Currency, InstitutionId, Money, Operation};
use tulay_router::{Decision, Hold, Payment, Situation, Wait};

fn held(wait: Wait) -> Hold {
    Hold::new(account("one"), wait)
}

/// Whom a payment goes to, or waits for, while `one` is held.
fn decision(names: &[&str], payment: &Payment<'_>, hold: Hold, now: i64) -> String {
    let router = router(vec![rule(Country::PH, names)]);
    let holds = [hold];
    let mut situation = Situation::new(at(now));
    situation.holds = &holds;
    let plan = router.plan(payment, &situation);
    format!("{:?}", plan.decide())
}

#[test]
fn whoever_is_held_is_passed_over_and_waited_for_only_alone() {
    let until = at(60);
    for wait in [
        Wait::Circuit { until },
        Wait::Maintenance { until: Some(until) },
        Wait::PayeeSpacing { until },
        Wait::RateLimited { until },
    ] {
        let both = &["one", "two"];
        assert_eq!(decision(both, &pesos(1), held(wait), 59), "Send(Candidate(two))");
        assert_eq!(decision(both, &pesos(1), held(wait), 60), "Send(Candidate(one))");
        let alone = decision(&["one"], &pesos(1), held(wait), 59);
        assert_eq!(alone, format!("Wait(Later(one, {wait:?}))"));
    }
    let open_end = held(Wait::Maintenance { until: None });
    assert!(decision(&["one"], &pesos(1), open_end, 1_000_000).starts_with("Wait"));
}

#[test]
fn a_hold_is_of_an_account_an_operation_and_an_institution() {
    let gcash = InstitutionId::new("gcash").unwrap();
    let mut hold = held(Wait::Maintenance { until: None });
    hold.institution = Some(gcash.clone());
    let mut payment = pesos(1);
    assert_eq!(decision(&["one"], &payment, hold.clone(), 0), "Send(Candidate(one))");
    payment.institution = Some(&gcash);
    assert!(decision(&["one"], &payment, hold.clone(), 0).starts_with("Wait"));
    hold.operation = Some(Operation::Collection);
    assert_eq!(decision(&["one"], &payment, hold, 0), "Send(Candidate(one))");
}

#[test]
fn a_rule_and_a_hold_are_for_an_institution_by_either_of_its_names() {
    use crate::outline::Outline;
    use tulay_core::Channel;
    use tulay_router::Router;
    let names = ["gcash", "GXCHPHM2"].map(|name| InstitutionId::new(name).unwrap());
    let wallets = ["one", "two"].map(|id| {
        let outline = Outline::new(id);
        outline.pays_with(Country::PH, Currency::PHP, Channel::Wallet, |_| {}).done()
    });
    for ruled in &names {
        let mut special = rule(Country::PH, &["two"]);
        special.institution = Some(ruled.clone());
        let router =
            Router::new(vec![special.clone(), rule(Country::PH, &["one"])], wallets.clone());
        for paid in &names {
            let (operation, channel) = (Operation::Payout, Channel::Wallet);
            let mut payment = Payment::new(operation, Country::PH, Currency::PHP, channel);
            payment.institution = Some(paid);
            assert!(special.is_for(&payment), "{ruled} {paid}");
            assert_eq!(ids(&router.plan(&payment, &calm())), ["two"], "{ruled} {paid}");
            let mut hold = Hold::new(account("two"), Wait::Maintenance { until: None });
            hold.institution = Some(ruled.clone());
            let (mut situation, holds) = (calm(), [hold]);
            situation.holds = &holds;
            assert_eq!(router.plan(&payment, &situation).later().count(), 1, "{ruled} {paid}");
        }
        let maya = InstitutionId::new("maya").unwrap();
        let (operation, channel) = (Operation::Payout, Channel::Wallet);
        let mut payment = Payment::new(operation, Country::PH, Currency::PHP, channel);
        payment.institution = Some(&maya);
        assert!(!special.is_for(&payment));
        assert_eq!(ids(&router.plan(&payment, &calm())), ["one"]);
    }
}

#[test]
fn of_several_holds_on_one_the_longest_is_told() {
    let waits = |until: [Option<i64>; 2]| {
        until.map(|second| held(Wait::Maintenance { until: second.map(at) }))
    };
    let router = router(vec![rule(Country::PH, &["one"])]);
    for (until, longest) in [
        ([Some(60), Some(90)], Some(90)),
        ([Some(90), Some(60)], Some(90)),
        ([None, Some(90)], None),
        ([Some(90), None], None),
    ] {
        let holds = waits(until);
        let mut situation = calm();
        situation.holds = &holds;
        let payment = pesos(1);
        let plan = router.plan(&payment, &situation);
        let Decision::Wait(later) = plan.decide() else { panic!("{plan:?}") };
        assert_eq!(later.wait.until(), longest.map(at), "{until:?}");
    }
}

#[test]
fn a_float_is_kept_above_its_floor() {
    let pesos_of = |minor| Money::from_minor(minor, Currency::PHP);
    let float = |floor| held(Wait::Float { available: pesos_of(1_000), floor: pesos_of(floor) });
    for (amount, floor, sent) in
        [(1_000, 0, true), (1_001, 0, false), (900, 100, true), (901, 100, false)]
    {
        let decided = decision(&["one"], &pesos(amount), float(floor), 0);
        assert_eq!(decided.starts_with("Send"), sent, "{amount} {floor}: {decided}");
    }
    let rupiah = |minor| Money::from_minor(minor, Currency::IDR);
    let other = held(Wait::Float { available: rupiah(0), floor: rupiah(0) });
    assert_eq!(decision(&["one"], &pesos(1), other, 0), "Send(Candidate(one))");
    let mixed = held(Wait::Float { available: pesos_of(1_000), floor: rupiah(0) });
    assert!(decision(&["one"], &pesos(1), mixed, 0).starts_with("Wait"), "not comparable");
}

#[test]
fn of_several_the_soonest_is_waited_for() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let wait = |id: &str, wait| Hold::new(account(id), wait);
    let cases = [
        (Some(90), Some(60), "two"),
        (Some(60), Some(60), "one"),
        (None, Some(60), "two"),
        (None, None, "one"),
    ];
    for (one, two, soonest) in cases {
        let until = |second: Option<i64>| Wait::Maintenance { until: second.map(at) };
        let holds = [wait("one", until(one)), wait("two", until(two))];
        let mut situation = calm();
        situation.holds = &holds;
        let payment = pesos(1);
        let plan = router.plan(&payment, &situation);
        let Decision::Wait(later) = plan.decide() else { panic!("{plan:?}") };
        assert_eq!(later.provider.id().as_str(), soonest);
        assert!(plan.first().unwrap_err().to_string().starts_with("nobody can carry"));
        assert_eq!(plan.order().unwrap().providers().count(), 2, "who is held stays in the order");
    }
}

#[test]
fn the_reasons_name_the_time_and_the_condition() {
    let router = router(vec![rule(Country::PH, &["one"])]);
    let holds = [held(Wait::Circuit { until: at(60) })];
    let mut situation = calm();
    situation.holds = &holds;
    let payment = pesos(1);
    let plan = router.plan(&payment, &situation);
    let later: Vec<String> = plan.later().flat_map(|later| later.reasons()).collect();
    assert_eq!(
        later,
        [
            "it gave no answer several times; it is tried again from 1970-01-01T00:01:00Z",
            "the rule for payout, country PH names it",
            "it carries PHP by bank in PH, up to PHP 50,000.00"
        ]
    );
    assert!(ids(&plan).is_empty());
}
