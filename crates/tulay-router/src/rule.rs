//! Rules: for which payments which providers, in which order or in which shares.

use crate::{facts::PaymentFacts, major_amount::MajorAmount, payment::Payment};
use std::fmt;
use tulay_core::{Channel, Country, Currency, InstitutionId, Operation, ProviderId, Rail};

/// A rule: the payments it is for, and the providers that may carry them. A condition that is
/// `None` fits every payment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Where the rule is written, such as `tulay.toml:14`; empty for a rule made in code.
    pub place: String,
    /// The operation.
    pub operation: Operation,
    /// The country.
    pub country: Option<Country>,
    /// The currency.
    pub currency: Option<Currency>,
    /// How the money moves.
    pub channel: Option<Channel>,
    /// The rail that the request names.
    pub rail: Option<Rail>,
    /// The bank or wallet at the other end, by any of its names.
    pub institution: Option<InstitutionId>,
    /// The least amount, inclusive, in major units of the payment's currency.
    pub min: Option<MajorAmount>,
    /// The greatest amount, inclusive, in major units of the payment's currency.
    pub max: Option<MajorAmount>,
    /// The providers: the preferred one first, or by their weights.
    pub targets: Vec<RouteTarget>,
}

/// A provider of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteTarget {
    /// The name of the provider.
    pub provider: ProviderId,
    /// The share of payments, relative to the weights of the rule's other providers; `None` where
    /// the order decides. A rule should have weights for all of its providers or for none: beside
    /// weights, a provider without one is drawn last.
    pub weight: Option<u32>,
}

impl RouteTarget {
    /// A provider without a weight.
    #[must_use]
    pub const fn new(provider: ProviderId) -> Self {
        Self { provider, weight: None }
    }

    /// A provider with a weight.
    #[must_use]
    pub const fn weighted(provider: ProviderId, weight: u32) -> Self {
        Self { provider, weight: Some(weight) }
    }
}

impl Rule {
    /// A rule for every payment of an operation, the preferred provider first; set the other fields
    /// to add conditions and weights.
    #[must_use]
    pub fn new(operation: Operation, providers: impl IntoIterator<Item = ProviderId>) -> Self {
        Self {
            place: String::new(),
            operation,
            country: None,
            currency: None,
            channel: None,
            rail: None,
            institution: None,
            min: None,
            max: None,
            targets: providers.into_iter().map(RouteTarget::new).collect(),
        }
    }

    /// The names of the rule's providers.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderId> {
        self.targets.iter().map(|target| &target.provider)
    }

    /// The payments that the rule is for, in words: [`Display`](fmt::Display) without the place.
    #[must_use]
    pub fn payments(&self) -> String {
        Self { place: String::new(), ..self.clone() }.to_string()
    }

    /// Whether the rule is for this payment. An amount that is not settled yet fits.
    #[must_use]
    pub fn is_for(&self, payment: &Payment<'_>) -> bool {
        self.fits(&PaymentFacts::of(payment))
    }

    pub(crate) fn fits(&self, facts: &PaymentFacts<'_>) -> bool {
        self.conditions(facts).iter().all(|fits| *fits)
    }

    /// Whether the rule is for payments of this operation, country, currency and channel, with some
    /// amount and institution.
    pub(crate) fn is_for_place(&self, facts: &PaymentFacts<'_>) -> bool {
        matches!(self.conditions(facts), [true, true, true, true, ..])
    }

    /// Which conditions the payment meets, those first that distinguish payments most.
    pub(crate) fn conditions(&self, facts: &PaymentFacts<'_>) -> [bool; 8] {
        let (payment, amount) = (facts.payment, facts.amount);
        [
            self.operation == payment.operation,
            self.country.is_none_or(|country| country == payment.country),
            self.currency.is_none_or(|currency| currency == payment.currency),
            self.channel.is_none_or(|channel| channel == payment.channel),
            self.rail.is_none_or(|rail| Some(rail) == payment.rail),
            self.institution.as_ref().is_none_or(|institution| facts.is_to(institution)),
            self.min.is_none_or(|min| amount.is_none_or(|amount| min <= amount)),
            self.max.is_none_or(|max| amount.is_none_or(|amount| amount <= max)),
        ]
    }

    /// The sum of the weights; `None` where the order decides.
    pub(crate) fn total_weight(&self) -> Option<u64> {
        let weights = self.targets.iter().filter_map(|target| target.weight).map(u64::from);
        Some(weights.sum()).filter(|total| *total > 0)
    }

    /// An amount with its currency, where it is known.
    fn shown(&self, amount: MajorAmount) -> String {
        let money = self.currency.map(|currency| (currency, amount.in_currency(currency)));
        match money {
            Some((_, Some(money))) => money.to_string(),
            Some((currency, None)) => format!("{currency} {amount}"),
            None => amount.to_string(),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(country) = self.country {
            write!(f, ", country {country}")?;
        }
        // An amount tells its currency.
        if let (Some(currency), None) = (self.currency, self.min.or(self.max)) {
            write!(f, ", currency {currency}")?;
        }
        if let Some(channel) = self.channel {
            write!(f, ", by {channel}")?;
        }
        if let Some(rail) = self.rail {
            write!(f, ", rail {rail}")?;
        }
        if let Some(institution) = &self.institution {
            write!(f, ", to {institution}")?;
        }
        if let Some(min) = self.min {
            write!(f, ", at least {}", self.shown(min))?;
        }
        if let Some(max) = self.max {
            write!(f, ", at most {}", self.shown(max))?;
        }
        if !self.place.is_empty() {
            write!(f, " ({})", self.place)?;
        }
        Ok(())
    }
}
