//! What may follow a call that failed: one answer for every kind and effect.

use crate::{
    effect::{Effect, ErrorKind},
    error::Error,
};

/// Whether the same call may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "code that repeats calls must handle each")]
pub enum Retry {
    /// Yes, after [`Error::retry_after`] or with growing pauses: time heals the cause.
    Later,
    /// Yes, once the cause is removed: the request, the configuration or the account.
    AfterFix,
    /// Only the same `Prepared`, after a look-up that finds no order, and within
    /// [`Guarantees::resend_for`](crate::Guarantees::resend_for).
    AfterLookup,
}

/// What may follow a call that failed. It describes one call: it holds for the payment only if every
/// earlier sending of it was `NotSent` or `Rejected` too.
///
/// ```
/// use tulay_core::{Effect, ErrorKind, FollowUp, Retry};
/// let lost = FollowUp::of(ErrorKind::Unavailable, Effect::Unknown);
/// assert_eq!((lost.retry, lost.failover, lost.pay_again), (Retry::AfterLookup, false, false));
/// let short = FollowUp::of(ErrorKind::Funds, Effect::Rejected);
/// assert_eq!((short.retry, short.failover, short.pay_again), (Retry::Later, true, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FollowUp {
    /// Whether the same account may be called again. After a rejection that is a next attempt, with a
    /// new order id.
    pub retry: Retry,
    /// Whether another provider may be used.
    pub failover: bool,
    /// Whether the same money may be paid another way, under a new reference.
    pub pay_again: bool,
}

impl FollowUp {
    /// What may follow an error of this kind with this effect.
    #[must_use]
    pub const fn of(kind: ErrorKind, effect: Effect) -> Self {
        match effect {
            Effect::Unknown => {
                Self { retry: Retry::AfterLookup, failover: false, pay_again: false }
            }
            Effect::NotSent | Effect::Rejected => {
                let retry = if kind.is_transient() { Retry::Later } else { Retry::AfterFix };
                Self { retry, failover: kind.allows_failover(), pay_again: true }
            }
        }
    }
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 21] = [
        Self::Configuration,
        Self::Unsupported,
        Self::InvalidRequest,
        Self::Destination,
        Self::Beneficiary,
        Self::Limit,
        Self::Funds,
        Self::Institution,
        Self::Compliance,
        Self::Authentication,
        Self::RateLimited,
        Self::TooEarly,
        Self::Unreachable,
        Self::Unavailable,
        Self::InProcess,
        Self::Duplicate,
        Self::State,
        Self::Signature,
        Self::Unrelated,
        Self::Mismatch,
        Self::Unexpected,
    ];

    /// The effects that an error of this kind can have where the call writes; a failed reading is
    /// always [`Unknown`](Effect::Unknown).
    #[must_use]
    pub const fn effects(self) -> &'static [Effect] {
        use Effect::{NotSent, Rejected, Unknown};
        match self {
            Self::Configuration
            | Self::Unsupported
            | Self::InvalidRequest
            | Self::Destination
            | Self::Limit
            | Self::Institution
            | Self::Authentication
            | Self::RateLimited
            | Self::TooEarly
            | Self::State => &[NotSent, Rejected, Unknown],
            // Only the provider knows of these.
            Self::Beneficiary | Self::Funds | Self::Compliance => &[Rejected, Unknown],
            // An earlier step of the same call may have arrived.
            Self::Unreachable => &[NotSent, Unknown],
            // These prove nothing.
            Self::Unavailable
            | Self::InProcess
            | Self::Duplicate
            | Self::Signature
            | Self::Unrelated
            | Self::Mismatch
            | Self::Unexpected => &[Unknown],
        }
    }
}

impl Error {
    /// What may follow.
    #[must_use]
    pub fn follow_up(&self) -> FollowUp {
        FollowUp::of(self.kind(), self.effect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    #[test]
    fn every_kind_is_listed_once() {
        for (position, kind) in ErrorKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, position, "{kind}");
            assert!(kind.effects().last() == Some(&Effect::Unknown), "{kind}");
        }
        assert_eq!(ErrorKind::Unexpected as usize + 1, ErrorKind::ALL.len());
    }

    #[test]
    fn an_unknown_effect_permits_neither_failover_nor_payment() {
        for kind in ErrorKind::ALL {
            let error = Error::new(Operation::Payout, kind, "lost");
            let follow_up = error.follow_up();
            assert_eq!(follow_up.retry, Retry::AfterLookup, "{kind}");
            assert!(!follow_up.failover && !follow_up.pay_again, "{kind}");
            for effect in [Effect::NotSent, Effect::Rejected] {
                let follow_up = FollowUp::of(kind, effect);
                assert_eq!(follow_up.failover, kind.allows_failover(), "{kind}");
                assert_eq!(follow_up.retry == Retry::Later, kind.is_transient(), "{kind}");
            }
        }
    }
}
