//! What a worker does next for a collection.

use super::{
    facts::{Collected, Ending, OrderFacts, Said, Withdrawal},
    schedule::{ANSWERED_WITHIN, Order, next_look},
    status::{Status, status},
    terms::Terms,
};
use jiff::{SignedDuration, Timestamp};

/// What a worker does next for a collection. It holds the claim of it: no other process is creating an
/// order of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a worker must handle each")]
pub enum Todo {
    /// Asks the planner for an account, and creates an order there.
    Plan {
        /// The order that may be sent again under its id at its account: no copy of it left.
        again: Option<u8>,
        /// The number of the next order, at any account. The transaction that writes its intent gives
        /// the last one up.
        next: Option<u8>,
    },
    /// Looks the order up.
    Ask(u8),
    /// Withdraws the order at the provider.
    Withdraw(u8),
    /// Ends the collection. [`Ending::Failed`] gives its last order up in the same transaction.
    End(Ending),
    /// Nothing now.
    Nothing,
}

/// What holds at the moment, beside the facts.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Circumstances<'a> {
    /// The journal's clock.
    pub now: Timestamp,
    /// The orders, from number 1.
    pub orders: &'a [Order],
    /// Until when the planner has no account.
    pub waits_until: Option<Timestamp>,
    /// The application waits for the payment.
    pub is_watched: bool,
}

/// An order that is not shown is looked up for so long. No one can pay it, so that the next order may
/// be made at any time.
const LOOKED_UP_FOR: SignedDuration = SignedDuration::from_secs(30);
const LOOKED_UP_EVERY: SignedDuration = SignedDuration::from_secs(2);

/// What a worker does now.
#[must_use]
pub fn todo(facts: &Collected, terms: &Terms, circumstances: &Circumstances<'_>) -> Todo {
    let due = due(facts, terms, circumstances);
    due.filter(|(at, _)| *at <= circumstances.now).map_or(Todo::Nothing, |(_, todo)| todo)
}

/// What a worker does next, and when; `None`: nothing, until evidence arrives.
///
/// * As long as nothing is shown, paid or over, a code is made. The last order is looked up where it may
///   exist. Where it has no way to pay, is absent, cannot be looked up, or is not answered for within 30
///   seconds, it is withdrawn where the provider can, and the next one is made.
/// * A withdrawal that is refused is looked up: the order may be paid.
/// * What the application withdrew is withdrawn at the provider, until that is answered.
/// * Every order is looked up by its schedule, and after a notification.
#[must_use]
pub fn due(
    facts: &Collected,
    terms: &Terms,
    circumstances: &Circumstances<'_>,
) -> Option<(Timestamp, Todo)> {
    let Circumstances { orders, is_watched, .. } = *circumstances;
    let looks = (1..).zip(orders).filter_map(|(number, order)| {
        let at = next_look(facts, terms, number, order, is_watched)?;
        Some((at, Todo::Ask(number)))
    });
    let others = [
        making(facts, terms, circumstances),
        withdrawing(facts, terms, circumstances),
        closing(facts, terms, circumstances),
    ];
    others.into_iter().flatten().chain(looks).min_by_key(|(at, _)| *at)
}

/// The next step towards a code that is shown.
fn making(
    facts: &Collected,
    terms: &Terms,
    circumstances: &Circumstances<'_>,
) -> Option<(Timestamp, Todo)> {
    let is_over = facts.cancelled_at.is_some() || facts.failed_at.is_some();
    if is_over || facts.shown().is_some() || !facts.sightings.is_empty() {
        return None;
    }
    let mut ready_at = terms.created_at;
    if let Some((number, order)) = facts.current().filter(|(_, order)| !order.is_dead()) {
        if order.is_unsent() {
            return Some(planning(facts, terms, circumstances, ready_at, Some(number)));
        }
        match settling(terms, number, order, circumstances) {
            Settling::Next(step) => return Some(step),
            Settling::Done(at) => ready_at = at,
        }
    }
    Some(planning(facts, terms, circumstances, ready_at, None))
}

fn planning(
    facts: &Collected,
    terms: &Terms,
    circumstances: &Circumstances<'_>,
    ready_at: Timestamp,
    again: Option<u8>,
) -> (Timestamp, Todo) {
    let next = facts.next_number();
    let has_expired = circumstances.now >= terms.expiry();
    if has_expired || (again.is_none() && next.is_none()) {
        return (ready_at, Todo::End(Ending::Failed));
    }
    let at = circumstances.waits_until.map_or(ready_at, |until| until.max(ready_at));
    // What waits for an account fails when it expires.
    (at.min(terms.expiry()), Todo::Plan { again, next })
}

enum Settling {
    Next((Timestamp, Todo)),
    /// The next order may be made from then on.
    Done(Timestamp),
}

/// What is done with an order that may exist and is not shown.
fn settling(
    terms: &Terms,
    number: u8,
    order: &OrderFacts,
    circumstances: &Circumstances<'_>,
) -> Settling {
    let account = circumstances.orders.get(usize::from(number).saturating_sub(1));
    let can_ask = account.is_some_and(|it| it.can_ask);
    let can_withdraw = account.is_some_and(|it| it.can_withdraw);
    let sent_at = order.sent_at.unwrap_or(terms.created_at);
    let refused_at = match order.withdrawal {
        Some((asked, Withdrawal::Refused)) => Some(asked),
        _ => None,
    };
    // What a look-up has to follow.
    let since = refused_at.map_or(sent_at, |at| at.max(sent_at));
    let is_answered = order.answered() >= Some(since) && order.open_hint().is_none();
    let mut ready_at = since;
    if can_ask && !is_answered {
        let tried = order.asked_last.filter(|tried| *tried >= since);
        let next = tried.map_or(since, |tried| terms.after(tried, LOOKED_UP_EVERY));
        let until = terms.after(since, LOOKED_UP_FOR);
        if next < until {
            return Settling::Next((next, Todo::Ask(number)));
        }
        ready_at = until;
    }
    let has_ended = order.said.is_some_and(|(_, said)| matches!(said, Said::Closed | Said::Failed));
    if can_withdraw && order.withdrawal.is_none() && !has_ended {
        return Settling::Next((ready_at, Todo::Withdraw(number)));
    }
    Settling::Done(ready_at)
}

/// The withdrawal of what the application withdrew.
fn withdrawing(
    facts: &Collected,
    terms: &Terms,
    circumstances: &Circumstances<'_>,
) -> Option<(Timestamp, Todo)> {
    let cancelled_at = facts.cancelled_at?;
    let (number, order) = facts.shown().or_else(|| facts.current())?;
    let account = circumstances.orders.get(usize::from(number).saturating_sub(1))?;
    let is_over = status(facts, terms) != Status::Closed || circumstances.now >= terms.expiry();
    let has_ended = order.said.is_some_and(|(_, said)| matches!(said, Said::Closed | Said::Failed));
    if !account.can_withdraw || order.is_unsent() || order.is_dead() || is_over || has_ended {
        return None;
    }
    let at = match order.withdrawal {
        None => cancelled_at,
        Some((_, Withdrawal::Withdrawn)) => return None,
        // A request that was under way may have made the order since.
        Some((asked, Withdrawal::Refused)) if !order.waits_after(asked) => return None,
        Some((asked, Withdrawal::Open | Withdrawal::Refused)) => {
            terms.doubled(cancelled_at, asked).max(cancelled_at)
        }
    };
    Some((at, Todo::Withdraw(number)))
}

/// The end of what expired and could not be looked up since.
fn closing(
    facts: &Collected,
    terms: &Terms,
    circumstances: &Circumstances<'_>,
) -> Option<(Timestamp, Todo)> {
    let has_code = facts.shown().is_some() || !facts.sightings.is_empty();
    if !has_code || status(facts, terms) != Status::Waiting {
        return None;
    }
    let can_ask = circumstances.orders.iter().any(|order| order.can_ask);
    let expiry = facts.expiry(terms);
    let at = if can_ask { terms.after(expiry, ANSWERED_WITHIN) } else { terms.graced(expiry) };
    Some((at, Todo::End(Ending::Closed)))
}
