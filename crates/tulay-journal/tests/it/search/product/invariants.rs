//! The invariants of SAFETY, part 7, after every step and at the end of every schedule.

use super::payout::Payout;
use jiff::{SignedDuration, Timestamp};
use tulay_journal::{
    machine::{Outcome, Standing},
    record::{Change, Done, Record, Status},
};

/// After a step.
pub(super) fn judge(payout: &Payout<'_>, before: &Record, done: &Done) {
    let record = &payout.record;
    let shown = || payout.shown();
    // One slot, and it is the last attempt's.
    for (place, attempt) in record.attempts.iter().enumerate() {
        let is_last = place + 1 == record.attempts.len();
        let is_closed = attempt.attempt.closed_as.is_some();
        let must_be_closed = !is_last || record.progress.ending.is_some();
        assert_eq!(is_closed, must_be_closed, "I1: {}", shown());
        assert_eq!(attempt.proof.is_some(), is_closed, "I2: {}", shown());
    }
    judge_slot(payout, done);
    // What an attempt is never changes.
    for (was, is) in before.attempts.iter().zip(&record.attempts) {
        let is_same = was.merchant_account == is.merchant_account
            && was.order_id == is.order_id
            && was.prepared == is.prepared
            && was.guarantees == is.guarantees
            && was.digest == is.digest;
        assert!(is_same, "I4: {}", shown());
    }
    assert!(record.status.is_final() || record.next_at.is_some(), "I5: {}", shown());
    for (event, number) in done.events.iter().zip(before.version + 1..) {
        assert_eq!(event.number, number, "I6: {}", shown());
    }
    let version = usize::try_from(record.version).unwrap();
    assert_eq!(version, payout.events.len(), "I6: {}", shown());
    let is_unpaid = matches!(record.status, Status::Failed | Status::Cancelled);
    let alive = payout.truth.alive(payout.now);
    assert!(!is_unpaid || alive == 0, "I7: {}", shown());
    assert!(payout.truth.paid(payout.now) <= 1 && alive <= 1, "I8: {}", shown());
    for attempt in &record.attempts {
        let mut digests = attempt.attempt.sendings.iter().map(|sending| sending.digest);
        assert!(digests.all(|digest| digest == attempt.digest.0), "I13: {}", shown());
    }
}

/// The slot is given up with proof, in one of two transactions; no payout fails for what time
/// removes.
fn judge_slot(payout: &Payout<'_>, done: &Done) {
    let shown = || payout.shown();
    let changes: Vec<&Change> = done.events.iter().map(|event| &event.change).collect();
    for (place, change) in changes.iter().enumerate() {
        match change {
            Change::Closed { standing, .. } => {
                let is_proof = standing.is_dead() || *standing == Standing::Unsent;
                let follows = matches!(
                    changes.get(place + 1),
                    Some(Change::Intended { begins: Some(_), .. } | Change::Ended { .. })
                );
                assert!(is_proof && follows, "I2: {}", shown());
            }
            Change::Intended { attempt, begins: Some(_), .. } if *attempt > 1 => {
                let earlier = &payout.record.attempts[usize::from(*attempt) - 2];
                let began = payout.events.len() - done.events.len() + place + 1;
                let proof = usize::try_from(earlier.proof.unwrap()).unwrap();
                assert!(proof < began, "I3: {}", shown());
            }
            Change::Ended { ending: tulay_journal::record::Ending::Failed, .. } => {
                let last = payout.record.attempts.last().unwrap();
                let is_open =
                    matches!(last.attempt.closed_as, Some(Standing::Rejected | Standing::Unsent));
                let kind = crate::search::model::decisions::last_kind(&last.attempt);
                let is_transient = kind.is_some_and(tulay_core::ErrorKind::is_transient);
                assert!(!(is_open && is_transient), "I12: {}", shown());
            }
            _ => {}
        }
    }
}

/// At the end of a schedule, when everything that can arrive has arrived.
pub(super) fn judge_end(payout: &Payout<'_>, must_end: bool) {
    let record = &payout.record;
    let shown = || payout.shown();
    let mut replayed = payout.replayed();
    // The only text that no event has is what was prepared; claims and due times are no facts.
    for (attempt, known) in replayed.attempts.iter_mut().zip(&record.attempts) {
        attempt.prepared = known.prepared.clone();
    }
    (replayed.lease, replayed.next_at) = (record.lease, record.next_at);
    replayed.progress.scheduled = record.progress.scheduled;
    assert_eq!(replayed, *record, "I6: {}", shown());

    let later = payout.now + SignedDuration::from_hours(48);
    let truth = payout.truth.ended();
    let is_unpaid = matches!(record.status, Status::Failed | Status::Cancelled);
    assert!(!is_unpaid || truth.alive(Timestamp::MAX) == 0, "I7: {}", shown());
    assert!(truth.paid(later) <= 1 && truth.alive(later) <= 1, "I8: {}", shown());
    let is_paid = record.status == Status::Succeeded;
    assert!(!is_paid || truth.paid(later) == 1, "succeeded, and not paid: {}", shown());

    for (attempt, order) in record.attempts.iter().zip(&truth.orders) {
        let sendings = &attempt.attempt.sendings;
        let unsent = |it: &&tulay_journal::machine::Sending| {
            matches!(it.outcome, Some(Outcome::NotSent { .. }))
        };
        let left = sendings.len() - sendings.iter().filter(unsent).count();
        let answered = left - sendings.iter().filter(|it| it.outcome.is_none()).count();
        assert!((answered..=left).contains(&order.arrived), "I9: {}", shown());
    }

    let is_explained = !record.reviews.is_empty() || !payout.pauses.is_empty();
    assert!(record.status.is_final() || is_explained, "I11, it hangs: {}", shown());
    assert!(record.status.is_final() || !must_end, "I11, it waits for nothing: {}", shown());
}
