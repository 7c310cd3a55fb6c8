//! The payments of a journal, by kind.

use super::{
    Accepted, Actor, CollectionRecord, Event, JournalError, Original, PaymentRecord, Records,
    Refundable, Refused, Submit, SubmitError, SubmitRefund,
    journal_record::{JournalRecord, Shown as _},
    open::{Opened, Opening},
};
use jiff::SignedDuration;
use std::{marker::PhantomData, sync::Arc, time::Duration};
use tulay_core::{CollectionRequest, Money, Operation, PayoutRequest, Reference, RefundRequest};
use tulay_journal::{
    record::{Ending, Reason, ReasonKind, Record, RecordId, Step, Write},
    store::Filter,
};

/// Payouts of a journal.
pub type Payouts<'t> = Payments<'t, PayoutRequest>;

/// Refunds of a journal: by the rules of payouts, and never more than was paid.
pub type Refunds<'t> = Payments<'t, RefundRequest>;

/// Collections of a journal: a payer owes an amount, and is shown one code for each reference.
pub type Collections<'t> = Payments<'t, CollectionRequest>;

/// The payments of a journal that are made by one kind of request: [`Payouts`], [`Refunds`] or
/// [`Collections`]. Every call opens the journal of the configuration, if no earlier one has.
#[derive(Debug)]
pub struct Payments<'t, R> {
    opening: &'t Opening,
    requests: PhantomData<R>,
}

/// What payments are made by.
pub trait PaymentRequest: sealed::Sealed {
    /// The operation that carries it out.
    const OPERATION: Operation;

    /// What is known of it.
    type Record: JournalRecord;
}

impl PaymentRequest for PayoutRequest {
    const OPERATION: Operation = Operation::Payout;
    type Record = PaymentRecord;
}

impl PaymentRequest for RefundRequest {
    const OPERATION: Operation = Operation::Refund;
    type Record = PaymentRecord;
}

impl PaymentRequest for CollectionRequest {
    const OPERATION: Operation = Operation::Collection;
    type Record = CollectionRecord;
}

mod sealed {
    use jiff::SignedDuration;
    use tulay_core::{CollectionRequest, PayoutRequest, RefundRequest};

    pub trait Sealed {
        /// How often the provider is asked at least while the application waits; `None`: as often as
        /// the schedule says.
        const ASKED_EVERY: Option<SignedDuration> = None;
    }

    impl Sealed for PayoutRequest {}
    impl Sealed for RefundRequest {}

    impl Sealed for CollectionRequest {
        const ASKED_EVERY: Option<SignedDuration> = Some(SignedDuration::from_secs(10));
    }
}

impl<R> Clone for Payments<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Payments<'_, R> {}

impl<'t> Payouts<'t> {
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
}

impl<'t> Refunds<'t> {
    /// Accepts a refund of a payment: all that is left of it, or an amount. It is durable when this
    /// returns, and nothing was sent. Await it, or set options first.
    ///
    /// The refunds of a payment never add up to more than was paid. One that is proven to have given
    /// nothing back does not count.
    ///
    /// The same reference again returns the refund that there is, if the request is the same.
    ///
    /// # Errors
    /// As [`SubmitError`]: nothing was accepted, and nothing will be sent.
    pub fn submit(
        self,
        reference: Reference,
        of: Refundable,
        amount: Option<Money>,
    ) -> SubmitRefund<'t> {
        SubmitRefund::new(self.opening, reference, of, amount)
    }

    /// What is left to refund of a payment that has refunds: what none of them gives back, nor may.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn left(self, original: &Original) -> Result<Money, JournalError> {
        let refunds = self.opening.get().await?.store.refunds(original).await?;
        // Where what was paid is not as stated, nothing is known to be left.
        let none = Money::from_minor(0, original.paid.currency());
        Ok(original.left(&refunds).unwrap_or(none))
    }
}

impl<'t, R: PaymentRequest> Payments<'t, R> {
    pub(crate) const fn new(opening: &'t Opening) -> Self {
        Self { opening, requests: PhantomData }
    }

    /// The payment of a reference; `None`: it was never accepted here.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn get(self, reference: &Reference) -> Result<Option<R::Record>, JournalError> {
        let journal = self.journal().await?;
        let found = journal.find(R::OPERATION, reference).await?;
        found.map(|record| journal.record(&record)).transpose()
    }

    /// The payments, the newest first. [`Filter::operation`] is set.
    ///
    /// # Errors
    /// When the journal cannot be opened.
    pub async fn list(self, mut filter: Filter) -> Result<Records<R::Record>, JournalError> {
        filter.operation = Some(R::OPERATION);
        Ok(Records::pages(Arc::clone(self.journal().await?), filter))
    }

    /// The states of a payment from now on, the present one first. They end with a final one.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be read.
    pub async fn watch(self, reference: &Reference) -> Result<Records<R::Record>, JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, R::OPERATION, reference).await?;
        Ok(Records::changes(Arc::clone(journal), record.id))
    }

    /// Waits for a final status, or until the time-out: then it returns the status of that moment,
    /// which is no failure. For a collection, a final status is any but waiting. While it waits for
    /// one, the provider is asked every 10 seconds.
    ///
    /// A [worker](super::Worker) asks, in this process or in another one.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be read. Never because of what the payment
    /// became.
    pub async fn wait(
        self,
        reference: &Reference,
        time_out: Duration,
    ) -> Result<R::Record, JournalError> {
        let mut states = self.watch(reference).await?;
        let last = async {
            while let Some(record) = states.next().await? {
                if record.is_final() {
                    return Ok(Some(record));
                }
            }
            Ok(None)
        };
        let last = async {
            tokio::select! {
                last = last => last,
                error = self.ask_on(reference) => Err(error),
            }
        };
        match tokio::time::timeout(time_out, last).await {
            Ok(Ok(Some(record))) => Ok(record),
            Ok(Err(error)) => Err(error),
            Ok(Ok(None)) | Err(_) => {
                let journal = self.journal().await?;
                journal.record(&known(journal, R::OPERATION, reference).await?)
            }
        }
    }

    /// Makes a payment due whenever nothing was written about it for a while. It ends with an error.
    async fn ask_on(self, reference: &Reference) -> JournalError {
        let Some(every) = R::ASKED_EVERY else { return std::future::pending().await };
        loop {
            match self.ask_again(reference, every).await {
                Ok((journal, wait)) => journal.time.sleep(wait).await,
                Err(error) => return error,
            }
        }
    }

    /// Makes a payment due if nothing was written about it for so long. Returns when to look next.
    async fn ask_again(
        self,
        reference: &Reference,
        every: SignedDuration,
    ) -> Result<(&'t Opened, SignedDuration), JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, R::OPERATION, reference).await?;
        let since = journal.time.now().duration_since(record.progress.last_at);
        if since < every {
            return Ok((journal, every.saturating_sub(since).min(every)));
        }
        journal.store.refresh(vec![record.id]).await?;
        journal.worker.wake();
        Ok((journal, every))
    }

    /// Makes a payment due now: the provider is asked, or it is sent, at once instead of later.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be written.
    pub async fn refresh(self, reference: &Reference) -> Result<R::Record, JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, R::OPERATION, reference).await?;
        journal.store.refresh(vec![record.id]).await?;
        journal.worker.wake();
        journal.record(&known(journal, R::OPERATION, reference).await?)
    }

    /// Withdraws a payment. A payout or refund can be withdrawn as long as no sending of it may have
    /// left.
    ///
    /// A collection can be withdrawn as long as it waits. A worker withdraws its order at the provider,
    /// where the provider can. It may be paid all the same, as the payer has seen the way to pay: then
    /// it becomes paid, with [`Surprise::AfterCancellation`](super::Surprise::AfterCancellation).
    ///
    /// # Errors
    /// [`JournalError::NotNow`] with its status where something may have left, or the collection is
    /// over;
    /// [`JournalError::NotFound`]; when the journal cannot be written.
    pub async fn cancel(
        self,
        reference: &Reference,
        by: &Actor,
    ) -> Result<R::Record, JournalError> {
        let journal = self.journal().await?;
        let record = known(journal, R::OPERATION, reference).await?;
        let reason = Some(Reason::new(ReasonKind::Withdrawn));
        let step = Step::End { version: None, ending: Ending::Cancelled, reason };
        let write = Write::by(record.id, by.to_string(), step);
        let written = journal.store.write(vec![write]).await?.pop();
        match written.unwrap_or(Err(Refused::Missing)) {
            Ok(record) => {
                journal.worker.wake();
                journal.record(&record)
            }
            Err(why) => {
                let status = known(journal, R::OPERATION, reference).await?.status;
                Err(JournalError::NotNow { reference: reference.to_string(), status, why })
            }
        }
    }

    /// What happened to a payment, the oldest first. It has no personal data.
    ///
    /// # Errors
    /// [`JournalError::NotFound`]; when the journal cannot be read.
    pub async fn timeline(self, reference: &Reference) -> Result<Vec<Event>, JournalError> {
        let journal = self.journal().await?;
        let id: RecordId = known(journal, R::OPERATION, reference).await?.id;
        Ok(journal.store.timeline(id).await?)
    }

    pub(super) const fn opening(self) -> &'t Opening {
        self.opening
    }

    async fn journal(self) -> Result<&'t Arc<Opened>, JournalError> {
        self.opening.get().await
    }
}

pub(super) async fn known(
    journal: &Opened,
    operation: Operation,
    reference: &Reference,
) -> Result<Record, JournalError> {
    let found = journal.find(operation, reference).await?;
    found.ok_or_else(|| JournalError::NotFound { operation, reference: reference.to_string() })
}
