//! For which payments which providers, in which order or in which shares.

use crate::{institution::is_same, major_amount::MajorAmount, payment::Payment, table::currencies};
use std::{fmt, sync::Arc};
use tulay_core::{Channel, Country, Currency, InstitutionId, Operation, Provider, ProviderId};

/// A rule: the payments it is for, and the providers it sends them to. What is `None` fits all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Where it stands, such as `tulay.toml:14`; empty where it was made in code.
    pub place: String,
    /// The operation.
    pub operation: Operation,
    /// The country.
    pub country: Option<Country>,
    /// The currency.
    pub currency: Option<Currency>,
    /// How the money moves.
    pub channel: Option<Channel>,
    /// The bank or wallet at the other end, by any of its names.
    pub institution: Option<InstitutionId>,
    /// The least amount, itself included; without a currency, of whichever the payment has.
    pub min: Option<MajorAmount>,
    /// The greatest amount, itself included.
    pub max: Option<MajorAmount>,
    /// The providers: the preferred one first, or by their weights.
    pub uses: Vec<Use>,
}

/// A provider of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Use {
    /// Its name.
    pub provider: ProviderId,
    /// Its share, beside the others' weights; `None` where the order decides. A rule has weights
    /// for all of its providers or for none; without one beside others it is drawn last.
    pub weight: Option<u32>,
}

impl Use {
    /// A provider that stands where it is preferred.
    #[must_use]
    pub const fn new(provider: ProviderId) -> Self {
        Self { provider, weight: None }
    }

    /// A provider that takes a share.
    #[must_use]
    pub const fn weighing(provider: ProviderId, weight: u32) -> Self {
        Self { provider, weight: Some(weight) }
    }
}

impl Rule {
    /// A rule for every payment of an operation, the preferred provider first; conditions and
    /// weights are set after.
    #[must_use]
    pub fn new(operation: Operation, providers: impl IntoIterator<Item = ProviderId>) -> Self {
        Self {
            place: String::new(),
            operation,
            country: None,
            currency: None,
            channel: None,
            institution: None,
            min: None,
            max: None,
            uses: providers.into_iter().map(Use::new).collect(),
        }
    }

    /// Names the currency that its amounts are in, where these providers have but one for it.
    pub fn name_currency(&mut self, providers: &[Arc<dyn Provider>]) {
        if self.currency.is_none() && self.min.or(self.max).is_some() {
            let mut currencies = currencies(self, providers).into_iter();
            self.currency = currencies.next().filter(|_| currencies.next().is_none());
        }
    }

    /// Whom it may choose.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderId> {
        self.uses.iter().map(|used| &used.provider)
    }

    /// Whether the rule is for this payment. An amount that is not settled fits.
    #[must_use]
    pub fn is_for(&self, payment: &Payment<'_>) -> bool {
        self.conditions(payment).iter().all(|fits| *fits)
    }

    /// Which conditions the payment meets, what tells payments apart most coming first.
    pub(crate) fn conditions(&self, payment: &Payment<'_>) -> [bool; 7] {
        let institution = self.institution.as_ref();
        let named = payment.institution;
        let is_it = |own| named.is_some_and(|id| is_same(payment.country, own, id));
        [
            self.operation == payment.operation,
            self.country.is_none_or(|country| country == payment.country),
            self.currency.is_none_or(|currency| currency == payment.currency),
            self.channel.is_none_or(|channel| channel == payment.channel),
            institution.is_none_or(is_it),
            payment.amount.is_none_or(|amount| self.min.is_none_or(|min| min.is_reached(amount))),
            payment.amount.is_none_or(|amount| self.max.is_none_or(|max| !max.is_exceeded(amount))),
        ]
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

    /// What all weights come to; `None` where the order decides.
    pub(crate) fn total(&self) -> Option<u64> {
        let weights = self.uses.iter().filter_map(|used| used.weight).map(u64::from);
        Some(weights.sum()).filter(|total| *total > 0)
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
