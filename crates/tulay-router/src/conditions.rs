//! What is known at one moment, beside the payment.

use crate::{
    candidate::Cause,
    facts::PaymentFacts,
    unavailability::{Unavailability, WaitReason},
};
use jiff::Timestamp;
use tulay_core::{ErrorKind, MerchantAccount};

/// An attempt that has not made a payment, and cannot make one any more.
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

/// What is known at one moment, beside the payment. The router reads no clock and calls no
/// provider: the same conditions give the same plan.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Conditions<'a> {
    /// The time. An unavailability that ends at or before it is ignored.
    pub now: Timestamp,
    /// The accounts that cannot take payments now.
    pub unavailable: &'a [Unavailability],
    /// The earlier attempts of this payment, the first one first. After an attempt that failed for a
    /// [transient](ErrorKind::is_transient) reason, its account stays a candidate, behind those that
    /// were not tried. After any other, its account is excluded. All other accounts are excluded if
    /// the reason does not [allow failover](ErrorKind::allows_failover); if it is transient, only
    /// until the next attempt.
    pub past_attempts: &'a [PastAttempt],
}

impl Conditions<'_> {
    /// The conditions of a first attempt, with every account available; set the other fields to
    /// change that.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { now, unavailable: &[], past_attempts: &[] }
    }

    /// Why an account is not used any more, after the past attempts.
    pub(crate) fn exclusion(&self, account: &MerchantAccount) -> Option<Cause> {
        let lasting = || self.past_attempts.iter().filter(|past| !past.kind.is_transient());
        if let Some(tried) = lasting().find(|past| past.account == *account) {
            return Some(Cause::Tried(tried.kind));
        }
        // An attempt after a transient error shows that time has removed the error.
        lasting()
            .chain(self.past_attempts.last())
            .find(|past| past.account != *account && !past.kind.allows_failover())
            .map(|past| Cause::SameElsewhere(past.kind))
    }

    /// What a payment to an account waits for. Of several reasons, the one that lasts longest.
    pub(crate) fn wait(
        &self,
        account: &MerchantAccount,
        facts: &PaymentFacts<'_>,
    ) -> Option<WaitReason> {
        let applying = self.unavailable.iter().filter(|u| u.applies(facts, account, self.now));
        let reasons = applying.map(|unavailability| &unavailability.reason);
        let longest = reasons.reduce(|longest, reason| match reason.outlasts(longest) {
            true => reason,
            false => longest,
        });
        longest.cloned()
    }

    /// The rank of an account among the candidates. Of the accounts that were tried, the last one
    /// comes first: if nothing was sent there, the same attempt is repeated, and none is used up.
    pub(crate) fn rank(&self, account: &MerchantAccount) -> u8 {
        match self.past_attempts.iter().rev().position(|past| past.account == *account) {
            None => 0,
            Some(0) => 1,
            Some(_) => 2,
        }
    }
}
