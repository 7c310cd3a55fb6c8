//! Databases that are not opened: one sentence each, and what to do.

use super::*;
use rusqlite::Connection;
use std::path::Path;
use tulay_journal::store::{Filter, StoreError};

fn open(path: &Path) -> String {
    let result = Sqlite::open(path, None, policy(), Hand::new());
    let error = result.unwrap_err().to_string();
    let folder = path.parent().unwrap().to_str().unwrap();
    error.replace(folder, "")
}

#[test]
fn missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no/tulay.db");
    assert_eq!(
        open(&path),
        "/tulay.db: the folder does not exist; create it, or change [journal] url"
    );
    assert!(!folder.path().join("no").exists());
}

#[test]
fn folder_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tulay.db");
    std::fs::create_dir(&path).unwrap();
    let error = open(&path);
    assert!(error.starts_with("/tulay.db: the file cannot be opened ("), "{error}");
    assert!(error.ends_with("; check its path and permissions"), "{error}");
}

#[test]
fn other_file_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tulay.db");
    let text = "reference,amount\n".repeat(500);
    std::fs::write(&path, &text).unwrap();
    assert_eq!(
        open(&path),
        "/tulay.db: the file is not an SQLite database; name another file in [journal] url"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn other_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tulay.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE song (title TEXT)").unwrap();
    assert_eq!(
        open(&path),
        "/tulay.db: the database is not a journal; name another file in [journal] url"
    );
    let tables = "SELECT COUNT(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(tables, [], |row| row.get(0)).unwrap();
    let mode = connection.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    assert_eq!((tables, mode.unwrap().as_str()), (1, "delete"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn replaced_file_is_not_written() {
    let time = Hand::new();
    let database = OnDisk::new(policy(), &time);
    let store = database.store();
    let id = accepted(store, "R1").await;
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(format!("{}{end}", database.path().display())).unwrap();
    }
    // Another process makes a new journal under the name.
    let new = database.another();
    assert_eq!(store.claim(Claim::only(vec![id])).await.unwrap_err(), StoreError::Replaced);
    assert_eq!(store.accept(vec![acceptance("R2")]).await, Err(StoreError::Closed));
    assert_eq!(new.list(Filter::default()).await, Ok(Vec::new()));
}

#[cfg(unix)]
#[tokio::test]
async fn second_name_of_the_file_is_refused() {
    let mut database = OnDisk::new(policy(), &Hand::new());
    database.store = None;
    let other = database.path().with_file_name("other.db");
    std::fs::hard_link(database.path(), &other).unwrap();
    assert_eq!(
        open(&other),
        "/other.db: the file has another name too (a hard link), so two journals could be made of \
         it; remove the other name"
    );
}

#[tokio::test]
async fn unreadable_payment_hinders_no_other() {
    let database = OnDisk::new(policy(), &Hand::new());
    let store = database.store();
    let unreadable = accepted(store, "R1").await;
    let other = accepted(store, "R2").await;
    let connection = Connection::open(database.path()).unwrap();
    let newer =
        "UPDATE payout SET progress = json_set(progress, '$.newer', 1) WHERE reference = 'R1'";
    connection.execute_batch(newer).unwrap();
    let claimed = store.claim(Claim::due(10)).await.unwrap();
    assert_eq!(claimed.unreadable, [unreadable]);
    assert_eq!(claimed.records.iter().map(|it| it.id).collect::<Vec<_>>(), [other]);
    // It is not claimed again at once.
    assert!(store.claim(Claim::due(10)).await.unwrap().unreadable.is_empty());
}

/// A journal that another version or configuration changed.
async fn changed(statement: &str) -> String {
    let time = Hand::new();
    let mut database = OnDisk::new(policy(), &time);
    accepted(database.store(), "R1").await;
    database.store = None;
    let connection = Connection::open(database.path()).unwrap();
    connection.execute_batch(statement).unwrap();
    open(&database.path())
}

#[tokio::test]
async fn newer_schema_is_refused() {
    assert_eq!(
        changed("UPDATE journal SET schema = 9, oldest_schema = 9").await,
        "/tulay.db: a newer version wrote this journal (form 9); use that version"
    );
}

#[tokio::test]
async fn second_namespace_is_refused() {
    assert_eq!(
        changed("UPDATE journal SET namespace = 'acme-th'").await,
        "/tulay.db: this is the journal of namespace acme-th, and the configuration says acme-ph; \
         change one of them"
    );
}

#[tokio::test]
async fn clock_before_the_last_event_is_refused() {
    let time = Hand::new();
    let mut database = OnDisk::new(policy(), &time);
    time.pass(SignedDuration::from_hours(1));
    accepted(database.store(), "R1").await;
    database.store = None;
    assert_eq!(
        open(&database.path()),
        "/tulay.db: the clock says 2026-01-05T02:00:00Z, and the last event was written at \
         2026-01-05T03:00:00Z; set the clock"
    );
}

#[tokio::test]
async fn settings_of_another_program_are_set_back() {
    let time = Hand::new();
    let mut database = OnDisk::new(policy(), &time);
    accepted(database.store(), "R1").await;
    database.store = None;
    let connection = Connection::open(database.path()).unwrap();
    connection.pragma_update(None, "journal_mode", "delete").unwrap();
    drop(connection);
    database.kill();
    let connection = Connection::open(database.path()).unwrap();
    let mode = connection.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    assert_eq!(mode.unwrap(), "wal");
}

#[cfg(unix)]
#[tokio::test]
async fn file_is_made_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let database = OnDisk::new(policy(), &Hand::new());
    accepted(database.store(), "R1").await;
    let folder = database.path();
    for entry in std::fs::read_dir(folder.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        let is_database = name == "tulay.db" || name.ends_with("-wal") || name.ends_with("-shm");
        assert!(!is_database || mode == 0o600, "{name}: {mode:o}");
    }
}
