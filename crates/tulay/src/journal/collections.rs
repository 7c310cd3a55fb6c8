//! Asking payers for money.

use super::{
    Actor, CollectionRecord, JournalError, SubmitError,
    candidates::Candidates,
    open::{Opened, Opening},
    payments::Collections,
};
use jiff::SignedDuration;
use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use tulay_core::{
    CollectionRequest, Error as CallError, Invalid, Operation, ProviderId, RequestRef,
};
use tulay_journal::{
    record::{Record, RecordId},
    store::{Acceptance, Accepted, StoreError},
};
use tulay_router::{Conditions, Payment};

/// How long the way to pay is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a collection is read that another process works on.
const EVERY: SignedDuration = SignedDuration::from_millis(100);

impl<'t> Collections<'t> {
    /// Asks a payer for an amount: accepts the collection, and returns with the way to pay. It is
    /// durable before anything is sent. Await it, or set options first.
    ///
    /// The same reference again returns the same way to pay, if the request is the same, and the
    /// provider is not asked.
    ///
    /// The provider may be slow, or no account may be available: after 30 seconds, or where nothing is
    /// due before that, the collection returns as it is, without
    /// [`payment_instructions`](CollectionRecord::payment_instructions). A worker goes on with it, and
    /// so does creating it again. What was not answered is not shown later: a payer pays one order.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use tulay::{CollectionMethod, CollectionRequest, Country, Currency, Money, Reference, Tulay};
    /// use tulay::journal::CollectionState;
    /// # fn show(code: &tulay::PaymentInstructions) {}
    ///
    /// async fn sell(tulay: &Tulay) -> Result<bool, Box<dyn std::error::Error>> {
    ///     let worker = tulay.worker().start().await?;
    ///     let reference = Reference::new("SALE-1")?; // yours, unique for ever
    ///     let amount = Money::parse("350.00", Currency::PHP)?;
    ///     let request =
    ///         CollectionRequest::new(reference.clone(), Country::PH, amount, CollectionMethod::Qr);
    ///     let sale = tulay.collections().create(request).await?;
    ///     if let Some(code) = &sale.payment_instructions {
    ///         show(code);
    ///     }
    ///     let sale = tulay.collections().wait(&reference, Duration::from_secs(120)).await?;
    ///     worker.stop().await?;
    ///     Ok(sale.status == CollectionState::Paid)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`SubmitError`]: nothing was accepted, and nothing will be sent. `Refused` names the field,
    /// such as `expires` for a time that has passed. After `Journal`, create the same again: it is
    /// accepted once.
    pub fn create(self, request: CollectionRequest) -> CreateCollection<'t> {
        CreateCollection::new(self.opening(), request)
    }
}

/// A collection that is about to be made. Awaiting it makes it.
#[must_use = "nothing is accepted until it is awaited"]
#[derive(Debug)]
pub struct CreateCollection<'t> {
    opening: &'t Opening,
    request: CollectionRequest,
    through: Option<ProviderId>,
    by: Option<Actor>,
    patience: Duration,
}

impl<'t> CreateCollection<'t> {
    const fn new(opening: &'t Opening, request: CollectionRequest) -> Self {
        Self { opening, request, through: None, by: None, patience: PATIENCE }
    }

    /// Through this provider alone, whatever the rules say.
    pub fn through(mut self, provider: ProviderId) -> Self {
        self.through = Some(provider);
        self
    }

    /// Who creates it. It is written to its first event.
    pub fn by(mut self, actor: Actor) -> Self {
        self.by = Some(actor);
        self
    }

    /// How long the way to pay is waited for; 30 s by default. Zero accepts the collection and leaves
    /// the rest to a worker.
    pub const fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    async fn create(self) -> Result<CollectionRecord, SubmitError> {
        let journal = self.opening.get().await?;
        let record = match journal.find(Operation::Collection, &self.request.reference).await? {
            Some(record) => record,
            None => self.accept(journal).await?,
        };
        if let Some(field) = self.difference(&record)? {
            return Err(SubmitError::Taken { by: Box::new(journal.shown(&record)), field });
        }
        let record = shown(journal, record, self.patience).await?;
        Ok(journal.record(&record)?)
    }

    /// The collection of the reference: this one, unless another process has accepted one since.
    async fn accept(&self, journal: &Opened) -> Result<Record, SubmitError> {
        let now = journal.time.now();
        if self.request.expires.is_some_and(|expires| expires <= now) {
            let invalid = Invalid::new("expires", "a time in the future");
            return Err(SubmitError::Refused(CallError::invalid(Operation::Collection, &invalid)));
        }
        let sequence = self.candidates(journal)?.sequence;
        let mut acceptance = Acceptance::collection(&self.request, sequence.store())
            .with_accounts(sequence.accounts().cloned().collect());
        acceptance.actor = self.by.as_ref().map(ToString::to_string);
        match journal.store.accept(vec![acceptance]).await?.pop() {
            Some(Ok(Accepted::New(record))) => {
                tracing::info!(reference = %record.reference, "collection accepted");
                journal.worker.wake();
                Ok(record)
            }
            Some(Ok(Accepted::Known(record))) => Ok(record),
            Some(Err(_)) | None => Err(StoreError::Closed.into()),
        }
    }

    fn candidates(&self, journal: &Opened) -> Result<Candidates, SubmitError> {
        let (router, namespace) = (journal.planner.router(), &journal.namespace);
        let request = RequestRef::from(&self.request);
        match &self.through {
            Some(id) => Candidates::named(router, namespace, request, id),
            None => {
                let conditions = Conditions::new(journal.time.now());
                let payment = Payment::collection(&self.request);
                Candidates::of(router, namespace, &payment, request, &conditions)
            }
        }
    }

    /// The first field in which the collection of the reference differs.
    fn difference(&self, record: &Record) -> Result<Option<&'static str>, JournalError> {
        let accepted = CollectionRequest::restore(record.request.expose().as_bytes());
        Ok(accepted.map_err(JournalError::Unreadable)?.difference(&self.request))
    }
}

impl<'t> IntoFuture for CreateCollection<'t> {
    type Output = Result<CollectionRecord, SubmitError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 't>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.create())
    }
}

/// A collection once its way to pay is there or it is over, or as it is after the patience.
async fn shown(
    journal: &Arc<Opened>,
    record: Record,
    patience: Duration,
) -> Result<Record, JournalError> {
    if is_shown(&record) || patience.is_zero() {
        return Ok(record);
    }
    let (opened, id) = (Arc::clone(journal), record.id);
    // A task of its own: a call in flight is answered and written down even if the caller is dropped.
    let making = tokio::spawn(async move { make(&opened, id, patience).await });
    match tokio::time::timeout(patience, making).await {
        Ok(Ok(made)) => made,
        Ok(Err(_)) | Err(_) => read(journal, id).await,
    }
}

/// Works on one collection until its way to pay is there or it is over, for so long at most.
async fn make(journal: &Opened, id: RecordId, patience: Duration) -> Result<Record, JournalError> {
    let worker = journal.worker.clone().only(vec![id]);
    let began = journal.time.monotonic();
    loop {
        worker.run_once().await?;
        let record = read(journal, id).await?;
        let left = patience.saturating_sub(journal.time.monotonic().saturating_sub(began));
        let left = SignedDuration::try_from(left).unwrap_or(SignedDuration::MAX);
        let now = journal.time.now();
        let due = record.next_at.map(|next| next.duration_since(now));
        // Another process may work on it.
        let is_later = !record.is_leased(now) && due.is_none_or(|due| due > left);
        if is_shown(&record) || left.is_zero() || is_later {
            return Ok(record);
        }
        let due = due.unwrap_or(EVERY).max(SignedDuration::from_millis(1));
        journal.time.sleep(due.min(EVERY)).await;
    }
}

async fn read(journal: &Opened, id: RecordId) -> Result<Record, JournalError> {
    let found = journal.store.get(vec![id]).await?.pop().flatten();
    found.ok_or_else(|| StoreError::Closed.into())
}

fn is_shown(record: &Record) -> bool {
    record.instructions().is_some() || record.status.is_final()
}
