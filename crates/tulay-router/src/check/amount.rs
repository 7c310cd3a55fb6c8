//! Amounts of a rule compared with its currency, and with the limits of its providers.

use super::{
    currencies::currencies,
    finding::{Finding, Location, mistake},
    missing_capability::{limits, within},
    place::is_in,
};
use crate::{corridors::corridors, router::Router, rule::Rule};
use std::collections::BTreeMap;
use tulay_core::{Channel, Corridor, Country, Currency, ProviderId};

impl Router {
    /// Amounts that no payment can have, or that mean another sum in each currency.
    pub(super) fn wrong_amount(&self, index: usize, rule: &Rule) -> Option<Finding> {
        let location = Location::Condition { rule: index, key: "amount" };
        if rule.min.zip(rule.max).is_some_and(|(min, max)| min > max) {
            let message = "no amount is both at least its min and at most its max".to_owned();
            return Some(mistake(location, message, "swap the two".into()));
        }
        let amounts = || rule.min.into_iter().chain(rule.max);
        amounts().next()?;
        let currencies = currencies(rule, self.providers());
        let currencies: Vec<Currency> = currencies.into_iter().collect();
        let (None, [first, _, ..]) = (rule.currency, currencies.as_slice()) else {
            let currency = rule.currency.or(currencies.first().copied())?;
            let finer = amounts().find(|amount| amount.in_currency(currency).is_none())?;
            let decimals = currency.exponent();
            let message = format!("{currency} has {decimals} decimals, and {finer} has more");
            let fix = format!("write at most {decimals} decimals");
            return Some(mistake(location, message, fix));
        };
        let all: Vec<String> = currencies.iter().map(ToString::to_string).collect();
        let message =
            format!("the currency of this amount is not clear: it may be {}", all.join(", "));
        let fix = format!("name one, such as currency = \"{first}\"");
        Some(mistake(location, message, fix))
    }

    /// Places of a rule that its providers serve, but with none of its amounts.
    pub(super) fn unserved_in_part(&self, index: usize, rule: &Rule) -> Option<Finding> {
        rule.min.or(rule.max)?;
        let mut places: BTreeMap<(Country, Channel), Vec<(&ProviderId, &Corridor)>> =
            BTreeMap::new();
        for provider in self.chosen_by(rule) {
            for corridor in corridors(provider.as_ref(), rule.operation) {
                if is_in(rule, corridor) && corridor.operations.contains(&rule.operation) {
                    let place = places.entry((corridor.country, corridor.channel)).or_default();
                    place.push((provider.id(), corridor));
                }
            }
        }
        places.retain(|_, served| !served.iter().any(|(_, corridor)| within(rule, corridor)));
        if places.is_empty() {
            return None;
        }
        let reasons = places.iter().map(|((country, channel), served)| {
            let served = served.iter().map(|(id, c)| format!("{id} carries {}", limits(c)));
            format!("by {channel} in {country}, where {}", served.collect::<Vec<_>>().join(", "))
        });
        let reasons = reasons.collect::<Vec<_>>().join("; ");
        let message = format!("no provider can carry a {} {reasons}", rule.payments());
        let fix = "name a channel, a country, or a provider that can".to_owned();
        Some(mistake(Location::Condition { rule: index, key: "amount" }, message, fix))
    }
}
