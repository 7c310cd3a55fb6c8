//! What a router found: who can carry a payment, who cannot, and why.

use crate::{payment::Payment, rule::Rule};
use std::{fmt, sync::Arc};
use tulay_core::{Corridor, Error, Provider};

/// Who carries a payment, the preferred one first, and who was left out.
#[derive(Debug)]
#[non_exhaustive]
#[must_use]
pub struct Plan<'a> {
    /// The rule that decided; `None` where there are no rules, or none is for this payment.
    pub rule: Option<&'a Rule>,
    /// Who can carry it, the preferred one first.
    pub candidates: Vec<Candidate<'a>>,
    /// Who was left out, in the order of the rule, then of the configuration.
    pub excluded: Vec<Excluded<'a>>,
    /// The payment, in words.
    pub(crate) payment: String,
    /// The rule that came nearest where none fits.
    pub(crate) nearest: Option<&'a Rule>,
}

/// A provider that can carry the payment.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// The provider.
    pub provider: &'a Arc<dyn Provider>,
    /// The corridor the payment would take there.
    pub corridor: &'a Corridor,
    pub(crate) rule: Option<&'a Rule>,
}

/// A provider that was left out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Excluded<'a> {
    /// The provider.
    pub provider: &'a Arc<dyn Provider>,
    /// What it lacks; `None` where no rule sends this payment to it.
    pub error: Option<Error>,
}

impl<'a> Plan<'a> {
    /// The preferred candidate.
    ///
    /// # Errors
    /// When nobody can carry the payment: the rule that decided and what each of its providers
    /// lacks, or the rule that came nearest. Nothing was sent.
    pub fn first(&self) -> Result<Candidate<'a>, NoRoute> {
        self.candidates.first().copied().ok_or_else(|| NoRoute(self.why_nobody()))
    }

    fn why_nobody(&self) -> String {
        let lacks = self.excluded.iter().filter_map(|excluded| {
            let error = excluded.error.as_ref()?;
            Some(format!("{}: {error}", excluded.provider.id()))
        });
        let lacks = lacks.collect::<Vec<_>>().join("; ");
        match (self.rule, self.nearest) {
            (Some(rule), _) => {
                format!("no provider of the rule for {rule} can carry {}: {lacks}", self.payment)
            }
            (None, Some(nearest)) => {
                format!("no rule is for {}; the nearest is for {nearest}", self.payment)
            }
            (None, None) => format!("no provider can carry {}: {lacks}", self.payment),
        }
    }
}

impl Candidate<'_> {
    /// Why it is a candidate, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let Corridor { country, currency, channel, min, max, .. } = self.corridor;
        let limits = match (min, max) {
            (Some(min), Some(max)) => format!(", {min} to {max}"),
            (None, Some(max)) => format!(", up to {max}"),
            (Some(min), None) => format!(", from {min}"),
            (None, None) => String::new(),
        };
        vec![by_rule(self.rule), format!("it pays {currency} by {channel} in {country}{limits}")]
    }
}

impl Excluded<'_> {
    /// Why it was left out, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        vec![match &self.error {
            Some(error) => error.to_string(),
            None => "no rule sends this payment to it".into(),
        }]
    }
}

/// Nobody can carry a payment; nothing was sent.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoRoute(String);

impl fmt::Debug for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoRoute({self})")
    }
}

fn by_rule(rule: Option<&Rule>) -> String {
    match rule {
        Some(rule) => format!("the rule for {rule} names it"),
        None => "no rule is for this operation: providers in the order of the configuration".into(),
    }
}

impl Payment<'_> {
    /// The corridor the payment would take at a provider.
    pub(crate) fn admitted_by<'p>(
        &self,
        provider: &'p Arc<dyn Provider>,
    ) -> Result<&'p Corridor, Error> {
        let roles = provider.roles();
        let capability = match self.operation {
            tulay_core::Operation::Payout => roles.payouts.map(|role| role.capability()),
            tulay_core::Operation::Collection => roles.collections.map(|role| role.capability()),
            tulay_core::Operation::Code => roles.qr_codes.map(|role| role.capability()),
            // A refund goes back the way the money came.
            _ => None,
        };
        let Some(capability) = capability else {
            let message = format!("{} does no {}", provider.id(), self.operation);
            return Err(Error::unsupported(self.operation, message));
        };
        let Self { operation, country, currency, channel, amount, .. } = *self;
        capability.admit(operation, country, currency, channel, amount, |field| self.has(field))
    }
}
