//! Which rule decides, and what it says.

use crate::outline::{Outline, calm, ids, name, payment, pesos, providers, router, rule};
use tulay_core::{Channel, Country, Currency, ErrorKind, InstitutionId, Money, Operation};
use tulay_router::{RouteTarget, Router};

#[test]
fn candidates_are_in_the_order_of_the_rule() {
    for order in [["one", "two"], ["two", "one"]] {
        let router = router(vec![rule(Country::ID, &["two"]), rule(Country::PH, &order)]);
        let asked = pesos(100);
        let plan = router.plan(&asked, &calm());
        assert_eq!(ids(&plan), order);
        assert_eq!(plan.rule(), Some(&router.rules()[1]));
        assert_eq!(plan.first().unwrap().reasons()[0], "the rule for payout, country PH names it");
    }
}

#[test]
fn first_matching_rule_decides_alone() {
    let mut small = rule(Country::PH, &["one"]);
    small.max = Some("1000".parse().unwrap());
    let ruled = router(vec![small, rule(Country::PH, &["two"])]);
    let of = |minor| ids(&ruled.plan(&pesos(minor), &calm()));
    assert_eq!((of(100_000), of(100_001)), (vec!["one".to_owned()], vec!["two".to_owned()]));

    let router = router(vec![rule(Country::PH, &["one"])]);
    let payment = pesos(5_000_001);
    let plan = router.plan(&payment, &calm());
    assert!(ids(&plan).is_empty(), "two could, but the rule does not name it");
    let no_route = plan.first().unwrap_err();
    assert_eq!(
        no_route.to_string(),
        "no provider of the rule for payout, country PH can carry a payout of PHP 50,000.01 by \
         bank in PH: one: amount: expected at most PHP 50,000.00"
    );
    let one = name("one");
    assert_eq!((no_route.provider(), no_route.field()), (Some(&one), Some("amount")));
    assert_eq!(no_route.kind(), Some(ErrorKind::Limit));
    assert_eq!(plan.excluded()[1].reasons(), ["no rule sends this payment to it"]);
}

#[test]
fn payment_without_rule_names_the_nearest() {
    let mut wallet = rule(Country::PH, &["one"]);
    wallet.channel = Some(Channel::Wallet);
    wallet.place = "tulay.toml:14".into();
    let router = router(vec![rule(Country::MY, &["one"]), wallet]);
    assert_eq!(
        router.plan(&pesos(1), &calm()).first().unwrap_err().to_string(),
        "no rule matches a payout of PHP 0.01 by bank in PH; the nearest rule is for payout, country \
         PH, by wallet (tulay.toml:14)"
    );
    let mut scanned = pesos(1);
    scanned.channel = Channel::Qr;
    assert!(router.plan(&scanned, &calm()).first().is_err());
}

#[test]
fn without_rules_all_providers_are_candidates() {
    let router = router(Vec::new());
    let asked = pesos(1);
    let plan = router.plan(&asked, &calm());
    assert_eq!(ids(&plan), ["one", "two"]);
    assert!(plan.first().unwrap().reasons()[0].starts_with("no rule for this operation"));
    let abroad = payment(Country::ID, Currency::IDR, 1);
    assert_eq!(ids(&router.plan(&abroad, &calm())), ["two"]);
    let nowhere = payment(Country::MY, Currency::MYR, 1);
    let no_route = router.plan(&nowhere, &calm()).first().unwrap_err();
    assert!(no_route.to_string().starts_with("no provider can carry a payout"), "{no_route}");
    let no_route = Router::default().plan(&nowhere, &calm()).first().unwrap_err();
    assert!(no_route.to_string().ends_with("there is none"), "{no_route}");
}

#[test]
fn each_operation_has_rules_of_its_own() {
    let mut collections = rule(Country::PH, &["two"]);
    collections.operation = Operation::Collection;
    let ruled = router(vec![collections]);
    assert_eq!(ids(&ruled.plan(&pesos(1), &calm())), ["one", "two"], "no rule is for payouts");
    let mut refund = pesos(1);
    refund.operation = Operation::Refund;
    assert!(ids(&router(Vec::new()).plan(&refund, &calm())).is_empty(), "refunds never route");
}

#[test]
fn institutions_have_rules_of_their_own() {
    let gcash = InstitutionId::new("gcash").unwrap();
    let mut special = rule(Country::PH, &["two"]);
    special.institution = Some(gcash.clone());
    let router = router(vec![special, rule(Country::PH, &["one"])]);
    let mut asked = pesos(1);
    assert_eq!(ids(&router.plan(&asked, &calm())), ["one"]);
    asked.institution = Some(&gcash);
    assert_eq!(ids(&router.plan(&asked, &calm())), ["two"]);
}

#[test]
fn an_amount_in_another_currency_fits_no_corridor() {
    let mut odd = pesos(1);
    odd.amount = Some(Money::from_minor(1, Currency::IDR));
    let no_route = router(Vec::new()).plan(&odd, &calm()).first().unwrap_err();
    assert!(no_route.to_string().contains("one: amount: expected PHP"), "{no_route}");
}

#[test]
fn weights_share_and_a_reference_draws() {
    let mut shared = rule(Country::PH, &[]);
    shared.targets =
        vec![RouteTarget::weighted(name("two"), 10), RouteTarget::weighted(name("one"), 90)];
    let router = router(vec![shared]);
    let asked = pesos(100);
    let plan = router.plan(&asked, &calm());
    assert_eq!(ids(&plan), ["one", "two"], "of an outline, the heaviest is first");
    assert!(
        plan.first().unwrap().reasons()[0]
            .ends_with("gives it 90 of 100; a reference would select one")
    );

    let mut firsts = [0, 0];
    for number in 0..10_000 {
        let reference = format!("PAY-{number}");
        let mut payment = pesos(100);
        payment.reference = Some(&reference);
        let plan = router.plan(&payment, &calm());
        assert_eq!(plan.candidates().len(), 2, "the other one stands behind");
        firsts[usize::from(ids(&plan)[0] == "two")] += 1;
    }
    assert!((8_900..=9_100).contains(&firsts[0]), "{firsts:?}");
}

#[test]
fn many_providers_are_all_candidates() {
    let ids_of = || (0..20).map(|number| format!("p{number}"));
    let all = ids_of().map(|id| Outline::new(&id).pays(Country::PH, Currency::PHP, 100).done());
    let router = Router::new(Vec::new(), all);
    assert_eq!(ids(&router.plan(&pesos(1), &calm())), ids_of().collect::<Vec<_>>());
}

#[test]
fn rule_lists_its_providers() {
    let router = Router::new(vec![rule(Country::PH, &["two", "gone"])], providers());
    let chosen: Vec<_> = router.chosen_by(&router.rules()[0]).map(|p| p.id().as_str()).collect();
    assert_eq!(chosen, ["two"]);
}
