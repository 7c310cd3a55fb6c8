//! Running workers.

use super::{
    Handler, JournalError, PaymentRecord, events::Delivers, inbox::read_again, open::Opening,
};
use jiff::SignedDuration;
use std::{fmt, sync::Arc, time::Duration};
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
};
use tulay_core::{Operation, Reference};
use tulay_journal::{Deliverer, record::RecordId};

/// How a worker is to run.
#[must_use = "nothing runs until it is started"]
pub struct WorkerBuilder<'t> {
    opening: &'t Opening,
    only: Option<Vec<(Operation, Reference)>>,
    on_end: Option<Arc<OnEnd>>,
    handler: Option<Arc<dyn Handler>>,
    time_out: Option<Duration>,
}

type OnEnd = dyn Fn(PaymentRecord) + Send + Sync;

impl<'t> WorkerBuilder<'t> {
    pub(crate) const fn new(opening: &'t Opening) -> Self {
        Self { opening, only: None, on_end: None, handler: None, time_out: None }
    }

    /// Works on these payouts alone and leaves the rest to other workers.
    pub fn only(self, payouts: impl IntoIterator<Item = Reference>) -> Self {
        self.only_of(Operation::Payout, payouts)
    }

    /// Works on these refunds alone, and on payouts that are named too, and leaves the rest to other
    /// workers.
    pub fn only_refunds(self, refunds: impl IntoIterator<Item = Reference>) -> Self {
        self.only_of(Operation::Refund, refunds)
    }

    /// Works on these collections alone, and on payments that are named too, and leaves the rest to
    /// other workers.
    pub fn only_collections(self, collections: impl IntoIterator<Item = Reference>) -> Self {
        self.only_of(Operation::Collection, collections)
    }

    fn only_of(
        mut self,
        operation: Operation,
        references: impl IntoIterator<Item = Reference>,
    ) -> Self {
        let named = references.into_iter().map(|reference| (operation, reference));
        self.only.get_or_insert_default().extend(named);
        self
    }

    /// Calls this for each payment that a step of this worker ends. It must not wait. A process that
    /// is killed may have ended one without the call.
    pub fn on_end(mut self, handler: impl Fn(PaymentRecord) + Send + Sync + 'static) -> Self {
        self.on_end = Some(Arc::new(handler));
        self
    }

    /// Delivers the events of all payouts to this handler: each at least once, with a stable id,
    /// those of one payout in order, and no event twice at the same time, whichever workers run. An
    /// event that the handler does not take is delivered again after 1 s, and then after a wait that
    /// doubles up to 5 minutes; the events of other payouts go on.
    ///
    /// The first time that a handler is set on a journal, the events that it has are delivered too.
    /// From then on, each event is kept until a handler takes it. The workers of one journal have
    /// the same handler, or none: an event is delivered to one of them.
    pub fn on_event(mut self, handler: impl Handler) -> Self {
        self.handler = Some(Arc::new(handler));
        self
    }

    /// How long the handler may take for one event; 30 s by default.
    pub const fn handler_time_out(mut self, time_out: Duration) -> Self {
        self.time_out = Some(time_out);
        self
    }

    /// Starts on the current runtime.
    ///
    /// # Errors
    /// [`JournalError::NotFound`] for one that was not accepted; when the journal cannot be
    /// opened or read.
    pub async fn start(self) -> Result<Worker, JournalError> {
        let journal = Arc::clone(self.opening.get().await?);
        let mut worker = journal.worker.clone();
        if let Some(references) = self.only {
            // Without any, it works on none.
            let mut ids = vec![RecordId(0)];
            for of in [Operation::Payout, Operation::Refund, Operation::Collection] {
                let named = references.iter().filter(|(operation, _)| *operation == of);
                let named: Vec<Reference> = named.map(|(_, it)| it.clone()).collect();
                let found = journal.store.find(of, named.clone()).await?;
                for (reference, record) in named.into_iter().zip(found) {
                    let reference = reference.to_string();
                    let missing = JournalError::NotFound { operation: of, reference };
                    ids.push(record.ok_or(missing)?.id);
                }
            }
            worker = worker.only(ids);
        }
        if let Some(on_end) = self.on_end {
            let journal = Arc::clone(&journal);
            worker = worker.on_end(move |record| on_end(journal.shown(record)));
        }
        let deliverer = self.handler.map(|handler| {
            let delivers = Arc::new(Delivers { journal: Arc::clone(&journal), handler });
            let (store, time) = (Arc::clone(&journal.store), Arc::clone(&journal.time));
            let deliverer = Deliverer::new(store, time, delivers);
            let time_out = self.time_out.and_then(|it| SignedDuration::try_from(it).ok());
            time_out.into_iter().fold(deliverer, Deliverer::time_out)
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let reads = journal.planner.read_on(&*journal.time);
            // The events of the last steps are delivered after the worker has stopped.
            let (worked, mut working) = watch::channel(());
            let works = async {
                if let Err(error) = read_again(&journal).await {
                    tracing::warn!(%error, "notifications that could not be read wait");
                }
                let ended = worker.run(async { drop(stopped.await) }).await;
                drop(worked);
                ended
            };
            let delivers = async {
                match deliverer {
                    Some(it) => it.run(async { while working.changed().await.is_ok() {} }).await,
                    None => Ok(()),
                }
            };
            tokio::select! {
                () = reads => Ok(()),
                ended = async { tokio::try_join!(works, delivers) } => Ok(ended.map(drop)?),
            }
        });
        Ok(Worker { stop: Some(stop), task: Some(task) })
    }
}

impl fmt::Debug for WorkerBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WorkerBuilder({:?})", self.only)
    }
}

/// A worker that runs. Dropping it stops it as a crash would: safely.
#[derive(Debug)]
pub struct Worker {
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<Result<(), JournalError>>>,
}

impl Worker {
    /// Begins nothing new, lets calls in flight be answered and written down, then ends.
    ///
    /// # Errors
    /// When the journal had stopped before, after an error of its disk.
    pub async fn stop(mut self) -> Result<(), JournalError> {
        drop(self.stop.take());
        self.ended().await
    }

    /// Waits until the worker ends by itself: the journal has stopped.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn ended(&mut self) -> Result<(), JournalError> {
        match &mut self.task {
            Some(task) => {
                let ended = task.await;
                self.task = None;
                ended.unwrap_or(Ok(()))
            }
            None => Ok(()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
