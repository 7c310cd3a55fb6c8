//! A payment as rules see it.

use std::fmt;
use tulay_core::{
    Capability, Channel, CollectionRequest, Corridor, Country, Currency, Error, Field,
    InstitutionId, Money, Operation, Outline, PayoutRequest, Provider, Rail, RequestRef,
    StaticCodeRequest,
};

/// A payment as far as routing depends on it.
///
/// [`payout`](Self::payout), [`collection`](Self::collection) and [`code`](Self::code) take it from
/// a request. [`new`](Self::new) makes an outline, of which only the given parts are known.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Payment<'a> {
    /// The operation.
    pub operation: Operation,
    /// The country that the money goes to or comes from.
    pub country: Country,
    /// The currency.
    pub currency: Currency,
    /// How the money moves.
    pub channel: Channel,
    /// The rail that the request names.
    pub rail: Option<Rail>,
    /// The bank or wallet at the other end.
    pub institution: Option<&'a InstitutionId>,
    /// The amount; `None` where it is not settled yet.
    pub amount: Option<Money>,
    /// The reference, which decides the draw among weights; `None` where it is not known: then the
    /// provider with the greatest weight comes first.
    pub reference: Option<&'a str>,
    /// The whole request; `None` for an outline, which lacks no field.
    request: Option<RequestRef<'a>>,
}

impl<'a> Payment<'a> {
    /// An outline; set the other fields where they are known.
    #[must_use]
    pub const fn new(
        operation: Operation,
        country: Country,
        currency: Currency,
        channel: Channel,
    ) -> Self {
        Self {
            operation,
            country,
            currency,
            channel,
            rail: None,
            institution: None,
            amount: None,
            reference: None,
            request: None,
        }
    }

    /// The payment of a payout request.
    #[must_use]
    pub fn payout(request: &'a PayoutRequest) -> Self {
        Self::of(request.into())
    }

    /// The payment of a collection request.
    #[must_use]
    pub fn collection(request: &'a CollectionRequest) -> Self {
        Self::of(request.into())
    }

    /// The payment of a request for a static code.
    #[must_use]
    pub fn code(request: &'a StaticCodeRequest) -> Self {
        Self::of(request.into())
    }

    // Not public: a refund is never routed.
    fn of(request: RequestRef<'a>) -> Self {
        Self {
            operation: request.operation(),
            country: request.country(),
            currency: request.currency(),
            channel: request.channel(),
            rail: request.rail(),
            institution: request.institution(),
            amount: request.amount(),
            reference: Some(request.reference().as_str()),
            request: Some(request),
        }
    }

    /// The payout request, if the payment was made from one.
    #[must_use]
    pub const fn requested_payout(&self) -> Option<&'a PayoutRequest> {
        match self.request {
            Some(RequestRef::Payout(request)) => Some(request),
            _ => None,
        }
    }

    /// Whether the payment has a field; an outline has all.
    #[must_use]
    #[inline]
    pub fn has(&self, field: Field) -> bool {
        self.request.is_none_or(|request| request.has(field))
    }

    /// The corridor that the payment would take at a provider, whatever the rules say.
    ///
    /// # Errors
    /// `Unsupported` without such a role or corridor, `InvalidRequest` for an amount or field that
    /// can never fit, `Limit` outside the corridor's limits; all `NotSent`.
    pub fn admitted_by<'p>(&self, provider: &'p dyn Provider) -> Result<&'p Corridor, Error> {
        let operation = self.operation;
        let Some(capability) = capability(provider, operation) else {
            let message = format!("{} does not offer {operation}", provider.id());
            return Err(Error::unsupported(operation, message));
        };
        capability.admit(&self.outline(), |field| self.has(field))
    }

    /// The part of it that chooses a corridor.
    fn outline(&self) -> Outline<'a> {
        let mut outline = Outline::new(self.operation, self.country, self.currency, self.channel);
        (outline.rail, outline.institution, outline.amount) =
            (self.rail, self.institution, self.amount);
        outline
    }
}

impl fmt::Display for Payment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} ", self.operation)?;
        match self.amount {
            Some(amount) => write!(f, "of {amount}")?,
            None => write!(f, "in {}", self.currency)?,
        }
        write!(f, " by {}", self.channel)?;
        if let Some(rail) = self.rail {
            write!(f, " ({rail})")?;
        }
        write!(f, " in {}", self.country)?;
        match self.institution {
            Some(institution) => write!(f, " to {institution}"),
            None => Ok(()),
        }
    }
}

/// The capability of a provider for an operation that is routed. A refund goes back the way the
/// money came, and a look-up goes where the order was sent: these are never routed.
pub(crate) fn capability(provider: &dyn Provider, operation: Operation) -> Option<&Capability> {
    let routed =
        matches!(operation, Operation::Payout | Operation::Collection | Operation::StaticCode);
    routed.then(|| provider.roles().capability(operation)).flatten()
}
