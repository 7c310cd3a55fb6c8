//! Many processes at once.

use super::{OnServer, wait};
use crate::store::{Database, Hand, acceptance, policy};
use std::collections::BTreeSet;
use tokio::task::JoinSet;
use tulay_journal::store::{Accepted, Postgres, Store};

const PROCESSES: usize = 8;

#[tokio::test]
async fn processes_that_start_at_once_make_one_journal() {
    if !OnServer::is_found() {
        return;
    }
    let database = tulay_tests_postgres::Cluster::shared().unwrap().database();
    let url = database.url();
    let lineages = wait(async move {
        let mut opens = JoinSet::new();
        for _ in 0..PROCESSES {
            let open = Postgres::open_with_time(url.parse().unwrap(), None, policy(), Hand::new());
            opens.spawn(async move { open.await.unwrap().journal().await.unwrap().lineage });
        }
        opens.join_all().await
    });
    let distinct: BTreeSet<_> = lineages.iter().collect();
    assert_eq!((lineages.len(), distinct.len()), (PROCESSES, 1));
}

#[tokio::test]
async fn reference_is_accepted_once_by_many_processes() {
    if !OnServer::is_found() {
        return;
    }
    let database = OnServer::new(policy(), &Hand::new());
    let stores: Vec<_> = (0..PROCESSES).map(|_| database.another()).collect();
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let store = stores[number % PROCESSES].clone();
        calls.spawn(async move { store.accept(vec![acceptance("R1")]).await.unwrap().remove(0) });
    }
    let answers = calls.join_all().await;
    let is_new = |it: &&Result<_, _>| matches!(it, Ok(Accepted::New(_)));
    assert_eq!((answers.len(), answers.iter().filter(is_new).count()), (100, 1));
    let ids = answers.into_iter().map(|it| match it {
        Ok(Accepted::New(record) | Accepted::Known(record)) => record.id,
        Err(refused) => panic!("{refused}"),
    });
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), 1);
}
