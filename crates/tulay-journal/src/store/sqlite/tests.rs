//! What needs the writer's own connection: a full disk, and a commit that breaks off.

use super::*;
use crate::record::{Configured, Intent, Personal, Seen, Step};
use jiff::SignedDuration;
use std::time::Duration;
use tulay_core::{
    Channel, Country, Currency, Environment, ErrorKind, FindBy, Guarantees, IdRules, Lookup,
    MerchantAccount, Money, OrderId, Prepared,
};

#[derive(Debug)]
struct Still;

#[async_trait]
impl Time for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
    async fn sleep(&self, _: SignedDuration) {}
}

fn account() -> MerchantAccount {
    MerchantAccount::new("starpay", Environment::Sandbox, "101510000001", "api.example.com")
}

async fn opened(folder: &tempfile::TempDir) -> Sqlite {
    let mut guarantees = Guarantees::default();
    guarantees.find_by = FindBy::OrderId;
    let configured =
        Configured::new(account(), Operation::Payout, [(Country::PH, Currency::PHP)], guarantees);
    let policy = Policy::production(Namespace::new("acme-ph").unwrap(), vec![configured]);
    let path = folder.path().join("tulay.db");
    let store = Sqlite::open(path, None, policy, Arc::new(Still)).unwrap();
    store.confirm_whole("ops", "it is new").await.unwrap();
    store
}

fn acceptance(reference: &str) -> Acceptance {
    let (reference, amount) =
        (Reference::new(reference).unwrap(), Money::from_minor(100, Currency::PHP));
    let request = Personal::new("x".repeat(3000));
    Acceptance::new(Operation::Payout, reference, amount, Country::PH, request, "[]")
}

/// An intent that needs several pages.
fn intent(store: &Sqlite, record: &Record) -> Write {
    let namespace = &store.process.policy.namespace;
    let id = OrderId::derive(IdRules::STANDARD, namespace, Operation::Payout, &record.reference, 1);
    let lookup = Lookup::new(id, Country::PH, Currency::PHP, Channel::Bank);
    let prepared = Prepared::new(lookup, account(), 1, 1, "x".repeat(20_000));
    let intent = Intent::Next(Box::new(prepared));
    Write::claimed(record, Step::Intend { version: record.version, intent })
}

/// Leaves so many pages more than the database has. Returns how many it has.
async fn leave(store: &Sqlite, more: i64) -> i64 {
    let work = move |connection: &Connection| {
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let most = format!("PRAGMA max_page_count = {}", pages + more);
        connection.query_row(&most, [], |_| Ok(()))?;
        Ok(pages)
    };
    store.writer.call(work).await.unwrap()
}

#[tokio::test]
async fn full_disk_writes_nothing_of_an_intent() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder).await;
    let mut failures = 0;
    // The disk is full at one statement after the other, until there is enough for all.
    for more in 0..64 {
        let reference = format!("R{more}");
        leave(&store, 1000).await;
        store.accept(vec![acceptance(&reference)]).await.unwrap();
        let record = store.claim(Claim::due(1)).await.unwrap().records.pop().unwrap();
        leave(&store, more).await;
        let written = store.write(vec![intent(&store, &record)]).await;
        let after = store.get(vec![record.id]).await.unwrap().pop().unwrap().unwrap();
        let Ok(written) = written else {
            assert_eq!(written, Err(StoreError::Full), "{more}");
            assert_eq!(after, record, "{more}");
            failures += 1;
            continue;
        };
        let after_intent = written[0].clone().unwrap();
        assert_eq!(after, after_intent, "{more}");
        // The disk of the outcome is full: the sending stays open, which is the truth.
        leave(&store, 1000).await;
        let seen = Seen::NotSent { kind: ErrorKind::Unreachable };
        let (word, provider_reference, reason) = (None, None, None);
        let (attempt, sending, sent_at) = (1, 0, after.sent_at(1, 0).unwrap());
        let step =
            Step::Answer { attempt, sending, sent_at, seen, word, provider_reference, reason };
        let answered = store.write(vec![Write::claimed(&after, step)]).await.unwrap();
        assert!(answered[0].is_ok());
        assert!(failures > 3, "the disk was full at {failures} places");
        return;
    }
    panic!("an intent never had enough pages");
}

#[tokio::test]
async fn full_disk_accepts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder).await;
    leave(&store, 0).await;
    let group: Vec<_> = (0..8).map(|number| acceptance(&format!("R{number}"))).collect();
    assert_eq!(store.accept(group.clone()).await, Err(StoreError::Full));
    assert!(store.list(Filter::default()).await.unwrap().is_empty());
    leave(&store, 1000).await;
    let accepted = store.accept(group).await.unwrap();
    assert!(accepted.iter().all(|it| matches!(it, Ok(Accepted::New(_)))));
}

#[tokio::test]
async fn one_bad_job_does_not_take_others_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder).await;
    let bad = store.writer.call(|connection| {
        connection.execute("DELETE FROM journal WHERE no_such_column", [])?;
        Ok(())
    });
    let (bad, good) = tokio::join!(bad, store.accept(vec![acceptance("R1")]));
    assert!(matches!(bad, Err(StoreError::Failed(_))), "{bad:?}");
    assert!(matches!(good.unwrap()[0], Ok(Accepted::New(_))));
}

#[tokio::test]
async fn commit_that_breaks_off_stops_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder).await;
    // A constraint that is checked at the commit fails it.
    let breaks = |connection: &Connection| {
        connection.execute_batch(
            "PRAGMA defer_foreign_keys = ON;
             INSERT INTO event (payout_id, n, kind, body, at) VALUES (7, 1, 'accepted', '{}', 0);",
        )?;
        Ok(())
    };
    let unknown = store.writer.call(breaks).await;
    assert!(matches!(unknown, Err(StoreError::OutcomeUnknown(_))), "{unknown:?}");
    assert_eq!(store.accept(vec![acceptance("R1")]).await, Err(StoreError::Closed));
    assert!(store.list(Filter::default()).await.unwrap().is_empty(), "reading goes on");
}
