//! A pause while calls are in flight: they are answered and written down, and nothing follows them.

use super::{Desk, Does, Office, configured, payout_of, policy_of, worker};
use crate::store::{Database, account, databases};
use std::sync::Arc;
use tulay_core::MerchantAccount;
use tulay_journal::{
    Limits, Worker,
    record::{ReasonKind, Record, Status},
    store::{Acceptance, Filter, Pause, Scope, Store},
};

databases!(no_intent_follows_a_pause, paused_account_stops_no_other);

/// The calls that are in flight when the pause comes.
const IN_FLIGHT: usize = 64;

/// Two processes with so many calls in flight at one account, and as many payouts that wait for a
/// place. Returns the payouts after a pause, once the processes have stopped.
async fn after_pause<D: Database>(office: &Office<D>, scope: Scope) -> Vec<Record> {
    let desk = &office.desks[0];
    desk.then([Does::Hold; 2 * IN_FLIGHT]);
    let store = office.database.store();
    let numbers = 0..2 * IN_FLIGHT;
    let payouts = numbers.map(|it| Acceptance::payout(&payout_of(&format!("R{it}"), None), "[]"));
    store.accept(payouts.collect()).await.unwrap();
    let processes: [Arc<dyn Store>; 2] =
        [Arc::new(store.clone()), Arc::new(office.database.another())];
    let account = configured(desk).merchant_account;
    let stop = Arc::new(tokio::sync::Semaphore::new(0));
    let works = processes.map(|store| {
        let worker = worker(store, &office.desks, &office.time);
        tokio::spawn(run(worker, account.clone(), Arc::clone(&stop)))
    });
    until(|| desk.arrived() == IN_FLIGHT).await;
    store.pause(vec![Pause::new(scope, Some("ops".into()), "a test")]).await.unwrap();
    let sendings_then = sendings(&list(store).await);
    stop.close();
    desk.let_go();
    for work in works {
        work.await.unwrap();
    }
    let records = list(store).await;
    assert_eq!((sendings_then, sendings(&records)), (IN_FLIGHT, IN_FLIGHT));
    assert_eq!((desk.arrived(), desk.paid()), (IN_FLIGHT, IN_FLIGHT));
    records
}

async fn run(worker: Worker, account: MerchantAccount, stop: Arc<tokio::sync::Semaphore>) {
    let worker = worker.limit(account, Limits::in_flight(IN_FLIGHT / 2)).at_once(IN_FLIGHT);
    let stopped = async { assert!(stop.acquire().await.is_err(), "it has no permits") };
    worker.run(stopped).await.unwrap();
}

async fn no_intent_follows_a_pause<D: Database>() {
    let office = Office::<D>::open_with_one_desk().await;
    let records = after_pause(&office, Scope::All).await;
    let (sent, waits): (Vec<_>, Vec<_>) = records.iter().partition(|it| !it.attempts.is_empty());
    assert!(sent.iter().all(|it| it.status == Status::Pending && it.lease.is_none()));
    let is_paused = |it: &&Record| {
        let reason = it.progress.reason.as_ref().map(|reason| reason.kind);
        it.status == Status::Created && reason == Some(ReasonKind::Paused)
    };
    assert_eq!((sent.len(), waits.iter().filter(|it| is_paused(it)).count()), (64, 64));
}

async fn paused_account_stops_no_other<D: Database>() {
    let office = Office::<D>::open_with_one_desk().await;
    let records = after_pause(&office, Scope::Account(account(1))).await;
    assert_eq!(records.len(), 2 * IN_FLIGHT);
    // What waits is sent through another account, once it is configured.
    let other = Desk::new(account(2), &office.time);
    let desks = [other.clone()];
    let store = Arc::new(office.database.configured(policy_of(&desks)));
    let elsewhere = worker(store, &desks, &office.time);
    office.time.pass(super::minutes(2));
    elsewhere.run_once().await.unwrap();
    assert_eq!(other.arrived(), IN_FLIGHT);
}

async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::task::yield_now().await;
    }
}

async fn list(store: &impl Store) -> Vec<Record> {
    let mut filter = Filter::default();
    filter.most = 1000;
    store.list(filter).await.unwrap()
}

fn sendings(records: &[Record]) -> usize {
    records.iter().flat_map(|it| &it.attempts).map(|it| it.attempt.sendings.len()).sum()
}
