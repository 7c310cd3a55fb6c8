//! Rules held against capabilities and against each other, before the first payment.

mod amount;
mod lack;
mod place;

use crate::{
    payment::capability,
    router::Router,
    rule::Rule,
    table::{ROUTED, uses},
};
use lack::{Lack, lack};
use std::collections::BTreeSet;
use tulay_core::{Operation, Provider};

/// Something about the rules that their author wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Where.
    pub spot: Spot,
    /// Whether it can only be a mistake; a note otherwise.
    pub is_mistake: bool,
    /// What it is.
    pub message: String,
    /// What mends it.
    pub mend: String,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spot {
    /// The rule of this index.
    Rule(usize),
    /// A condition of a rule.
    Condition {
        /// The rule's index.
        rule: usize,
        /// Its key, such as `amount`.
        key: &'static str,
    },
    /// A provider in a rule.
    Use {
        /// The rule's index.
        rule: usize,
        /// Its place there.
        place: usize,
    },
    /// The provider of this index.
    Provider(usize),
    /// The rules of an operation.
    Operation(Operation),
}

impl Spot {
    /// The rule that it is in.
    #[must_use]
    pub const fn rule(&self) -> Option<usize> {
        match self {
            Self::Rule(rule) | Self::Condition { rule, .. } | Self::Use { rule, .. } => Some(*rule),
            Self::Provider(_) | Self::Operation(_) => None,
        }
    }
}

impl Router {
    /// Holds every rule against what its providers can do, and against the rules before it.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, rule) in self.rules().iter().enumerate() {
            // Whoever mends one of these asks again; nothing else can be said of the rule before.
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

    /// Providers of a rule that can carry nothing of it.
    fn unserved(&self, index: usize, rule: &Rule) -> Vec<Finding> {
        let lacks: Vec<(usize, &Arc, Lack)> = rule
            .uses
            .iter()
            .enumerate()
            .filter_map(|(place, used)| {
                let provider = self.provider(&used.provider)?;
                Some((place, provider, lack(rule, provider.as_ref())?))
            })
            .collect();
        if lacks.len() == rule.uses.len() {
            let told = lacks.iter().map(|(_, p, lack)| format!("{}: {}", p.id(), lack.message));
            let told: Vec<String> = told.collect();
            let message =
                format!("nobody can carry a {rule_is}: {}", told.join("; "), rule_is = Bare(rule));
            let mend = lacks.into_iter().find_map(|(_, _, lack)| lack.mend);
            let mend = mend.unwrap_or_else(|| self.others(rule));
            return vec![mistake(Spot::Rule(index), message, mend)];
        }
        let finding = |(place, provider, lack): (usize, &Arc, Lack)| {
            let id = provider.id();
            let message = format!("{id} can carry nothing of it: {}", lack.message);
            let take_out = || format!("take {id} out of `use`, or change the rule's conditions");
            mistake(Spot::Use { rule: index, place }, message, lack.mend.unwrap_or_else(take_out))
        };
        lacks.into_iter().map(finding).collect()
    }

    /// What mends a rule that none of its providers can serve.
    fn others(&self, rule: &Rule) -> String {
        let able = self.providers().iter().filter(|other| lack(rule, other.as_ref()).is_none());
        let able: Vec<&str> = able.map(|other| other.id().as_str()).collect();
        match able.is_empty() {
            true => "change the rule's conditions, or take it out".into(),
            false => format!("name in `use` who can: {}", able.join(", ")),
        }
    }

    /// Rules before it that leave it nothing, or a part.
    fn behind_others(&self, index: usize, rule: &Rule) -> Option<Finding> {
        let before: Vec<&Rule> = self.rules().iter().take(index).collect();
        if let Some(cover) = before.iter().find(|before| covers(before, rule)) {
            let message =
                format!("it never decides: the rule before it for {cover} is for all of it");
            let mend = "put the narrower rule first, or take this one out".to_owned();
            return Some(mistake(Spot::Rule(index), message, mend));
        }
        let crossed = before.iter().find(|before| meet(before, rule) && !covers(rule, before))?;
        let message =
            format!("it shares payments with the rule before it for {crossed}, which decides");
        let mend = "if that is not meant, tell them apart by another condition".to_owned();
        Some(note(Spot::Rule(index), message, mend))
    }

    /// Providers that no payment is ever sent to.
    fn unreached(&self) -> Vec<Finding> {
        let named: BTreeSet<usize> = self
            .rules()
            .iter()
            .flat_map(|rule| uses(rule, self.providers()))
            .map(|(provider, _)| provider)
            .collect();
        let ruled = |operation: Operation| self.rules().iter().any(|r| r.operation == operation);
        let mut findings = Vec::new();
        for (index, provider) in self.providers().iter().enumerate() {
            let mut offered =
                ROUTED.into_iter().filter(|o| offers(provider.as_ref(), *o)).peekable();
            let nothing = offered.peek().is_none();
            if nothing || named.contains(&index) || offered.any(|operation| !ruled(operation)) {
                continue;
            }
            let message = format!("no rule sends anything to {}", provider.id());
            let mend =
                "name it in `use` of a rule; or leave it, so that what was sent to it before \
                        can still be asked for"
                    .to_owned();
            findings.push(note(Spot::Provider(index), message, mend));
        }
        findings
    }

    /// Operations that several providers offer and no rule is for, although there are rules.
    fn unruled(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for operation in ROUTED {
            let able = self.providers().iter().filter(|p| offers(p.as_ref(), operation));
            let able: Vec<&str> = able.map(|provider| provider.id().as_str()).collect();
            let ruled = self.rules().iter().any(|rule| rule.operation == operation);
            if self.rules().is_empty() || ruled || able.len() < 2 {
                continue;
            }
            let order = able.join(", then ");
            let message =
                format!("no rule is for operation {operation}: {order}, as they stand in the file");
            let mend = format!("if another order is meant, add a rule for {operation}");
            findings.push(note(Spot::Operation(operation), message, mend));
        }
        findings
    }
}

type Arc = std::sync::Arc<dyn Provider>;

fn offers(provider: &dyn Provider, operation: Operation) -> bool {
    let corridors = capability(provider, operation).map(|capability| &capability.corridors);
    corridors.is_some_and(|all| all.iter().any(|c| c.operations.contains(&operation)))
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
        && agree(first.institution.as_ref(), second.institution.as_ref())
        && !apart(first, second)
        && !apart(second, first)
}

/// A rule's conditions without its place, which stands before the message.
struct Bare<'r>(&'r Rule);

impl std::fmt::Display for Bare<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bare = self.0.clone();
        bare.place.clear();
        bare.fmt(f)
    }
}

const fn mistake(spot: Spot, message: String, mend: String) -> Finding {
    Finding { spot, is_mistake: true, message, mend }
}

const fn note(spot: Spot, message: String, mend: String) -> Finding {
    Finding { spot, is_mistake: false, message, mend }
}
