use super::*;
use proptest::prelude::*;
use tulay_core::{
    Capability, Channel, Contract, Corridor, Country, Currency, Environment, Found, IdRules,
    InstitutionId, Lookup, MerchantAccount, Money, Operation, OrderId, Payout, PayoutRequest,
    Payouts, Prepared, ProviderId, Result, Roles,
};

/// A provider that can be asked what it can do, and nothing else.
#[derive(Debug)]
struct Outline {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
}

impl Provider for Outline {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self)
    }
}

#[async_trait::async_trait]
impl Payouts for Outline {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, _: &PayoutRequest, _: &OrderId) -> Result<Prepared> {
        unreachable!("a router calls nobody")
    }

    async fn create(&self, _: &Prepared) -> Result<Payout> {
        unreachable!("a router calls nobody")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        unreachable!("a router calls nobody")
    }
}

/// A provider that pays these places by bank, up to an amount in minor units.
fn provider(id: &str, places: &[(Country, Currency)], max: i64) -> Arc<dyn Provider> {
    let corridors = places.iter().map(|(country, currency)| {
        let mut corridor = Corridor::new(*country, *currency, Channel::Bank, 1);
        corridor.max = Some(Money::from_minor(max, *currency));
        corridor.operations = vec![Operation::Payout];
        corridor
    });
    Arc::new(Outline {
        id: name(id),
        account: MerchantAccount::new("outline", Environment::Sandbox, id.to_owned()),
        capability: Capability::new(corridors.collect(), IdRules::STANDARD, Contract::default()),
    })
}

fn name(id: &str) -> ProviderId {
    ProviderId::new(id).unwrap()
}

fn providers() -> Vec<Arc<dyn Provider>> {
    let (ph, id) = ((Country::PH, Currency::PHP), (Country::ID, Currency::IDR));
    vec![provider("one", &[ph], 5_000_000), provider("two", &[ph, id], 900_000_000)]
}

fn payment(country: Country, currency: Currency, minor: i64) -> Payment<'static> {
    let mut payment = Payment::new(Operation::Payout, country, currency, Channel::Bank);
    payment.amount = Some(Money::from_minor(minor, currency));
    payment
}

fn rule(country: Country, names: &[&str]) -> Rule {
    let mut rule = Rule::new(Operation::Payout, names.iter().map(|id| name(id)).collect());
    rule.country = Some(country);
    rule
}

fn ids(plan: &Plan<'_>) -> Vec<String> {
    plan.candidates.iter().map(|candidate| candidate.provider.id().to_string()).collect()
}

#[test]
fn the_order_of_the_rule_is_the_order_of_the_candidates() {
    let providers = providers();
    let payment = payment(Country::PH, Currency::PHP, 100);
    for order in [["one", "two"], ["two", "one"]] {
        let router = Router::new(vec![rule(Country::ID, &["two"]), rule(Country::PH, &order)]);
        let plan = router.plan(&payment, providers.iter());
        assert_eq!(ids(&plan), order);
        assert_eq!(plan.rule, Some(&router.rules()[1]));
    }
}

#[test]
fn the_first_rule_that_fits_decides_and_no_other_is_asked() {
    let providers = providers();
    let mut small = rule(Country::PH, &["one"]);
    small.max = Some("1000".parse().unwrap());
    let router = Router::new(vec![small, rule(Country::PH, &["two"])]);
    let of =
        |minor| ids(&router.plan(&payment(Country::PH, Currency::PHP, minor), providers.iter()));
    assert_eq!((of(100_000), of(100_001)), (vec!["one".to_owned()], vec!["two".to_owned()]));

    let router = Router::new(vec![rule(Country::PH, &["one"])]);
    let plan = router.plan(&payment(Country::PH, Currency::PHP, 5_000_001), providers.iter());
    assert!(ids(&plan).is_empty(), "two could, but the rule does not name it");
    assert_eq!(
        plan.first().unwrap_err().to_string(),
        "no provider of the rule for payout, country PH can carry a payout of PHP 50,000.01 by \
         bank in PH: one: amount: expected at most PHP 50,000.00"
    );
    assert_eq!(plan.excluded[1].reasons(), ["no rule sends this payment to it"]);
}

#[test]
fn what_no_rule_is_for_names_the_nearest() {
    let providers = providers();
    let mut bank = rule(Country::PH, &["one"]);
    bank.channel = Some(Channel::Wallet);
    bank.place = "tulay.toml:14".into();
    let router = Router::new(vec![rule(Country::MY, &["one"]), bank]);
    let plan = router.plan(&payment(Country::PH, Currency::PHP, 1), providers.iter());
    assert_eq!(
        plan.first().unwrap_err().to_string(),
        "no rule is for a payout of PHP 0.01 by bank in PH; the nearest is for payout, country \
         PH, by wallet (tulay.toml:14)"
    );
    let wallet = Payment { channel: Channel::Qr, ..payment(Country::PH, Currency::PHP, 1) };
    assert!(router.plan(&wallet, providers.iter()).first().is_err());
}

#[test]
fn without_rules_all_are_candidates_in_the_order_of_the_configuration() {
    let (providers, router) = (providers(), Router::default());
    let plan = router.plan(&payment(Country::PH, Currency::PHP, 1), providers.iter());
    assert_eq!(ids(&plan), ["one", "two"]);
    assert!(plan.candidates[0].reasons()[0].starts_with("no rule is for this operation"));
    let plan = router.plan(&payment(Country::ID, Currency::IDR, 1), providers.iter());
    assert_eq!(ids(&plan), ["two"]);
    let nobody = router.plan(&payment(Country::MY, Currency::MYR, 1), providers.iter());
    assert!(nobody.first().unwrap_err().to_string().starts_with("no provider can carry a payout"));
}

#[test]
fn each_operation_has_rules_of_its_own() {
    let providers = providers();
    let mut collections = rule(Country::PH, &["two"]);
    collections.operation = Operation::Collection;
    let router = Router::new(vec![collections]);
    let plan = router.plan(&payment(Country::PH, Currency::PHP, 1), providers.iter());
    assert_eq!(ids(&plan), ["one", "two"], "no rule is for payouts");
}

#[test]
fn institutions_have_rules_of_their_own() {
    let providers = providers();
    let gcash = InstitutionId::new("gcash").unwrap();
    let mut special = rule(Country::PH, &["two"]);
    special.institution = Some(gcash.clone());
    let router = Router::new(vec![special, rule(Country::PH, &["one"])]);
    let mut asked = payment(Country::PH, Currency::PHP, 1);
    assert_eq!(ids(&router.plan(&asked, providers.iter())), ["one"]);
    asked.institution = Some(&gcash);
    assert_eq!(ids(&router.plan(&asked, providers.iter())), ["two"]);
}

proptest! {
    #[test]
    fn no_candidate_is_outside_its_corridor_or_its_rule(
        minor in 1..1_000_000_000_i64,
        abroad: bool,
        order in prop::sample::subsequence(vec!["two", "one"], 0..=2),
    ) {
        let providers = providers();
        let (country, currency) =
            if abroad { (Country::ID, Currency::IDR) } else { (Country::PH, Currency::PHP) };
        let router = Router::new(vec![rule(country, &order)]);
        let payment = payment(country, currency, minor);
        let plan = router.plan(&payment, providers.iter());
        for candidate in &plan.candidates {
            prop_assert!(order.contains(&candidate.provider.id().as_str()));
            prop_assert_eq!((candidate.corridor.country, candidate.corridor.currency), (country, currency));
            prop_assert!(candidate.corridor.max.unwrap().minor() >= minor);
        }
        prop_assert_eq!(plan.candidates.len() + plan.excluded.len(), providers.len());
        prop_assert_eq!(ids(&plan), ids(&router.plan(&payment, providers.iter())));
    }
}
