//! Rules and capabilities put together once, so that a payment finds its rule and its corridors at
//! a glance: by operation, country, currency and channel.

use crate::{
    payment::{Payment, capability},
    rule::Rule,
};
use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
    sync::Arc,
};
use tulay_core::{
    Channel, Corridor, Country, Currency, InstitutionId, MerchantAccount, Operation, Provider,
};

/// The operations that are routed.
pub(crate) const ROUTED: [Operation; 3] =
    [Operation::Payout, Operation::Collection, Operation::Code];

/// Where a payment goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) operation: Operation,
    pub(crate) country: Country,
    pub(crate) currency: Currency,
    pub(crate) channel: Channel,
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The operation tells little apart, and equality looks at it.
        self.country.hash(state);
        self.currency.hash(state);
        self.channel.hash(state);
    }
}

/// The lanes of every place that any provider serves.
pub(crate) type Table = HashMap<Place, Vec<Lane>, BuildHasherDefault<Folding>>;

/// A rule that may be for payments of a place, and its providers' corridors there.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    /// Which rule; `None`: there is none for the operation.
    pub(crate) rule: Option<usize>,
    institution: Option<InstitutionId>,
    /// In minor units of the place's currency.
    least: i64,
    most: i64,
    pub(crate) stops: Vec<Stop>,
    /// Whether weights decide, and not the order.
    pub(crate) weighted: bool,
    /// The stops in the order for payments of which nothing is drawn by.
    pub(crate) by_weight: Vec<Stop>,
}

/// A provider in a lane.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// Its place among the router's providers.
    pub(crate) provider: usize,
    pub(crate) weight: u32,
    pub(crate) account: MerchantAccount,
    /// `None`: it does not serve the place.
    pub(crate) corridor: Option<Corridor>,
}

impl Place {
    pub(crate) const fn of(payment: &Payment<'_>) -> Self {
        let Payment { operation, country, currency, channel, .. } = *payment;
        Self { operation, country, currency, channel }
    }

    const fn of_corridor(operation: Operation, corridor: &Corridor) -> Self {
        let Corridor { country, currency, channel, .. } = *corridor;
        Self { operation, country, currency, channel }
    }

    fn is_in(self, rule: &Rule) -> bool {
        rule.operation == self.operation
            && rule.country.is_none_or(|country| country == self.country)
            && rule.currency.is_none_or(|currency| currency == self.currency)
            && rule.channel.is_none_or(|channel| channel == self.channel)
    }

    pub(crate) fn corridor_of(self, provider: &dyn Provider) -> Option<&Corridor> {
        let corridors = &capability(provider, self.operation)?.corridors;
        corridors.iter().find(|corridor| Self::of_corridor(self.operation, corridor) == self)
    }
}

impl Lane {
    pub(crate) fn is_for(&self, payment: &Payment<'_>) -> bool {
        let fits = |amount: tulay_core::Money| (self.least..=self.most).contains(&amount.minor());
        payment.amount.is_none_or(fits)
            && self.institution.as_ref().is_none_or(|own| payment.institution == Some(own))
    }

    /// A lane of these providers, each by its place and weight.
    pub(crate) fn new(
        rule: Option<(usize, &Rule)>,
        providers: &[Arc<dyn Provider>],
        uses: impl Iterator<Item = (usize, Option<u32>)>,
        place: Place,
    ) -> Self {
        let (index, rule) = rule.unzip();
        let stop = |(index, weight): (usize, Option<u32>)| {
            let provider = providers.get(index)?.as_ref();
            Some(Stop {
                provider: index,
                weight: weight.unwrap_or_default(),
                account: provider.merchant_account().clone(),
                corridor: place.corridor_of(provider).cloned(),
            })
        };
        let stops: Vec<Stop> = uses.filter_map(stop).collect();
        let weighted = rule.is_some_and(|rule| rule.total().is_some());
        let mut by_weight = if weighted { stops.clone() } else { Vec::new() };
        by_weight.sort_by_key(|stop| std::cmp::Reverse(stop.weight));
        let min = rule.and_then(|rule| rule.min);
        let max = rule.and_then(|rule| rule.max);
        Self {
            rule: index,
            institution: rule.and_then(|rule| rule.institution.clone()),
            least: min.map_or(i64::MIN, |min| min.least_minor(place.currency)),
            most: max.map_or(i64::MAX, |max| max.greatest_minor(place.currency)),
            stops,
            weighted,
            by_weight,
        }
    }

    fn is_for_all(&self) -> bool {
        self.institution.is_none() && self.least == i64::MIN && self.most == i64::MAX
    }
}

/// The lanes of every place.
pub(crate) fn table(rules: &[Rule], providers: &[Arc<dyn Provider>]) -> Table {
    let mut table = Table::default();
    for operation in ROUTED {
        let of_provider = |provider| capability(provider, operation).map(|c| c.corridors.iter());
        for corridor in providers.iter().filter_map(|p| of_provider(p.as_ref())).flatten() {
            let place = Place::of_corridor(operation, corridor);
            table.entry(place).or_insert_with(|| lanes(rules, providers, place));
        }
    }
    table
}

fn lanes(rules: &[Rule], providers: &[Arc<dyn Provider>], place: Place) -> Vec<Lane> {
    if !rules.iter().any(|rule| rule.operation == place.operation) {
        return vec![Lane::new(None, providers, (0..providers.len()).map(|i| (i, None)), place)];
    }
    let mut lanes: Vec<Lane> = Vec::new();
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| place.is_in(rule)) {
        lanes.push(Lane::new(Some((index, rule)), providers, uses(rule, providers), place));
        if lanes.last().is_some_and(Lane::is_for_all) {
            break; // Nothing gets past it.
        }
    }
    lanes
}

/// The providers of a rule by their places; names that nobody has are left to the check.
pub(crate) fn uses(
    rule: &Rule,
    providers: &[Arc<dyn Provider>],
) -> impl Iterator<Item = (usize, Option<u32>)> {
    rule.uses.iter().filter_map(|used| {
        let index = providers.iter().position(|provider| *provider.id() == used.provider)?;
        Some((index, used.weight))
    })
}

/// A hasher for a few short codes. What stands in the table comes from the configuration, so that
/// nobody can choose keys that collide.
#[derive(Default)]
pub(crate) struct Folding(u64);

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        self.write_u64(word);
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, _: usize) {
        // The length of a code, which its type tells.
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(u64::try_from(number).unwrap_or_default());
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
