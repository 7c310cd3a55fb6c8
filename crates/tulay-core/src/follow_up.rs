//! What may follow a call that failed: one answer for every kind and effect.

use crate::{
    effect::{Effect, ErrorKind},
    error::Error,
    guarantees::Guarantees,
};
use jiff::SignedDuration;
use std::fmt;

/// When the same account may be called again. After a rejection, the order id may be used up, so that
/// the next call is a payment under a new reference: [`FollowUp::pay_again`] says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "code that repeats calls must handle each")]
pub enum Retry {
    /// After [`Error::retry_after`], or with growing pauses: time removes the cause.
    Later,
    /// Once the request, the configuration or the account is corrected.
    AfterFix,
    /// Only the same `Prepared`, after a look-up that finds no order, and within
    /// [`Guarantees::resend_for`](crate::Guarantees::resend_for).
    AfterLookup,
    /// Only the same `Prepared`, whatever look-ups say, and within
    /// [`Guarantees::replays_for`](crate::Guarantees::replays_for): the lost answer is given again,
    /// and nothing new is made. [`Error::follow_up_under`] alone says so.
    Replay,
}

/// Whether the same money may be paid another way, under a new reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "code that pays again must handle each")]
pub enum PayAgain {
    /// No: it may have been paid.
    No,
    /// Nothing was sent: the same payment may be sent again.
    NotNeeded,
    /// This call paid nothing. An earlier one may have, so a look-up that finds no order comes first.
    AfterLookup,
}

/// What may follow a call that failed. It describes one call: it holds for the payment only if every
/// earlier sending of it was `NotSent` or `Rejected` too.
///
/// ```
/// use tulay_core::{Effect, ErrorKind, FollowUp, PayAgain, Retry};
/// let lost = FollowUp::of(ErrorKind::Unavailable, Effect::Unknown);
/// assert_eq!((lost.retry, lost.failover), (Retry::AfterLookup, false));
/// assert_eq!(lost.pay_again, PayAgain::No);
/// let short = FollowUp::of(ErrorKind::Funds, Effect::Rejected);
/// assert_eq!((short.retry, short.failover), (Retry::Later, true));
/// assert_eq!(short.pay_again, PayAgain::AfterLookup);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FollowUp {
    /// When the same account may be called again.
    pub retry: Retry,
    /// Whether another provider may be used.
    pub failover: bool,
    /// Whether the same money may be paid another way, under a new reference.
    pub pay_again: PayAgain,
}

impl FollowUp {
    /// What may follow an error of this kind with this effect.
    #[must_use]
    pub const fn of(kind: ErrorKind, effect: Effect) -> Self {
        let retry = match kind {
            // Transient, but only the merchant can correct them.
            ErrorKind::Configuration | ErrorKind::Authentication => Retry::AfterFix,
            _ if kind.is_transient() => Retry::Later,
            _ => Retry::AfterFix,
        };
        let failover = kind.allows_failover();
        match effect {
            Effect::NotSent => Self { retry, failover, pay_again: PayAgain::NotNeeded },
            Effect::Rejected => Self { retry, failover, pay_again: PayAgain::AfterLookup },
            Effect::Unknown => {
                Self { retry: Retry::AfterLookup, failover: false, pay_again: PayAgain::No }
            }
        }
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Later => "later",
            Self::AfterFix => "when the cause is removed",
            Self::AfterLookup => AFTER_LOOKUP,
            Self::Replay => "now, with the same prepared order",
        })
    }
}

impl fmt::Display for PayAgain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "no",
            Self::NotNeeded => "not needed",
            Self::AfterLookup => AFTER_LOOKUP,
        })
    }
}

const AFTER_LOOKUP: &str = "only after a look-up that finds no order";

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
    /// What may follow, whatever the provider guarantees.
    #[must_use]
    pub fn follow_up(&self) -> FollowUp {
        FollowUp::of(self.kind(), self.effect())
    }

    /// What may follow a sending under these guarantees, this long after the first sending of the
    /// same `Prepared`. As [`follow_up`](Self::follow_up), except that a lost answer is fetched by
    /// [`Retry::Replay`] while the provider replays.
    ///
    /// It holds only for a program that still has that `Prepared`: another one, even of the same request, may
    /// differ from what was sent. A replay that is rejected speaks of its own copy alone, unless
    /// [`Guarantees::replays_rejections`](crate::Guarantees::replays_rejections): otherwise the order
    /// stays in doubt.
    ///
    /// ```
    /// use jiff::SignedDuration;
    /// use tulay_core::{Error, ErrorKind, Guarantees, Operation, Retry};
    /// let mut guarantees = Guarantees::default();
    /// guarantees.replays_for = Some(SignedDuration::from_hours(12));
    /// let lost = Error::new(Operation::Payout, ErrorKind::Unavailable, "no answer");
    /// let after = |hours| {
    ///     lost.follow_up_under(&guarantees, SignedDuration::from_hours(hours)).retry
    /// };
    /// assert_eq!((after(1), after(12)), (Retry::Replay, Retry::AfterLookup));
    /// ```
    #[must_use]
    pub fn follow_up_under(
        &self,
        guarantees: &Guarantees,
        since_first_sending: SignedDuration,
    ) -> FollowUp {
        let follow_up = self.follow_up();
        let is_lost = self.effect() == Effect::Unknown && self.operation().writes();
        if is_lost && guarantees.replays_after(since_first_sending) {
            return FollowUp { retry: Retry::Replay, ..follow_up };
        }
        follow_up
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
    fn only_a_lost_answer_to_a_sending_is_replayed() {
        let mut guarantees = Guarantees::default();
        let retry = |guarantees: &Guarantees, operation, effect, minutes| {
            let error = Error::new(operation, ErrorKind::RateLimited, "lost").with_effect(effect);
            let follow_up = error.follow_up_under(guarantees, SignedDuration::from_mins(minutes));
            let plain = error.follow_up();
            assert_eq!(
                (follow_up.failover, follow_up.pay_again),
                (plain.failover, plain.pay_again)
            );
            follow_up.retry
        };
        let payout = Operation::Payout;
        assert_eq!(retry(&guarantees, payout, Effect::Unknown, 1), Retry::AfterLookup);
        guarantees.replays_for = Some(SignedDuration::from_mins(10));
        for (operation, effect, minutes, expected) in [
            (payout, Effect::Unknown, 0, Retry::Replay),
            (payout, Effect::Unknown, 9, Retry::Replay),
            (payout, Effect::Unknown, 10, Retry::AfterLookup),
            (payout, Effect::Unknown, -1, Retry::AfterLookup),
            (payout, Effect::Rejected, 1, Retry::Later),
            (payout, Effect::NotSent, 1, Retry::Later),
            (Operation::PayoutFind, Effect::Unknown, 1, Retry::AfterLookup),
        ] {
            let retry = retry(&guarantees, operation, effect, minutes);
            assert_eq!(retry, expected, "{operation} {effect} {minutes}");
        }
    }

    #[test]
    fn each_kind_with_each_effect_has_one_answer() {
        use Retry::{AfterFix, AfterLookup, Later};
        // Whether time or a correction removes the cause, and whether another provider may be used.
        for (kind, retry, failover) in [
            (ErrorKind::Configuration, AfterFix, false),
            (ErrorKind::Unsupported, AfterFix, true),
            (ErrorKind::InvalidRequest, AfterFix, false),
            (ErrorKind::Destination, AfterFix, false),
            (ErrorKind::Beneficiary, AfterFix, false),
            (ErrorKind::Limit, AfterFix, true),
            (ErrorKind::Funds, Later, true),
            (ErrorKind::Institution, AfterFix, true),
            (ErrorKind::Compliance, AfterFix, false),
            (ErrorKind::Authentication, AfterFix, true),
            (ErrorKind::RateLimited, Later, true),
            (ErrorKind::TooEarly, Later, false),
            (ErrorKind::Unreachable, Later, true),
            (ErrorKind::State, AfterFix, false),
        ] {
            for (effect, pay_again) in
                [(Effect::NotSent, PayAgain::NotNeeded), (Effect::Rejected, PayAgain::AfterLookup)]
            {
                let expected = FollowUp { retry, failover, pay_again };
                assert_eq!(FollowUp::of(kind, effect), expected, "{kind} {effect}");
            }
        }
        for kind in ErrorKind::ALL {
            let error = Error::new(Operation::Payout, kind, "lost");
            let expected =
                FollowUp { retry: AfterLookup, failover: false, pay_again: PayAgain::No };
            assert_eq!(error.follow_up(), expected, "{kind}");
        }
    }
}
