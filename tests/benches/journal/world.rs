//! A journal in a folder of its own, and what it is asked to do.

use crate::{
    bare::Bare,
    provider::{Only, policy},
    row::{self, Row},
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, task::JoinSet};
use tulay::{
    Provider,
    adapter::{Clock, SystemClock},
};
use tulay_journal::{
    Limits, Time, Worker,
    record::Record,
    store::{Acceptance, Accepted, Filter, Sqlite, Store},
};
use tulay_tests::payout;

/// The clocks of this machine.
#[derive(Debug)]
pub(crate) struct Clocks(Instant);

impl Clocks {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Instant::now()))
    }
}

#[async_trait]
impl Time for Clocks {
    fn now(&self) -> Timestamp {
        SystemClock::new().now()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, duration: SignedDuration) {
        tokio::time::sleep(Duration::try_from(duration).unwrap_or(Duration::ZERO)).await;
    }
}

/// A journal that is open, with one provider.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    store: Sqlite,
    provider: Arc<dyn Provider>,
    time: Arc<Clocks>,
    runtime: Runtime,
}

impl World {
    /// An empty journal that may send.
    pub(crate) fn new(provider: &Arc<dyn Provider>) -> Self {
        let world = Self::within(folder(), provider);
        world.runtime.block_on(world.store.confirm_whole("bench", "it is new")).unwrap();
        world
    }

    /// Opens the journal that is in a folder, if there is one.
    pub(crate) fn within(folder: TempDir, provider: &Arc<dyn Provider>) -> Self {
        let time = Clocks::new();
        let file = folder.path().join("tulay.db");
        let store = Sqlite::open(file, None, policy(&**provider), time.clone()).unwrap();
        Self { folder, store, provider: Arc::clone(provider), time, runtime: runtime() }
    }

    /// Closes the journal.
    pub(crate) fn close(self) -> TempDir {
        self.folder
    }

    /// Accepts payouts one by one, so many callers at once.
    pub(crate) fn accept(&self, payouts: &[Acceptance], callers: usize) -> Duration {
        let accounts = vec![self.provider.merchant_account().clone()];
        let planned = |payout: &Acceptance| payout.clone().with_accounts(accounts.clone());
        let shares: Vec<Vec<Acceptance>> = (0..callers)
            .map(|caller| payouts.iter().skip(caller).step_by(callers).map(planned).collect())
            .collect();
        let start = Instant::now();
        self.runtime.block_on(async {
            let mut running = JoinSet::new();
            for share in shares {
                let store = self.store.clone();
                running.spawn(async move {
                    for payout in share {
                        let accepted = store.accept(vec![payout]).await.unwrap().remove(0);
                        assert!(matches!(accepted, Ok(Accepted::New(_))), "{accepted:?}");
                    }
                });
            }
            while let Some(ended) = running.join_next().await {
                ended.unwrap();
            }
        });
        start.elapsed()
    }

    /// Pays so many payouts, so many at once. Returns how long it took, and when the first was
    /// answered.
    pub(crate) fn pay(&self, payouts: usize, at_once: usize) -> (Duration, Instant) {
        let planner = Arc::new(Only::new(&self.provider, payouts));
        let (store, policy) = (Arc::new(self.store.clone()), policy(&*self.provider));
        let limits = Limits::in_flight(at_once);
        let worker = Worker::new(store, planner.clone(), self.time.clone(), policy, limits);
        let worker = worker.at_once(at_once);
        let start = Instant::now();
        self.runtime.block_on(worker.run(planner.all_answered())).unwrap();
        (start.elapsed(), planner.first_answered())
    }

    /// A page of payouts.
    pub(crate) fn list(&self, filter: Filter) -> Vec<Record> {
        self.runtime.block_on(self.store.list(filter)).unwrap()
    }

    /// How often the database was committed to: the counter of its WAL index.
    pub(crate) fn commits(&self) -> usize {
        let index = std::fs::read(self.folder.path().join("tulay.db-shm")).unwrap();
        let counter = u32::from_ne_bytes(index[8..12].try_into().unwrap());
        usize::try_from(counter).unwrap()
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        row::read(&self.folder.path().join("tulay.db"))
    }

    /// An empty database beside it, on a bare connection.
    pub(crate) fn bare(&self) -> Bare {
        Bare::create(&self.folder.path().join("bare.db"))
    }
}

/// So many payouts, each with its own reference.
pub(crate) fn acceptances(count: usize) -> Vec<Acceptance> {
    acceptances_of(0..count)
}

/// The payouts of these numbers.
pub(crate) fn acceptances_of(numbers: Range<usize>) -> Vec<Acceptance> {
    let plan = r#"{"version":1,"candidates":[{"provider":"starpay","adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1:1"}]}"#;
    let acceptance = |number| {
        let reference = format!("PAY-2026-{number:07}");
        Acceptance::payout(&payout(&reference, &format!("{number:012}")), plan)
    };
    numbers.map(acceptance).collect()
}

/// A folder on the disk of the build: the one of temporary files may be in memory.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in(temporary()).unwrap()
}

pub(crate) fn temporary() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned()
}

/// What an application has by default.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}
