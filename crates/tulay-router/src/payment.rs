//! What rules are held against.

use std::fmt;
use tulay_core::{
    Channel, Country, Currency, Field, InstitutionId, Money, Operation, PayoutRequest,
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
    /// The whole request; `None` where only the outline is known, so that no field is missed.
    pub request: Option<&'a PayoutRequest>,
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
        let (institution, amount, request) = (None, None, None);
        Self { operation, country, currency, channel, institution, amount, request }
    }

    /// A payout as it is requested.
    #[must_use]
    pub fn payout(request: &'a PayoutRequest) -> Self {
        let channel = request.destination.channel();
        let currency = request.amount.currency();
        Self {
            institution: request.destination.institution(),
            amount: Some(request.amount),
            request: Some(request),
            ..Self::new(Operation::Payout, request.country, currency, channel)
        }
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.request.is_none_or(|request| request.has(field))
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
