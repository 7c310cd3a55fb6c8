//! What a role of a provider can do, as data: corridors, guarantees, codes of institutions.

use crate::{
    corridor::{Corridor, Misfit, Outline},
    error::{Error, Result},
    field::Field,
    guarantees::Guarantees,
    ids::InstitutionId,
    institution::Directory,
    invalid::Invalid,
    money::{Country, Currency},
    operation::Operation,
    order_id::IdRules,
    order_request::RequestRef,
    request::RefundRequest,
};

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
        let directory = Directory::of(country);
        let same = |other: &InstitutionId| {
            other == id || directory.is_some_and(|directory| directory.are_one(other, id))
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
        self.admit(&Outline::from(request), |field| request.has(field))
    }

    /// The same for a refund, which in addition gives back no more than was paid, and in the currency
    /// of the payment. What other refunds of the payment give back is the journal's to count.
    ///
    /// # Errors
    /// As [`admit_request`](Self::admit_request); `InvalidRequest` at `amount` for more than was paid,
    /// or in another currency; all `NotSent`.
    pub fn admit_refund(&self, request: &RefundRequest) -> Result<&Corridor> {
        let RefundRequest { paid, amount, .. } = request;
        let expected = if amount.currency() != paid.currency() {
            format!("{}, as was paid", paid.currency())
        } else if amount.minor() > paid.minor() {
            format!("at most {paid}, which was paid")
        } else {
            return self.admit_request(request);
        };
        Err(Error::invalid(Operation::Refund, &Invalid::new("amount", expected)))
    }

    /// The same for a payment of which only the outline is known; `has` says which fields there are.
    ///
    /// # Errors
    /// As [`admit_request`](Self::admit_request).
    pub fn admit(&self, outline: &Outline<'_>, has: impl Fn(Field) -> bool) -> Result<&Corridor> {
        let mut refused: Option<(&Corridor, Misfit)> = None;
        for corridor in self.corridors.iter().filter(|corridor| corridor.is_for(outline)) {
            match corridor.misfit(outline, &has) {
                None => return Ok(corridor),
                // Of corridors with rising limits, the last to be passed explains an amount above them.
                Some(misfit) => match refused {
                    None | Some((_, Misfit::Above(_) | Misfit::Off)) => {
                        refused = Some((corridor, misfit));
                    }
                    Some(_) => {}
                },
            }
        }
        Err(refused.map_or_else(
            || outline.unsupported(),
            |(corridor, misfit)| corridor.rejection(outline, misfit, &has),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Channel,
        corridor::InstitutionLimit,
        effect::{Effect, ErrorKind},
        ids::{ProviderReference, Reference},
        money::Money,
        order_id::OrderId,
        rail::Rail,
        request::{CollectionMethod, CollectionRequest, Destination, PayoutRequest},
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
    fn the_first_rail_that_fits_carries_the_payment() {
        let pesos = |minor| Some(Money::from_minor(minor, Currency::PHP));
        let by = |rail, min, max| {
            let mut corridor = capability().corridors.remove(0);
            (corridor.rail, corridor.min, corridor.max) = (Some(rail), min, max);
            corridor
        };
        let mut capability = capability();
        capability.corridors = vec![
            by(Rail::InstaPay, pesos(100), pesos(5_000_000)),
            by(Rail::PesoNet, pesos(10_000), pesos(20_000_000)),
        ];
        let admitted = |minor, rail: Option<Rail>| {
            let mut request = request(minor, Currency::PHP);
            request.rail = rail;
            match capability.admit_request(&request) {
                Ok(corridor) => corridor.rail.unwrap().to_string(),
                Err(error) => error.to_string(),
            }
        };
        assert_eq!(admitted(5_000_000, None), "instapay");
        assert_eq!(admitted(5_000_005, None), "pesonet");
        assert_eq!(admitted(10_000, Some(Rail::PesoNet)), "pesonet");
        let instapay = Some(Rail::InstaPay);
        let above = "amount: expected at most PHP 50,000.00 by instapay";
        assert_eq!(admitted(5_000_005, instapay), above);
        assert_eq!(admitted(95, None), "amount: expected at least PHP 1.00 by instapay");
        let above = "amount: expected at most PHP 200,000.00 by pesonet";
        assert_eq!(admitted(20_000_005, None), above);
        let unknown = "payout in PHP by bank (rtgs) in PH is not supported";
        assert_eq!(admitted(100, Some(Rail::Rtgs)), unknown);
    }

    #[test]
    fn a_bank_has_limits_of_its_own() {
        let limit = |id: &str, min: Option<i64>, max: Option<i64>| {
            let pesos = |minor| Money::from_minor(minor, Currency::PHP);
            let id = InstitutionId::new(id).unwrap();
            InstitutionLimit::new(id, min.map(pesos), max.map(pesos))
        };
        let mut capability = capability();
        capability.corridors[0].institution_limits =
            vec![limit("BNORPHMM", None, Some(1)), limit("BOPIPHMM", Some(50), Some(100_000))];
        let admitted = |minor| capability.admit_request(&request(minor, Currency::PHP));
        assert!(admitted(100_000).is_ok());
        assert_eq!(admitted(100_005).unwrap_err().kind(), ErrorKind::Limit);
        assert_eq!(admitted(95).unwrap_err().to_string(), "amount: expected at least PHP 1.00");
    }

    #[test]
    fn a_refund_is_at_most_what_was_paid() {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Qr, 1);
        corridor.operations = vec![Operation::Refund];
        let capability = Capability::new(vec![corridor], IdRules::STANDARD, Guarantees::default());
        let (php, idr) = (Currency::PHP, Currency::IDR);
        let paid = Money::from_minor(10_000, php);
        let reference = || Reference::new("R1").unwrap();
        let collection =
            CollectionRequest::new(reference(), Country::PH, paid, CollectionMethod::Qr);
        let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let mut original = collection.lookup(&order_id);
        original.payment = ProviderReference::new("pay_1").ok();
        let refused = |minor, currency| {
            let amount = Money::from_minor(minor, currency);
            let request = RefundRequest::new(reference(), original.clone(), paid, amount);
            let refused = capability.admit_refund(&request).err();
            assert!(refused.as_ref().is_none_or(|error| error.effect() == Effect::NotSent));
            refused.map(|error| error.to_string())
        };
        assert_eq!((refused(1, php), refused(10_000, php)), (None, None));
        let more = "amount: expected at most PHP 100.00, which was paid";
        assert_eq!(refused(10_001, php).as_deref(), Some(more));
        let other = "amount: expected PHP, as was paid";
        assert_eq!(refused(1, idr).as_deref(), Some(other));
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
