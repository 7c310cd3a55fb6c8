//! When the orders of a collection are looked up.

use super::{
    facts::{Collected, OrderFacts, Said, Withdrawal},
    status::{Status, status},
    terms::Terms,
};
use crate::machine::schedule::spread;
use jiff::{SignedDuration, Timestamp};
use tulay_core::OrderId;

/// An order of a collection, and what its account can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// It can be looked up: by our id, or by the provider's, which is known.
    pub can_ask: bool,
    /// It can be withdrawn at the provider.
    pub can_withdraw: bool,
}

/// Someone who shows the code waits for the payment.
const OFTEN: SignedDuration = SignedDuration::from_secs(10);
/// For so long after the code is shown.
const OFTEN_FOR: SignedDuration = SignedDuration::from_mins(15);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Look-ups after the last payment: they notice a second payment and a reversal.
const AFTER_PAYMENT: [SignedDuration; 3] = [
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(7 * 24),
    SignedDuration::from_hours(30 * 24),
];

/// A reversal is looked up once more after this.
const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// Notifications cause look-ups no closer than this.
const LEAST_APART: SignedDuration = SignedDuration::from_secs(2);
/// The look-ups after the expiry are repeated for so long, until one is answered.
pub(super) const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// When an order is looked up next; `None`: only a notification causes another look-up.
///
/// | while | every |
/// |---|---|
/// | its code is shown, for 15 minutes, or as long as the application waits | 10 seconds |
/// | its code is shown, until it expires or ended; of one without expiry, for a day | minute |
/// | then, until it was looked up a minute and two minutes after | minute |
/// | then, and of an order that is not shown, to the end of the window | day |
/// | the collection is paid or reversed: 1, 7 and 30 days after the last payment | |
///
/// Up to a fifth is added or taken away, which follows from the order id. A look-up without an answer is
/// repeated after an hour where the next one is a day away.
pub(super) fn next_look(
    facts: &Collected,
    terms: &Terms,
    number: u8,
    order: &Order,
    is_watched: bool,
) -> Option<Timestamp> {
    let known = facts.order(number).filter(|_| order.can_ask)?;
    let schedule = Schedule { facts, terms, order: known, id: &order.id };
    let is_shown = facts.shown().is_some_and(|(shown, _)| shown == number);
    let scheduled = match status(facts, terms) {
        _ if known.is_unsent() => None,
        Status::Paid | Status::Reversed => schedule.after_payment(),
        _ if is_shown => schedule.shown(is_watched),
        _ => schedule.daily(known.sent_at.unwrap_or(terms.created_at)),
    };
    scheduled.into_iter().chain(schedule.hinted()).min()
}

struct Schedule<'a> {
    facts: &'a Collected,
    terms: &'a Terms,
    order: &'a OrderFacts,
    id: &'a OrderId,
}

impl Schedule<'_> {
    fn shown(&self, is_watched: bool) -> Option<Timestamp> {
        let shown_at = self.order.way_at?;
        let last = self.order.asked_last.max(Some(shown_at))?;
        let ends = self.ends();
        if last < ends {
            let often_until = self.terms.after(shown_at, OFTEN_FOR);
            let often_until = if is_watched { ends } else { often_until };
            let minutes_until = self.terms.expires.unwrap_or(self.terms.after(shown_at, DAY));
            let every = match last {
                last if last < often_until => OFTEN,
                last if last < minutes_until => MINUTE,
                _ => DAY,
            };
            let next = self.later(last, every, seconds(last, shown_at));
            return Some(if next <= ends { next } else { self.later(ends, MINUTE, 0) });
        }
        let is_answered = self.order.answered() >= Some(self.terms.graced(ends));
        if !is_answered && last < self.terms.after(ends, ANSWERED_WITHIN) {
            return Some(self.later(last, MINUTE, seconds(last, shown_at)));
        }
        self.daily(ends)
    }

    /// When its code stops being shown.
    fn ends(&self) -> Timestamp {
        let withdrawn = match self.order.withdrawal {
            Some((asked, Withdrawal::Withdrawn)) => Some(asked),
            _ => None,
        };
        let ended = match self.order.said {
            Some((_, Said::Closed | Said::Failed)) => self.order.ended_first,
            _ => None,
        };
        let ends = [withdrawn, ended].into_iter().flatten();
        ends.fold(self.facts.expiry(self.terms), Timestamp::min)
    }

    fn daily(&self, since: Timestamp) -> Option<Timestamp> {
        let end = self.terms.window_ends();
        let answered = self.order.answered().max(Some(since))?;
        if answered >= end {
            return None;
        }
        let next = self.later(answered, DAY, seconds(answered, since));
        self.repeated(next.min(end), end)
    }

    fn after_payment(&self) -> Option<Timestamp> {
        let last = self.facts.payments().iter().map(|payment| payment.seen_at).max()?;
        let answered = self.order.answered();
        let late = AFTER_PAYMENT.iter().enumerate().map(|(number, after)| {
            let at = self.later(last, *after, number);
            self.repeated(at, at).filter(|_| answered < Some(at))
        });
        let confirmed = self.order.reversed_first.map(|it| self.terms.after(it, CONFIRMED_AFTER));
        let confirmed = confirmed.filter(|at| answered < Some(*at));
        late.chain([confirmed.and_then(|at| self.repeated(at, at))]).flatten().min()
    }

    fn hinted(&self) -> Option<Timestamp> {
        let hinted = self.order.open_hint()?;
        Some(match self.order.asked_last {
            // It was not answered.
            Some(last) if last >= hinted => self.terms.doubled(hinted, last),
            Some(last) => self.terms.after(last, LEAST_APART).max(hinted),
            None => hinted,
        })
    }

    /// A look-up that is due at `next`, or again an hour after it was not answered, for a day after
    /// `end`.
    fn repeated(&self, next: Timestamp, end: Timestamp) -> Option<Timestamp> {
        let unanswered = self.order.asked_last.filter(|last| Some(*last) > self.order.answered());
        match unanswered {
            Some(last) if last >= self.terms.after(end, DAY) => None,
            Some(last) => Some(self.terms.after(last, HOUR).max(next)),
            None => Some(next),
        }
    }

    /// The moment this long after another, give or take a fifth.
    fn later(&self, moment: Timestamp, duration: SignedDuration, number: usize) -> Timestamp {
        let millis = duration.as_millis() * (800 + i128::from(spread(self.id, number))) / 1000;
        let millis = i64::try_from(millis).unwrap_or(i64::MAX);
        self.terms.after(moment, SignedDuration::from_millis(millis))
    }
}

/// A number for a look-up: it differs from that of the next one.
fn seconds(moment: Timestamp, since: Timestamp) -> usize {
    usize::try_from(moment.duration_since(since).as_secs()).unwrap_or_default()
}
