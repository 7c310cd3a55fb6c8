//! Databases on a Postgres server that the tests of this process share.

mod bad_input;
mod begin;
mod forms;
mod lost;
mod many;
mod schema;

use super::{Database, Hand};
use std::sync::{Arc, LazyLock, OnceLock};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::NoTls;
use tulay_journal::{
    record::Policy,
    store::{Postgres, ServerError, ServerUrl},
};
use tulay_tests_postgres::{Cluster, pgbouncer::Pooler};

/// The connections of every test live here: each test has a runtime of its own, of one thread.
static CONNECTIONS: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Runs a future among the connections, and waits for it.
pub(crate) fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    std::thread::spawn(move || CONNECTIONS.block_on(future)).join().unwrap()
}

pub(crate) struct OnServer {
    store: Option<Postgres>,
    database: tulay_tests_postgres::Database<'static>,
    url: String,
    policy: Policy,
    time: Arc<Hand>,
}

impl OnServer {
    /// Whether there is a Postgres on this machine. Without one, the test is skipped.
    pub(crate) fn is_found() -> bool {
        Cluster::shared().is_some()
    }

    /// A new database at a URL that is made of it.
    pub(crate) fn at(
        url: impl Fn(&tulay_tests_postgres::Database<'static>) -> String,
        policy: Policy,
        time: &Arc<Hand>,
    ) -> Self {
        let database = Cluster::shared().unwrap().database();
        let url = url(&database);
        let mut database = Self { store: None, database, url, policy, time: time.clone() };
        database.store = Some(database.another());
        database
    }

    fn open(&self, policy: Policy) -> Result<Postgres, ServerError> {
        let (url, time): (ServerUrl, _) = (self.url.parse().unwrap(), self.time.clone());
        wait(Postgres::open_with_time(url, None, policy, time))
    }
}

impl Database for OnServer {
    type Store = Postgres;
    fn new(policy: Policy, time: &Arc<Hand>) -> Self {
        Self::at(tulay_tests_postgres::Database::url, policy, time)
    }
    fn store(&self) -> &Postgres {
        self.store.as_ref().unwrap()
    }
    fn another(&self) -> Postgres {
        self.configured(self.policy.clone())
    }
    fn configured(&self, policy: Policy) -> Postgres {
        self.open(policy).unwrap()
    }
    /// Machines know of a process that was killed by the end of its leases alone.
    fn kill(&mut self) {
        self.store = None;
        self.time.pass(self.policy.lease);
        self.store = Some(self.another());
    }
}

/// The same server behind a pooler, which gives every transaction another session.
pub(crate) struct OnPooler(OnServer);

impl OnPooler {
    /// Whether there is a Postgres and a pooler on this machine.
    pub(crate) fn is_found() -> bool {
        OnServer::is_found() && pooler().is_some()
    }
}

fn pooler() -> Option<&'static Pooler> {
    static POOLER: OnceLock<Option<Pooler>> = OnceLock::new();
    POOLER.get_or_init(|| Pooler::start(Cluster::shared()?)).as_ref()
}

impl Database for OnPooler {
    type Store = Postgres;
    fn new(policy: Policy, time: &Arc<Hand>) -> Self {
        let folder = pooler().unwrap().folder();
        Self(OnServer::at(|database| database.url_at(folder), policy, time))
    }
    fn store(&self) -> &Postgres {
        self.0.store()
    }
    fn another(&self) -> Postgres {
        self.0.another()
    }
    fn configured(&self, policy: Policy) -> Postgres {
        self.0.configured(policy)
    }
    fn kill(&mut self) {
        self.0.kill();
    }
}

/// Runs SQL beside the journal. Returns the first column of its rows.
pub(crate) fn sql(url: &str, text: &str) -> Result<Vec<Option<String>>, tokio_postgres::Error> {
    let (url, text) = (url.to_owned(), text.to_owned());
    wait(async move {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        let messages = client.simple_query(&text).await?;
        let first = messages.iter().filter_map(|it| match it {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).map(str::to_owned)),
            _ => None,
        });
        Ok(first.collect())
    })
}
