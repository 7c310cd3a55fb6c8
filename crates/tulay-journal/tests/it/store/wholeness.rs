//! A database that was restored, or made anew, under a namespace that was used.

use super::*;
use std::{fs, path::Path};
use tulay_journal::store::{JournalChange, Pause, Scope};

/// Opens the journal of a folder, as a process of the machine whose state is in it.
fn open(folder: &Path) -> Sqlite {
    open_at(folder, &Hand::new())
}

fn open_at(folder: &Path, time: &Arc<Hand>) -> Sqlite {
    let witness = Witness::open(folder.join("state")).unwrap();
    Sqlite::open(folder.join("tulay.db"), Some(witness), policy(), time.clone()).unwrap()
}

/// A journal that a person took for whole, with one payment.
async fn used(folder: &Path) -> Sqlite {
    let store = open(folder);
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(&store, "R1").await;
    store
}

/// Keeps a copy of a journal that no process uses.
fn keep(folder: &Path) {
    assert!(!folder.join("tulay.db-wal").exists(), "a closed journal is one file");
    fs::copy(folder.join("tulay.db"), folder.join("copy.db")).unwrap();
}

fn restore(folder: &Path) {
    fs::copy(folder.join("copy.db"), folder.join("tulay.db")).unwrap();
}

async fn is_whole(store: &Sqlite) -> bool {
    store.journal().await.unwrap().whole_since.is_some()
}

async fn doubts(store: &Sqlite) -> usize {
    let history = store.history().await.unwrap();
    history.iter().filter(|event| event.change == JournalChange::Doubted).count()
}

#[tokio::test]
async fn journal_that_goes_on_stays_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert!(!is_whole(&store).await, "it is new");
    store.confirm_whole("ops", "it is new").await.unwrap();
    for reference in ["R1", "R2"] {
        accepted(&store, reference).await;
    }
    drop(store);
    let store = open(folder.path());
    accepted(&store, "R3").await;
    assert_eq!((is_whole(&store).await, doubts(&store).await), (true, 0));
}

#[tokio::test]
async fn restored_database_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    drop(used(folder.path()).await);
    keep(folder.path());
    let store = open(folder.path());
    let id = accepted(&store, "R2").await;
    drop(store);
    restore(folder.path());
    let store = open(folder.path());
    assert_eq!((is_whole(&store).await, doubts(&store).await), (false, 1));
    assert_eq!(store.get(vec![id]).await.unwrap(), [None]);
    let record = claimed(&store).await;
    assert_eq!(write(&store, next(&record, 1)).await, Err(Refused::NotWhole));
    // It stays in doubt until a person says otherwise.
    drop(store);
    let store = open(folder.path());
    assert_eq!((is_whole(&store).await, doubts(&store).await), (false, 1));
    store.confirm_whole("ops", "nothing was sent").await.unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!((is_whole(&store).await, doubts(&store).await), (true, 1));
}

#[tokio::test]
async fn second_restore_is_noticed_too() {
    let folder = tempfile::tempdir().unwrap();
    drop(used(folder.path()).await);
    keep(folder.path());
    accepted(&open(folder.path()), "R2").await;
    for restores in 1..=2 {
        restore(folder.path());
        let time = Hand::new();
        time.pass(SignedDuration::from_hours(restores));
        let store = open_at(folder.path(), &time);
        assert!(!is_whole(&store).await, "restore {restores}");
        assert_eq!(store.journal().await.unwrap().doubted_at, time.now());
        store.confirm_whole("ops", "nothing was sent").await.unwrap();
    }
    assert!(is_whole(&open(folder.path())).await);
}

#[tokio::test]
async fn pause_that_a_restore_lost_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    drop(used(folder.path()).await);
    keep(folder.path());
    let store = open(folder.path());
    let pause = Pause::new(Scope::All, Some("Ana".into()), "an outage of the bank");
    store.pause(vec![pause]).await.unwrap();
    drop(store);
    restore(folder.path());
    let store = open(folder.path());
    assert!(store.journal().await.unwrap().pauses.is_empty() && !is_whole(&store).await);
}

#[tokio::test]
async fn other_processes_remember_too() {
    let folder = tempfile::tempdir().unwrap();
    let first = used(folder.path()).await;
    let copy = folder.path().join("copy.db");
    first.back_up(&copy).await.unwrap();
    let second = open(folder.path());
    accepted(&second, "R2").await;
    drop(second);
    // The first one has seen less, and ends last.
    drop(first);
    restore(folder.path());
    assert!(!is_whole(&open(folder.path())).await);
}

#[tokio::test]
async fn doubt_of_one_machine_is_the_doubt_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let open_elsewhere = || {
        let witness = Witness::open(other.path().join("state")).unwrap();
        let database = folder.path().join("tulay.db");
        Sqlite::open(database, Some(witness), policy(), Hand::new()).unwrap()
    };
    drop(used(folder.path()).await);
    keep(folder.path());
    accepted(&open_elsewhere(), "R2").await;
    drop(open(folder.path()));
    restore(folder.path());
    let store = open(folder.path());
    assert!(!is_whole(&store).await);
    store.confirm_whole("ops", "nothing was sent").await.unwrap();
    let elsewhere = open_elsewhere();
    assert_eq!((is_whole(&elsewhere).await, doubts(&elsewhere).await), (true, 1));
}

#[tokio::test]
async fn database_of_another_lineage_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    drop(used(folder.path()).await);
    // Another journal, which a person took for whole, takes its place.
    let other = tempfile::tempdir().unwrap();
    let store = used(other.path()).await;
    for reference in ["R2", "R3"] {
        accepted(&store, reference).await;
    }
    drop(store);
    fs::copy(other.path().join("tulay.db"), folder.path().join("tulay.db")).unwrap();
    let store = open(folder.path());
    assert_eq!((is_whole(&store).await, doubts(&store).await), (false, 1));
    store.confirm_whole("ops", "nothing was sent").await.unwrap();
    drop(store);
    assert!(is_whole(&open(folder.path())).await);
}

#[tokio::test]
async fn empty_database_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    drop(used(folder.path()).await);
    fs::remove_file(folder.path().join("tulay.db")).unwrap();
    let store = open(folder.path());
    assert_eq!((is_whole(&store).await, doubts(&store).await), (false, 1));
}

#[tokio::test]
async fn state_that_is_gone_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(used(folder.path()).await);
    fs::remove_dir_all(folder.path().join("state")).unwrap();
    let witness = Witness::open(folder.path().join("state")).unwrap();
    assert!(witness.is_blank());
    drop(witness);
    assert!(is_whole(&open(folder.path())).await, "it is no restore");
    assert!(!Witness::open(folder.path().join("state")).unwrap().is_blank());
}

#[tokio::test]
async fn damaged_state_vouches_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state/process-1");
    for damage in [&b"x"[..], b"\xff", b"no number\n", &[b'y'; 100], &[0; 150]] {
        let store = open(folder.path());
        store.confirm_whole("ops", "it is new").await.unwrap();
        drop(store);
        assert!(is_whole(&open(folder.path())).await);
        fs::write(&file, damage).unwrap();
        assert!(!is_whole(&open(folder.path())).await, "{damage:?}");
    }
}

#[test]
fn state_that_is_no_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("state"), "").unwrap();
    let error = Witness::open(folder.path().join("state")).unwrap_err().to_string();
    let error = error.replace(folder.path().to_str().unwrap(), "");
    assert!(error.starts_with("/state: the folder of what this machine remembers "), "{error}");
    assert!(error.ends_with("or name another one in [journal] state"), "{error}");
}
