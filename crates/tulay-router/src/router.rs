//! Rules in order, and the function that asks them.

use crate::{
    payment::Payment,
    plan::{Candidate, Excluded, Plan},
    rule::Rule,
};
use std::sync::Arc;
use tulay_core::Provider;

/// Rules in order; the first that is for a payment decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Router {
    rules: Vec<Rule>,
}

impl Router {
    /// A router of these rules. Without any, every provider is a candidate.
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
        let nearest = || self.rules.iter().rev().max_by_key(|rule| rule.conditions(payment));
        let mut plan = Plan {
            rule,
            candidates: Vec::new(),
            excluded: Vec::new(),
            payment: payment.to_string(),
            nearest: if rule.is_none() { nearest() } else { None },
        };
        let named = self.named(rule, &providers);
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

    /// The providers that are to be asked, in order.
    fn named<'a>(
        &self,
        rule: Option<&Rule>,
        providers: &[&'a Arc<dyn Provider>],
    ) -> Vec<&'a Arc<dyn Provider>> {
        match rule {
            Some(rule) => {
                let of = |name| providers.iter().copied().find(|provider| provider.id() == name);
                rule.providers.iter().filter_map(of).collect()
            }
            None if self.rules.is_empty() => providers.to_vec(),
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
