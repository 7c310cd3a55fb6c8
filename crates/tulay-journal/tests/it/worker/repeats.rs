//! Transactions that the server ends because others are in their way. Each is repeated, and what it was for
//! is sent once.

use super::{Desk, InOrder, payout_of, policy_of};
use crate::store::{Hand, acceptance, account, server::wait};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use tokio_postgres::{Client, NoTls};
use tulay_core::{ErrorKind, MerchantAccount, Operation, Provider, Reference};
use tulay_journal::{
    Limits, Planned, Planner, Worker,
    record::{Record, Status},
    store::{Acceptance, Accepted, Filter, Postgres, Store},
};
use tulay_tests_postgres::Cluster;

/// A server that notices a deadlock soon, and its log.
fn cluster() -> Option<Cluster> {
    Cluster::with(&[("deadlock_timeout", "20ms")])
}

/// How often the server ended a transaction for this reason.
fn count(cluster: &Cluster, reason: &str) -> usize {
    cluster.log().matches(reason).count()
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    // It waits longer than the journal: the server ends the journal's transaction.
    client.batch_execute("SET deadlock_timeout = '1h'").await.unwrap();
    client
}

/// Waits until another session waits for a lock.
async fn until_one_waits(client: &Client) {
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while client.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
}

/// A planner beside which others hold the payout that is worked on, and then want what the journal
/// holds.
#[derive(Debug)]
struct InTheWay {
    planner: InOrder,
    url: String,
    /// What is wanted at the intent, and at the answer.
    wanted: Mutex<Vec<String>>,
}

impl InTheWay {
    fn stand_in_the_way(&self) {
        let Some(wanted) = self.wanted.lock().unwrap().pop() else { return };
        let url = self.url.clone();
        wait(async move {
            let client = connect(&url).await;
            client.batch_execute("BEGIN; SELECT FROM tulay.payout FOR UPDATE").await.unwrap();
            tokio::spawn(async move {
                until_one_waits(&client).await;
                client.batch_execute(&wanted).await.unwrap();
                client.batch_execute("COMMIT").await.unwrap();
            });
        });
    }
}

impl Planner for InTheWay {
    fn plan(&self, record: &Record, now: Timestamp) -> Planned {
        self.stand_in_the_way();
        self.planner.plan(record, now)
    }
    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        self.planner.provider(account)
    }
    fn answered(
        &self,
        account: &MerchantAccount,
        operation: Operation,
        why: Option<ErrorKind>,
        now: Timestamp,
    ) {
        self.stand_in_the_way();
        self.planner.answered(account, operation, why, now);
    }
}

#[tokio::test]
async fn deadlock_repeats_a_transaction_and_no_sending() {
    let Some(cluster) = cluster() else { return };
    let (time, url) = (Hand::new(), cluster.database().url());
    let desks = vec![Desk::new(account(1), &time)];
    let policy = policy_of(&desks);
    let opened = Postgres::open_with_time(url.parse().unwrap(), None, policy.clone(), time.clone());
    let store = wait(opened).unwrap();
    store.confirm_whole("ops", "it is new").await.unwrap();
    let group = vec![Acceptance::payout(&payout_of("R1", None), "[]")];
    store.accept(group).await.unwrap().remove(0).unwrap();
    // An intent holds the journal's row, and an answer the provider's id, before the payout.
    let intent = "SELECT FROM tulay.journal FOR UPDATE";
    let answer = "SELECT pg_advisory_xact_lock(hashtextextended('D-' || order_id, 1)) \
                  FROM tulay.attempt";
    let wanted = Mutex::new(vec![answer.to_owned(), intent.to_owned()]);
    let planner = InTheWay { planner: InOrder(desks.clone()), url, wanted };
    let (planner, limits) = (Arc::new(planner), Limits::in_flight(1));
    let worker = Worker::new(Arc::new(store.clone()), planner, time.clone(), policy, limits);
    worker.run_once().await.unwrap();
    assert_eq!(count(&cluster, "deadlock detected"), 2);
    let record = store.list(Filter::default()).await.unwrap().remove(0);
    assert_eq!((record.status, desks[0].arrived()), (Status::Pending, 1));
    let kinds: Vec<_> =
        store.timeline(record.id).await.unwrap().iter().map(|it| it.change.kind()).collect();
    assert_eq!(kinds, ["accepted", "intended", "answered"]);
}

#[tokio::test]
async fn changed_snapshot_repeats_an_acceptance() {
    let Some(cluster) = cluster() else { return };
    let (time, url) = (Hand::new(), cluster.database().url());
    let policy = policy_of(&[Desk::new(account(1), &time)]);
    let store = wait(Postgres::open_with_time(url.parse().unwrap(), None, policy, time)).unwrap();
    let accepting = store.clone();
    let accepted = wait(async move {
        let client = connect(&url).await;
        // An acceptance has read the journal before it waits for this lock.
        let hold = "BEGIN; SELECT pg_advisory_xact_lock(7840318413)";
        client.batch_execute(hold).await.unwrap();
        let accept = async move { accepting.accept(vec![acceptance("R1")]).await };
        let accept = tokio::spawn(accept);
        until_one_waits(&client).await;
        let subscribe = "UPDATE tulay.journal SET delivers = 1; COMMIT";
        client.batch_execute(subscribe).await.unwrap();
        accept.await.unwrap()
    });
    assert!(matches!(accepted.unwrap()[..], [Ok(Accepted::New(_))]));
    assert_eq!(count(&cluster, "could not serialize access"), 1);
    let reference = Reference::new("R1").unwrap();
    let found = store.find(Operation::Payout, vec![reference]).await.unwrap().remove(0).unwrap();
    assert_eq!(store.timeline(found.id).await.unwrap().len(), 1);
    let undelivered = store.undelivered(10, SignedDuration::from_secs(1)).await.unwrap();
    assert_eq!(undelivered.len(), 1, "the event of the second try goes to the outbox");
}
