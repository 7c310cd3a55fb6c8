//! Copies of a journal.

use super::*;
use rusqlite::Connection;
use std::{collections::BTreeSet, fs};
use tulay_journal::store::{BackupError, Filter};

#[tokio::test]
async fn copy_is_whole_while_processes_write() {
    let database = OnDisk::new(policy(), &Hand::new());
    let store = database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    let writers = [store.clone(), database.another()];
    let mut writing = tokio::task::JoinSet::new();
    for (number, store) in writers.into_iter().enumerate() {
        writing.spawn(async move {
            for payment in 0..300 {
                accepted(&store, &format!("R{number}-{payment}")).await;
                store.claim(Claim::due(2)).await.unwrap();
            }
        });
    }
    let folder = tempfile::tempdir().unwrap();
    let mut copies = 0;
    while !writing.is_empty() {
        let file = folder.path().join(format!("{copies}.db"));
        let before = count(store).await;
        store.back_up(&file).await.unwrap();
        let copy = Sqlite::open(&file, None, policy(), Hand::new()).unwrap();
        let copied = count(&copy).await;
        assert!((before..=count(store).await).contains(&copied), "{copied}");
        let references: BTreeSet<_> = all(&copy).await.iter().map(|it| it.id).collect();
        assert_eq!(references.len(), copied);
        let mut last = copy.list(Filter::default()).await.unwrap();
        if let Some(record) = last.pop() {
            assert!(!copy.timeline(record.id).await.unwrap().is_empty());
        }
        copies += 1;
        while writing.try_join_next().is_some() {}
    }
    assert!(copies > 1, "{copies} copies");
}

async fn count(store: &Sqlite) -> usize {
    let counts = store.counts().await.unwrap();
    usize::try_from(counts.by_status.iter().map(|(_, count)| count).sum::<u64>()).unwrap()
}

async fn all(store: &Sqlite) -> Vec<Record> {
    let mut filter = Filter::default();
    filter.most = 1000;
    store.list(filter).await.unwrap()
}

#[tokio::test]
async fn copy_is_one_file_that_can_be_restored() {
    let database = OnDisk::new(policy(), &Hand::new());
    accepted(database.store(), "R1").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    database.store().back_up(&file).await.unwrap();
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap()).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(names[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let checked = Connection::open(&file).unwrap();
    let checked: String =
        checked.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
    let copy = Sqlite::open(&file, None, policy(), Hand::new()).unwrap();
    assert_eq!(all(&copy).await, all(database.store()).await);
}

/// What was written after it was made is missing in it, also on a machine that remembers nothing.
#[tokio::test]
async fn copy_is_doubted_where_it_is_opened() {
    let database = OnDisk::new(policy(), &Hand::new());
    let store = database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    store.back_up(&file).await.unwrap();
    let time = Hand::new();
    time.pass(SignedDuration::from_hours(5));
    let opened = || Sqlite::open(&file, None, policy(), time.clone()).unwrap();
    let copy = opened();
    let journal = copy.journal().await.unwrap();
    assert_eq!((journal.whole_since, journal.doubted_at), (None, time.now()));
    copy.confirm_whole("ops", "a drill").await.unwrap();
    drop(copy);
    assert!(opened().journal().await.unwrap().whole_since.is_some(), "it is a journal of its own");
    assert!(store.journal().await.unwrap().whole_since.is_some());
}

#[tokio::test]
async fn copy_overwrites_nothing() {
    let database = OnDisk::new(policy(), &Hand::new());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    fs::write(&file, "mine").unwrap();
    let refused = database.store().back_up(&file).await.unwrap_err();
    assert_eq!(refused, BackupError::Exists { file: file.clone() });
    assert!(refused.to_string().ends_with("overwrites nothing; name another file"), "{refused}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let nowhere = folder.path().join("no/copy.db");
    let refused = database.store().back_up(&nowhere).await.unwrap_err().to_string();
    assert!(refused.contains("no/copy.db: the backup cannot be written ("), "{refused}");
    // What an earlier run left is no backup, and is replaced.
    fs::write(folder.path().join("second.db.part"), "x").unwrap();
    database.store().back_up(&folder.path().join("second.db")).await.unwrap();
    assert!(!folder.path().join("second.db.part").exists());
}

#[tokio::test]
async fn database_that_is_no_file_is_not_copied() {
    let store = Memory::new(policy(), Hand::new());
    let refused = store.back_up(std::path::Path::new("copy.db")).await;
    assert_eq!(refused, Err(BackupError::Unsupported));
}
