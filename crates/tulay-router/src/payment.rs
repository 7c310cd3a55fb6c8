//! What rules are held against.

use std::fmt;
use tulay_core::{
    Capability, Channel, CodeRequest, CollectionRequest, Corridor, Country, Currency, Error, Field,
    InstitutionId, Method, Money, Operation, PayoutRequest, Provider,
};

/// A payment as far as routing depends on it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Payment<'a> {
    /// What is to be done.
    pub operation: Operation,
    /// Where the money goes or comes from.
    pub country: Country,
    /// Its currency.
    pub currency: Currency,
    /// How it moves.
    pub channel: Channel,
    /// The bank or wallet at the other end.
    pub institution: Option<&'a InstitutionId>,
    /// The amount; `None` where it is not settled yet.
    pub amount: Option<Money>,
    /// Its reference, which weights draw by; `None` where only the outline is known: then the
    /// heaviest comes first.
    pub reference: Option<&'a str>,
    /// The whole request; `None` where only the outline is known, so that no field is missed.
    request: Option<Request<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Request<'a> {
    Payout(&'a PayoutRequest),
    Collection(&'a CollectionRequest),
    Code(&'a CodeRequest),
}

impl<'a> Payment<'a> {
    /// An outline; the rest is set after.
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

    /// A payout as it is requested.
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

    /// A collection as it is requested.
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

    /// A static code as it is requested.
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

    /// The payout that is requested, where the payment was made from one.
    #[must_use]
    pub const fn requested_payout(&self) -> Option<&'a PayoutRequest> {
        match self.request {
            Some(Request::Payout(request)) => Some(request),
            _ => None,
        }
    }

    /// Whether it holds a field; an outline holds all.
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

    /// The corridor the payment would take at a provider, whatever rules say.
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

/// What a provider can do of an operation that is routed. A refund goes back the way the money
/// came, and what is asked for is asked where it was sent: these are never routed.
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
