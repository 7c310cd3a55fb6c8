//! Rules and capabilities put together once, so that a payment finds its rule and its corridors at
//! a glance: by operation, country, currency and channel.

use crate::{
    institution::{is_same, other_name},
    payment::{Payment, capability},
    rule::Rule,
};
use std::{
    collections::{BTreeSet, HashMap},
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
pub(crate) type Table = HashMap<Place, Lanes, BuildHasherDefault<Folding>>;

/// The lanes of a place, and their conditions side by side, so that many are asked quickly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lanes {
    /// Whether the first may be passed by.
    conditional: bool,
    conditions: Vec<Condition>,
    lanes: Vec<Lane>,
}

/// What is left of a rule's conditions in a place that meets the others.
#[derive(Clone, Copy, Debug)]
struct Condition {
    /// The institution, folded; 0 where every one fits.
    institution: u64,
    /// Its other name, folded; where it has none, the same again.
    other_name: u64,
    /// In minor units of the place's currency.
    least: i64,
    most: i64,
}

/// A rule that may be for payments of a place, and its providers' corridors there.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    /// Which rule; `None`: there is none for the operation.
    pub(crate) rule: Option<usize>,
    institution: Option<InstitutionId>,
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

impl Lanes {
    /// The lane of the first rule that is for a payment.
    #[inline]
    pub(crate) fn of(&self, payment: &Payment<'_>) -> Option<&Lane> {
        if !self.conditional {
            return self.lanes.first();
        }
        let institution = folded(payment.institution);
        let fits = |condition: &Condition| {
            let amount = payment.amount.map(tulay_core::Money::minor);
            (condition.institution == 0
                || condition.institution == institution
                || condition.other_name == institution)
                && amount.is_none_or(|minor| condition.least <= minor && minor <= condition.most)
        };
        let fitting = self.conditions.iter().zip(&self.lanes);
        fitting
            .filter(|(condition, _)| fits(condition))
            .map(|(_, lane)| lane)
            // Two names might be folded alike.
            .find(|lane| {
                let named = payment.institution;
                let is_it = |own| named.is_some_and(|id| is_same(payment.country, own, id));
                lane.institution.as_ref().is_none_or(is_it)
            })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter()
    }

    /// Adds the lane of a rule; returns whether payments may get past it.
    fn push(&mut self, rule: Option<&Rule>, lane: Lane, place: Place) -> bool {
        let (min, max) = (rule.and_then(|rule| rule.min), rule.and_then(|rule| rule.max));
        let institution = lane.institution.as_ref();
        let other_name = institution.and_then(|id| other_name(place.country, id));
        let condition = Condition {
            institution: folded(institution),
            other_name: folded(other_name.as_ref().or(institution)),
            least: min.map_or(i64::MIN, |min| min.least_minor(place.currency)),
            most: max.map_or(i64::MAX, |max| max.greatest_minor(place.currency)),
        };
        let conditional = condition.institution != 0 || min.is_some() || max.is_some();
        self.conditional |= conditional;
        self.conditions.push(condition);
        self.lanes.push(lane);
        conditional
    }
}

/// A name as one number, never 0.
fn folded(institution: Option<&InstitutionId>) -> u64 {
    institution.map_or(0, |id| {
        let words = id.as_str().as_bytes().chunks(8);
        let word = |chunk: &[u8]| chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        words.fold(0, |hash, chunk| mixed(hash ^ word(chunk))).max(1)
    })
}

impl Lane {
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
        let institution = rule.and_then(|rule| rule.institution.clone());
        Self { rule: index, institution, stops, weighted, by_weight }
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

fn lanes(rules: &[Rule], providers: &[Arc<dyn Provider>], place: Place) -> Lanes {
    let mut lanes = Lanes::default();
    if !rules.iter().any(|rule| rule.operation == place.operation) {
        let all = (0..providers.len()).map(|index| (index, None));
        lanes.push(None, Lane::new(None, providers, all, place), place);
        return lanes;
    }
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| place.is_in(rule)) {
        let lane = Lane::new(Some((index, rule)), providers, uses(rule, providers), place);
        if !lanes.push(Some(rule), lane, place) {
            break;
        }
    }
    lanes
}

/// The currencies that payments of a rule may have anywhere, whomever it names.
pub(crate) fn currencies(rule: &Rule, providers: &[Arc<dyn Provider>]) -> BTreeSet<Currency> {
    let capabilities = providers.iter().filter_map(|p| capability(p.as_ref(), rule.operation));
    let corridors = capabilities.flat_map(|capability| &capability.corridors);
    let places = corridors.map(|corridor| Place::of_corridor(rule.operation, corridor));
    places.filter(|place| place.is_in(rule)).map(|place| place.currency).collect()
}

/// Whether a payment by a channel names the institution at its other end.
pub(crate) const fn names_institution(operation: Operation, channel: Channel) -> bool {
    match operation {
        Operation::Payout => matches!(channel, Channel::Bank | Channel::Wallet),
        _ => matches!(channel, Channel::VirtualAccount | Channel::Redirect),
    }
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

/// A hasher for a few short codes: they are put side by side, and mixed once. What stands in the
/// table comes from the configuration, so that nobody can choose keys that collide.
#[derive(Default)]
pub(crate) struct Folding(u64);

impl Hasher for Folding {
    #[inline]
    fn write(&mut self, code: &[u8]) {
        for byte in code {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_usize(&mut self, _: usize) {
        // The length of a code, which its type tells.
    }

    #[inline]
    fn write_isize(&mut self, number: isize) {
        self.0 = self.0 << 8 | u64::try_from(number).unwrap_or_default();
    }

    #[inline]
    fn finish(&self) -> u64 {
        mixed(self.0)
    }
}

/// Spreads a number over all bits, high and low: the table looks at both.
const fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26)
}
