//! The providers of a plan: those that can carry the payment now, later, or not at all.

use crate::{provider_sequence::ProviderSequence, rule::Rule, unavailability::WaitReason};
use std::{fmt, sync::Arc};
use tulay_core::{Corridor, Error, ErrorKind, Provider, ProviderId};

/// A provider that can carry the payment now.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// The provider.
    pub provider: &'a Arc<dyn Provider>,
    /// The corridor that the payment would take there.
    pub corridor: &'a Corridor,
    pub(crate) choice: Choice<'a>,
}

/// A provider that can carry the payment, but not now.
#[derive(Clone)]
#[non_exhaustive]
pub struct Deferred<'a> {
    /// The name of the provider; the one at the acceptance, if its account is not configured now.
    pub id: &'a ProviderId,
    /// The provider; `None` if its account is not configured now.
    pub provider: Option<&'a Arc<dyn Provider>>,
    /// The corridor that the payment would take there; `None` if no corridor fits now.
    pub corridor: Option<&'a Corridor>,
    /// What the payment would wait for. Of several reasons, the one that lasts longest.
    pub reason: WaitReason,
    pub(crate) choice: Choice<'a>,
}

/// A provider that cannot carry the payment, or that no rule names for it.
#[non_exhaustive]
pub struct Excluded<'a> {
    /// The name of the provider.
    pub provider: &'a ProviderId,
    pub(crate) cause: Cause,
}

/// Which providers a plan evaluates.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// The providers of this rule.
    Rule(&'a Rule),
    /// All providers, in the order of the configuration: no rule is for the operation.
    Configuration,
    /// The providers that the payment was accepted for.
    Sequence(&'a ProviderSequence),
}

/// Why a provider is in the plan, and with which share.
#[derive(Clone, Copy)]
pub(crate) struct Choice<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) weight: u32,
    /// Whether the payment's reference has drawn among the weights.
    pub(crate) drawn: bool,
}

/// Why a provider was left out.
pub(crate) enum Cause {
    /// No rule sends this payment to it.
    NotNamed,
    /// The payment was not accepted for it.
    NotInSequence,
    /// It has no corridor for the payment, or amount or fields do not fit.
    CorridorError(Error),
    /// An attempt at its account failed, for a reason that time does not remove.
    Tried(ErrorKind),
    /// An attempt at another account failed in a way that would repeat here.
    SameElsewhere(ErrorKind),
}

impl Excluded<'_> {
    /// Why no corridor of the provider can carry the payment, as [`Payment::admitted_by`] says it;
    /// `None` if the provider was left out for another reason.
    ///
    /// [`Payment::admitted_by`]: crate::Payment::admitted_by
    #[must_use]
    pub const fn error(&self) -> Option<&Error> {
        match &self.cause {
            Cause::CorridorError(error) => Some(error),
            _ => None,
        }
    }

    /// Whether no rule sends the payment to the provider, or the payment was not accepted for it.
    #[must_use]
    pub const fn is_unnamed(&self) -> bool {
        matches!(self.cause, Cause::NotNamed | Cause::NotInSequence)
    }
}

impl fmt::Debug for Candidate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({})", self.provider.id())
    }
}

impl fmt::Debug for Deferred<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Deferred({}, {:?})", self.id, self.reason)
    }
}
