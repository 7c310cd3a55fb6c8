//! The currencies that payments of a rule may have.

use crate::{corridors::corridors, rule::Rule};
use std::{collections::BTreeSet, sync::Arc};
use tulay_core::{Corridor, Currency, Provider};

impl Rule {
    /// Sets the currency of a rule that has an amount and no currency, if these providers serve its
    /// payments in one currency only.
    pub fn name_currency(&mut self, providers: &[Arc<dyn Provider>]) {
        if self.currency.is_none() && self.min.or(self.max).is_some() {
            let mut currencies = currencies(self, providers).into_iter();
            self.currency = currencies.next().filter(|_| currencies.next().is_none());
        }
    }
}

/// The currencies that payments of a rule may have at any provider, named by the rule or not.
pub(super) fn currencies(rule: &Rule, providers: &[Arc<dyn Provider>]) -> BTreeSet<Currency> {
    let is_for = |corridor: &&Corridor| {
        rule.country.is_none_or(|country| country == corridor.country)
            && rule.currency.is_none_or(|currency| currency == corridor.currency)
            && rule.channel.is_none_or(|channel| channel == corridor.channel)
            && rule.rail.is_none_or(|rail| corridor.rail == Some(rail))
    };
    let all = providers.iter().flat_map(|p| corridors(p.as_ref(), rule.operation));
    all.filter(is_for).map(|corridor| corridor.currency).collect()
}
