//! What must never be, and how a world must end.

use super::{books::Order, life::Life};
use crate::store::{self, acceptance};
use tulay_journal::{
    machine::{Outcome, ReviewReason, Standing},
    record::{Context, Status, accept},
};

/// Compares the journal with the truth.
pub(super) fn truth(life: &Life<'_>) -> Result<(), String> {
    let orders = || life.books.iter().flat_map(|books| &books.entries);
    let alive = orders().filter(|entry| entry.order.is_alive()).count();
    if alive > 1 || orders().any(|entry| entry.more > 0) {
        return fault(life, "I8: paid twice");
    }
    let has = |wanted: &[Order]| orders().any(|entry| wanted.contains(&entry.order));
    let record = &life.record;
    let is_wrong = match record.status {
        Status::Failed | Status::Cancelled => has(&[Order::Pending, Order::Paid]),
        Status::Succeeded => !has(&[Order::Paid, Order::Returned]),
        Status::Reversed => !has(&[Order::Returned]),
        _ => false,
    };
    if is_wrong {
        return fault(life, "I7: the status is not true");
    }
    let open = record.attempts.iter().filter(|it| it.attempt.closed_as.is_none()).count();
    if open > 1 || open == 1 && record.attempts.last().is_some_and(|it| it.proof.is_some()) {
        return fault(life, "I1: two slots");
    }
    if matches!(record.status, Status::Failed | Status::Cancelled) && open > 0 {
        return fault(life, "I2: ended with an open slot");
    }
    if record.next_at.is_none() && !record.status.is_final() {
        return fault(life, "I5: forgotten");
    }
    Ok(())
}

/// Judges the end of a quiet world.
pub(super) fn end(life: &Life<'_>, is_ideal: bool) -> Result<(), String> {
    let record = &life.record;
    let reviews = record.reviews_at(life.now(), &life.context(0));
    if !record.status.is_final() && reviews.is_empty() && life.pauses.is_empty() {
        return fault(life, "I11: it hangs without a reason");
    }
    let alarms = [ReviewReason::Contradiction, ReviewReason::DoublePaymentSuspected];
    if is_ideal && (!record.status.is_final() || alarms.iter().any(|it| reviews.contains(it))) {
        return fault(life, "I11: parked, and everything works");
    }
    if record.status == Status::Failed && !record.is_late(record.progress.last_at) {
        let last = record.attempts.last().map(|it| &it.attempt);
        let is_transient = last.is_some_and(|last| {
            let kind = last.sendings.iter().rev().find_map(|sending| match sending.outcome {
                Some(Outcome::Rejected { kind, .. }) => Some(kind),
                _ => None,
            });
            match last.closed_as {
                Some(Standing::Rejected) => kind.is_some_and(|kind| kind.is_transient()),
                closed_as => closed_as == Some(Standing::Unsent),
            }
        });
        if last.is_none() || is_transient {
            return fault(life, "I12: failed for a reason that time removes");
        }
    }
    for attempt in &record.attempts {
        if attempt.attempt.sendings.iter().any(|sending| sending.digest != attempt.digest.0) {
            return fault(life, "I13: two texts under one order id");
        }
    }
    replayed(life)
}

/// I6: the events, under the configurations of their processes, make the row.
fn replayed(life: &Life<'_>) -> Result<(), String> {
    let record = &life.record;
    let now = record.created_at;
    let mut acceptance = acceptance("R1");
    acceptance.send_by = record.progress.send_by;
    let context = Context { now, ..store::context(&life.policies[0]) };
    let (mut replayed, _) = accept(record.id, acceptance, &context);
    for (number, (event, policy, doubt)) in (1..).zip(&life.log) {
        if event.number != number {
            return fault(life, "I6: a gap");
        }
        if number > 1 {
            let (policy, doubt) = (&life.policies[*policy], life.doubts[*doubt].as_ref());
            replayed.play(event, &Context { now, doubt, ..store::context(policy) });
        }
    }
    for (attempt, kept) in replayed.attempts.iter_mut().zip(&record.attempts) {
        attempt.prepared = kept.prepared.clone();
    }
    (replayed.lease, replayed.next_at) = (record.lease, record.next_at);
    replayed.progress.scheduled = record.progress.scheduled;
    match replayed == *record {
        true => Ok(()),
        false => fault(life, "I6: the events make another row"),
    }
}

fn fault(life: &Life<'_>, what: &str) -> Result<(), String> {
    let orders = life.books.iter().map(|books| {
        let orders = books.entries.iter().map(|entry| (entry.order, entry.more));
        orders.filter(|(order, _)| *order != Order::None).collect::<Vec<_>>()
    });
    let orders: Vec<_> = orders.collect();
    Err(format!("{what} at {}; orders {orders:?}\n{:?}", life.now(), life.record))
}
