//! Why a person has to look at a payout.

use super::{Attempt, Rules, Standing, rows::standing};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Why a person has to look at a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReviewReason {
    /// It takes longer than it should.
    Slow,
    /// Its state can no longer be found out without help.
    Unresolved,
    /// What is known of it cannot all be true.
    Contradiction,
    /// A message that names its order id names another amount or currency.
    Mismatch,
    /// It was paid and returned.
    Reversed,
    /// Its account, host, country or operation is not configured any more.
    NotConfigured,
    /// Two attempts may both have been paid.
    DoublePaymentSuspected,
    /// Less came in than was asked, and it is over.
    Short,
    /// More came in than was asked.
    Over,
    /// A payment came in after the amount was reached.
    Twice,
    /// A payment came in after the application withdrew the collection.
    AfterCancellation,
}

impl ReviewReason {
    /// Every reason.
    pub const ALL: [Self; 11] = [
        Self::Slow,
        Self::Unresolved,
        Self::Contradiction,
        Self::Mismatch,
        Self::Reversed,
        Self::NotConfigured,
        Self::DoublePaymentSuspected,
        Self::Short,
        Self::Over,
        Self::Twice,
        Self::AfterCancellation,
    ];

    /// The name in the database and in JSON: `not_configured`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Unresolved => "unresolved",
            Self::Contradiction => "contradiction",
            Self::Mismatch => "mismatch",
            Self::Reversed => "reversed",
            Self::NotConfigured => "not_configured",
            Self::DoublePaymentSuspected => "double_payment_suspected",
            Self::Short => "short",
            Self::Over => "over",
            Self::Twice => "twice",
            Self::AfterCancellation => "after_cancellation",
        }
    }

    /// Whether nothing is sent for the payout while it holds.
    #[must_use]
    pub const fn blocks_sending(self) -> bool {
        !matches!(self, Self::Slow)
    }

    /// Whether the money may be elsewhere than the status of the payout says.
    #[must_use]
    pub const fn doubts_status(self) -> bool {
        matches!(self, Self::Contradiction | Self::Mismatch | Self::DoublePaymentSuspected)
    }
}

/// A payout is slow when it is in doubt or pending for longer than this.
pub const SLOW_AFTER: SignedDuration = SignedDuration::from_mins(30);
/// A payout that waits to be sent is slow after this.
pub const SLOW_WAITING_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// So many sendings that nothing was written down of are a process that ends again and again.
pub const MOST_UNHEARD_SENDINGS: usize = 5;

/// The reasons that follow from the facts of one attempt: at most one of each.
///
/// [`ReviewReason::Mismatch`] and [`ReviewReason::NotConfigured`] follow from messages and from the
/// configuration, and are set where those are read.
pub fn reviews(
    attempt: &Attempt,
    rules: &Rules,
    now: Timestamp,
) -> impl Iterator<Item = ReviewReason> {
    let standing = standing(attempt, rules);
    let reasons = [
        (ReviewReason::Contradiction, is_contradictory(attempt, standing)),
        (ReviewReason::Reversed, standing == Standing::Reversed),
        (ReviewReason::Unresolved, is_unresolved(attempt, rules, standing, now)),
        (ReviewReason::Slow, is_slow(attempt, standing, now)),
    ];
    reasons.into_iter().filter_map(|(reason, holds)| holds.then_some(reason))
}

/// Whether two attempts of one payout, or of two that replace each other, may both have been paid:
/// a closed one has an order after all, and another one was sent.
#[must_use]
pub fn is_double_payment_suspected(attempts: &[&Attempt]) -> bool {
    let was_sent = |attempt: &Attempt| attempt.has_order() || !attempt.is_unsent();
    attempts.iter().enumerate().any(|(place, attempt)| {
        let others = attempts.iter().enumerate().filter(|(other, _)| *other != place);
        is_alive_after_death(attempt) && others.into_iter().any(|(_, other)| was_sent(other))
    })
}

/// Whether a closed attempt turns out to have an order. One that was closed because its order had
/// failed has one, and one that evidence closed may have had one; that it is failed or gone still is
/// no news.
pub(crate) fn is_alive_after_death(attempt: &Attempt) -> bool {
    let facts = &attempt.facts;
    let is_dead_still = match attempt.closed_as {
        Some(Standing::Failed) => facts.failed.is_seen(),
        Some(Standing::Declared) => facts.is_order_gone && facts.is_absent_after(None),
        _ => false,
    };
    let is_paid = facts.succeeded || facts.declared_paid;
    attempt.closed_as.is_some() && attempt.has_order() && (is_paid || !is_dead_still)
}

/// Whether a look-up says paid although a person said before that the money came back.
pub(crate) fn is_paid_after_return(attempt: &Attempt) -> bool {
    let facts = &attempt.facts;
    facts.declared_returned.is_some() && facts.paid_last > facts.declared_returned
}

fn is_contradictory(attempt: &Attempt, standing: Standing) -> bool {
    let facts = &attempt.facts;
    let is_lost = facts.is_absent_beyond(attempt.last_sent(), SLOW_AFTER)
        && facts.is_absent_after(None)
        && !matches!(standing, Standing::Succeeded | Standing::Declared);
    let is_known = attempt.has_order() || attempt.has_duplicate() || facts.is_notified_failed;
    let has_failed_after_success =
        facts.succeeded && facts.failed.is_seen() && facts.declared_returned.is_none();
    is_lost && is_known
        || has_failed_after_success
        || is_paid_after_return(attempt)
        || is_alive_after_death(attempt)
        || facts.provider_references.len() > 1
        || facts.is_reference_shared
}

fn is_unresolved(attempt: &Attempt, rules: &Rules, standing: Standing, now: Timestamp) -> bool {
    if standing != Standing::InDoubt {
        return false;
    }
    let is_late = attempt.resend_until.is_some_and(|until| now >= until);
    let is_never_found = !rules.is_found_by_order_id
        && !rules.replays
        && attempt.facts.provider_references.is_empty();
    let is_unheard = |place: &u32| !attempt.facts.heard_of.contains(place);
    let unheard = (0..).zip(&attempt.sendings).filter(|(place, _)| is_unheard(place)).count();
    is_late || is_never_found || unheard >= MOST_UNHEARD_SENDINGS
}

fn is_slow(attempt: &Attempt, standing: Standing, now: Timestamp) -> bool {
    let Some(since) = attempt.known_since() else { return false };
    let age = now.duration_since(since);
    match standing {
        Standing::InDoubt | Standing::Pending => age > SLOW_AFTER,
        Standing::Unsent | Standing::Rejected => age > SLOW_WAITING_AFTER,
        _ => false,
    }
}
