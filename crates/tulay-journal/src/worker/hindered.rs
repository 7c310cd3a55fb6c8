//! What hinders a step: the rules refuse it, or the journal cannot be written now.

use super::{
    step::{At, HINDERED, Shared, USED_UP},
    todo::{Todo, todo},
};
use crate::{
    record::{Reason, ReasonKind, Record, Refused, Step, Write},
    store::StoreError,
};
use jiff::{SignedDuration, Timestamp};
use tulay_core::ErrorKind;

/// For how long a step is written again when the journal cannot be written.
const SHORT_OUTAGE: SignedDuration = SignedDuration::from_secs(4);
/// How often an answer is written again after a commit that may have been lost. The store waits for its
/// server by itself.
const MOST_LOST_COMMITS: u32 = 3;
const BETWEEN_TRIES: SignedDuration = SignedDuration::from_secs(1);

impl Shared {
    /// What follows a step that was refused.
    pub(super) async fn hindered(
        &self,
        record: &Record,
        refused: &Refused,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        if let Refused::Notified { account, is_evidence } = refused {
            return self.look_up_first(record, account, *is_evidence, at).await;
        }
        let kind = match refused {
            // What is known since decides anew.
            Refused::NotAllowed if record.progress.collecting.is_some() => {
                return self.release(record).await;
            }
            // Another process has it, or the next claim sees what has changed.
            Refused::Overtaken | Refused::Missing | Refused::Late => {
                return self.release(record).await;
            }
            Refused::Paused => ReasonKind::Paused,
            Refused::NotWhole => ReasonKind::NotWhole,
            Refused::NotConfigured => ReasonKind::NotConfigured,
            Refused::Blocked | Refused::MoreThanPaid { .. } | Refused::OtherPaid { .. } => {
                ReasonKind::Review
            }
            Refused::TooEarly { .. } => ReasonKind::Error(ErrorKind::TooEarly),
            _ => ReasonKind::PlanUsedUp,
        };
        // What may have left is looked up all the same.
        if let Some(last) = record.attempts.last()
            && record.progress.collecting.is_none()
            && todo(record, &self.context(at)) == Todo::Resend
        {
            return self.look_up(record, [last].into_iter(), at).await;
        }
        if let Refused::TooEarly { until } = refused {
            return self.defer_until(record, Reason::new(kind), *until).await;
        }
        let wait = if kind == ReasonKind::PlanUsedUp { USED_UP } else { HINDERED };
        self.defer(record, Reason::new(kind), at.at, wait).await
    }

    pub(super) async fn defer(
        &self,
        record: &Record,
        reason: Reason,
        at: Timestamp,
        wait: SignedDuration,
    ) -> Result<(), StoreError> {
        let until = at.checked_add(self.scaled(wait)).unwrap_or(Timestamp::MAX);
        self.defer_until(record, reason, until).await
    }

    pub(super) async fn defer_until(
        &self,
        record: &Record,
        reason: Reason,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Write::claimed(record, Step::Defer { reason, until })).await.map(drop)
    }

    pub(super) async fn release(&self, record: &Record) -> Result<(), StoreError> {
        let lease = record.lease.map(|lease| (record.id, lease));
        self.store.release(lease.into_iter().collect()).await
    }

    /// Writes one step down, again where the journal could not be written. An answer is written again
    /// for as long as its copy could leave, and also where it may be written already: twice is once.
    pub(super) async fn write(&self, write: Write) -> Result<Result<Record, Refused>, StoreError> {
        let is_answer = matches!(write.step, Step::Answer { .. } | Step::Learn(_));
        let longest = if is_answer { self.policy.quiet_time() } else { SHORT_OUTAGE };
        let (began, mut lost_commits) = (self.time.monotonic(), 0);
        loop {
            let error = match self.store.write(vec![write.clone()]).await {
                Ok(mut written) => return Ok(written.pop().unwrap_or(Err(Refused::Missing))),
                Err(error) => error,
            };
            let waited = self.time.monotonic().saturating_sub(began);
            match error {
                StoreError::OutcomeUnknown(_) if is_answer && lost_commits < MOST_LOST_COMMITS => {
                    lost_commits += 1;
                }
                StoreError::Busy | StoreError::Full | StoreError::Failed(_)
                    if waited < longest.unsigned_abs() =>
                {
                    self.time.sleep(BETWEEN_TRIES).await;
                }
                error => return Err(error),
            }
        }
    }
}
