//! Rules and providers, and the plans that they give.

use crate::{
    candidate::Source,
    conditions::Conditions,
    facts::PaymentFacts,
    no_route::NoRoute,
    payment::Payment,
    plan::{Entry, Plan},
    provider_sequence::ProviderSequence,
    rule::{RouteTarget, Rule},
    weights,
};
use std::{cmp::Reverse, fmt, sync::Arc};
use tulay_core::{MerchantAccount, Operation, Provider, ProviderId};

/// Chooses providers by rules.
///
/// The first rule that is for a payment decides. Each operation has rules of its own; for an
/// operation without rules, every provider is a candidate, in the order of the providers. The
/// router calls no provider and reads no clock: the same question has the same answer.
#[derive(Clone, Default)]
pub struct Router {
    rules: Vec<Rule>,
    providers: Vec<Arc<dyn Provider>>,
}

impl Router {
    /// A router of these rules between these providers, both in order.
    ///
    /// [`check`](Self::check) finds rules that the providers cannot serve. A target that is none of
    /// the providers is ignored.
    #[must_use]
    pub fn new(rules: Vec<Rule>, providers: impl IntoIterator<Item = Arc<dyn Provider>>) -> Self {
        Self { rules, providers: providers.into_iter().collect() }
    }

    /// The rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The providers, in order.
    #[must_use]
    pub fn providers(&self) -> &[Arc<dyn Provider>] {
        &self.providers
    }

    /// The providers of a rule, in its order.
    pub fn chosen_by<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = &'a Arc<dyn Provider>> {
        rule.providers().filter_map(|id| self.provider(id))
    }

    /// Plans a payment: finds the first rule that is for it, and evaluates each provider of the rule
    /// once. No other rule is asked, even if no provider of this one can carry the payment.
    ///
    /// ```
    /// use tulay_core::{Channel, Country, Currency, Money, Operation, ProviderId};
    /// use tulay_router::{Conditions, Payment, Router, Rule};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut small = Rule::new(Operation::Payout, [ProviderId::new("starpay")?]);
    /// small.max = Some("50000.00".parse()?);
    /// let providers = []; // those of the configuration
    /// let router = Router::new(vec![small], providers);
    ///
    /// // `Payment::payout(&request)` takes everything from a request.
    /// let mut payment =
    ///     Payment::new(Operation::Payout, Country::PH, Currency::PHP, Channel::Bank);
    /// payment.amount = Some(Money::parse("60000.00", Currency::PHP)?);
    ///
    /// let plan = router.plan(&payment, &Conditions::new("2026-11-20T09:00:00Z".parse()?));
    /// for candidate in plan.candidates() {
    ///     println!("{}: {}", candidate.provider.id(), candidate.reasons().join("; "));
    /// }
    /// for excluded in plan.excluded() {
    ///     println!("{}: {}", excluded.provider, excluded.reasons().join("; "));
    /// }
    /// assert_eq!(
    ///     plan.first().unwrap_err().to_string(),
    ///     "no rule matches a payout of PHP 60,000.00 by bank in PH; the nearest rule is for payout, at \
    ///      most 50000"
    /// );
    /// # Ok(())
    /// # }
    /// ```
    pub fn plan<'a>(&'a self, payment: &Payment<'_>, conditions: &Conditions<'_>) -> Plan<'a> {
        if !self.has_rules(payment.operation) {
            let entries: Vec<_> = self.providers.iter().map(|p| Entry::new(p, 0)).collect();
            let source = Source::Configuration;
            return Plan::new(payment, conditions, source, &entries, &self.providers);
        }
        let facts = PaymentFacts::of(payment);
        let Some(rule) = self.rules.iter().find(|rule| rule.fits(&facts)) else {
            let no_route = NoRoute::without_rule(payment, self.nearest(&facts));
            return Plan::without_rule(no_route, &self.providers);
        };
        let entries = self.entries(rule, payment.reference);
        Plan::new(payment, conditions, Source::Rule(rule), &entries, &self.providers)
    }

    /// Plans a payment that was accepted before, in the sequence of its acceptance. The rules of
    /// today do not matter, nor do the names of the providers: a provider is found by its account.
    ///
    /// What each provider can carry and whether it is available is evaluated anew. Each of them could
    /// carry the payment when it was accepted. One that cannot now, or that is not configured, is
    /// deferred with [`WaitReason::NotConfigured`](crate::WaitReason::NotConfigured), and never
    /// excluded. So only the past attempts of a payment can leave it without a route.
    pub fn resume<'a>(
        &'a self,
        sequence: &'a ProviderSequence,
        payment: &Payment<'_>,
        conditions: &Conditions<'_>,
    ) -> Plan<'a> {
        let entries = sequence.entries().iter().map(|entry| {
            let provider = self.of_account(&entry.account);
            let id = provider.map_or(&entry.provider, |provider| provider.id());
            Entry { id, account: &entry.account, provider, weight: 0 }
        });
        let entries: Vec<_> = entries.collect();
        Plan::new(payment, conditions, Source::Sequence(sequence), &entries, &self.providers)
    }

    /// The provider of an account, whatever its name is.
    #[must_use]
    pub fn of_account(&self, account: &MerchantAccount) -> Option<&Arc<dyn Provider>> {
        self.providers.iter().find(|provider| provider.merchant_account() == account)
    }

    /// The provider of this name.
    #[must_use]
    pub fn provider(&self, id: &ProviderId) -> Option<&Arc<dyn Provider>> {
        self.providers.iter().find(|provider| provider.id() == id)
    }

    pub(crate) fn has_rules(&self, operation: Operation) -> bool {
        self.rules.iter().any(|rule| rule.operation == operation)
    }

    /// The providers of a rule: in its order, or by their weights. A payment without a reference
    /// draws nothing, and the heaviest provider comes first.
    fn entries<'a>(&'a self, rule: &'a Rule, reference: Option<&str>) -> Vec<Entry<'a>> {
        let entry = |target: &'a RouteTarget| {
            let provider = self.provider(&target.provider)?;
            Some(Entry::new(provider, target.weight.unwrap_or_default()))
        };
        let mut entries: Vec<_> = rule.targets.iter().filter_map(entry).collect();
        match reference {
            _ if rule.total_weight().is_none() => {}
            Some(reference) => entries = weights::draw(entries, |entry| entry.weight, reference),
            None => entries.sort_by_key(|entry| Reverse(entry.weight)),
        }
        entries
    }

    /// The rule that comes nearest to a payment that none fits.
    fn nearest(&self, facts: &PaymentFacts<'_>) -> Option<&Rule> {
        let operation = facts.payment.operation;
        let rules = self.rules.iter().filter(|rule| rule.operation == operation);
        rules.rev().max_by_key(|rule| rule.conditions(facts))
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.providers.iter().map(|provider| provider.id()).collect();
        f.debug_struct("Router").field("rules", &self.rules).field("providers", &names).finish()
    }
}
