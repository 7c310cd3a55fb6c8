//! A database on a server that was restored, or is another one.

use super::{
    server::{OnServer, wait},
    *,
};
use std::path::Path;
use tulay_journal::store::{Filter, JournalChange, Postgres};
use tulay_tests_postgres::{Cluster, proxy::Proxy};

/// Opens a database, as a process of the machine whose state is in a folder.
fn open(url: &str, state: &Path) -> Postgres {
    let witness = Some(Witness::open(state).unwrap());
    wait(Postgres::open_with_time(url.parse().unwrap(), witness, policy(), Hand::new())).unwrap()
}

async fn is_whole(store: &Postgres) -> bool {
    let history = store.history().await.unwrap();
    let doubts = history.iter().filter(|event| event.change == JournalChange::Doubted).count();
    let is_whole = store.journal().await.unwrap().whole_since.is_some();
    assert_eq!(doubts == 0, is_whole, "{history:?}");
    is_whole
}

/// Copies a database, once the connections to it have ended. Returns how the copy is reached.
fn copy(cluster: &Cluster, name: &str, url: &str) -> String {
    let copy = format!("{name}_copy");
    for _ in 0..200 {
        let mut command = cluster.command("createdb");
        let port = cluster.port().to_string();
        command.arg("-h").arg(cluster.folder()).args(["-p", &port, "-U", "postgres"]);
        if command.args(["-T", name, &copy]).output().unwrap().status.success() {
            return url.replace(name, &copy);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{name} was not copied");
}

#[tokio::test]
async fn restored_server_is_not_whole() {
    if !OnServer::is_found() {
        return;
    }
    let cluster = Cluster::shared().unwrap();
    let (database, state) = (cluster.database(), tempfile::tempdir().unwrap());
    let store = open(&database.url(), state.path());
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(&store, "R1").await;
    drop(store);
    let copy = copy(cluster, database.name(), &database.url());
    let store = open(&database.url(), state.path());
    assert!(is_whole(&store).await, "it goes on");
    accepted(&store, "R2").await;
    drop(store);
    // A worker notes it within a moment, and a process that starts, at once.
    drop(open(&database.url(), state.path()));
    let store = open(&copy, state.path());
    assert!(!is_whole(&store).await);
    let record = claimed(&store).await;
    assert_eq!(write(&store, next(&record, 1)).await, Err(Refused::NotWhole));
    store.confirm_whole("ops", "nothing was sent").await.unwrap();
    drop(store);
    let store = open(&copy, state.path());
    assert!(store.journal().await.unwrap().whole_since.is_some(), "a person ended it");
}

#[tokio::test]
async fn other_database_is_not_whole() {
    if !OnServer::is_found() {
        return;
    }
    let cluster = Cluster::shared().unwrap();
    let (state, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (cluster.database().url(), cluster.database().url());
    for (url, state) in [(&first, &state), (&second, &elsewhere)] {
        let store = open(url, state.path());
        store.confirm_whole("ops", "it is new").await.unwrap();
        accepted(&store, "R1").await;
        assert!(is_whole(&store).await);
    }
    assert!(!is_whole(&open(&second, state.path())).await);
}

/// Waits until a process of this machine remembers so many events.
async fn until_remembered(state: &Path, events: usize) {
    let events = format!(" {events:020}\n");
    let is_there = || {
        let mut files = std::fs::read_dir(state).unwrap();
        files.any(|it| std::fs::read_to_string(it.unwrap().path()).unwrap().ends_with(&events))
    };
    while !is_there() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn connection_that_is_made_while_others_write_doubts_nothing() {
    if !OnServer::is_found() {
        return;
    }
    let cluster = Cluster::shared().unwrap();
    let (proxy, state) = (Proxy::start(cluster), tempfile::tempdir().unwrap());
    let store = open(&cluster.database().url_at(proxy.folder()), state.path());
    store.confirm_whole("ops", "it is new").await.unwrap();
    until_remembered(state.path(), 1).await;
    // A connection reads how far the journal is, and learns it only after another has seen more.
    proxy.hold("max(seq), 0) FROM tulay.journal_event");
    let reads = {
        let store = store.clone();
        tokio::spawn(async move { store.list(Filter::default()).await })
    };
    while !proxy.is_holding() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    accepted(&store, "R1").await;
    until_remembered(state.path(), 2).await;
    proxy.let_go();
    reads.await.unwrap().unwrap();
    assert!(is_whole(&store).await);
}
