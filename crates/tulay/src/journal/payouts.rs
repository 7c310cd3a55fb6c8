//! Payouts of a journal.

use super::{
    Accepted, Actor, Event, JournalError, PayoutRecord, Records, Refused, Submit, SubmitError,
    open::{Opened, Opening},
};
use std::{sync::Arc, time::Duration};
use tulay_core::{PayoutRequest, Reference};
use tulay_journal::{
    record::{Ending, Reason, ReasonKind, Record, RecordId, Step, Write},
    store::Filter,
};

/// Payouts of a journal. Every call opens the journal of the configuration, if no earlier one has.
#[derive(Clone, Copy, Debug)]
pub struct Payouts<'t> {
    opening: &'t Opening,
}

impl<'t> Payouts<'t> {
    pub(crate) const fn new(opening: &'t Opening) -> Self {
        Self { opening }
    }

    /// Accepts a payout: request and plan are durable when this returns, and nothing was sent. Await
    /// it, or set options first.
    ///
    /// The same reference again returns the payout that there is, if the request is the same.
    ///
    /// # Errors
    /// As [`SubmitError`]: nothing was accepted, and nothing will be sent.
    pub fn submit(self, request: PayoutRequest) -> Submit<'t> {
        Submit::new(self.opening, request)
    }

    /// Whether a payout would be accepted, through whom and why. Nothing is written.
    ///
    /// # Errors
    /// As [`submit`](Self::submit).
    pub async fn check(self, request: &PayoutRequest) -> Result<Accepted, SubmitError> {
        Submit::new(self.opening, request.clone()).check().await
    }

    /// The payout of a reference; `None`: it was never accepted here.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn get(self, reference: &Reference) -> Result<Option<PayoutRecord>, JournalError> {
        let journal = self.journal().await?;
        Ok(journal.find(reference).await?.map(|record| journal.shown(&record)))
    }

    /// Payouts, the newest first.
    ///
    /// # Errors
    /// When the journal cannot be opened.
    pub async fn list(self, filter: Filter) -> Result<Records, JournalError> {
        Ok(Records::pages(Arc::clone(self.journal().await?), filter))
    }

    /// The states of a payout from now on, the present one first. They end with a final one.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be read.
    pub async fn watch(self, reference: &Reference) -> Result<Records, JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, reference).await?;
        Ok(Records::changes(Arc::clone(journal), record.id))
    }

    /// Waits for a final status, or until the time-out: then it returns the status of that moment,
    /// which is no failure.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be read. Never because of what the payout
    /// became.
    pub async fn wait(
        self,
        reference: &Reference,
        time_out: Duration,
    ) -> Result<PayoutRecord, JournalError> {
        let mut states = self.watch(reference).await?;
        let last = async {
            while let Some(record) = states.next().await? {
                if record.status.is_final() {
                    return Ok(Some(record));
                }
            }
            Ok(None)
        };
        match tokio::time::timeout(time_out, last).await {
            Ok(Ok(Some(record))) => Ok(record),
            Ok(Err(error)) => Err(error),
            Ok(Ok(None)) | Err(_) => {
                let journal = self.journal().await?;
                Ok(journal.shown(&known(journal, reference).await?))
            }
        }
    }

    /// Makes a payout due now: the provider is asked, or it is sent, at once instead of later.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be written.
    pub async fn refresh(self, reference: &Reference) -> Result<PayoutRecord, JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, reference).await?;
        journal.store.refresh(vec![record.id]).await?;
        journal.worker.wake();
        Ok(journal.shown(&known(journal, reference).await?))
    }

    /// Withdraws a payout, as long as no sending of it may have left.
    ///
    /// # Errors
    /// [`JournalError::NotNow`] with its status where something may have left;
    /// [`JournalError::NotFound`]; when the journal cannot be written.
    pub async fn cancel(
        self,
        reference: &Reference,
        by: &Actor,
    ) -> Result<PayoutRecord, JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, reference).await?;
        let reason = Some(Reason::new(ReasonKind::Withdrawn));
        let step = Step::End { version: None, ending: Ending::Cancelled, reason };
        let write = Write::by(record.id, by.to_string(), step);
        let written = journal.store.write(vec![write]).await?.pop();
        match written.unwrap_or(Err(Refused::Missing)) {
            Ok(record) => Ok(journal.shown(&record)),
            Err(why) => {
                let status = known(journal, reference).await?.status;
                Err(JournalError::NotNow { reference: reference.to_string(), status, why })
            }
        }
    }

    /// What happened to a payout, the oldest first. It has no personal data.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be read.
    pub async fn timeline(self, reference: &Reference) -> Result<Vec<Event>, JournalError> {
        let journal = self.journal().await?;
        let id: RecordId = known(journal, reference).await?.id;
        Ok(journal.store.timeline(id).await?)
    }

    async fn journal(self) -> Result<&'t Arc<Opened>, JournalError> {
        self.opening.get().await
    }
}

pub(super) async fn known(journal: &Opened, reference: &Reference) -> Result<Record, JournalError> {
    let found = journal.find(reference).await?;
    found.ok_or_else(|| JournalError::NotFound(reference.to_string()))
}
