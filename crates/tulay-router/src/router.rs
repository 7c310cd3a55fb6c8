//! Rules, providers, and the function that asks them.

use crate::{
    few::Few,
    order::Order,
    payment::Payment,
    plan::{Asked, Plan},
    rule::Rule,
    situation::Situation,
    table::{Place, Table, table},
    weights,
};
use std::{fmt, sync::Arc};
use tulay_core::{Provider, ProviderId};

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
    #[inline]
    pub fn plan<'r: 'p, 'p>(
        &'r self,
        payment: &'p Payment<'p>,
        situation: &Situation<'p>,
    ) -> Plan<'r, 'p> {
        let asked = match self.table.get(&Place::of(payment).code()) {
            Some(lanes) => match (lanes.of(payment), payment.reference) {
                (None, _) => Asked::Nobody,
                (Some(lane), Some(id)) if lane.weighted => {
                    let mut order = Few::new();
                    let take = |index| order.push(u16::try_from(index).unwrap_or(u16::MAX));
                    weights::draw(&lane.stops, |stop| stop.weight, id, take);
                    Asked::Drawn(lane, order)
                }
                (Some(lane), _) => Asked::Lane(lane),
            },
            None => self.elsewhere(payment),
        };
        Plan { router: self, payment, ended: situation.ended(), situation: *situation, asked }
    }

    /// Who is next of those who were candidates when the payment was accepted, in the order of
    /// then: whatever the rules say now, nobody else is. What each can carry, and what holds now,
    /// is asked again.
    pub fn resume<'r: 'p, 'p>(
        &'r self,
        order: &'p Order,
        payment: &'p Payment<'p>,
        situation: &Situation<'p>,
    ) -> Plan<'r, 'p> {
        let asked = Asked::Order(order);
        Plan { router: self, payment, ended: situation.ended(), situation: *situation, asked }
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
    fn elsewhere(&self, payment: &Payment<'_>) -> Asked<'_, '_> {
        if !self.rules.iter().any(|rule| rule.operation == payment.operation) {
            return Asked::Everyone;
        }
        match self.rules.iter().position(|rule| rule.is_for(payment)) {
            Some(index) => Asked::InVain(index),
            None => Asked::Nobody,
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
