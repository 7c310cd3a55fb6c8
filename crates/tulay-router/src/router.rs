//! Rules, providers, and the function that asks them.

use crate::{
    few::Few,
    order::Order,
    payment::Payment,
    plan::{Entry, Plan, Source, Verdict},
    rule::Rule,
    situation::{Ended, Situation},
    table::{Lane, Place, Stop, Table, table, uses},
    weights,
};
use std::{fmt, sync::Arc};
use tulay_core::{Corridor, MerchantAccount, Provider, ProviderId};

/// Rules in order; the first that is for a payment decides. Each operation has rules of its own;
/// for one without any, every provider is a candidate, in the order of the providers.
#[derive(Clone, Default)]
pub struct Router {
    rules: Vec<Rule>,
    providers: Vec<Arc<dyn Provider>>,
    table: Table,
}

impl Router {
    /// A router of these rules between these providers. What the providers can do is read once, and
    /// put together with the rules. [`check`](Self::check) says whether they fit.
    #[must_use]
    pub fn new(rules: Vec<Rule>, providers: impl IntoIterator<Item = Arc<dyn Provider>>) -> Self {
        let providers: Vec<_> = providers.into_iter().collect();
        let table = table(&rules, &providers);
        Self { rules, providers, table }
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

    /// Whom a rule may choose, in its order.
    pub fn chosen_by<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = &'a Arc<dyn Provider>> {
        rule.providers().filter_map(|id| self.provider(id))
    }

    /// Who carries a payment. The same question has the same answer, and nobody is called. Without
    /// reasons, which are written when they are asked for, it takes nothing from the heap as long
    /// as a rule names no more than eight providers.
    pub fn plan<'r: 'p, 'p>(
        &'r self,
        payment: &Payment<'p>,
        situation: &Situation<'p>,
    ) -> Plan<'r, 'p> {
        let place = Place::of(payment);
        let Some(lanes) = self.table.get(&place) else {
            return self.plan_elsewhere(payment, situation);
        };
        let mut plan = self.empty(payment, situation, Source::NoneFits);
        let Some(lane) = lanes.iter().find(|lane| lane.is_for(payment)) else { return plan };
        plan.source = lane.rule.map_or(Source::NoRules, Source::Rule);
        self.fill(&mut plan.entries, lane, payment, situation);
        plan
    }

    /// Who is next of those who were candidates when the payment was accepted, in the order of
    /// then: whatever the rules say now, nobody else is. What each can carry, and what holds now,
    /// is asked again.
    pub fn resume<'r: 'p, 'p>(
        &'r self,
        order: &'p Order,
        payment: &Payment<'p>,
        situation: &Situation<'p>,
    ) -> Plan<'r, 'p> {
        let ended = situation.ended();
        let place = Place::of(payment);
        let mut plan = self.empty(payment, situation, Source::Frozen(order));
        for (index, stop) in order.stops().iter().enumerate() {
            let provider = self.provider(&stop.provider);
            let same = provider.filter(|p| *p.merchant_account() == stop.account);
            let entry = match (same, provider) {
                (Some(provider), _) => {
                    let corridor = place.corridor_of(provider.as_ref());
                    let account = &stop.account;
                    let verdict = verdict(payment, situation, ended, account, corridor);
                    Entry { provider: Some(provider), corridor, weight: 0, verdict }
                }
                (None, provider) => {
                    Entry { provider, corridor: None, weight: 0, verdict: Verdict::Gone(index) }
                }
            };
            plan.entries.push(entry);
        }
        plan
    }

    pub(crate) fn provider(&self, id: &ProviderId) -> Option<&Arc<dyn Provider>> {
        self.providers.iter().find(|provider| provider.id() == id)
    }

    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }

    /// The rule that comes nearest to a payment that none fits.
    pub(crate) fn nearest(&self, payment: &Payment<'_>) -> Option<&Rule> {
        let rules = self.rules.iter().filter(|rule| rule.operation == payment.operation);
        rules.rev().max_by_key(|rule| rule.conditions(payment))
    }

    /// Where no provider serves the place: the rule is sought, and nobody can carry it.
    fn plan_elsewhere<'r: 'p, 'p>(
        &'r self,
        payment: &Payment<'p>,
        situation: &Situation<'p>,
    ) -> Plan<'r, 'p> {
        let mut plan = self.empty(payment, situation, Source::NoneFits);
        let mut ours = self.rules.iter().filter(|rule| rule.operation == payment.operation);
        let entry = |index: usize| Entry {
            provider: self.providers.get(index),
            corridor: None,
            weight: 0,
            verdict: Verdict::Misfit,
        };
        if ours.next().is_none() {
            plan.source = Source::NoRules;
            (0..self.providers.len()).for_each(|index| plan.entries.push(entry(index)));
        } else if let Some(index) = self.rules.iter().position(|rule| rule.is_for(payment)) {
            plan.source = Source::Rule(index);
            let rule = self.rules.get(index).into_iter();
            let named = rule.flat_map(|rule| uses(rule, &self.providers));
            named.for_each(|(index, _)| plan.entries.push(entry(index)));
        }
        plan
    }

    const fn empty<'r: 'p, 'p>(
        &'r self,
        payment: &Payment<'p>,
        situation: &Situation<'p>,
        source: Source<'p>,
    ) -> Plan<'r, 'p> {
        let (payment, situation) = (*payment, *situation);
        Plan { router: self, payment, situation, source, entries: Few::new() }
    }

    fn fill<'r>(
        &'r self,
        entries: &mut Few<Entry<'r>>,
        lane: &'r Lane,
        payment: &Payment<'_>,
        situation: &Situation<'_>,
    ) {
        let ended = situation.ended();
        let enter = |stop: &'r Stop| {
            let corridor = stop.corridor.as_ref();
            let verdict = verdict(payment, situation, ended, &stop.account, corridor);
            let provider = self.providers.get(stop.provider);
            entries.push(Entry { provider, corridor, weight: stop.weight, verdict });
        };
        match (lane.weighted, payment.reference) {
            (true, Some(id)) => weights::draw(&lane.stops, |stop| stop.weight, id, enter),
            (true, None) => lane.by_weight.iter().for_each(enter),
            (false, _) => lane.stops.iter().for_each(enter),
        }
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.providers.iter().map(|provider| provider.id()).collect();
        f.debug_struct("Router")
            .field("rules", &self.rules)
            .field("providers", &names)
            .finish_non_exhaustive()
    }
}

fn verdict(
    payment: &Payment<'_>,
    situation: &Situation<'_>,
    ended: Option<Ended>,
    account: &MerchantAccount,
    corridor: Option<&Corridor>,
) -> Verdict {
    let fits = |corridor: &Corridor| {
        corridor.fits(payment.operation, payment.amount, |field| payment.has(field))
    };
    if !corridor.is_some_and(fits) {
        return Verdict::Misfit;
    }
    if let Some(tried) = situation.tried.iter().position(|(tried, _)| tried == account) {
        return Verdict::Tried(tried);
    }
    if let Some(ended) = ended {
        return Verdict::Ended(ended);
    }
    match situation.holds.iter().position(|hold| hold.keeps(payment, account, situation)) {
        Some(hold) => Verdict::Held(hold),
        None => Verdict::Now,
    }
}
