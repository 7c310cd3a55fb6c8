//! A database that was restored, or made anew, under a namespace that was used.

use super::*;
use std::path::Path;

fn open(folder: &Path) -> Sqlite {
    let witness = folder.join("witness");
    Sqlite::open(folder.join("tulay.db"), Some(&witness), policy(), Hand::new()).unwrap()
}

async fn is_whole(store: &Sqlite) -> bool {
    store.journal().await.unwrap().whole_since.is_some()
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
    assert!(is_whole(&store).await);
}

#[tokio::test]
async fn restored_database_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("tulay.db");
    let copy = folder.path().join("copy.db");
    let store = open(folder.path());
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(&store, "R1").await;
    drop(store);
    assert!(!folder.path().join("tulay.db-wal").exists(), "a closed journal is one file");
    std::fs::copy(&database, &copy).unwrap();
    let store = open(folder.path());
    let id = accepted(&store, "R2").await;
    drop(store);
    std::fs::copy(&copy, &database).unwrap();
    let store = open(folder.path());
    assert!(!is_whole(&store).await);
    assert_eq!(store.get(vec![id]).await.unwrap(), [None]);
    let record = claimed(&store).await;
    assert_eq!(write(&store, next(&record, 1)).await, Err(Refused::NotWhole));
    // It stays in doubt until a person says otherwise.
    drop(store);
    let store = open(folder.path());
    assert!(!is_whole(&store).await);
    store.confirm_whole("ops", "it is new").await.unwrap();
    drop(store);
    assert!(is_whole(&open(folder.path())).await);
}

#[tokio::test]
async fn database_that_is_made_anew_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.confirm_whole("ops", "it is new").await.unwrap();
    drop(store);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "witness" {
            std::fs::remove_file(path).unwrap();
        }
    }
    // Another journal, which a person took for whole, stands in its place.
    let other = tempfile::tempdir().unwrap();
    let store = open(other.path());
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(&store, "R1").await;
    drop(store);
    std::fs::copy(other.path().join("tulay.db"), folder.path().join("tulay.db")).unwrap();
    assert!(!is_whole(&open(folder.path())).await);
}

#[tokio::test]
async fn damaged_witness_vouches_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for damage in [&b"x"[..], b"\xff", b"no number\n", &[b'y'; 100]] {
        let store = open(folder.path());
        store.confirm_whole("ops", "it is new").await.unwrap();
        drop(store);
        assert!(is_whole(&open(folder.path())).await);
        std::fs::write(folder.path().join("witness"), damage).unwrap();
        assert!(!is_whole(&open(folder.path())).await, "{damage:?}");
    }
}
