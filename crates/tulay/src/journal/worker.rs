//! Running workers.

use super::JournalError;
use crate::Tulay;
use std::sync::Arc;
use tokio::{sync::oneshot, task::JoinHandle};
use tulay_core::{Operation, Reference};
use tulay_journal::record::RecordId;

/// How a worker is to run.
#[must_use = "nothing runs until it is started"]
#[derive(Debug)]
pub struct WorkerBuilder<'t> {
    tulay: &'t Tulay,
    only: Option<Vec<Reference>>,
}

impl<'t> WorkerBuilder<'t> {
    pub(crate) const fn new(tulay: &'t Tulay) -> Self {
        Self { tulay, only: None }
    }

    /// Works on these payouts alone and leaves the rest to other workers.
    pub fn only(mut self, references: impl IntoIterator<Item = Reference>) -> Self {
        self.only = Some(references.into_iter().collect());
        self
    }

    /// Starts on the current runtime.
    ///
    /// # Errors
    /// [`JournalError::NotFound`] for a payout that was not accepted; when the journal cannot be
    /// opened or read.
    pub async fn start(self) -> Result<Worker, JournalError> {
        let journal = Arc::clone(self.tulay.opening().get().await?);
        let mut worker = journal.worker.clone();
        if let Some(references) = self.only {
            // Without any, it works on none.
            let mut ids = vec![RecordId(0)];
            let found = journal.store.find(Operation::Payout, references.clone()).await?;
            for (reference, record) in references.iter().zip(found) {
                let record = record.ok_or_else(|| JournalError::NotFound(reference.to_string()))?;
                ids.push(record.id);
            }
            worker = worker.only(ids);
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let reads = journal.planner.read_on(&*journal.time);
            let works = worker.run(async { drop(stopped.await) });
            tokio::select! {
                () = reads => Ok(()),
                worked = works => Ok(worked?),
            }
        });
        Ok(Worker { stop: Some(stop), task: Some(task) })
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
