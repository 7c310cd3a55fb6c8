//! One suite for every store: a database that is added has to be named in [`databases`].

mod audit;
mod backup;
mod bad_input;
mod crowd;
mod database;
mod inbox;
mod kill;
mod linked;
mod migration;
mod outbox;
mod overview;
mod people;
pub(crate) mod refunds;
#[cfg(all(feature = "postgres", unix))]
mod remembered;
#[cfg(all(feature = "postgres", unix))]
pub(crate) mod server;
mod steps;
mod walk;
mod wholeness;

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tulay_core::{
    Channel, Country, Currency, Echo, Environment, FindBy, Guarantees, IdRules, Lookup,
    MerchantAccount, Money, Namespace, Operation, OrderId, Prepared, Reference,
};
use tulay_journal::{
    Time,
    record::{Configured, Intent, Personal, Policy, Record, RecordId, Refused, Seen, Step, Write},
    store::{Acceptance, Accepted, Claim, Memory, Sqlite, Store, Witness},
};

/// Runs tests on every database, each under the name of the database.
macro_rules! databases {
    // The store's own suite runs behind a pooler too.
    (and a pooler: $($test:ident),* $(,)?) => {
        crate::store::databases!($($test),*);
        #[cfg(all(feature = "postgres", unix))]
        mod pooler {
            use crate::store::server::OnPooler;
            $(#[tokio::test] async fn $test() {
                if OnPooler::is_found() {
                    super::$test::<OnPooler>().await;
                }
            })*
        }
    };
    ($($test:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test] async fn $test() { super::$test::<crate::store::InMemory>().await; })*
        }
        mod sqlite {
            $(#[tokio::test] async fn $test() { super::$test::<crate::store::OnDisk>().await; })*
        }
        #[cfg(all(feature = "postgres", unix))]
        mod postgres {
            use crate::store::server::OnServer;
            $(#[tokio::test] async fn $test() {
                if OnServer::is_found() {
                    super::$test::<OnServer>().await;
                }
            })*
        }
    };
}
pub(crate) use databases;

/// A journal that can be opened by several processes, which can be killed.
pub(crate) trait Database: Sized {
    type Store: Store + Clone;
    fn new(policy: Policy, time: &Arc<Hand>) -> Self;
    /// The first process.
    fn store(&self) -> &Self::Store;
    fn another(&self) -> Self::Store;
    /// A process that is configured otherwise.
    fn configured(&self, policy: Policy) -> Self::Store;
    /// The first process is killed and started again.
    fn kill(&mut self);
}

pub(crate) struct InMemory(Option<Memory>);

impl Database for InMemory {
    type Store = Memory;
    fn new(policy: Policy, time: &Arc<Hand>) -> Self {
        Self(Some(Memory::new(policy, time.clone())))
    }
    fn store(&self) -> &Memory {
        self.0.as_ref().unwrap()
    }
    fn another(&self) -> Memory {
        self.store().another()
    }
    fn configured(&self, policy: Policy) -> Memory {
        self.store().configured(policy)
    }
    fn kill(&mut self) {
        self.0 = self.0.take().map(Memory::killed);
    }
}

pub(crate) struct OnDisk {
    store: Option<Sqlite>,
    folder: tempfile::TempDir,
    policy: Policy,
    time: Arc<Hand>,
}

impl OnDisk {
    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("tulay.db")
    }
}

impl Database for OnDisk {
    type Store = Sqlite;
    fn new(policy: Policy, time: &Arc<Hand>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Self { store: None, folder, policy, time: time.clone() };
        database.store = Some(database.another());
        database
    }
    fn store(&self) -> &Sqlite {
        self.store.as_ref().unwrap()
    }
    fn another(&self) -> Sqlite {
        self.configured(self.policy.clone())
    }
    fn configured(&self, policy: Policy) -> Sqlite {
        Sqlite::open(self.path(), None, policy, self.time.clone()).unwrap()
    }
    fn kill(&mut self) {
        self.store = None;
        self.store = Some(self.another());
    }
}

/// When tests begin: 5 January 2026, 2 o'clock, UTC.
pub(crate) const BEGAN: Timestamp = Timestamp::constant(1_767_578_400, 0);

/// Clocks that are moved by hand.
#[derive(Debug)]
pub(crate) struct Hand {
    /// The wall clock, and how far it was set.
    now: Mutex<(Timestamp, SignedDuration)>,
    moved: tokio::sync::Notify,
}

impl Hand {
    pub(crate) fn new() -> Arc<Self> {
        let now = Mutex::new((BEGAN, SignedDuration::ZERO));
        Arc::new(Self { now, moved: tokio::sync::Notify::new() })
    }

    pub(crate) fn pass(&self, duration: SignedDuration) {
        self.now.lock().unwrap().0 += duration;
        self.moved.notify_waiters();
    }

    /// The wall clock is set, forwards or backwards; the monotonic clock stands still.
    pub(crate) fn set(&self, by: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        now.0 += by;
        now.1 += by;
        drop(now);
        self.moved.notify_waiters();
    }
}

#[async_trait::async_trait]
impl Time for Hand {
    fn now(&self) -> Timestamp {
        self.now.lock().unwrap().0
    }
    fn monotonic(&self) -> Duration {
        let (now, set) = *self.now.lock().unwrap();
        Duration::try_from(now.duration_since(Timestamp::UNIX_EPOCH) - set).unwrap()
    }
    async fn sleep(&self, duration: SignedDuration) {
        let end = self.now() + duration;
        loop {
            let moved = self.moved.notified();
            if self.now() >= end {
                return;
            }
            moved.await;
        }
    }
}

pub(crate) fn namespace() -> Namespace {
    Namespace::new("acme-ph").unwrap()
}

pub(crate) fn account(number: u8) -> MerchantAccount {
    MerchantAccount::new(
        "starpay",
        Environment::Sandbox,
        format!("10151000000{number}"),
        "api.example.com",
    )
}

pub(crate) fn guarantees() -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.find_by = FindBy::OrderId;
    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.failure_final_after = Some(SignedDuration::from_mins(10));
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount];
    guarantees
}

/// Two accounts are configured.
pub(crate) fn policy() -> Policy {
    let configured = |number| {
        Configured::new(
            account(number),
            Operation::Payout,
            [(Country::PH, Currency::PHP)],
            guarantees(),
        )
    };
    Policy::production(namespace(), vec![configured(1), configured(2)])
}

pub(crate) fn acceptance(reference: &str) -> Acceptance {
    Acceptance::new(
        Operation::Payout,
        Reference::new(reference).unwrap(),
        Money::from_minor(10_000, Currency::PHP),
        Country::PH,
        Personal::new(r#"{"name":"Ana Reyes"}"#),
        "[]",
    )
}

pub(crate) fn prepared(record: &Record, account: MerchantAccount) -> Prepared {
    let attempt = u32::try_from(record.attempts.len()).unwrap() + 1;
    let (rules, operation) = (IdRules::STANDARD, record.operation);
    let id = OrderId::derive(rules, &namespace(), operation, &record.reference, attempt);
    let lookup = Lookup::new(id, record.country, record.amount.currency(), Channel::Bank);
    Prepared::new(lookup.with_amount(record.amount), account, 1, 1, "for Ana Reyes".into())
}

pub(crate) fn next(record: &Record, number: u8) -> Write {
    let intent = Intent::Next(Box::new(prepared(record, account(number))));
    intend(record, intent)
}

pub(crate) fn same(record: &Record) -> Write {
    let digest = record.attempts.last().unwrap().digest;
    intend(record, Intent::Same(digest))
}

fn intend(record: &Record, intent: Intent) -> Write {
    let step = Step::Intend { version: record.version, intent };
    Write::claimed(record, step)
}

/// The answer to the last sending.
pub(crate) fn answer(record: &Record, seen: Seen) -> Write {
    let last = record.attempts.last().unwrap();
    let step = Step::Answer {
        attempt: last.attempt.number,
        sent_at: last.attempt.sendings.last().unwrap().at,
        sending: u32::try_from(last.attempt.sendings.len() - 1).unwrap(),
        seen,
        word: None,
        provider_reference: None,
        reason: None,
    };
    Write::claimed(record, step)
}

pub(crate) async fn accepted(store: &impl Store, reference: &str) -> RecordId {
    match store.accept(vec![acceptance(reference)]).await.unwrap().pop().unwrap() {
        Ok(Accepted::New(record) | Accepted::Known(record)) => record.id,
        Err(refused) => panic!("{refused}"),
    }
}

/// The one payment that is due.
pub(crate) async fn claimed(store: &impl Store) -> Record {
    let mut records = store.claim(Claim::due(10)).await.unwrap().records;
    assert_eq!(records.len(), 1, "one is due");
    records.pop().unwrap()
}

pub(crate) async fn write(store: &impl Store, write: Write) -> Result<Record, Refused> {
    store.write(vec![write]).await.unwrap().pop().unwrap()
}

/// A context in which nothing hinders a sending.
pub(crate) fn context(policy: &Policy) -> tulay_journal::record::Context<'_> {
    tulay_journal::record::Context { now: BEGAN, policy, owner: 1, pauses: &[], doubt: None }
}
