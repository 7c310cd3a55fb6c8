//! Databases on a Postgres server that the tests of this process share.

use super::{Database, Hand};
use std::sync::{Arc, LazyLock};
use tokio::runtime::{Builder, Runtime};
use tulay_journal::{
    record::Policy,
    store::{OpenError, Postgres, ServerUrl},
};
use tulay_tests_postgres::Cluster;

/// The connections of every test live here: each test has a runtime of its own, of one thread.
static CONNECTIONS: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Runs a future among the connections, and waits for it.
pub(crate) fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    std::thread::spawn(move || CONNECTIONS.block_on(future)).join().unwrap()
}

pub(crate) struct OnServer {
    store: Option<Postgres>,
    pub(crate) database: tulay_tests_postgres::Database<'static>,
    url: String,
    policy: Policy,
    time: Arc<Hand>,
}

impl OnServer {
    /// Whether there is a Postgres on this machine. Without one, the test is skipped.
    pub(crate) fn is_found() -> bool {
        Cluster::shared().is_some()
    }

    /// A new database behind a URL that is made of it.
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

    fn open(&self, policy: Policy) -> Result<Postgres, OpenError> {
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
