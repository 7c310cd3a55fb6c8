//! Providers that can carry a payment, but not now.

use crate::outline::{account, at, calm, ids, pesos, router, rule};
use tulay_core::{Country, Currency, ErrorKind, InstitutionId, Money, Operation};
use tulay_router::{Conditions, Decision, Payment, Unavailability, WaitReason};

fn unavailable(reason: WaitReason) -> Unavailability {
    Unavailability::new(account("one"), reason)
}

/// The provider that a payment goes to, or waits for, while `one` is unavailable.
fn decision(
    names: &[&str],
    payment: &Payment<'_>,
    unavailability: Unavailability,
    now: i64,
) -> String {
    let router = router(vec![rule(Country::PH, names)]);
    let unavailabilities = [unavailability];
    let mut conditions = Conditions::new(at(now));
    conditions.unavailable = &unavailabilities;
    let plan = router.plan(payment, &conditions);
    format!("{:?}", plan.decide())
}

#[test]
fn unavailable_provider_is_deferred() {
    let until = at(60);
    for reason in [
        WaitReason::Circuit { kind: ErrorKind::Funds, until },
        WaitReason::Maintenance { until: Some(until) },
        WaitReason::PayeeSpacing { until },
        WaitReason::RateLimited { until },
    ] {
        let both: &[&str] = &["one", "two"];
        let now = |names, second| decision(names, &pesos(1), unavailable(reason.clone()), second);
        assert_eq!(now(both, 59), "Send(Candidate(two))");
        assert_eq!(now(both, 60), "Send(Candidate(one))");
        let alone = now(&["one"], 59);
        assert_eq!(alone, format!("Wait(Deferred(one, {reason:?}))"));
    }
    let open_end = unavailable(WaitReason::Maintenance { until: None });
    assert!(decision(&["one"], &pesos(1), open_end, 1_000_000).starts_with("Wait"));
}

#[test]
fn unavailability_applies_to_account_operation_institution() {
    let gcash = InstitutionId::new("gcash").unwrap();
    let mut unavailability = unavailable(WaitReason::Maintenance { until: None });
    unavailability.institution = Some(gcash.clone());
    let mut payment = pesos(1);
    assert_eq!(decision(&["one"], &payment, unavailability.clone(), 0), "Send(Candidate(one))");
    payment.institution = Some(&gcash);
    assert!(decision(&["one"], &payment, unavailability.clone(), 0).starts_with("Wait"));
    unavailability.operation = Some(Operation::Collection);
    assert_eq!(decision(&["one"], &payment, unavailability, 0), "Send(Candidate(one))");
}

#[test]
fn either_name_identifies_the_institution() {
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
            let mut unavailability =
                Unavailability::new(account("two"), WaitReason::Maintenance { until: None });
            unavailability.institution = Some(ruled.clone());
            let (mut conditions, unavailabilities) = (calm(), [unavailability]);
            conditions.unavailable = &unavailabilities;
            assert_eq!(router.plan(&payment, &conditions).deferred().len(), 1, "{ruled} {paid}");
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
fn longest_wait_is_reported() {
    let waits = |until: [Option<i64>; 2]| {
        until.map(|second| unavailable(WaitReason::Maintenance { until: second.map(at) }))
    };
    let router = router(vec![rule(Country::PH, &["one"])]);
    for (until, longest) in [
        ([Some(60), Some(90)], Some(90)),
        ([Some(90), Some(60)], Some(90)),
        ([None, Some(90)], None),
        ([Some(90), None], None),
    ] {
        let unavailabilities = waits(until);
        let mut conditions = calm();
        conditions.unavailable = &unavailabilities;
        let payment = pesos(1);
        let plan = router.plan(&payment, &conditions);
        let Decision::Wait(deferred) = plan.decide() else { panic!("{plan:?}") };
        assert_eq!(deferred.reason.until(), longest.map(at), "{until:?}");
    }
}

#[test]
fn balance_stays_above_its_floor() {
    let pesos_of = |minor| Money::from_minor(minor, Currency::PHP);
    let float = |floor| {
        unavailable(WaitReason::Float { available: pesos_of(1_000), floor: pesos_of(floor) })
    };
    for (amount, floor, sent) in
        [(1_000, 0, true), (1_001, 0, false), (900, 100, true), (901, 100, false)]
    {
        let decided = decision(&["one"], &pesos(amount), float(floor), 0);
        assert_eq!(decided.starts_with("Send"), sent, "{amount} {floor}: {decided}");
    }
    let rupiah = |minor| Money::from_minor(minor, Currency::IDR);
    let other = unavailable(WaitReason::Float { available: rupiah(0), floor: rupiah(0) });
    assert_eq!(decision(&["one"], &pesos(1), other, 0), "Send(Candidate(one))");
    let mixed = unavailable(WaitReason::Float { available: pesos_of(1_000), floor: rupiah(0) });
    assert!(decision(&["one"], &pesos(1), mixed, 0).starts_with("Wait"), "not comparable");
}

#[test]
fn soonest_provider_is_waited_for() {
    let router = router(vec![rule(Country::PH, &["one", "two"])]);
    let unavailable = |id: &str, reason| Unavailability::new(account(id), reason);
    let cases = [
        (Some(90), Some(60), "two"),
        (Some(60), Some(60), "one"),
        (None, Some(60), "two"),
        (None, None, "one"),
    ];
    for (one, two, soonest) in cases {
        let until = |second: Option<i64>| WaitReason::Maintenance { until: second.map(at) };
        let unavailabilities = [unavailable("one", until(one)), unavailable("two", until(two))];
        let mut conditions = calm();
        conditions.unavailable = &unavailabilities;
        let payment = pesos(1);
        let plan = router.plan(&payment, &conditions);
        let Decision::Wait(deferred) = plan.decide() else { panic!("{plan:?}") };
        assert_eq!(deferred.id.as_str(), soonest);
        assert!(plan.first().unwrap_err().to_string().starts_with("no provider can carry"));
        assert_eq!(
            plan.sequence().unwrap().providers().count(),
            2,
            "deferred providers stay in the sequence"
        );
    }
}

#[test]
fn deferred_reasons_name_time_and_corridor() {
    let router = router(vec![rule(Country::PH, &["one"])]);
    let unavailabilities =
        [unavailable(WaitReason::Circuit { kind: ErrorKind::Unreachable, until: at(60) })];
    let mut conditions = calm();
    conditions.unavailable = &unavailabilities;
    let payment = pesos(1);
    let plan = router.plan(&payment, &conditions);
    let reasons: Vec<String> = plan.deferred().iter().flat_map(|d| d.reasons()).collect();
    assert_eq!(
        reasons,
        [
            "several payments failed: the provider could not be reached; the next try is at \
             1970-01-01T00:01:00Z",
            "the rule for payout, country PH names it",
            "it carries PHP by bank in PH, up to PHP 50,000.00"
        ]
    );
    assert!(ids(&plan).is_empty());
}
