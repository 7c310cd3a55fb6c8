//! A connection is a task: it takes what waits, does it as one transaction, and answers after the
//! commit. A caller that goes away stops nothing.

use super::{
    connect::Connector,
    process::Process,
    queue::{Queue, Work},
    transaction::{State, Transaction},
    trouble::Trouble,
};
use crate::store::StoreError;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_postgres::Client;

/// A transaction is tried so often while others are in its way.
const TRIES: u32 = 10;
/// A server that cannot be reached is tried again after so long, and then after twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How far the journal is, is noted no more often, so that it costs a busy worker nothing.
const BETWEEN_NOTES: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection, which is made again when it is lost.
pub(super) struct Connection {
    queue: Arc<Queue>,
    connector: Arc<Connector>,
    process: Process,
    client: Option<Arc<Client>>,
    /// When the server may be tried again, and the pause before.
    next_try: Instant,
    pause: Duration,
    /// When it may next be noted how far the journal is; `None`: it only reads.
    next_note: Option<Instant>,
}

impl Connection {
    /// A connection; without a client, the first work makes one.
    pub(super) fn new(
        queue: Arc<Queue>,
        connector: Arc<Connector>,
        process: Process,
        client: Option<Client>,
        writes: bool,
    ) -> Self {
        let (client, next_try) = (client.map(Arc::new), Instant::now());
        let (pause, next_note) = (FIRST_PAUSE, writes.then_some(next_try));
        Self { queue, connector, process, client, next_try, pause, next_note }
    }

    /// Works until the queue is closed.
    pub(super) async fn serve(mut self) {
        while let Some(work) = self.queue.next(&self.process).await {
            self.perform(work).await;
        }
    }

    async fn perform(&mut self, mut work: Box<dyn Work>) {
        let result = self.repeat(work.as_mut()).await;
        // A call that cannot be written must not take the others with it.
        let may_be_one = match &result {
            Err(Trouble::Undone(error)) => *error != StoreError::Busy,
            Err(Trouble::Again(_)) => true,
            Ok(()) | Err(Trouble::Unknown(_)) => false,
        };
        if may_be_one && work.calls() > 1 && self.client.is_some() {
            for call in work.split() {
                Box::pin(self.perform(call)).await;
            }
            return;
        }
        work.answer(result.map_err(Trouble::into_error));
        self.note().await;
    }

    /// Lets this machine remember how far the journal is, after the callers have their answers.
    async fn note(&mut self) {
        let Some(next) = self.next_note.filter(|next| *next <= Instant::now()) else { return };
        let Some(client) = &self.client else { return };
        // What is not remembered is noticed less, and harms nothing else.
        let compared = self.connector.compare(client, &self.process.clock);
        if timeout(PATIENCE, compared).await.is_err() {
            self.client = None;
        }
        self.next_note = Some(next.max(Instant::now()) + BETWEEN_NOTES);
    }

    /// Repeats a transaction that others were in the way of. What it sends to a provider is sent
    /// after it, so nothing is sent twice.
    async fn repeat(&mut self, work: &mut dyn Work) -> Result<(), Trouble> {
        let mut tried = 0;
        loop {
            let client = self.client().await?;
            let mut transaction = Transaction::new(client);
            let result = work.run(&mut transaction).await;
            self.tidy(&transaction).await;
            tried += 1;
            match result {
                Err(Trouble::Again(_)) if tried < TRIES => {
                    sleep(Duration::from_millis(2) * tried * (1 + self.process.owner % 3)).await;
                }
                result => return result,
            }
        }
    }

    /// Rolls back what was not committed, and gives up a connection that cannot be relied on.
    async fn tidy(&mut self, transaction: &Transaction) {
        let Some(client) = &self.client else { return };
        let is_usable = match transaction.state() {
            State::Ended => true,
            State::Open => {
                let rolled_back = timeout(PATIENCE, client.batch_execute("ROLLBACK"));
                matches!(rolled_back.await, Ok(Ok(())))
            }
            State::Silent => false,
        };
        if !is_usable || client.is_closed() {
            self.client = None;
        }
    }

    /// The client. One that was lost is made again, after a pause if that failed before.
    async fn client(&mut self) -> Result<Arc<Client>, Trouble> {
        if let Some(client) = self.client.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        sleep_until(self.next_try).await;
        match self.connector.again(&self.process.clock).await {
            Ok(client) => {
                let client = Arc::new(client);
                self.client = Some(Arc::clone(&client));
                self.pause = FIRST_PAUSE;
                Ok(client)
            }
            Err(error) => {
                self.client = None;
                self.next_try = Instant::now() + self.pause;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                Err(StoreError::Failed(error.to_string()).into())
            }
        }
    }
}
