//! A call of an adapter that sends.

use crate::{
    deadline::Deadline,
    record::{AttemptRecord, Record},
};
use jiff::Timestamp;
use std::time::Duration;
use tokio::task::JoinSet;
use tulay_core::Prepared;

/// The last sending of a payment, which may leave.
pub(super) struct Call {
    pub(super) attempt: u8,
    pub(super) sending: u32,
    pub(super) sent_at: Timestamp,
    pub(super) deadline: Deadline,
}

impl Call {
    pub(super) fn of(record: &Record, began: Duration) -> Option<Self> {
        let attempt = &record.attempts.last()?.attempt;
        let (first, last) = (attempt.sendings.first()?, attempt.sendings.last()?);
        let lease = record.lease?.until;
        // Before what has left once, the time for the same order id ends as well.
        let until = attempt.resend_until.map_or(lease, |resend| resend.min(lease));
        Some(Self {
            attempt: attempt.number,
            sending: u32::try_from(attempt.sendings.len()).ok()?.checked_sub(1)?,
            sent_at: last.at,
            deadline: Deadline::new(first.at, last.at, until, began),
        })
    }
}

/// The stored prepared request, in a form that this version reads.
pub(super) fn restored(attempt: &AttemptRecord) -> Option<Prepared> {
    Prepared::restore(attempt.prepared.expose().as_bytes()).ok()
}

/// Runs a call of an adapter. `None`: it panicked. Dropping it ends the call.
pub(super) async fn guarded<T: Send + 'static>(
    call: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let mut task = JoinSet::new();
    task.spawn(call);
    task.join_next().await?.ok()
}
