//! A payment as rules see it.

use std::fmt;
use tulay_core::{
    Capability, Channel, CodeRequest, CollectionRequest, Corridor, Country, Currency, Error, Field,
    InstitutionId, Method, Money, Operation, PayoutRequest, Provider,
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
    /// The bank or wallet at the other end.
    pub institution: Option<&'a InstitutionId>,
    /// The amount; `None` where it is not settled yet.
    pub amount: Option<Money>,
    /// The reference, which decides the draw among weights; `None` where it is not known: then the
    /// provider with the greatest weight comes first.
    pub reference: Option<&'a str>,
    /// The whole request; `None` for an outline, which lacks no field.
    request: Option<Request<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Request<'a> {
    Payout(&'a PayoutRequest),
    Collection(&'a CollectionRequest),
    Code(&'a CodeRequest),
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
        let (institution, amount, reference, request) = (None, None, None, None);
        Self { operation, country, currency, channel, institution, amount, reference, request }
    }

    /// The payment of a payout request.
    #[must_use]
    pub fn payout(request: &'a PayoutRequest) -> Self {
        let channel = request.destination.channel();
        let currency = request.amount.currency();
        Self {
            institution: request.destination.institution(),
            amount: Some(request.amount),
            reference: Some(request.reference.as_str()),
            request: Some(Request::Payout(request)),
            ..Self::new(Operation::Payout, request.country, currency, channel)
        }
    }

    /// The payment of a collection request.
    #[must_use]
    pub fn collection(request: &'a CollectionRequest) -> Self {
        let channel = request.method.channel();
        let currency = request.amount.currency();
        Self {
            institution: institution(&request.method),
            amount: Some(request.amount),
            reference: Some(request.reference.as_str()),
            request: Some(Request::Collection(request)),
            ..Self::new(Operation::Collection, request.country, currency, channel)
        }
    }

    /// The payment of a request for a static code.
    #[must_use]
    pub fn code(request: &'a CodeRequest) -> Self {
        let channel = request.method.channel();
        Self {
            institution: institution(&request.method),
            reference: Some(request.reference.as_str()),
            request: Some(Request::Code(request)),
            ..Self::new(Operation::Code, request.country, request.currency, channel)
        }
    }

    /// The payout request, if the payment was made from one.
    #[must_use]
    pub const fn requested_payout(&self) -> Option<&'a PayoutRequest> {
        match self.request {
            Some(Request::Payout(request)) => Some(request),
            _ => None,
        }
    }

    /// Whether the payment has a field; an outline has all.
    #[must_use]
    #[inline]
    pub fn has(&self, field: Field) -> bool {
        match self.request {
            Some(Request::Payout(request)) => request.has(field),
            Some(Request::Collection(request)) => request.has(field),
            Some(Request::Code(request)) => request.has(field),
            None => true,
        }
    }

    /// The corridor that the payment would take at a provider, whatever the rules say.
    ///
    /// # Errors
    /// `Unsupported` without such a role or corridor, `InvalidRequest` for an amount or field that
    /// can never fit, `Limit` outside the corridor's limits; all `NotSent`.
    pub fn admitted_by<'p>(&self, provider: &'p dyn Provider) -> Result<&'p Corridor, Error> {
        let Self { operation, country, currency, channel, amount, .. } = *self;
        let Some(capability) = capability(provider, operation) else {
            let message = format!("{} does no {operation}", provider.id());
            return Err(Error::unsupported(operation, message));
        };
        capability.admit(operation, country, currency, channel, amount, |field| self.has(field))
    }
}

impl fmt::Display for Payment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} ", self.operation)?;
        match self.amount {
            Some(amount) => write!(f, "of {amount}")?,
            None => write!(f, "in {}", self.currency)?,
        }
        write!(f, " by {} in {}", self.channel, self.country)?;
        match self.institution {
            Some(institution) => write!(f, " to {institution}"),
            None => Ok(()),
        }
    }
}

/// The capability of a provider for an operation that is routed. A refund goes back the way the
/// money came, and a look-up goes where the order was sent: these are never routed.
pub(crate) fn capability(provider: &dyn Provider, operation: Operation) -> Option<&Capability> {
    let roles = provider.roles();
    match operation {
        Operation::Payout => roles.payouts.map(|role| role.capability()),
        Operation::Collection => roles.collections.map(|role| role.capability()),
        Operation::Code => roles.qr_codes.map(|role| role.capability()),
        _ => None,
    }
}

const fn institution(method: &Method) -> Option<&InstitutionId> {
    match method {
        Method::VirtualAccount(id) | Method::Redirect(id) => Some(id),
        _ => None,
    }
}
