//! What a provider can do, as data: where, how much, what it asks for, and how far its word goes.

use crate::{
    channel::Channel,
    effect::ErrorKind,
    error::{Error, Result},
    field::Field,
    invalid::Invalid,
    money::{Country, Currency, Money},
    operation::Operation,
    order_id::IdRules,
    request::{CodeRequest, CollectionRequest, PayoutRequest},
};
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// One country × currency × channel that a role serves, with its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Corridor {
    /// Country.
    pub country: Country,
    /// Currency.
    pub currency: Currency,
    /// How money moves.
    pub channel: Channel,
    /// The least amount; `None`: one minor unit.
    pub min: Option<Money>,
    /// The greatest amount; `None`: unknown.
    pub max: Option<Money>,
    /// Amounts are multiples of this many minor units; 1 where every amount can be sent.
    pub step: i64,
    /// What a request must hold.
    pub required: Vec<Field>,
    /// Which of the role's methods work here; any other answers `Unsupported` and sends nothing.
    pub operations: Vec<Operation>,
    /// Operations known only by assumption that production has not accepted by name, so that what
    /// stands on them is left out of `operations`.
    pub unaccepted: Vec<Operation>,
}

impl Corridor {
    /// A corridor without limits; the rest is set after.
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

    /// What has to be accepted by name before an operation works here that does not; the operation
    /// itself, where nothing else is known.
    #[must_use]
    pub fn to_accept(&self, operation: Operation) -> Vec<Operation> {
        match self.unaccepted.as_slice() {
            [] => vec![operation],
            known => known.to_vec(),
        }
    }

    /// Whether a payment could take this corridor: the operation works here, and amount and
    /// required fields fit. An amount that is `None` is not settled yet and fits; `has` tells which
    /// fields there are. [`Capability::admit`] says why not.
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

    /// What is said of a misfit. Nothing was sent.
    fn refusal(&self, operation: Operation, misfit: Misfit) -> Error {
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
                     name {} in accept_unverified, as it is known only by assumption",
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
                let expected = format!("{}, as {country} by {channel} requires", field.meaning());
                Error::invalid(operation, &Invalid::new(field.as_str(), expected))
            }
        }
    }
}

/// What keeps a payment out of a corridor.
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

/// What one role of one account can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capability {
    /// Where it works. What is not listed is refused.
    pub corridors: Vec<Corridor>,
    /// What its order ids look like.
    pub ids: IdRules,
    /// How far the provider's word goes.
    pub contract: Contract,
}

impl Capability {
    /// States what a role can do.
    #[must_use]
    pub fn new(corridors: Vec<Corridor>, ids: IdRules, contract: Contract) -> Self {
        Self { corridors, ids, contract }
    }

    /// The corridor a payout would take, once amount and required fields fit it.
    ///
    /// # Errors
    /// `Unsupported` without such a corridor, `InvalidRequest` for an amount or field that can
    /// never fit, `Limit` outside the corridor's limits; all `NotSent`.
    pub fn admit_payout(&self, request: &PayoutRequest) -> Result<&Corridor> {
        let channel = request.destination.channel();
        let has = |field| request.has(field);
        let amount = Some(request.amount);
        let currency = request.amount.currency();
        self.admit(Operation::Payout, request.country, currency, channel, amount, has)
    }

    /// The corridor a collection would take, once amount and required fields fit it.
    ///
    /// # Errors
    /// As [`admit_payout`](Self::admit_payout).
    pub fn admit_collection(&self, request: &CollectionRequest) -> Result<&Corridor> {
        let channel = request.method.channel();
        let has = |field| request.has(field);
        let amount = Some(request.amount);
        let currency = request.amount.currency();
        self.admit(Operation::Collection, request.country, currency, channel, amount, has)
    }

    /// The corridor a static code would belong to, once required fields fit it.
    ///
    /// # Errors
    /// As [`admit_payout`](Self::admit_payout), but for the amount.
    pub fn admit_code(&self, request: &CodeRequest) -> Result<&Corridor> {
        let channel = request.method.channel();
        let has = |field| request.has(field);
        self.admit(Operation::Code, request.country, request.currency, channel, None, has)
    }

    /// The corridor a payment would take, once its amount and required fields fit it. An amount
    /// that is `None` is not settled yet and fits; `has` tells which fields there are.
    ///
    /// # Errors
    /// As [`admit_payout`](Self::admit_payout).
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
                let what = format!("no {operation} in {currency} by {channel} in {country} here");
                Error::unsupported(operation, what)
            })?;
        match corridor.misfit(operation, amount, has) {
            Some(misfit) => Err(corridor.refusal(operation, misfit)),
            None => Ok(corridor),
        }
    }
}

/// How far a provider's word goes. `default()` trusts nothing: an order id is never sent again, no
/// payment is ever called failed, nothing unsigned or anonymous counts. So whatever a configuration
/// leaves out is not trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Contract {
    /// Raised with every change, so that a stored payment knows what it was sent under.
    pub version: u32,
    /// An order id makes at most one order, whatever became of it; for this long after the first
    /// sending the same id may be sent again.
    #[serde(deserialize_with = "positive")]
    pub resend_for: Option<SignedDuration>,
    /// Which id a payment can be asked for by.
    pub find_by: FindBy,
    /// Genuine answers are signed.
    pub answers_signed: bool,
    /// A refusal counts without a signature, whether other answers are signed or none is.
    pub unsigned_refusals: bool,
    /// A refusal counts that does not name the message it answers.
    pub anonymous_refusals: bool,
    /// Notifications may leave the merchant account out.
    pub anonymous_notifications: bool,
    /// Two genuine look-ups this far apart make `failed` final; `None`: nothing does.
    #[serde(deserialize_with = "positive")]
    pub settle: Option<SignedDuration>,
    /// Payouts to one beneficiary are refused when closer together than this.
    #[serde(deserialize_with = "positive")]
    pub payee_spacing: Option<SignedDuration>,
    /// What look-ups and notifications repeat of the request, so that it can be compared. What
    /// does not repeat it ends no payment; without the order id, or what stands in its place,
    /// nothing does.
    pub bound: Vec<Bound>,
}

impl Contract {
    /// Refuses what contradicts itself: a promise that could only be kept by asking for an order
    /// in a way in which it cannot be asked for.
    ///
    /// * `resend_for` without a look-up by the order id. The same id may be sent again only after
    ///   a look-up that found none; a payment whose first answer was lost has no other id yet.
    /// * [`Bound::ProviderReference`] where payments are not asked for by that alone, or beside
    ///   [`Bound::OrderId`], in whose place it stands.
    ///
    /// # Errors
    /// The field, and what it would have to be.
    pub fn checked(&self) -> Result<(), Invalid> {
        let by_order_id = matches!(self.find_by, FindBy::OrderId | FindBy::Both);
        if self.resend_for.is_some() && !by_order_id {
            let why = "find_by is not order_id, so a payment whose answer was lost cannot be \
                       looked up, and must not be sent again";
            return Err(Invalid::unsupported("contract.resend_for", why));
        }
        let by_theirs = self.bound.contains(&Bound::ProviderReference);
        if by_theirs && self.find_by != FindBy::ProviderReference {
            let expected = "provider_reference only where find_by = \"provider_reference\"";
            return Err(Invalid::new("contract.bound", expected));
        }
        if by_theirs && self.bound.contains(&Bound::OrderId) {
            let expected = "order_id, or provider_reference in its place, and not both";
            return Err(Invalid::new("contract.bound", expected));
        }
        Ok(())
    }
}

impl Default for Contract {
    fn default() -> Self {
        Self {
            version: 0,
            resend_for: None,
            find_by: FindBy::None,
            answers_signed: false,
            unsigned_refusals: false,
            anonymous_refusals: false,
            anonymous_notifications: false,
            settle: None,
            payee_spacing: None,
            bound: Vec::new(),
        }
    }
}

/// A duration that is longer than nothing: two look-ups at once are one.
fn positive<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SignedDuration>, D::Error> {
    match Option::<SignedDuration>::deserialize(deserializer)? {
        Some(duration) if duration <= SignedDuration::ZERO => {
            Err(D::Error::custom("expected a duration longer than nothing, such as 10m"))
        }
        duration => Ok(duration),
    }
}

/// Something of the request that an answer repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bound {
    /// The order id.
    OrderId,
    /// The amount.
    Amount,
    /// The currency.
    Currency,
    /// The merchant account.
    Account,
    /// The beneficiary.
    Beneficiary,
    /// The provider's own id, in the place of the order id: payments are asked for by it alone,
    /// and answers may repeat nothing else. It binds only the answer to a look-up that carries it,
    /// and stands for the order id and the amount, as the provider gave it in answer to the very
    /// request that named both. A notification is not bound by it, since nobody asked.
    ///
    /// So whoever keeps payments takes it only from what `create` answered, or from
    /// [`Error::known_as`](crate::Error::provider_reference), and never from a hint or a
    /// notification. It is unique per merchant account: a second order with the same one is a
    /// contradiction, for a person to look into, and neither of the two is ended by it.
    ProviderReference,
}

/// Which id a payment can be asked for by. Where it is the provider's alone, a payment whose
/// first answer was lost can never be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "these are all there are")]
pub enum FindBy {
    /// By the id we gave it.
    OrderId,
    /// By the id the provider gave it.
    ProviderReference,
    /// By either.
    Both,
    /// Not at all.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Effect,
        private::AccountNumber,
        request::Destination,
        word::{InstitutionId, Reference},
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
        Capability::new(vec![corridor], IdRules::STANDARD, Contract::default())
    }

    #[test]
    fn amounts_are_held_against_the_corridor() {
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
                Some((ErrorKind::Unsupported, "no payout in IDR by bank in PH here")),
            ),
        ];
        for (minor, currency, expected) in cases {
            let refused = capability.admit_payout(&request(minor, currency)).err();
            assert!(refused.as_ref().is_none_or(|e| e.effect() == Effect::NotSent));
            let found = refused.map(|e| (e.kind(), e.to_string()));
            assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())), "{minor}");
        }
    }

    #[test]
    fn a_missing_field_is_named() {
        let mut capability = capability();
        capability.corridors[0].required = vec![Field::Institution, Field::TaxId];
        let refused = capability.admit_payout(&request(100, Currency::PHP)).unwrap_err();
        assert_eq!(refused.field(), Some("tax_id"));
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    }

    #[test]
    fn an_operation_that_is_off_is_unsupported() {
        let mut capability = capability();
        capability.corridors[0].operations.clear();
        let refused = capability.admit_payout(&request(100, Currency::PHP)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn a_contract_that_contradicts_itself_is_refused() {
        let read = |text: &str| serde_json::from_str::<Contract>(text).unwrap().checked();
        for right in [
            "{}",
            r#"{"settle":"10m"}"#,
            r#"{"resend_for":"24h","find_by":"order_id","settle":"10m","bound":["order_id"]}"#,
            r#"{"resend_for":"24h","find_by":"both"}"#,
            r#"{"find_by":"provider_reference","settle":"10m","bound":["provider_reference"]}"#,
            r#"{"find_by":"provider_reference","bound":["order_id","amount"]}"#,
        ] {
            assert_eq!(read(right), Ok(()), "{right}");
        }
        for (wrong, field) in [
            (r#"{"resend_for":"24h","find_by":"provider_reference"}"#, "contract.resend_for"),
            (r#"{"resend_for":"24h"}"#, "contract.resend_for"),
            (r#"{"find_by":"order_id","bound":["provider_reference"]}"#, "contract.bound"),
            (r#"{"find_by":"both","bound":["provider_reference"]}"#, "contract.bound"),
            (
                r#"{"find_by":"provider_reference","bound":["order_id","provider_reference"]}"#,
                "contract.bound",
            ),
        ] {
            assert_eq!(read(wrong).unwrap_err().field(), field, "{wrong}");
        }
    }

    #[test]
    fn a_contract_that_says_nothing_trusts_nothing() {
        let contract: Contract = serde_json::from_str("{}").unwrap();
        assert_eq!(contract, Contract::default());
        assert_eq!((contract.resend_for, contract.settle), (None, None));
        assert!(!contract.unsigned_refusals && !contract.anonymous_notifications);
        for wrong in [r#"{"resend":"24h"}"#, r#"{"settle":"0s"}"#, r#"{"settle":"-1h"}"#] {
            assert!(serde_json::from_str::<Contract>(wrong).is_err(), "{wrong}");
        }
    }
}
