//! Collections, static codes and their payments as a provider reports them.

use crate::{
    ids::Terminal,
    observation::Observation,
    payment_instructions::PaymentInstructions,
    prepared::Lookup,
    stated::ProviderTime,
    status::{CollectionStatus, StaticCodeStatus},
};

/// A collection, and how to pay it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collection {
    /// The order.
    pub observation: Observation<CollectionStatus>,
    /// How to pay it, where the response says so.
    pub payment_instructions: Option<PaymentInstructions>,
    /// The time until which it can be paid.
    pub expires: Option<ProviderTime>,
}

impl Collection {
    /// A collection without payment instructions.
    #[must_use]
    pub fn new(observation: Observation<CollectionStatus>) -> Self {
        Self { observation, payment_instructions: None, expires: None }
    }
}

/// A static code as a provider reports it: a code that is paid again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaticCode {
    /// How to ask for it later.
    pub lookup: Lookup,
    /// Whether it can be paid.
    pub status: StaticCodeStatus,
    /// How to pay it, where the response says so.
    pub payment_instructions: Option<PaymentInstructions>,
    /// The time until which it can be paid.
    pub expires: Option<ProviderTime>,
}

impl StaticCode {
    /// A code without payment instructions.
    #[must_use]
    pub fn new(lookup: Lookup, status: StaticCodeStatus) -> Self {
        Self { lookup, status, payment_instructions: None, expires: None }
    }
}

/// One payment of a static code; the provider's reference distinguishes it from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingPayment {
    /// The payment.
    pub observation: Observation<CollectionStatus>,
    /// The terminal it was paid at.
    pub terminal: Option<Terminal>,
}

impl IncomingPayment {
    /// A payment that names no terminal.
    #[must_use]
    pub fn new(observation: Observation<CollectionStatus>) -> Self {
        Self { observation, terminal: None }
    }

    /// As [`Observation::conclude`]: a final status counts only with the amount, with the provider
    /// reference that distinguishes this payment from the others, and where it is known which code
    /// was paid. `code_is_known` says so: the message names the code's order id or its terminal, or
    /// answers the question for the payments of one code.
    #[must_use]
    pub fn conclude(mut self, code_is_known: bool) -> Self {
        let payment = &self.observation;
        let identified =
            code_is_known && payment.provider_reference.is_some() && payment.amount.is_some();
        self.observation = self.observation.concluded(identified);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::ProviderReference,
        money::{Currency, Money},
        stated::StatedAmount,
    };

    #[test]
    fn a_payment_of_a_code_needs_code_reference_and_amount() {
        let mut observation = Observation::new(CollectionStatus::Paid);
        observation.provider_reference = Some(ProviderReference::new("7001").unwrap());
        observation.amount = Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
        let status = |observation: &Observation<_>, known| {
            IncomingPayment::new(observation.clone()).conclude(known).observation.status
        };
        assert_eq!(status(&observation, true), CollectionStatus::Paid);
        assert_eq!(status(&observation, false), CollectionStatus::Pending);
        let mut without = observation.clone();
        without.amount = None;
        assert_eq!(status(&without, true), CollectionStatus::Pending);
        observation.provider_reference = None;
        assert_eq!(status(&observation, true), CollectionStatus::Pending);
    }
}
