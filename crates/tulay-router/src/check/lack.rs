//! Why a provider can carry nothing of a rule.

use super::place::is_in;
use crate::{payment::capability, rule::Rule};
use std::collections::BTreeSet;
use tulay_core::{Corridor, Provider};

/// Why a provider can carry nothing of a rule.
pub(super) struct Lack {
    pub(super) message: String,
    /// What mends it but to take the provider out.
    pub(super) mend: Option<String>,
}

pub(super) fn lack(rule: &Rule, provider: &dyn Provider) -> Option<Lack> {
    let (id, operation) = (provider.id(), rule.operation);
    let Some(capability) = capability(provider, operation) else {
        let message = format!("it does no {operation}");
        return Some(Lack { message, mend: None });
    };
    let corridors = &capability.corridors;
    let places: Vec<&Corridor> =
        corridors.iter().filter(|corridor| is_in(rule, corridor)).collect();
    if places.is_empty() {
        let served: BTreeSet<String> = corridors
            .iter()
            .map(|c| format!("{} in {} by {}", c.currency, c.country, c.channel))
            .collect();
        let served: Vec<String> = served.into_iter().collect();
        let message = format!("it carries {}", served.join(", "));
        return Some(Lack { message, mend: None });
    }
    let on: Vec<&&Corridor> = places.iter().filter(|c| c.operations.contains(&operation)).collect();
    if on.is_empty() {
        let message = format!(
            "{operation} is switched off there, as operations are that are known only by assumption"
        );
        let missing: BTreeSet<String> =
            places.iter().flat_map(|c| c.to_accept(operation)).map(|o| o.to_string()).collect();
        let missing = missing.into_iter().collect::<Vec<_>>().join(" and ");
        let mend = format!("name {missing} in accept_unverified of [providers.{id}]");
        return Some(Lack { message, mend: Some(mend) });
    }
    if on.iter().any(|corridor| within(rule, corridor)) {
        return None;
    }
    let limits = on.iter().map(|corridor| limits(corridor)).collect::<BTreeSet<_>>();
    let limits: Vec<String> = limits.into_iter().collect();
    let message = format!("it carries {} there", limits.join(", "));
    Some(Lack { message, mend: None })
}

/// Whether an amount fits both a rule and a corridor.
pub(super) fn within(rule: &Rule, corridor: &Corridor) -> bool {
    let too_much = rule.min.zip(corridor.max).is_some_and(|(min, max)| !min.is_reached(max));
    let too_little = rule.max.zip(corridor.min).is_some_and(|(max, min)| max.is_exceeded(min));
    !too_much && !too_little
}

pub(super) fn limits(corridor: &Corridor) -> String {
    match (corridor.min, corridor.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(max)) => format!("up to {max}"),
        (Some(min), None) => format!("from {min}"),
        (None, None) => format!("every amount in {}", corridor.currency),
    }
}
