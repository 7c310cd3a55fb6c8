//! Servers that stop, and answers that are lost.

use super::{OnServer, sql, wait};
use crate::store::{Hand, acceptance, policy};
use std::time::{Duration, Instant};
use tulay_journal::store::{Accepted, Filter, Postgres, Store, StoreError};
use tulay_tests_postgres::{
    Cluster,
    proxy::{Loss, Proxy},
};

async fn accept(store: &Postgres, reference: &str) -> Result<bool, StoreError> {
    let accepted = store.accept(vec![acceptance(reference)]).await?.remove(0);
    Ok(matches!(accepted.unwrap(), Accepted::New(_)))
}

#[tokio::test]
async fn lost_commit_is_unknown() {
    if !OnServer::is_found() {
        return;
    }
    let cluster = Cluster::shared().unwrap();
    let (database, proxy) = (cluster.database(), Proxy::start(cluster));
    let url = database.url_at(proxy.folder()).parse().unwrap();
    let store = wait(Postgres::open_with_time(url, None, policy(), Hand::new())).unwrap();
    for (reference, loss, is_written) in
        [("R1", Loss::Applied, true), ("R2", Loss::NotApplied, false)]
    {
        proxy.lose(1, loss);
        let lost = accept(&store, reference).await;
        assert!(matches!(lost, Err(StoreError::OutcomeUnknown(_))), "{lost:?}");
        assert!(proxy.has_lost());
        // The next call makes a connection, and is answered by what is written.
        assert_eq!(accept(&store, reference).await, Ok(!is_written), "{reference}");
    }
    assert_eq!(store.list(Filter::default()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn server_that_was_stopped_is_found_again() {
    let Some(cluster) = Cluster::with(&[]) else { return };
    let url = cluster.database().url().parse().unwrap();
    let store = wait(Postgres::open_with_time(url, None, policy(), Hand::new())).unwrap();
    assert_eq!(accept(&store, "R1").await, Ok(true));
    cluster.stop_immediate();
    for _ in 0..4 {
        let error = accept(&store, "R2").await.unwrap_err();
        assert!(matches!(error, StoreError::Failed(_) | StoreError::OutcomeUnknown(_)), "{error}");
    }
    assert!(matches!(store.list(Filter::default()).await, Err(StoreError::Failed(_))));
    cluster.start();
    let began = Instant::now();
    while let Err(error) = accept(&store, "R2").await {
        assert!(began.elapsed() < Duration::from_secs(30), "{error}");
    }
    assert_eq!(store.list(Filter::default()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn other_journal_is_not_gone_on_with() {
    if !OnServer::is_found() {
        return;
    }
    let database = Cluster::shared().unwrap().database();
    let url = database.url();
    let store = wait(Postgres::open_with_time(url.parse().unwrap(), None, policy(), Hand::new()));
    let store = store.unwrap();
    accept(&store, "R1").await.unwrap();
    let end = "UPDATE tulay.journal SET lineage = 'another'; \
               SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(!sql(&url, end).unwrap().is_empty());
    let began = Instant::now();
    let error = loop {
        let error = accept(&store, "R2").await.unwrap_err().to_string();
        if error.contains("another journal") {
            break error;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{error}");
    };
    assert!(error.ends_with("start this process again"), "{error}");
    assert_eq!(sql(&url, "SELECT reference FROM tulay.payout").unwrap(), [Some("R1".into())]);
}
