//! Why a provider can carry nothing of a rule.

use super::place::is_in;
use crate::{payment::capability, rule::Rule};
use std::collections::BTreeSet;
use tulay_core::{Corridor, Provider};

/// Why a provider can carry nothing of a rule.
pub(super) struct MissingCapability {
    pub(super) message: String,
    /// What to change; `None`: take the provider out.
    pub(super) fix: Option<String>,
}

/// What a provider lacks to carry any payment of a rule; `None` if it can carry some.
pub(super) fn missing_capability(
    rule: &Rule,
    provider: &dyn Provider,
) -> Option<MissingCapability> {
    let operation = rule.operation;
    let Some(capability) = capability(provider, operation) else {
        let message = format!("it does not offer {operation}");
        return Some(MissingCapability { message, fix: None });
    };
    let corridors = &capability.corridors;
    let reached: Vec<&Corridor> = corridors.iter().filter(|c| is_in(rule, c)).collect();
    if reached.is_empty() {
        let served =
            corridors.iter().map(|c| format!("{} in {} by {}", c.currency, c.country, c.channel));
        let message = format!("it carries {}", sorted(served).join(", "));
        return Some(MissingCapability { message, fix: None });
    }
    let is_working = |corridor: &&&Corridor| corridor.operations.contains(&operation);
    let working: Vec<&&Corridor> = reached.iter().filter(is_working).collect();
    if working.is_empty() {
        let message = format!(
            "{operation} is switched off there: these operations are documented only by assumption"
        );
        let missing = reached.iter().flat_map(|corridor| corridor.to_accept(operation));
        let missing = sorted(missing.map(|operation| operation.to_string())).join(" and ");
        let fix = format!("name {missing} in accept_unverified of [providers.{}]", provider.id());
        return Some(MissingCapability { message, fix: Some(fix) });
    }
    if working.iter().any(|corridor| within(rule, corridor)) {
        return None;
    }
    let limits = sorted(working.iter().map(|corridor| limits(corridor))).join(", ");
    Some(MissingCapability { message: format!("it carries {limits} there"), fix: None })
}

/// Whether an amount fits both a rule and a corridor.
pub(super) fn within(rule: &Rule, corridor: &Corridor) -> bool {
    let too_much = rule.min.zip(corridor.max).is_some_and(|(min, max)| !min.is_reached(max));
    let too_little = rule.max.zip(corridor.min).is_some_and(|(max, min)| max.is_exceeded(min));
    !too_much && !too_little
}

/// The limits of a corridor, in words.
pub(super) fn limits(corridor: &Corridor) -> String {
    match (corridor.min, corridor.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(max)) => format!("up to {max}"),
        (Some(min), None) => format!("from {min}"),
        (None, None) => format!("every amount in {}", corridor.currency),
    }
}

/// In alphabetical order, each once.
fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    texts.collect::<BTreeSet<String>>().into_iter().collect()
}
