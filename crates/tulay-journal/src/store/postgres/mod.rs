//! The journal on a Postgres server, for many machines.
//!
//! Two connections write and two read. A connection takes what waits, up to 256 calls of one kind,
//! as one transaction, and answers all of them after the commit. What a transaction sends at once
//! takes one round trip. The server's clock decides, so that machines whose clocks differ agree on
//! leases. No statement has a name and nothing is kept in a session: a transaction pooler in front
//! changes nothing.

mod accept;
mod claim;
mod connect;
mod connection;
mod error;
mod events;
mod form;
mod inbox;
mod kind;
mod notifications;
mod open;
mod overview;
mod process;
mod queue;
mod read;
mod rows;
mod save;
mod schema;
mod statement;
mod surroundings;
mod tls;
mod transaction;
mod trouble;
mod url;
mod verbs;
mod write;

pub use error::ServerError;
pub use url::{InvalidUrl, ServerUrl};

use super::{
    Acceptance, Accepted, ActiveProcess, Beat, Claim, Claimed, Counts, Delivery, EventId, Examined,
    Filter, Form, Journal, JournalEvent, Pause, PaymentEvent, Resumption, ReviewCount, Store,
    StoreError, Witness,
};
use crate::{
    Time,
    record::{Event, Lease, Original, Policy, Record, RecordId, Refused, Write},
};
use async_trait::async_trait;
use connect::Connector;
use connection::Connection;
use jiff::SignedDuration;
use process::{Clock, Process};
use queue::Queue;
use std::{fmt, sync::Arc};
use tulay_core::{Namespace, Operation, Reference};

const WRITERS: usize = 2;
const READERS: usize = 2;

/// A journal on a server. Clones share its connections; they end with the last one that is dropped,
/// once what waits is done.
#[derive(Clone)]
pub struct Postgres {
    queues: Arc<Queues>,
    process: Process,
    url: Arc<str>,
}

struct Queues {
    writers: Arc<Queue>,
    readers: Arc<Queue>,
}

impl Drop for Queues {
    fn drop(&mut self) {
        self.writers.close();
        self.readers.close();
    }
}

impl Postgres {
    /// Opens the journal of the policy's namespace, and makes its tables if there are none. A journal
    /// that is made is not known to be whole. The connections are tasks of the runtime that this is
    /// called in.
    ///
    /// The server's clock decides. `time` is compared with it once. `witness` remembers how far the
    /// journal was: one that is behind it, or is another one, is not known to be whole any more. It is
    /// compared with each connection that is made.
    ///
    /// # Errors
    /// As [`ServerError`]; each says what to do.
    pub async fn open(
        url: ServerUrl,
        witness: Option<Witness>,
        policy: Policy,
        time: Arc<dyn Time>,
    ) -> Result<Self, ServerError> {
        Self::open_by(url, witness, policy, Clock::Server, time).await
    }

    /// Opens a journal whose clock is the given one, for tests: machines whose clocks differ would
    /// not agree on leases.
    ///
    /// # Errors
    /// As [`ServerError`]; each says what to do.
    pub async fn open_with_time(
        url: ServerUrl,
        witness: Option<Witness>,
        policy: Policy,
        time: Arc<dyn Time>,
    ) -> Result<Self, ServerError> {
        Self::open_by(url, witness, policy, Clock::Given(Arc::clone(&time)), time).await
    }

    /// The form of the database. It changes nothing.
    ///
    /// # Errors
    /// As [`ServerError`]: also where the journal is another namespace's, or this version may not use it.
    pub async fn form(url: ServerUrl, namespace: &Namespace) -> Result<Form, ServerError> {
        form::form(url, namespace).await
    }

    /// Brings a database of an older form to that of this version, in one transaction. A newer one is
    /// left as it is. Returns the form that it had. Workers go on meanwhile; a transaction of theirs may
    /// wait for some seconds.
    ///
    /// # Errors
    /// As [`form`](Self::form). Nothing is changed, unless the connection was lost. It may be called
    /// again.
    pub async fn migrate(url: ServerUrl, namespace: &Namespace) -> Result<Form, ServerError> {
        form::migrate(url, namespace).await
    }

    async fn open_by(
        url: ServerUrl,
        witness: Option<Witness>,
        policy: Policy,
        clock: Clock,
        time: Arc<dyn Time>,
    ) -> Result<Self, ServerError> {
        let shown = url.to_string().into();
        let connector = Arc::new(Connector::new(url, witness));
        let client = connector.first().await?;
        let namespace = &policy.namespace;
        let opened = open::open(&connector, &client, namespace, &clock, time.now()).await?;
        connector.opened(opened.lineage.clone());
        connector.compare(&client, &clock).await?;
        let (policy, lineage) = (Arc::new(policy), opened.lineage.into());
        let process = Process { policy, clock, owner: opened.owner, lineage };
        let queues = Queues { writers: Arc::new(Queue::new()), readers: Arc::new(Queue::new()) };
        let mut client = Some(client);
        let all = [(&queues.writers, WRITERS, true), (&queues.readers, READERS, false)];
        for (queue, number, writes) in all {
            for _ in 0..number {
                let (queue, connector) = (Arc::clone(queue), Arc::clone(&connector));
                let client = client.take();
                let connection = Connection::new(queue, connector, process.clone(), client, writes);
                tokio::spawn(connection.serve());
            }
        }
        Ok(Self { queues: Arc::new(queues), process, url: shown })
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({}, process {})", self.url, self.process.owner)
    }
}

#[async_trait]
impl Store for Postgres {
    async fn accept(
        &self,
        group: Vec<Acceptance>,
    ) -> Result<Vec<Result<Accepted, Refused>>, StoreError> {
        self.queues.writers.accept(group).await
    }

    async fn claim(&self, claim: Claim) -> Result<Claimed, StoreError> {
        let input = (self.process.clone(), claim);
        let claim = self.queues.writers.call(input, |(process, claim), transaction| {
            Box::pin(claim::claim(process, transaction, claim))
        });
        claim.await
    }

    async fn write(&self, group: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError> {
        self.queues.writers.write(group).await
    }

    async fn release(&self, group: Vec<(RecordId, Lease)>) -> Result<(), StoreError> {
        let release = self
            .queues
            .writers
            .call(group, |group, transaction| Box::pin(verbs::release(transaction, group)));
        release.await
    }

    async fn refresh(&self, group: Vec<RecordId>) -> Result<(), StoreError> {
        let input = (self.process.clone(), group);
        let refresh = self.queues.writers.call(input, |(process, group), transaction| {
            Box::pin(verbs::refresh(process, transaction, group))
        });
        refresh.await
    }

    async fn pause(&self, pauses: Vec<Pause>) -> Result<(), StoreError> {
        let input = (self.process.clone(), pauses);
        let pause = self.queues.writers.call(input, |(process, pauses), transaction| {
            Box::pin(verbs::pause(process, transaction, pauses))
        });
        pause.await
    }

    async fn resume(&self, group: Vec<Resumption>) -> Result<(), StoreError> {
        let input = (self.process.clone(), group);
        let resume = self.queues.writers.call(input, |(process, group), transaction| {
            Box::pin(verbs::resume(process, transaction, group))
        });
        resume.await
    }

    async fn confirm_whole(&self, by: &str, why: &str) -> Result<(), StoreError> {
        let input = (self.process.clone(), by.to_owned(), why.to_owned());
        let confirm = self.queues.writers.call(input, |(process, by, why), transaction| {
            Box::pin(verbs::confirm_whole(process, transaction, by, why))
        });
        confirm.await
    }

    async fn doubt(&self, by: &str, why: &str) -> Result<(), StoreError> {
        let input = (self.process.clone(), by.to_owned(), why.to_owned());
        let doubt = self.queues.writers.call(input, |(process, by, why), transaction| {
            Box::pin(verbs::doubt(process, transaction, by, why))
        });
        doubt.await
    }

    async fn beat(&self, beat: Beat) -> Result<(), StoreError> {
        let input = (self.process.clone(), beat);
        let beat = self.queues.writers.call(input, |(process, beat), transaction| {
            Box::pin(overview::beat(process, transaction, beat))
        });
        beat.await
    }

    async fn leave(&self) -> Result<(), StoreError> {
        let leave = self.queues.writers.call(self.process.clone(), |process, transaction| {
            Box::pin(overview::leave(process, transaction))
        });
        leave.await
    }

    async fn processes(&self) -> Result<Vec<ActiveProcess>, StoreError> {
        let processes = self.queues.readers.call(self.process.clone(), |process, transaction| {
            Box::pin(overview::processes(process, transaction))
        });
        processes.await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.queues.readers.call((), |(), it| Box::pin(overview::counts(it))).await
    }

    async fn find(
        &self,
        operation: Operation,
        references: Vec<Reference>,
    ) -> Result<Vec<Option<Record>>, StoreError> {
        let input = (self.process.clone(), operation, references);
        let find = self.queues.readers.call(input, |(process, operation, references), it| {
            Box::pin(read::find(process, it, *operation, references))
        });
        find.await
    }

    async fn get(&self, ids: Vec<RecordId>) -> Result<Vec<Option<Record>>, StoreError> {
        self.queues.readers.call(ids, |ids, it| Box::pin(read::get(it, ids))).await
    }

    async fn refunds(&self, original: &Original) -> Result<Vec<Record>, StoreError> {
        let call = self
            .queues
            .readers
            .call(original.clone(), |original, it| Box::pin(read::refunds(it, original)));
        call.await
    }

    async fn list(&self, filter: Filter) -> Result<Vec<Record>, StoreError> {
        self.queues.readers.call(filter, |filter, it| Box::pin(read::list(it, filter))).await
    }

    async fn timeline(&self, id: RecordId) -> Result<Vec<Event>, StoreError> {
        self.queues.readers.call(id, |id, it| Box::pin(read::timeline(it, *id))).await
    }

    async fn examine(
        &self,
        after: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<Examined>, StoreError> {
        let input = (after, most);
        let examine = self
            .queues
            .readers
            .call(input, |(after, most), it| Box::pin(read::examine(it, *after, *most)));
        examine.await
    }

    async fn journal(&self) -> Result<Journal, StoreError> {
        self.queues.readers.call((), |(), it| Box::pin(read::journal(it))).await
    }

    async fn history(&self) -> Result<Vec<JournalEvent>, StoreError> {
        self.queues.readers.call((), |(), it| Box::pin(read::history(it))).await
    }

    async fn count_reviews(&self) -> Result<Vec<ReviewCount>, StoreError> {
        self.queues.readers.call((), |(), it| Box::pin(read::count_reviews(it))).await
    }

    async fn events(
        &self,
        after: Option<EventId>,
        most: usize,
    ) -> Result<Vec<PaymentEvent>, StoreError> {
        let input = (after, most);
        let events = self.queues.writers.call(input, |(after, most), transaction| {
            Box::pin(events::events(transaction, *after, *most))
        });
        events.await
    }

    async fn subscribe(&self) -> Result<(), StoreError> {
        self.queues.writers.call((), |(), it| Box::pin(events::subscribe(it))).await
    }

    async fn undelivered(
        &self,
        most: usize,
        lease: SignedDuration,
    ) -> Result<Vec<Delivery>, StoreError> {
        let input = (self.process.clone(), most, lease);
        let claim = self.queues.writers.call(input, |(process, most, lease), transaction| {
            Box::pin(events::undelivered(process, transaction, *most, *lease))
        });
        claim.await
    }

    async fn delivered(&self, group: Vec<(EventId, Lease)>) -> Result<(), StoreError> {
        let remove = self
            .queues
            .writers
            .call(group, |group, transaction| Box::pin(events::delivered(transaction, group)));
        remove.await
    }

    async fn not_delivered(
        &self,
        group: Vec<(EventId, Lease, SignedDuration)>,
    ) -> Result<(), StoreError> {
        let input = (self.process.clone(), group);
        let wait = self.queues.writers.call(input, |(process, group), transaction| {
            Box::pin(events::not_delivered(process, transaction, group))
        });
        wait.await
    }
}
