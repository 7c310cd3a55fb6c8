//! Corridors: where a role works, with its limits.

use crate::{
    channel::Channel,
    effect::ErrorKind,
    error::Error,
    field::Field,
    ids::InstitutionId,
    institution::Directory,
    invalid::Invalid,
    money::{Country, Currency, Money},
    operation::Operation,
    order_request::RequestRef,
    rail::Rail,
};

/// One country × currency × channel that a role serves, with its limits.
///
/// Several corridors may differ in their rail alone: the smallest limits first, since a payment takes
/// the first that it fits, unless its request names the rail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Corridor {
    /// Country.
    pub country: Country,
    /// Currency.
    pub currency: Currency,
    /// The channel.
    pub channel: Channel,
    /// The payment rail, where the provider says which.
    pub rail: Option<Rail>,
    /// The least amount; `None`: one minor unit.
    pub min: Option<Money>,
    /// The greatest amount; `None`: unknown.
    pub max: Option<Money>,
    /// Narrower limits of single banks and wallets.
    pub institution_limits: Vec<InstitutionLimit>,
    /// Amounts are multiples of this many minor units; 1 where every amount can be sent.
    pub step: i64,
    /// The fields that a request must have.
    pub required: Vec<Field>,
    /// The methods of the role that work here. Any other returns `Unsupported` and sends nothing.
    pub operations: Vec<Operation>,
    /// Operations documented only by assumption that production has not accepted by name. Operations
    /// that need them are left out of `operations`.
    pub unaccepted: Vec<Operation>,
}

impl Corridor {
    /// A corridor without limits; set the rest afterwards.
    #[must_use]
    pub fn new(country: Country, currency: Currency, channel: Channel, step: i64) -> Self {
        Self {
            country,
            currency,
            channel,
            rail: None,
            min: None,
            max: None,
            institution_limits: Vec::new(),
            step,
            required: Vec::new(),
            operations: Vec::new(),
            unaccepted: Vec::new(),
        }
    }

    /// The operations that have to be accepted by name before this one works here; at least the
    /// operation itself.
    #[must_use]
    pub fn to_accept(&self, operation: Operation) -> Vec<Operation> {
        match self.unaccepted.as_slice() {
            [] => vec![operation],
            known => known.to_vec(),
        }
    }

    pub(crate) fn is_for(&self, outline: &Outline<'_>) -> bool {
        self.country == outline.country
            && self.currency == outline.currency
            && self.channel == outline.channel
            && outline.rail.is_none_or(|rail| self.rail == Some(rail))
    }

    #[inline]
    pub(crate) fn misfit(
        &self,
        outline: &Outline<'_>,
        has: impl Fn(Field) -> bool,
    ) -> Option<Misfit> {
        if !self.operations.contains(&outline.operation) {
            return Some(Misfit::Off);
        }
        let of_amount =
            outline.amount.and_then(|amount| self.misfit_of_amount(amount, outline.institution));
        of_amount.or_else(|| {
            let missing = self.required.iter().find(|field| !has(**field));
            missing.map(|field| Misfit::Missing(*field))
        })
    }

    #[inline]
    fn misfit_of_amount(
        &self,
        amount: Money,
        institution: Option<&InstitutionId>,
    ) -> Option<Misfit> {
        if amount.currency() != self.currency {
            return Some(Misfit::Currency);
        }
        if amount.minor() <= 0 {
            return Some(Misfit::Nothing);
        }
        // Most have none, and a division takes longer than all the rest.
        if self.step > 1 && amount.minor() % self.step != 0 {
            return Some(Misfit::Step);
        }
        match self.limits(institution) {
            (Some(min), _) if amount.minor() < min.minor() => Some(Misfit::Below(min)),
            (_, Some(max)) if amount.minor() > max.minor() => Some(Misfit::Above(max)),
            _ => None,
        }
    }

    /// The least and the greatest amount, to one bank or wallet where it has limits of its own.
    #[must_use]
    pub fn limits(&self, institution: Option<&InstitutionId>) -> (Option<Money>, Option<Money>) {
        let directory = || Directory::of(self.country);
        let is_it = |limit: &&InstitutionLimit| {
            institution.is_some_and(|id| {
                *id == limit.institution
                    || directory().is_some_and(|known| known.are_one(id, &limit.institution))
            })
        };
        let own = self.institution_limits.iter().find(is_it);
        let (min, max) = own.map_or((None, None), |own| (own.min, own.max));
        let narrower = |one: Option<Money>, other: Option<Money>, take: fn(i64, i64) -> i64| {
            let both = one.zip(other).map(|(one, other)| take(one.minor(), other.minor()));
            both.map(|minor| Money::from_minor(minor, self.currency)).or(one).or(other)
        };
        (narrower(self.min, min, i64::max), narrower(self.max, max, i64::min))
    }

    /// The error for a misfit. Nothing was sent.
    pub(crate) fn rejection(
        &self,
        outline: &Outline<'_>,
        misfit: Misfit,
        has: impl Fn(Field) -> bool,
    ) -> Error {
        let Self { country, currency, .. } = self;
        let operation = outline.operation;
        let channel = named(self.channel, self.rail);
        let of = self.rail.map_or_else(String::new, |rail| format!(" by {rail}"));
        let amount = |kind, expected: String| {
            Error::invalid_as(kind, operation, &Invalid::new("amount", expected))
        };
        match misfit {
            Misfit::Off => {
                let missing = self.to_accept(operation);
                let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
                let message = format!(
                    "{operation} in {currency} by {channel} in {country} is switched off here: \
                     name {} in accept_unverified, as it is documented only by assumption",
                    missing.join(" and ")
                );
                Error::unsupported(operation, message)
            }
            Misfit::Currency => amount(ErrorKind::InvalidRequest, format!("{currency}")),
            Misfit::Nothing => amount(ErrorKind::InvalidRequest, "more than zero".into()),
            Misfit::Step => {
                let step = Money::from_minor(self.step, self.currency);
                amount(ErrorKind::InvalidRequest, format!("a multiple of {step}"))
            }
            Misfit::Below(min) => amount(ErrorKind::Limit, format!("at least {min}{of}")),
            Misfit::Above(max) => amount(ErrorKind::Limit, format!("at most {max}{of}")),
            Misfit::Missing(field) => {
                let mut expected =
                    format!("{}, as {country} by {channel} requires", field.meaning());
                let others = self.required.iter().filter(|other| **other != field && !has(**other));
                let others: Vec<&str> = others.map(|other| other.as_str()).collect();
                if !others.is_empty() {
                    expected.push_str(&format!("; also missing: {}", others.join(", ")));
                }
                Error::invalid(operation, &Invalid::new(field.as_str(), expected))
            }
        }
    }
}

/// The limits of one bank or wallet within a corridor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstitutionLimit {
    /// The bank or wallet, by any of its neutral ids.
    pub institution: InstitutionId,
    /// The least amount, where it is greater than the corridor's.
    pub min: Option<Money>,
    /// The greatest amount, where it is less than the corridor's.
    pub max: Option<Money>,
}

impl InstitutionLimit {
    /// The limits of a bank or wallet.
    #[must_use]
    pub const fn new(institution: InstitutionId, min: Option<Money>, max: Option<Money>) -> Self {
        Self { institution, min, max }
    }
}

/// A payment as far as it chooses a corridor. What is not known is `None`, and fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outline<'a> {
    /// The operation.
    pub operation: Operation,
    /// The country.
    pub country: Country,
    /// The currency.
    pub currency: Currency,
    /// How the money moves.
    pub channel: Channel,
    /// The rail that the request names.
    pub rail: Option<Rail>,
    /// The bank or wallet at the other end.
    pub institution: Option<&'a InstitutionId>,
    /// The amount.
    pub amount: Option<Money>,
}

impl Outline<'_> {
    /// An outline; set the other fields where they are known.
    #[must_use]
    pub const fn new(
        operation: Operation,
        country: Country,
        currency: Currency,
        channel: Channel,
    ) -> Self {
        let (rail, institution, amount) = (None, None, None);
        Self { operation, country, currency, channel, rail, institution, amount }
    }

    /// The error where no corridor is for such payments. Nothing was sent.
    pub(crate) fn unsupported(&self) -> Error {
        let Self { operation, country, currency, .. } = self;
        let channel = named(self.channel, self.rail);
        let what = format!("{operation} in {currency} by {channel} in {country} is not supported");
        Error::unsupported(*operation, what)
    }
}

impl<'a> From<RequestRef<'a>> for Outline<'a> {
    fn from(request: RequestRef<'a>) -> Self {
        Self {
            operation: request.operation(),
            country: request.country(),
            currency: request.currency(),
            channel: request.channel(),
            rail: request.rail(),
            institution: request.institution(),
            amount: request.amount(),
        }
    }
}

fn named(channel: Channel, rail: Option<Rail>) -> String {
    match rail {
        Some(rail) => format!("{channel} ({rail})"),
        None => channel.to_string(),
    }
}

/// Why a payment does not fit a corridor.
#[derive(Clone, Copy)]
pub(crate) enum Misfit {
    Off,
    Currency,
    Nothing,
    Step,
    Below(Money),
    Above(Money),
    Missing(Field),
}
