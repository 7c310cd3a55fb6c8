//! Many processes at one journal at once.
//!
//! 64 claimers take 10,000 payments. A hundred thousand take minutes:
//! `TULAY_CLAIM_ROWS=100000 cargo test -p tulay-journal --features postgres --test it store::crowd -- --nocapture`

use super::*;
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::task::JoinSet;
use tulay_journal::store::{Filter, Pause, Scope, StoreError};

databases!(claimers_share_what_is_due, pause_is_before_or_after_each_intent);

const PROCESSES: usize = 64;
/// The pause follows so many intents.
const PAUSED_AFTER: usize = 100;

async fn claimers_share_what_is_due<D: Database>() {
    let rows = rows();
    let database = D::new(policy(), &Hand::new());
    for first in (0..rows).step_by(250) {
        let group = (first..rows.min(first + 250)).map(|it| acceptance(&format!("R{it}")));
        let accepted = database.store().accept(group.collect()).await.unwrap();
        assert!(accepted.iter().all(Result::is_ok));
    }
    let mut claimers = JoinSet::new();
    for _ in 0..PROCESSES {
        let process = database.another();
        claimers.spawn(async move {
            let mut ids = Vec::new();
            loop {
                let claimed = claim(&process, 100).await;
                if claimed.is_empty() {
                    // The claims of a process that has ended are free.
                    return (ids, process);
                }
                ids.extend(claimed.iter().map(|record| record.id));
                // A store that never waits lets no other process run.
                tokio::task::yield_now().await;
            }
        });
    }
    let shares = claimers.join_all().await;
    let sharing = shares.iter().filter(|(ids, _)| !ids.is_empty()).count();
    let ids: Vec<RecordId> = shares.iter().flat_map(|(ids, _)| ids).copied().collect();
    let different: BTreeSet<RecordId> = ids.iter().copied().collect();
    assert_eq!(different.len(), ids.len(), "a payment was claimed twice");
    assert_eq!(ids.len(), rows, "payments are left");
    assert!(database.store().claim(Claim::due(1)).await.unwrap().records.is_empty());
    println!("{rows} payments, claimed by {sharing} of {PROCESSES} processes");
}

/// The pause is committed while intents are written by all processes. What the journal holds then is
/// all it ever holds.
async fn pause_is_before_or_after_each_intent<D: Database>() {
    const ROWS: usize = 1024;
    let database = D::new(policy(), &Hand::new());
    let store = database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    let group = (0..ROWS).map(|it| acceptance(&format!("R{it}"))).collect();
    store.accept(group).await.unwrap();
    let mut claims = Vec::new();
    for _ in 0..PROCESSES {
        let process = database.another();
        let claimed = claim(&process, ROWS / PROCESSES).await;
        claims.push((process, claimed));
    }
    let begun = Arc::new(AtomicUsize::new(0));
    let mut processes = JoinSet::new();
    for (process, claimed) in claims {
        let begun = Arc::clone(&begun);
        processes.spawn(async move {
            let (mut refused, mut sent_then) = (0, None);
            for record in claimed {
                match intend(&process, &record).await {
                    Err(error) => {
                        assert_eq!(error, Refused::Paused);
                        refused += 1;
                    }
                    Ok(_) if begun.fetch_add(1, Ordering::Relaxed) == PAUSED_AFTER => {
                        pause(&process).await;
                        sent_then = Some(sent(&process).await);
                    }
                    Ok(_) => {}
                }
                // A store that never waits lets no other process run.
                tokio::task::yield_now().await;
            }
            (refused, sent_then)
        });
    }
    let ended = processes.join_all().await;
    let refused: usize = ended.iter().map(|(refused, _)| refused).sum();
    let sent_then = ended.iter().find_map(|(_, sent_then)| *sent_then);
    assert_eq!(sent_then, Some(sent(store).await), "an intent follows the pause");
    assert_eq!(sent_then, Some(ROWS - refused));
    assert!(refused > 0, "every intent came before the pause");
}

async fn claim(store: &impl Store, most: usize) -> Vec<Record> {
    loop {
        if let Some(claimed) = unless_busy(store.claim(Claim::due(most)).await) {
            return claimed.records;
        }
    }
}

async fn intend(store: &impl Store, record: &Record) -> Result<Record, Refused> {
    loop {
        if let Some(mut written) = unless_busy(store.write(vec![next(record, 1)]).await) {
            return written.remove(0);
        }
    }
}

async fn pause(store: &impl Store) {
    let pause = Pause::new(Scope::All, None, "a test");
    while unless_busy(store.pause(vec![pause.clone()]).await).is_none() {}
}

/// `None`: others held the database for too long, and it is to be tried again.
fn unless_busy<T>(done: Result<T, StoreError>) -> Option<T> {
    match done {
        Err(StoreError::Busy) => None,
        done => Some(done.unwrap()),
    }
}

/// How many payments have an attempt.
async fn sent(store: &impl Store) -> usize {
    let mut filter = Filter::default();
    filter.most = 10_000;
    let records = store.list(filter).await.unwrap();
    records.iter().filter(|record| !record.attempts.is_empty()).count()
}

#[expect(clippy::disallowed_methods, reason = "who runs the tests chooses how long they take")]
fn rows() -> usize {
    let rows = std::env::var("TULAY_CLAIM_ROWS").ok().and_then(|text| text.parse().ok());
    rows.unwrap_or(10_000)
}
