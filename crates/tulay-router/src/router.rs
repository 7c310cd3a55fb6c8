//! Rules in order, and the function that asks them.

use crate::{
    payment::Payment,
    plan::{Candidate, Excluded, Plan},
    rule::Rule,
};
use std::sync::Arc;
use tulay_core::Provider;

/// Rules in order; the first that is for a payment decides. Each operation has rules of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Router {
    rules: Vec<Rule>,
}

impl Router {
    /// A router of these rules. For an operation without any, every provider is a candidate.
    #[must_use]
    pub const fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// The rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Who carries a payment. The same question has the same answer, and nobody is called.
    pub fn plan<'a>(
        &'a self,
        payment: &Payment<'_>,
        providers: impl Iterator<Item = &'a Arc<dyn Provider>>,
    ) -> Plan<'a> {
        let providers: Vec<_> = providers.collect();
        let rule = self.rules.iter().find(|rule| rule.is_for(payment));
        let of_operation = |rule: &&Rule| rule.operation == payment.operation;
        let nearest = || {
            let rules = self.rules.iter().filter(of_operation);
            rules.rev().max_by_key(|rule| rule.conditions(payment))
        };
        let nearest = if rule.is_none() { nearest() } else { None };
        let mut plan = Plan {
            rule,
            candidates: Vec::new(),
            excluded: Vec::new(),
            payment: payment.to_string(),
            nearest,
        };
        let named = named(rule, nearest.is_some(), &providers);
        let others = providers.iter().filter(|p| !named.iter().any(|named| named.id() == p.id()));
        for provider in &named {
            match payment.admitted_by(provider) {
                Ok(corridor) => plan.candidates.push(Candidate { provider, corridor, rule }),
                Err(error) => plan.excluded.push(Excluded { provider, error: Some(error) }),
            }
        }
        plan.excluded.extend(others.map(|provider| Excluded { provider, error: None }));
        plan
    }
}

/// The providers that are to be asked, in order.
fn named<'a>(
    rule: Option<&Rule>,
    ruled: bool,
    providers: &[&'a Arc<dyn Provider>],
) -> Vec<&'a Arc<dyn Provider>> {
    match rule {
        Some(rule) => {
            let of = |name| providers.iter().copied().find(|provider| provider.id() == name);
            rule.providers.iter().filter_map(of).collect()
        }
        None if ruled => Vec::new(),
        None => providers.to_vec(),
    }
}

#[cfg(test)]
mod tests;
