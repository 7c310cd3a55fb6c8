//! What came in otherwise than it was asked, and why a person has to look.

use super::{
    facts::{Collected, PaymentId, Said},
    payments::Payment,
    status::{Status, status},
    terms::Terms,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What came in otherwise than it was asked. The application notices each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Surprises {
    /// Payments that came when the collection was over: they were made after its expiry, or were first
    /// seen when the journal may have called it closed or failed. Goods may be sold to others by then.
    pub late: BTreeSet<PaymentId>,
    /// Payments that were first seen after the application withdrew the collection.
    pub after_cancellation: BTreeSet<PaymentId>,
    /// Payments before which the amount was reached already.
    pub twice: BTreeSet<PaymentId>,
    /// Something came in, less than the amount, and the collection is over.
    pub short: bool,
    /// More than the amount came in.
    pub over: bool,
}

/// What came in otherwise than it was asked. A payment that was reversed or given back counts neither
/// for [`twice`](Surprises::twice) nor for the sums; that it was late stays.
#[must_use]
pub fn surprises(facts: &Collected, terms: &Terms) -> Surprises {
    let mut surprises = Surprises::default();
    let asked = i128::from(terms.amount.minor());
    let mut sum = 0;
    for payment in facts.payments() {
        if is_late(&payment, facts, terms) {
            surprises.late.insert(payment.id.clone());
        }
        if facts.cancelled_at.is_some_and(|at| at <= payment.seen_at) {
            surprises.after_cancellation.insert(payment.id.clone());
        }
        if payment.counts(terms.amount.currency()) {
            let before = sum;
            sum += i128::from(payment.amount.minor());
            if before >= asked {
                surprises.twice.insert(payment.id);
            }
        }
    }
    let is_over = matches!(status(facts, terms), Status::Closed | Status::Failed);
    surprises.short = is_over && sum > 0 && sum < asked;
    surprises.over = sum > asked;
    surprises
}

/// Why a person has to look at a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Review {
    /// Less came in than was asked, and it is over.
    Short,
    /// More came in than was asked.
    Over,
    /// A payment came in after the amount was reached.
    Twice,
    /// A payment came in after the application withdrew the collection.
    AfterCancellation,
    /// A payment was reversed.
    Reversed,
    /// Messages differ in an amount, in a currency, or in the order of a payment.
    Mismatch,
    /// The provider does not know the order that is shown, or did not say whether it was paid.
    Unresolved,
}

impl Review {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Short,
        Self::Over,
        Self::Twice,
        Self::AfterCancellation,
        Self::Reversed,
        Self::Mismatch,
        Self::Unresolved,
    ];

    /// The name in the database and in JSON: `after_cancellation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Over => "over",
            Self::Twice => "twice",
            Self::AfterCancellation => "after_cancellation",
            Self::Reversed => "reversed",
            Self::Mismatch => "mismatch",
            Self::Unresolved => "unresolved",
        }
    }
}

/// Why a person has to look at a collection.
///
/// A payment that is late, and no more than that, is no reason: the application is notified that it is
/// late, and it makes the collection paid, or is short or twice as well. A payment after the
/// cancellation is one: the application wants no money any more, and may ignore that it is paid.
///
/// A payment that a person gave back or assigned was looked at, and is a reason for nothing.
#[must_use]
pub fn reviews(facts: &Collected, terms: &Terms) -> BTreeSet<Review> {
    let surprises = surprises(facts, terms);
    let currency = terms.amount.currency();
    let mut reasons = BTreeSet::new();
    let mut sum = 0;
    for payment in facts.payments() {
        let counts = payment.counts(currency);
        if counts {
            sum += i128::from(payment.amount.minor());
        }
        if payment.is_given_back || payment.is_assigned {
            continue;
        }
        let is_beyond = counts && sum > i128::from(terms.amount.minor());
        let is_after = counts && surprises.after_cancellation.contains(&payment.id);
        let is_other = payment.is_mismatched || payment.amount.currency() != currency;
        let holds = [
            (Review::Short, counts && surprises.short),
            (Review::Over, is_beyond),
            (Review::Twice, surprises.twice.contains(&payment.id)),
            (Review::AfterCancellation, is_after),
            (Review::Reversed, payment.is_reversed),
            (Review::Mismatch, is_other || payment.amount.minor() <= 0),
        ];
        reasons.extend(holds.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)));
    }
    let says = |word: Said| move |said: Option<_>| said.is_some_and(|(_, said)| said == word);
    if facts.orders.values().any(|order| says(Said::Mismatch)(order.said)) {
        reasons.insert(Review::Mismatch);
    }
    if facts.shown().is_some_and(|(_, order)| says(Said::Absent)(order.said))
        || is_unanswered(facts, terms)
    {
        reasons.insert(Review::Unresolved);
    }
    reasons
}

fn is_late(payment: &Payment, facts: &Collected, terms: &Terms) -> bool {
    let expiry = facts.expiry(terms);
    let seen_at = payment.seen_at;
    let ended = facts.shown().and_then(|(_, order)| order.ended_first);
    let ends = [Some(terms.graced(expiry)), facts.closed_at, facts.failed_at, ended];
    payment.paid_at.is_some_and(|paid| paid.min(seen_at) > expiry)
        || ends.into_iter().flatten().any(|end| end <= seen_at)
}

/// Whether it was closed although the shown order could be looked up, and no look-up was answered.
fn is_unanswered(facts: &Collected, terms: &Terms) -> bool {
    let graced = terms.graced(facts.expiry(terms));
    let is_unpaid = status(facts, terms) == Status::Closed && facts.closed_at.is_some();
    let order = facts.shown().map(|(_, order)| order).filter(|_| is_unpaid);
    order.is_some_and(|it| it.asked_last > it.answered() && it.answered() < Some(graced))
}
