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
mod kind;
mod open;
mod process;
mod queue;
mod read;
mod rows;
mod save;
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
    Acceptance, Accepted, Claim, Claimed, Filter, Journal, JournalEvent, Pause, Resumption, Store,
    StoreError,
};
use crate::{
    Time,
    record::{Event, Lease, Policy, Record, RecordId, Refused, Write},
};
use async_trait::async_trait;
use connect::Connector;
use connection::Connection;
use process::{Clock, Process};
use queue::Queue;
use std::{fmt, sync::Arc};
use tulay_core::{Operation, Reference};

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
    /// The server's clock decides. `time` is compared with it once.
    ///
    /// # Errors
    /// As [`ServerError`]; each says what to do.
    pub async fn open(
        url: ServerUrl,
        policy: Policy,
        time: Arc<dyn Time>,
    ) -> Result<Self, ServerError> {
        Self::open_by(url, policy, Clock::Server, time).await
    }

    /// Opens a journal whose clock is the given one, for tests: machines whose clocks differ would
    /// not agree on leases.
    ///
    /// # Errors
    /// As [`ServerError`]; each says what to do.
    pub async fn open_with_time(
        url: ServerUrl,
        policy: Policy,
        time: Arc<dyn Time>,
    ) -> Result<Self, ServerError> {
        Self::open_by(url, policy, Clock::Given(Arc::clone(&time)), time).await
    }

    async fn open_by(
        url: ServerUrl,
        policy: Policy,
        clock: Clock,
        time: Arc<dyn Time>,
    ) -> Result<Self, ServerError> {
        let shown = url.to_string().into();
        let connector = Arc::new(Connector::new(url));
        let client = connector.first().await?;
        let namespace = &policy.namespace;
        let opened = open::open(&connector, &client, namespace, &clock, time.now()).await?;
        connector.opened(opened.lineage);
        let process = Process { policy: Arc::new(policy), clock, owner: opened.owner };
        let queues = Queues { writers: Arc::new(Queue::new()), readers: Arc::new(Queue::new()) };
        let mut client = Some(client);
        let all = [(&queues.writers, WRITERS), (&queues.readers, READERS)];
        for (queue, number) in all {
            for _ in 0..number {
                let (queue, connector) = (Arc::clone(queue), Arc::clone(&connector));
                let connection = Connection::new(queue, connector, process.clone(), client.take());
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

    async fn list(&self, filter: Filter) -> Result<Vec<Record>, StoreError> {
        self.queues.readers.call(filter, |filter, it| Box::pin(read::list(it, filter))).await
    }

    async fn timeline(&self, id: RecordId) -> Result<Vec<Event>, StoreError> {
        self.queues.readers.call(id, |id, it| Box::pin(read::timeline(it, *id))).await
    }

    async fn journal(&self) -> Result<Journal, StoreError> {
        self.queues.readers.call((), |(), it| Box::pin(read::journal(it))).await
    }

    async fn history(&self) -> Result<Vec<JournalEvent>, StoreError> {
        self.queues.readers.call((), |(), it| Box::pin(read::history(it))).await
    }
}
