//! What fits together, and may still surprise, such as a rule that collects where nothing can be
//! given back.

use std::fmt;
use tulay_core::{Capability, Corridor, Country, Currency, Operation, Provider, ProviderId};
use tulay_router::{Router, Rule};

/// Something in a configuration that is no mistake, but should be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// Where it stands, such as `tulay.toml:14`; empty where it is about nothing that stands there.
    pub place: String,
    /// What may happen.
    pub message: String,
    /// What to change, unless it is intended.
    pub fix: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}; {}", self.message, self.fix)
    }
}

/// Rules for money that comes in which may choose a provider that cannot give it back: it has no
/// refunds at all, or none of what the rule collects.
pub(crate) fn without_refunds(router: &Router) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for rule in router.rules() {
        if !matches!(rule.operation, Operation::Collection | Operation::StaticCode) {
            continue;
        }
        for provider in router.chosen_by(rule) {
            let id = provider.id();
            let Some(message) = lacks(rule, id, provider.as_ref()) else { continue };
            let fix = "if refunds are needed, name a provider that has them".to_owned();
            let warning = Warning { place: rule.place.clone(), message, fix };
            // One rule for collections and static codes says it once.
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    warnings
}

/// Why a provider of a rule may collect what it cannot give back.
fn lacks(rule: &Rule, id: &ProviderId, provider: &dyn Provider) -> Option<String> {
    let roles = provider.roles();
    let taken = places(roles.capability(rule.operation)?, rule, rule.operation);
    if taken.is_empty() {
        return None;
    }
    let given = roles.capability(Operation::Refund);
    let given = given.map(|given| places(given, rule, Operation::Refund)).unwrap_or_default();
    if given.is_empty() {
        return Some(format!("this rule may choose {id}, which cannot refund what it collects"));
    }
    let lacking: Vec<String> = taken
        .iter()
        .filter(|place| !given.contains(place))
        .map(|(country, currency)| format!("{currency} in {country}"))
        .collect();
    let lacking = Some(lacking).filter(|lacking| !lacking.is_empty())?;
    Some(format!("this rule may choose {id}, which cannot refund {}", lacking.join(", ")))
}

/// The countries and currencies of a rule in which a capability offers an operation.
fn places(capability: &Capability, rule: &Rule, operation: Operation) -> Vec<(Country, Currency)> {
    let groups = capability.corridors_by_country(operation).into_iter();
    let fits = |((country, currency), corridors): &((Country, Currency), Vec<&Corridor>)| {
        rule.country.is_none_or(|wanted| wanted == *country)
            && rule.currency.is_none_or(|wanted| wanted == *currency)
            && rule
                .channel
                .is_none_or(|wanted| corridors.iter().any(|corridor| corridor.channel == wanted))
    };
    groups.filter(fits).map(|(place, _)| place).collect()
}
