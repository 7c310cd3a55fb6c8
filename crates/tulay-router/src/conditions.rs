//! What is known at one moment, beside the payment.

use crate::{
    candidate::Cause,
    facts::PaymentFacts,
    unavailability::{Unavailability, WaitReason},
};
use jiff::Timestamp;
use tulay_core::{ErrorKind, MerchantAccount};

/// An attempt that has ended without a payment.
///
/// Record an attempt here only when every sending of it was
/// [`NotSent`](tulay_core::Effect::NotSent), or the order is proven dead. While that is open, plan
/// no other attempt at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PastAttempt {
    /// The merchant account of the attempt.
    pub account: MerchantAccount,
    /// Why the attempt failed.
    pub kind: ErrorKind,
}

impl PastAttempt {
    /// An attempt at this account that failed for this reason.
    #[must_use]
    pub const fn new(account: MerchantAccount, kind: ErrorKind) -> Self {
        Self { account, kind }
    }
}

/// How many accounts one payment is sent to at most, by default.
const MAX_ATTEMPTS: usize = 3;

/// What is known at one moment, beside the payment. The router reads no clock and calls no
/// provider: the same conditions give the same plan.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Conditions<'a> {
    /// The time. An unavailability that ends at or before it is ignored.
    pub now: Timestamp,
    /// The accounts that cannot take payments now.
    pub unavailable: &'a [Unavailability],
    /// The earlier attempts of this payment. An account that was tried is not a candidate again.
    pub past_attempts: &'a [PastAttempt],
    /// How many accounts the payment is sent to at most, the past attempts included; 3 by default.
    pub max_attempts: usize,
}

impl Conditions<'_> {
    /// The conditions of a first attempt, with every account available; set the other fields to
    /// change that.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { now, unavailable: &[], past_attempts: &[], max_attempts: MAX_ATTEMPTS }
    }

    /// Whether a payment that a provider can carry may be sent to its account, now or later.
    pub(crate) fn verdict(&self, account: &MerchantAccount, facts: &PaymentFacts<'_>) -> Verdict {
        let past_attempts = || self.past_attempts.iter();
        if let Some(attempt) = past_attempts().find(|attempt| attempt.account == *account) {
            return Verdict::Excluded(Cause::Tried(attempt.kind));
        }
        if let Some(attempt) = past_attempts().find(|attempt| !attempt.kind.allows_failover()) {
            return Verdict::Excluded(Cause::SameElsewhere(attempt.kind));
        }
        if self.past_attempts.len() >= self.max_attempts {
            return Verdict::Excluded(Cause::AttemptsUsedUp(self.max_attempts));
        }
        let applying = self.unavailable.iter().filter(|u| u.applies(facts, account, self.now));
        let reasons = applying.map(|unavailability| unavailability.reason);
        let longest = reasons.reduce(|longest, reason| match reason.outlasts(&longest) {
            true => reason,
            false => longest,
        });
        longest.map_or(Verdict::Now, Verdict::Later)
    }
}

/// Whether a payment may be sent to an account.
pub(crate) enum Verdict {
    Now,
    Later(WaitReason),
    Excluded(Cause),
}
