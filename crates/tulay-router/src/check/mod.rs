//! Rules compared with capabilities and with each other, before the first payment.

mod amount;
mod currencies;
mod finding;
mod missing_capability;
mod place;

pub use finding::{Finding, Location};

use crate::{
    corridors::{ROUTED, corridors},
    router::Router,
    rule::Rule,
};
use finding::{mistake, note};
use missing_capability::{MissingCapability, missing_capability};
use std::{collections::BTreeSet, sync::Arc};
use tulay_core::{Operation, Provider, ProviderId};

impl Router {
    /// Compares every rule with what its providers can do, and with the rules before it. Nothing is
    /// sent.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, rule) in self.rules().iter().enumerate() {
            // With one of these, every further finding about the rule would mislead.
            let wrong = self.wrong_place(index, rule).or_else(|| self.wrong_amount(index, rule));
            if wrong.is_some() {
                findings.extend(wrong);
                continue;
            }
            let unserved = self.unserved(index, rule);
            let served = unserved.is_empty();
            findings.extend(unserved);
            findings.extend(served.then(|| self.unserved_in_part(index, rule)).flatten());
            findings.extend(self.behind_others(index, rule));
        }
        findings.extend(self.unreached());
        findings.extend(self.unruled());
        findings
    }

    /// Providers of a rule that can carry no payment of it.
    fn unserved(&self, rule_index: usize, rule: &Rule) -> Vec<Finding> {
        let unable = rule.targets.iter().enumerate().filter_map(|(index, target)| {
            let provider = self.provider(&target.provider)?;
            Some((index, provider.id(), missing_capability(rule, provider.as_ref())?))
        });
        let unable: Vec<(usize, &ProviderId, MissingCapability)> = unable.collect();
        if unable.len() == rule.targets.len() {
            let reasons =
                unable.iter().map(|(_, id, missing)| format!("{id}: {}", missing.message));
            let reasons = reasons.collect::<Vec<_>>().join("; ");
            let message = format!("no provider can carry a {}: {reasons}", rule.payments());
            let fix = unable.into_iter().find_map(|(_, _, missing)| missing.fix);
            let fix = fix.unwrap_or_else(|| self.others(rule));
            return vec![mistake(Location::Rule(rule_index), message, fix)];
        }
        let finding = |(index, id, missing): (usize, &ProviderId, MissingCapability)| {
            let message = format!("{id} can carry no payment of this rule: {}", missing.message);
            let take_out = || format!("remove {id} from `use`, or change the rule's conditions");
            let location = Location::Target { rule: rule_index, target: index };
            mistake(location, message, missing.fix.unwrap_or_else(take_out))
        };
        unable.into_iter().map(finding).collect()
    }

    /// What to change in a rule that none of its providers can serve.
    fn others(&self, rule: &Rule) -> String {
        let is_able =
            |provider: &&Arc<dyn Provider>| missing_capability(rule, provider.as_ref()).is_none();
        let able = self.providers().iter().filter(is_able).map(|provider| provider.id().as_str());
        let able: Vec<&str> = able.collect();
        match able.is_empty() {
            true => "change the rule's conditions, or remove the rule".into(),
            false => format!("name in `use` a provider that can: {}", able.join(", ")),
        }
    }

    /// Rules before it that leave it nothing, or a part.
    fn behind_others(&self, index: usize, rule: &Rule) -> Option<Finding> {
        let before: Vec<&Rule> = self.rules().iter().take(index).collect();
        if let Some(cover) = before.iter().find(|before| covers(before, rule)) {
            let message = format!(
                "this rule never applies: the rule before it for {cover} matches every such payment"
            );
            let fix = "put the narrower rule first, or remove this one".to_owned();
            return Some(mistake(Location::Rule(index), message, fix));
        }
        let crossed = before.iter().find(|before| meet(before, rule) && !covers(rule, before))?;
        let message = format!(
            "some payments match both this rule and the one before it for {crossed}, which applies"
        );
        let fix = "if that is not intended, add a condition to one of them".to_owned();
        Some(note(Location::Rule(index), message, fix))
    }

    /// Providers that no payment is ever sent to.
    fn unreached(&self) -> Vec<Finding> {
        let named: BTreeSet<&ProviderId> = self.rules().iter().flat_map(Rule::providers).collect();
        let mut findings = Vec::new();
        for (index, provider) in self.providers().iter().enumerate() {
            let mut offered =
                ROUTED.into_iter().filter(|o| offers(provider.as_ref(), *o)).peekable();
            let nothing = offered.peek().is_none();
            let unruled = |operation| !self.has_rules(operation);
            if nothing || named.contains(provider.id()) || offered.any(unruled) {
                continue;
            }
            let message = format!("no rule uses provider {}", provider.id());
            let fix =
                "name it in `use` of a rule, or keep it to look up earlier payments".to_owned();
            findings.push(note(Location::Provider(index), message, fix));
        }
        findings
    }

    /// Operations that several providers offer and no rule is for, although there are rules.
    fn unruled(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for operation in ROUTED {
            let able = self.providers().iter().filter(|p| offers(p.as_ref(), operation));
            let able: Vec<&str> = able.map(|provider| provider.id().as_str()).collect();
            if self.rules().is_empty() || self.has_rules(operation) || able.len() < 2 {
                continue;
            }
            let order = able.join(", then ");
            let message =
                format!("no rule for operation {operation}: {order}, in the order of the file");
            let fix = format!("for another order, add a rule for {operation}");
            findings.push(note(Location::Operation(operation), message, fix));
        }
        findings
    }
}

fn offers(provider: &dyn Provider, operation: Operation) -> bool {
    corridors(provider, operation).any(|corridor| corridor.operations.contains(&operation))
}

/// Whether every payment of the second rule is one of the first.
fn covers(first: &Rule, second: &Rule) -> bool {
    fn wider<T: PartialEq>(first: Option<&T>, second: Option<&T>) -> bool {
        first.is_none_or(|first| second == Some(first))
    }
    first.operation == second.operation
        && wider(first.country.as_ref(), second.country.as_ref())
        && wider(first.currency.as_ref(), second.currency.as_ref())
        && wider(first.channel.as_ref(), second.channel.as_ref())
        && wider(first.rail.as_ref(), second.rail.as_ref())
        && wider(first.institution.as_ref(), second.institution.as_ref())
        && first.min.is_none_or(|first| second.min.is_some_and(|second| first <= second))
        && first.max.is_none_or(|first| second.max.is_some_and(|second| first >= second))
}

/// Whether a payment can be one of both rules.
fn meet(first: &Rule, second: &Rule) -> bool {
    fn agree<T: PartialEq>(first: Option<&T>, second: Option<&T>) -> bool {
        first.zip(second).is_none_or(|(first, second)| first == second)
    }
    let apart = |low: &Rule, high: &Rule| low.max.zip(high.min).is_some_and(|(max, min)| max < min);
    first.operation == second.operation
        && agree(first.country.as_ref(), second.country.as_ref())
        && agree(first.currency.as_ref(), second.currency.as_ref())
        && agree(first.channel.as_ref(), second.channel.as_ref())
        && agree(first.rail.as_ref(), second.rail.as_ref())
        && agree(first.institution.as_ref(), second.institution.as_ref())
        && !apart(first, second)
        && !apart(second, first)
}
