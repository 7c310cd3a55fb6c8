//! Accepting payouts.

use super::{
    Actor, JournalError, PaymentRecord, ProvenUnpaid, SubmitError,
    candidates::Candidates,
    open::{Opened, Opening},
};
use jiff::Timestamp;
use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};
use tulay_core::{Operation, PayoutRequest, ProviderId, RequestRef};
use tulay_journal::{
    record::{Record, Refused},
    store::{Acceptance, Accepted as Stored},
};
use tulay_router::{Conditions, Payment};

/// An acceptance that is about to be made. Awaiting it makes it.
#[must_use = "nothing is accepted until it is awaited"]
#[derive(Debug)]
pub struct Submit<'t> {
    opening: &'t Opening,
    request: PayoutRequest,
    through: Option<ProviderId>,
    replacing: Option<ProvenUnpaid>,
    send_by: Option<Timestamp>,
    by: Option<Actor>,
}

/// What an acceptance would be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Accepted {
    /// The providers that may carry it, the preferred one first; empty: it was accepted before.
    pub providers: Vec<ProviderId>,
    /// Why the first is the first, in sentences for people.
    pub reasons: Vec<String>,
    /// The payout, if it was accepted before.
    pub known: Option<PaymentRecord>,
}

impl<'t> Submit<'t> {
    pub(super) const fn new(opening: &'t Opening, request: PayoutRequest) -> Self {
        Self { opening, request, through: None, replacing: None, send_by: None, by: None }
    }

    /// Through this provider alone, whatever the rules say.
    pub fn through(mut self, provider: ProviderId) -> Self {
        self.through = Some(provider);
        self
    }

    /// In the place of one that is proven not to have been paid, or whose money is back. A proof
    /// serves once.
    pub fn replacing(mut self, proof: ProvenUnpaid) -> Self {
        self.replacing = Some(proof);
        self
    }

    /// Not sent for the first time after this instant: then it fails, with proof.
    pub const fn send_by(mut self, at: Timestamp) -> Self {
        self.send_by = Some(at);
        self
    }

    /// Who submits it. It is written to its first event.
    pub fn by(mut self, actor: Actor) -> Self {
        self.by = Some(actor);
        self
    }

    /// Whether it would be accepted, through whom and why. Nothing is written.
    ///
    /// # Errors
    /// As awaiting it.
    pub async fn check(self) -> Result<Accepted, SubmitError> {
        let journal = self.opening.get().await?;
        if let Some(known) = self.known(journal).await? {
            return Ok(Accepted { providers: Vec::new(), reasons: Vec::new(), known: Some(known) });
        }
        let candidates = self.candidates(journal)?;
        let providers = candidates.sequence.providers().cloned().collect();
        Ok(Accepted { providers, reasons: candidates.reasons, known: None })
    }

    async fn accept(self) -> Result<PaymentRecord, SubmitError> {
        let journal = self.opening.get().await?;
        if let Some(known) = self.known(journal).await? {
            return Ok(known);
        }
        let candidates = self.candidates(journal)?;
        let sequence = &candidates.sequence;
        let mut acceptance = Acceptance::payout(&self.request, sequence.store())
            .with_accounts(sequence.accounts().cloned().collect());
        if let Some(proof) = &self.replacing {
            let replaced = journal.find(Operation::Payout, &proof.of).await?;
            acceptance.replaces = Some(replaced.ok_or(SubmitError::NoProof)?.id);
        }
        acceptance.send_by = self.send_by;
        acceptance.actor = self.by.as_ref().map(ToString::to_string);
        let stored = journal.store.accept(vec![acceptance]).await?.pop();
        match stored.unwrap_or(Err(Refused::Missing)) {
            Ok(Stored::New(record)) => {
                tracing::info!(reference = %record.reference, "payout accepted");
                journal.worker.wake();
                Ok(journal.shown(&record))
            }
            Ok(Stored::Known(record)) => self.same(journal, &record),
            Err(_) => Err(SubmitError::NoProof),
        }
    }

    async fn known(&self, journal: &Opened) -> Result<Option<PaymentRecord>, SubmitError> {
        match journal.find(Operation::Payout, &self.request.reference).await? {
            Some(record) => self.same(journal, &record).map(Some),
            None => Ok(None),
        }
    }

    /// The payout of the reference, if its request is this one.
    fn same(&self, journal: &Opened, record: &Record) -> Result<PaymentRecord, SubmitError> {
        let difference = record.difference(&self.request).map_err(JournalError::Unreadable)?;
        let shown = journal.shown(record);
        match difference {
            None => Ok(shown),
            Some(field) => Err(SubmitError::Taken { by: Box::new(shown), field }),
        }
    }

    fn candidates(&self, journal: &Opened) -> Result<Candidates, SubmitError> {
        let (router, namespace) = (journal.planner.router(), &journal.namespace);
        let request = RequestRef::from(&self.request);
        match &self.through {
            Some(id) => Candidates::named(router, namespace, request, id),
            None => {
                let conditions = Conditions::new(journal.time.now());
                let payment = Payment::payout(&self.request);
                Candidates::of(router, namespace, &payment, request, &conditions)
            }
        }
    }
}

impl<'t> IntoFuture for Submit<'t> {
    type Output = Result<PaymentRecord, SubmitError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 't>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.accept())
    }
}
