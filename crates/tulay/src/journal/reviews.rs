//! What waits for a person, and what a person may state.

use super::{
    Actor, JournalError, PaymentRecord, Records, Refused,
    open::{Opened, Opening},
    open_notification::OpenNotification,
    payments::known,
    review_case::{Answer, ReviewCase, attempts},
    statement::{Resolution, Statement},
};
use jiff::Timestamp;
use std::sync::Arc;
use tulay_core::{Invalid, MerchantAccount, Operation, ProviderId, Reference};
use tulay_journal::{
    machine::ReviewReason,
    record::{Change, Record, Source, Step, Write},
    store::{Filter, Kept, NotificationFilter},
};

/// What waits for a person. Nothing here sends a payout.
#[derive(Clone, Copy, Debug)]
pub struct Reviews<'t> {
    opening: &'t Opening,
    operation: Option<Operation>,
}

/// Of how many payouts a person has to look at for one reason, at one account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReviewGroup {
    /// The reason.
    pub reason: ReviewReason,
    /// The account of their last attempt; `None`: they have no attempt.
    pub account: Option<MerchantAccount>,
    /// The name of the account in the configuration; `None`: it is not configured.
    pub provider: Option<ProviderId>,
    /// How many.
    pub payouts: u64,
    /// When the oldest was accepted.
    pub oldest: Timestamp,
}

impl<'t> Reviews<'t> {
    pub(crate) const fn new(opening: &'t Opening) -> Self {
        Self { opening, operation: None }
    }

    /// Those of payouts alone, or of refunds alone.
    #[must_use]
    pub const fn of(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Payouts that a person has to look at, the newest first: by reason, account and age.
    ///
    /// # Errors
    /// When the journal cannot be opened.
    pub async fn list(self, filter: Filter) -> Result<Records, JournalError> {
        let mut filter = filter;
        filter.in_review = true;
        filter.operation = filter.operation.or(self.operation);
        Ok(Records::pages(Arc::clone(self.journal().await?), filter))
    }

    /// How many payouts a person has to look at, by reason and account, the most first. A payout
    /// counts once for each of its reasons.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn groups(self) -> Result<Vec<ReviewGroup>, JournalError> {
        let journal = self.journal().await?;
        let counts = journal.store.count_reviews().await?;
        let group = |count: tulay_journal::store::ReviewCount| ReviewGroup {
            reason: count.reason,
            provider: count.account.as_ref().and_then(|account| journal.name(account)),
            account: count.account,
            payouts: count.payments,
            oldest: count.oldest,
        };
        let mut groups: Vec<ReviewGroup> = counts.into_iter().map(group).collect();
        groups.sort_by(|one, other| {
            let order = |it: &ReviewGroup| (u64::MAX - it.payouts, it.reason, it.oldest);
            order(one).cmp(&order(other))
        });
        Ok(groups)
    }

    /// Genuine notifications that no payout is about after a day, and those that cannot be read, the
    /// oldest first, at most so many.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn notifications(self, most: usize) -> Result<Vec<OpenNotification>, JournalError> {
        let journal = self.journal().await?;
        let age = journal.policy.unmatched_after();
        let old = journal.time.now().checked_sub(age).unwrap_or(Timestamp::MIN);
        let mut waiting = Vec::new();
        let mut filter = NotificationFilter::default();
        loop {
            let page = journal.store.notifications(filter.clone()).await?;
            let Some(last) = page.last() else { return Ok(waiting) };
            filter.after = Some(last.id);
            let waits = |kept: &Kept| kept.said.is_none() || kept.received < old;
            let page = page.into_iter().filter(waits);
            let page = page.map(|kept| OpenNotification::of(journal, kept));
            // The journal holds no order of the others, so none of theirs can match.
            waiting.extend(page.filter(|it| matches!(it.about, None | Some("payout" | "refund"))));
            if waiting.len() >= most {
                waiting.truncate(most);
                return Ok(waiting);
            }
        }
    }

    /// What is known of a payout, what a person has to find out, and what each statement would make
    /// of it.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; [`JournalError::WhichOperation`]; when the journal cannot be read.
    pub async fn show(self, reference: &Reference) -> Result<ReviewCase, JournalError> {
        let journal = self.journal().await?;
        let record = self.known(journal, reference).await?;
        let timeline = journal.store.timeline(record.id).await?;
        let about = journal.store.journal().await?;
        Ok(ReviewCase::of(journal, &record, timeline, &about))
    }

    /// States what became of a payout: as [`state`](Self::state), of the attempt that may have been
    /// paid.
    ///
    /// # Errors
    /// As [`state`](Self::state); [`JournalError::Invalid`] when the evidence is empty, too long or
    /// has control characters.
    pub async fn resolve(
        self,
        reference: &Reference,
        resolution: Resolution,
        evidence: &str,
        by: &Actor,
    ) -> Result<PaymentRecord, JournalError> {
        let statement = Statement::new(reference.clone(), resolution, evidence);
        self.state(&statement.map_err(JournalError::Invalid)?, by).await
    }

    /// Writes a person's statement down. It may end a payout, and it never sends one. A statement
    /// that was written before is not written again.
    ///
    /// # Errors
    /// [`JournalError::NotNow`] while a process may be about to send the payout, with the time to
    /// come back; else as [`check`](Self::check). Nothing was written.
    pub async fn state(
        self,
        statement: &Statement,
        by: &Actor,
    ) -> Result<PaymentRecord, JournalError> {
        let journal = self.journal().await?;
        let (record, attempt) = self.judged(journal, statement).await?;
        let Some(attempt) = attempt else { return Ok(journal.shown(&record)) };
        let step = Step::Declare {
            attempt,
            declaration: statement.resolution.declaration(),
            as_of: moment(journal, &record, attempt, statement)?,
            source: Source::Person,
            note: statement.evidence.clone(),
        };
        let write = Write::by(record.id, by.to_string(), step);
        let written = journal.store.write(vec![write]).await?.pop();
        match written.unwrap_or(Err(Refused::Missing)) {
            Ok(declared) => {
                journal.worker.wake();
                Ok(journal.shown(&declared))
            }
            Err(why) => {
                let (reference, status) = (record.reference.to_string(), record.status);
                Err(JournalError::NotNow { reference, status, why })
            }
        }
    }

    /// Whether a statement would be written down now. Nothing is written.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; [`JournalError::NothingSent`]; [`JournalError::WhichAttempt`];
    /// [`JournalError::SentSince`] where the payout could still leave when the provider looked;
    /// [`JournalError::AsOf`] where that moment has to be stated; [`JournalError::Invalid`] where it
    /// has not come yet;
    /// [`JournalError::Settled`] where the payout is final and the statement changes nothing of it;
    /// [`JournalError::NotNow`] while a process may be about to send it; when the journal cannot be
    /// read.
    pub async fn check(self, statement: &Statement) -> Result<(), JournalError> {
        let journal = self.journal().await?;
        let (record, attempt) = self.judged(journal, statement).await?;
        let Some(attempt) = attempt else { return Ok(()) };
        moment(journal, &record, attempt, statement)?;
        let about = journal.store.journal().await?;
        let answer = Answer::of(journal, &record, attempt, statement.resolution, &about);
        match answer.and_then(|answer| answer.not_before) {
            Some(until) => Err(JournalError::NotNow {
                reference: record.reference.to_string(),
                status: record.status,
                why: Refused::Busy { until },
            }),
            None => Ok(()),
        }
    }

    async fn journal(self) -> Result<&'t Arc<Opened>, JournalError> {
        self.opening.get().await
    }

    /// The payment of a reference. Where a payout and a refund have the same one, the operation has to be
    /// named: a statement could be about the other one.
    async fn known(self, journal: &Opened, reference: &Reference) -> Result<Record, JournalError> {
        if let Some(operation) = self.operation {
            return known(journal, operation, reference).await;
        }
        let refund = journal.find(Operation::Refund, reference).await?;
        match (journal.find(Operation::Payout, reference).await?, refund) {
            (Some(_), Some(_)) => Err(JournalError::WhichOperation(reference.to_string())),
            (None, Some(refund)) => Ok(refund),
            _ => known(journal, Operation::Payout, reference).await,
        }
    }

    /// The payout of a statement and the attempt that it is about; without the attempt: it is written
    /// down already.
    async fn judged(
        self,
        journal: &Opened,
        statement: &Statement,
    ) -> Result<(Record, Option<u8>), JournalError> {
        let record = self.known(journal, &statement.reference).await?;
        let reference = || record.reference.to_string();
        let attempt = match (statement.attempt, &*attempts(&record)) {
            (_, []) => return Err(JournalError::NothingSent { reference: reference() }),
            (Some(number), _) if record.attempts.iter().any(|it| it.attempt.number == number) => {
                number
            }
            (None, [attempt]) => *attempt,
            (_, alive) => {
                let attempts = match statement.attempt {
                    Some(_) => record.attempts.iter().map(|it| it.attempt.number).collect(),
                    None => alive.to_vec(),
                };
                return Err(JournalError::WhichAttempt { reference: reference(), attempts });
            }
        };
        let timeline = journal.store.timeline(record.id).await?;
        if timeline.iter().any(|event| is_stated(&record, attempt, statement, &event.change)) {
            return Ok((record, None));
        }
        let about = journal.store.journal().await?;
        let answers = Resolution::ALL.map(|it| Answer::of(journal, &record, attempt, it, &about));
        let is_open = |answer: &&Answer| !answer.is_refused;
        let open: Vec<Resolution> =
            answers.iter().flatten().filter(is_open).map(|answer| answer.resolution).collect();
        if record.status.is_final() && !open.contains(&statement.resolution) {
            let (status, resolution) = (record.status, statement.resolution);
            return Err(JournalError::Settled { reference: reference(), status, resolution, open });
        }
        Ok((record, Some(attempt)))
    }
}

/// The moment that a statement speaks of; `None`: what it says holds for good. That nothing was executed
/// covers what could not leave any more when the provider looked.
fn moment(
    journal: &Opened,
    record: &Record,
    number: u8,
    statement: &Statement,
) -> Result<Option<Timestamp>, JournalError> {
    if statement.resolution != Resolution::NotExecuted {
        return Ok(None);
    }
    let attempt = record.attempts.iter().find(|it| it.attempt.number == number);
    let sendings = attempt.map_or(&[][..], |it| &it.attempt.sendings);
    let reference = || record.reference.to_string();
    if statement.as_of.is_some_and(|as_of| as_of > journal.time.now()) {
        let expected = "a time that has passed: when the provider looked";
        return Err(JournalError::Invalid(Invalid::new("as_of", expected)));
    }
    let quiet = journal.policy.quiet_time();
    match (statement.as_of, sendings.last()) {
        (Some(as_of), Some(last)) if as_of.duration_since(last.at) < quiet => {
            Err(JournalError::SentSince { reference: reference(), sent: last.at })
        }
        (None, Some(last)) if sendings.len() > 1 => {
            Err(JournalError::AsOf { reference: reference(), sent: last.at })
        }
        (as_of, _) => Ok(as_of),
    }
}

/// Whether an event is the same statement, about every sending of the attempt.
fn is_stated(record: &Record, number: u8, statement: &Statement, change: &Change) -> bool {
    let Change::Declared { attempt, declaration, sendings, note, .. } = change else {
        return false;
    };
    let sent = record.attempts.iter().find(|it| it.attempt.number == number);
    let sent = sent.map_or(0, |it| it.attempt.sendings.len());
    *attempt == number
        && *declaration == statement.resolution.declaration()
        && *note == statement.evidence
        && usize::try_from(*sendings).is_ok_and(|covered| covered >= sent)
}
