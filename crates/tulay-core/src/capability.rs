//! What a role of a provider can do, as data: corridors, limits, required fields, guarantees.

use crate::{
    channel::Channel,
    effect::ErrorKind,
    error::{Error, Result},
    field::Field,
    guarantees::Guarantees,
    ids::InstitutionId,
    institution::Directory,
    invalid::Invalid,
    money::{Country, Currency, Money},
    operation::Operation,
    order_id::IdRules,
    order_request::RequestRef,
};

/// One country × currency × channel that a role serves, with its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Corridor {
    /// Country.
    pub country: Country,
    /// Currency.
    pub currency: Currency,
    /// The channel.
    pub channel: Channel,
    /// The least amount; `None`: one minor unit.
    pub min: Option<Money>,
    /// The greatest amount; `None`: unknown.
    pub max: Option<Money>,
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
            min: None,
            max: None,
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

    /// Whether the corridor can carry a payment: the operation works here, and amount and required
    /// fields are allowed. `None` is an amount that is not known yet, and is allowed. `has` says which
    /// fields the request has. [`Capability::admit`] gives the reason.
    #[must_use]
    #[inline]
    pub fn fits(
        &self,
        operation: Operation,
        amount: Option<Money>,
        has: impl Fn(Field) -> bool,
    ) -> bool {
        self.misfit(operation, amount, has).is_none()
    }

    #[inline]
    fn misfit(
        &self,
        operation: Operation,
        amount: Option<Money>,
        has: impl Fn(Field) -> bool,
    ) -> Option<Misfit> {
        if !self.operations.contains(&operation) {
            return Some(Misfit::Off);
        }
        let of_amount = amount.and_then(|amount| self.misfit_of_amount(amount));
        of_amount.or_else(|| {
            let missing = self.required.iter().find(|field| !has(**field));
            missing.map(|field| Misfit::Missing(*field))
        })
    }

    #[inline]
    fn misfit_of_amount(&self, amount: Money) -> Option<Misfit> {
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
        match (self.min, self.max) {
            (Some(min), _) if amount.minor() < min.minor() => Some(Misfit::Below(min)),
            (_, Some(max)) if amount.minor() > max.minor() => Some(Misfit::Above(max)),
            _ => None,
        }
    }

    /// The error for a misfit. Nothing was sent.
    fn rejection(
        &self,
        operation: Operation,
        misfit: Misfit,
        has: impl Fn(Field) -> bool,
    ) -> Error {
        let Self { country, currency, channel, .. } = self;
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
            Misfit::Below(min) => amount(ErrorKind::Limit, format!("at least {min}")),
            Misfit::Above(max) => amount(ErrorKind::Limit, format!("at most {max}")),
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

/// Why a payment does not fit a corridor.
#[derive(Clone, Copy)]
enum Misfit {
    Off,
    Currency,
    Nothing,
    Step,
    Below(Money),
    Above(Money),
    Missing(Field),
}

/// What one role of one account can do: its corridors, and the guarantees the provider gives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capability {
    /// Where it works. A request for any other corridor is refused before it is sent.
    pub corridors: Vec<Corridor>,
    /// The form of its order ids.
    pub ids: IdRules,
    /// What the provider guarantees.
    pub guarantees: Guarantees,
    /// The banks and wallets that payouts go to, with the provider's codes; empty where they are
    /// not known beforehand.
    pub institutions: Vec<InstitutionCode>,
}

/// A provider's own code or name for a bank or wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstitutionCode {
    /// The country.
    pub country: Country,
    /// The neutral id.
    pub institution: InstitutionId,
    /// The provider's code or name.
    pub code: String,
}

impl InstitutionCode {
    /// A code of these parts.
    #[must_use]
    pub fn new(country: Country, institution: InstitutionId, code: impl Into<String>) -> Self {
        Self { country, institution, code: code.into() }
    }
}

impl Capability {
    /// A capability of these parts. The codes of institutions are set after.
    #[must_use]
    pub const fn new(corridors: Vec<Corridor>, ids: IdRules, guarantees: Guarantees) -> Self {
        Self { corridors, ids, guarantees, institutions: Vec::new() }
    }

    /// The provider's code for a bank or wallet, by any of its neutral ids.
    #[must_use]
    pub fn institution_code(&self, country: Country, id: &InstitutionId) -> Option<&str> {
        let row = |id: &InstitutionId| Directory::of(country)?.get(id);
        let known = row(id);
        let same = |other: &InstitutionId| {
            other == id || known.is_some_and(|known| row(other).is_some_and(|o| o.id == known.id))
        };
        let mut codes = self.institutions.iter().filter(|code| code.country == country);
        codes.find(|code| same(&code.institution)).map(|code| code.code.as_str())
    }

    /// Whether a payout to a bank or wallet would be refused because the provider has no code for
    /// it.
    #[must_use]
    pub fn lacks_code(&self, country: Country, id: &InstitutionId) -> bool {
        !self.institutions.is_empty() && self.institution_code(country, id).is_none()
    }

    /// Whether some corridor offers an operation.
    #[must_use]
    pub fn offers(&self, operation: Operation) -> bool {
        self.corridors.iter().any(|corridor| corridor.operations.contains(&operation))
    }

    /// The corridors that offer an operation, grouped by country and currency, in the order in
    /// which they are listed.
    #[must_use]
    pub fn corridors_by_country(
        &self,
        operation: Operation,
    ) -> Vec<((Country, Currency), Vec<&Corridor>)> {
        let mut groups: Vec<((Country, Currency), Vec<&Corridor>)> = Vec::new();
        for corridor in self.corridors.iter().filter(|c| c.operations.contains(&operation)) {
            let place = (corridor.country, corridor.currency);
            match groups.iter_mut().find(|(known, _)| *known == place) {
                Some((_, corridors)) => corridors.push(corridor),
                None => groups.push((place, vec![corridor])),
            }
        }
        groups
    }

    /// The corridor that a request takes, once amount and required fields fit it.
    ///
    /// # Errors
    /// `Unsupported` without such a corridor, `InvalidRequest` for an amount or field that can
    /// never fit, `Limit` outside the corridor's limits; all `NotSent`.
    pub fn admit_request<'r>(&self, request: impl Into<RequestRef<'r>>) -> Result<&Corridor> {
        let request = request.into();
        self.admit(
            request.operation(),
            request.country(),
            request.currency(),
            request.channel(),
            request.amount(),
            |field| request.has(field),
        )
    }

    /// The same for a request of which only the outline is known. An amount that is `None` is not
    /// known yet and fits; `has` tells which fields there are.
    ///
    /// # Errors
    /// As [`admit_request`](Self::admit_request).
    pub fn admit(
        &self,
        operation: Operation,
        country: Country,
        currency: Currency,
        channel: Channel,
        amount: Option<Money>,
        has: impl Fn(Field) -> bool,
    ) -> Result<&Corridor> {
        let corridor = self
            .corridors
            .iter()
            .find(|c| (c.country, c.currency, c.channel) == (country, currency, channel))
            .ok_or_else(|| {
                let what =
                    format!("{operation} in {currency} by {channel} in {country} is not supported");
                Error::unsupported(operation, what)
            })?;
        match corridor.misfit(operation, amount, &has) {
            Some(misfit) => Err(corridor.rejection(operation, misfit, &has)),
            None => Ok(corridor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Effect,
        ids::Reference,
        request::{Destination, PayoutRequest},
        sensitive::AccountNumber,
    };

    fn request(minor: i64, currency: Currency) -> PayoutRequest {
        let institution = InstitutionId::new("BOPIPHMM").unwrap();
        let account = AccountNumber::new("1").unwrap();
        PayoutRequest::new(
            Reference::new("R1").unwrap(),
            Country::PH,
            Money::from_minor(minor, currency),
            Destination::Bank { institution, account },
        )
    }

    fn capability() -> Capability {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 5);
        corridor.min = Some(Money::from_minor(100, Currency::PHP));
        corridor.max = Some(Money::from_minor(5_000_000, Currency::PHP));
        corridor.operations = vec![Operation::Payout];
        Capability::new(vec![corridor], IdRules::STANDARD, Guarantees::default())
    }

    #[test]
    fn amounts_are_checked_against_the_corridor() {
        let capability = capability();
        let cases = [
            (100, Currency::PHP, None),
            (5_000_000, Currency::PHP, None),
            (
                5_000_005,
                Currency::PHP,
                Some((ErrorKind::Limit, "amount: expected at most PHP 50,000.00")),
            ),
            (95, Currency::PHP, Some((ErrorKind::Limit, "amount: expected at least PHP 1.00"))),
            (
                102,
                Currency::PHP,
                Some((ErrorKind::InvalidRequest, "amount: expected a multiple of PHP 0.05")),
            ),
            (
                0,
                Currency::PHP,
                Some((ErrorKind::InvalidRequest, "amount: expected more than zero")),
            ),
            (
                -5,
                Currency::PHP,
                Some((ErrorKind::InvalidRequest, "amount: expected more than zero")),
            ),
            (
                100,
                Currency::IDR,
                Some((ErrorKind::Unsupported, "payout in IDR by bank in PH is not supported")),
            ),
        ];
        for (minor, currency, expected) in cases {
            let refused = capability.admit_request(&request(minor, currency)).err();
            assert!(refused.as_ref().is_none_or(|e| e.effect() == Effect::NotSent));
            let found = refused.map(|e| (e.kind(), e.to_string()));
            assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())), "{minor}");
        }
    }

    #[test]
    fn a_missing_field_is_named() {
        let mut capability = capability();
        capability.corridors[0].required = vec![Field::Institution, Field::TaxId];
        let refused = capability.admit_request(&request(100, Currency::PHP)).unwrap_err();
        assert_eq!(refused.field(), Some("tax_id"));
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
        assert!(!refused.to_string().contains("also"), "{refused}");
        capability.corridors[0].required = vec![Field::TaxId, Field::Mobile, Field::Email];
        let refused = capability.admit_request(&request(100, Currency::PHP)).unwrap_err();
        assert_eq!(refused.field(), Some("tax_id"));
        assert!(refused.to_string().ends_with("; also missing: mobile, email"), "{refused}");
    }

    #[test]
    fn an_operation_that_is_off_is_unsupported() {
        let mut capability = capability();
        capability.corridors[0].operations.clear();
        let refused = capability.admit_request(&request(100, Currency::PHP)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn corridors_are_grouped_by_country_and_currency() {
        let corridor = |country, currency, channel, operation| {
            let mut corridor = Corridor::new(country, currency, channel, 1);
            corridor.operations = vec![operation];
            corridor
        };
        let corridors = vec![
            corridor(Country::PH, Currency::PHP, Channel::Bank, Operation::Payout),
            corridor(Country::ID, Currency::IDR, Channel::Bank, Operation::Payout),
            corridor(Country::PH, Currency::PHP, Channel::Wallet, Operation::Payout),
            corridor(Country::TH, Currency::THB, Channel::Bank, Operation::PayoutFind),
        ];
        let capability = Capability::new(corridors, IdRules::STANDARD, Guarantees::default());
        let groups: Vec<_> = capability
            .corridors_by_country(Operation::Payout)
            .into_iter()
            .map(|(place, corridors)| (place, corridors.len()))
            .collect();
        let (ph, id) = ((Country::PH, Currency::PHP), (Country::ID, Currency::IDR));
        assert_eq!(groups, [(ph, 2), (id, 1)]);
        assert!(capability.offers(Operation::PayoutFind) && !capability.offers(Operation::Refund));
    }

    #[test]
    fn a_code_is_found_by_any_id_of_the_institution() {
        let mut capability = Capability::new(Vec::new(), IdRules::STANDARD, Guarantees::default());
        let id = |text: &str| InstitutionId::new(text).unwrap();
        assert!(!capability.lacks_code(Country::PH, &id("gcash")), "it does not say");
        capability.institutions = vec![InstitutionCode::new(Country::PH, id("gcash"), "GCASH")];
        for name in ["gcash", "GXCHPHM2"] {
            assert_eq!(capability.institution_code(Country::PH, &id(name)), Some("GCASH"));
        }
        assert!(capability.lacks_code(Country::PH, &id("maya")));
        assert!(capability.lacks_code(Country::ID, &id("gcash")));
    }
}
