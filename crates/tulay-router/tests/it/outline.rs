//! Providers that can be asked what they can do, and nothing else.

use jiff::Timestamp;
use std::sync::Arc;
use tulay_core::{
    Capability, Channel, Collection, CollectionRequest, Collections, Corridor, Country, Currency,
    Environment, Field, Found, Guarantees, IdRules, Lookup, MerchantAccount, Money, Operation,
    OrderId, Payout, PayoutRequest, Payouts, Prepared, Provider, ProviderId, Result, Roles,
};
use tulay_router::{Conditions, Payment, Plan, Router, Rule};

#[derive(Debug)]
pub(crate) struct Outline {
    id: ProviderId,
    account: MerchantAccount,
    payouts: Capability,
    collections: Option<Capability>,
}

impl Outline {
    /// A provider without any corridor.
    pub(crate) fn new(id: &str) -> Self {
        let capability = Capability::new(Vec::new(), IdRules::STANDARD, Guarantees::default());
        Self { id: name(id), account: account(id), payouts: capability, collections: None }
    }

    /// It pays there by bank, up to an amount in minor units.
    pub(crate) fn pays(self, country: Country, currency: Currency, max: i64) -> Self {
        self.pays_with(country, currency, Channel::Bank, |corridor| {
            corridor.max = Some(Money::from_minor(max, currency));
        })
    }

    pub(crate) fn pays_with(
        mut self,
        country: Country,
        currency: Currency,
        channel: Channel,
        change: impl FnOnce(&mut Corridor),
    ) -> Self {
        let mut corridor = Corridor::new(country, currency, channel, 1);
        corridor.operations = vec![Operation::Payout];
        change(&mut corridor);
        self.payouts.corridors.push(corridor);
        self
    }

    /// It collects by QR code in the Philippines.
    pub(crate) fn collects(mut self) -> Self {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Qr, 1);
        corridor.operations = vec![Operation::Collection];
        corridor.required = vec![Field::Email];
        let corridors = vec![corridor];
        self.collections =
            Some(Capability::new(corridors, IdRules::STANDARD, Guarantees::default()));
        self
    }

    /// Whatever its name, its account is this one.
    pub(crate) fn account(mut self, id: &str) -> Self {
        self.account = account(id);
        self
    }

    pub(crate) fn done(self) -> Arc<dyn Provider> {
        Arc::new(self)
    }
}

impl Provider for Outline {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        let roles = Roles::none().payouts(self);
        if self.collections.is_some() { roles.collections(self) } else { roles }
    }
}

#[async_trait::async_trait]
impl Payouts for Outline {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, _: &PayoutRequest, _: &OrderId) -> Result<Prepared> {
        unreachable!("a router calls no provider")
    }

    async fn create(&self, _: &Prepared) -> Result<Payout> {
        unreachable!("a router calls no provider")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        unreachable!("a router calls no provider")
    }
}

#[async_trait::async_trait]
impl Collections for Outline {
    fn capability(&self) -> &Capability {
        self.collections.as_ref().unwrap()
    }

    fn prepare(&self, _: &CollectionRequest, _: &OrderId) -> Result<Prepared> {
        unreachable!("a router calls no provider")
    }

    async fn create(&self, _: &Prepared) -> Result<Collection> {
        unreachable!("a router calls no provider")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Collection>> {
        unreachable!("a router calls no provider")
    }
}

pub(crate) fn name(id: &str) -> ProviderId {
    ProviderId::new(id).unwrap()
}

pub(crate) fn account(id: &str) -> MerchantAccount {
    MerchantAccount::new("outline", Environment::Sandbox, id, "host")
}

/// One pays up to PHP 50,000.00; two pays more, and in Indonesia too.
pub(crate) fn providers() -> Vec<Arc<dyn Provider>> {
    let one = Outline::new("one").pays(Country::PH, Currency::PHP, 5_000_000);
    let two = Outline::new("two").pays(Country::PH, Currency::PHP, 900_000_000);
    vec![one.done(), two.pays(Country::ID, Currency::IDR, 900_000_000).done()]
}

pub(crate) fn router(rules: Vec<Rule>) -> Router {
    Router::new(rules, providers())
}

pub(crate) fn rule(country: Country, names: &[&str]) -> Rule {
    let mut rule = Rule::new(Operation::Payout, names.iter().map(|id| name(id)));
    rule.country = Some(country);
    rule
}

/// PHP by bank, in minor units.
pub(crate) fn pesos(minor: i64) -> Payment<'static> {
    payment(Country::PH, Currency::PHP, minor)
}

pub(crate) fn payment(country: Country, currency: Currency, minor: i64) -> Payment<'static> {
    let mut payment = Payment::new(Operation::Payout, country, currency, Channel::Bank);
    payment.amount = Some(Money::from_minor(minor, currency));
    payment
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn calm() -> Conditions<'static> {
    Conditions::new(at(0))
}

pub(crate) fn ids(plan: &Plan<'_>) -> Vec<String> {
    plan.candidates().iter().map(|candidate| candidate.provider.id().to_string()).collect()
}
