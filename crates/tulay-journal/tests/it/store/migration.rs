//! A database of an older version is brought to the form of this one when it is opened.

use super::*;
use rusqlite::Connection;
use std::path::Path;
use tulay_journal::{
    machine::facts::Word,
    record::{Finding, Status},
    store::{Filter, JournalChange, Resumption, Scope},
};

/// A payout is accepted, sent and final.
pub(crate) async fn pay(store: &impl Store, reference: &str) {
    let id = accepted(store, reference).await;
    let claim = || store.claim(Claim::only(vec![id]));
    let record = claim().await.unwrap().records.remove(0);
    let record = write(store, next(&record, 1)).await.unwrap();
    write(store, answer(&record, Seen::Unknown)).await.unwrap();
    store.refresh(vec![id]).await.unwrap();
    let claimed = claim().await.unwrap();
    let step = Step::LookUp {
        attempt: 1,
        asked: claimed.at,
        finding: Finding::Found(Word::Succeeded),
        provider_reference: None,
        reason: None,
    };
    let record = write(store, Write::claimed(&claimed.records[0], step)).await.unwrap();
    assert_eq!(record.status, Status::Succeeded);
}

fn form_1() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path().join("tulay.db")).unwrap();
    connection.execute_batch(include_str!("form_1.sql")).unwrap();
    folder
}

fn open(folder: &Path) -> Sqlite {
    let time = Hand::new();
    time.pass(SignedDuration::from_hours(365 * 24)); // after what the payouts say
    Sqlite::open(folder.join("tulay.db"), None, policy(), time).unwrap()
}

#[tokio::test]
async fn payouts_of_form_1_go_on() {
    let folder = form_1();
    let store = open(folder.path());
    let named = |name: &str| Reference::new(name).unwrap();
    let references = ["R1", "R2", "R3"].map(named).to_vec();
    let payouts = store.find(Operation::Payout, references).await.unwrap();
    let statuses: Vec<_> = payouts.iter().map(|it| it.as_ref().unwrap().status).collect();
    assert_eq!(statuses, [Status::Succeeded, Status::Failed, Status::Created]);
    let resumption = Resumption::new(Scope::All, "Ana", "the drill is over");
    store.resume(vec![resumption]).await.unwrap();
    let record = store.claim(Claim::only(vec![RecordId(3)])).await.unwrap().records.pop().unwrap();
    write(&store, next(&record, 1)).await.unwrap();
    let history = store.history().await.unwrap();
    assert_eq!(history[0].change, JournalChange::Resumed(Scope::All));
}

/// Tables, columns, indexes and triggers, without comments and spaces.
fn shape(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let text = "SELECT name, coalesce(group_concat(column_, ';'), ''), '' FROM \
                (SELECT m.name AS name, c.name || ' ' || c.type || ' ' || c.[notnull] AS column_ \
                 FROM sqlite_schema AS m, pragma_table_info(m.name) AS c \
                 WHERE m.type = 'table' ORDER BY m.name, c.name) GROUP BY name \
                UNION ALL SELECT name, tbl_name, sql FROM sqlite_schema \
                WHERE type <> 'table' AND sql IS NOT NULL ORDER BY 1";
    let mut statement = connection.prepare(text).unwrap();
    let rows = statement.query_map([], |row| {
        let columns: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
        Ok(columns.join(": ").split_whitespace().collect::<Vec<_>>().join(" "))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// What tables allow.
fn checks(path: &Path) -> String {
    let connection = Connection::open(path).unwrap();
    let text = "SELECT group_concat(sql) FROM sqlite_schema WHERE name IN ('payout', 'attempt')";
    let whole: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    connection.query_row(text, [], |row| row.get(0)).unwrap()
}

#[test]
fn form_1_becomes_what_a_new_database_is() {
    let (old, new) = (form_1(), tempfile::tempdir().unwrap());
    drop((open(old.path()), open(new.path())));
    let shapes = [&old, &new].map(|folder| shape(&folder.path().join("tulay.db")));
    assert!(shapes[0].iter().any(|line| line.starts_with("outbox: ")), "{:?}", shapes[0]);
    assert_eq!(shapes[0], shapes[1]);
    let checks = [&old, &new].map(|folder| checks(&folder.path().join("tulay.db")));
    let widened = ["('payout', 'refund', 'collection')", "'declared', 'given_up')"];
    assert!(widened.iter().all(|words| checks[0].contains(words)), "{}", checks[0]);
    assert!(widened.iter().all(|words| checks[1].contains(words)), "{}", checks[1]);
    // The next start changes nothing.
    drop(open(old.path()));
    assert_eq!(shape(&old.path().join("tulay.db")), shapes[1]);
}

#[test]
fn form_is_read_without_a_migration() {
    let (old, empty) = (form_1(), tempfile::tempdir().unwrap());
    let form = |folder: &Path| Sqlite::form(folder.join("tulay.db"), &namespace()).unwrap();
    let before = shape(&old.path().join("tulay.db"));
    let found = form(old.path());
    assert_eq!((found.found, found.is_older(), found.runs_beside()), (Some(1), true, false));
    assert_eq!(shape(&old.path().join("tulay.db")), before);
    drop(open(old.path()));
    let found = form(old.path());
    assert_eq!((found.found, found.is_older()), (Some(found.current), false));
    assert_eq!(form(empty.path()).found, None);
    assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none(), "no file is made");
    let other = Namespace::new("acme-th").unwrap();
    let error = Sqlite::form(old.path().join("tulay.db"), &other).unwrap_err().to_string();
    assert!(error.contains("the journal of namespace acme-ph"), "{error}");
}

/// A form of tomorrow that programs of today may use: it has more columns and tables.
pub(crate) const NEWER: [&str; 6] = [
    "UPDATE {}journal SET schema = 9, oldest_schema = 3",
    "ALTER TABLE {}payout ADD COLUMN tomorrow TEXT NOT NULL DEFAULT 'new'",
    "ALTER TABLE {}attempt ADD COLUMN tomorrow TEXT",
    "ALTER TABLE {}event ADD COLUMN tomorrow TEXT",
    "UPDATE {}payout SET tomorrow = 'kept'",
    "CREATE TABLE {}tomorrow (payout_id BIGINT REFERENCES {}payout (id))",
];

#[tokio::test]
async fn newer_form_is_worked_on_and_left_as_it_is() {
    let database = OnDisk::new(policy(), &Hand::new());
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    pay(database.store(), "R1").await;
    let connection = Connection::open(database.path()).unwrap();
    for text in NEWER {
        connection.execute_batch(&text.replace("{}", "")).unwrap();
    }
    let before = shape(&database.path());
    let store = database.another();
    pay(&store, "R2").await;
    assert_eq!(store.list(Filter::default()).await.unwrap().len(), 2);
    assert_eq!(shape(&database.path()), before);
    let text = "SELECT schema || ' ' || oldest_schema || ' ' || group_concat(tomorrow) \
                FROM journal, (SELECT tomorrow FROM payout ORDER BY id)";
    let found: String = connection.query_row(text, [], |row| row.get(0)).unwrap();
    assert_eq!(found, "9 3 kept,new");
    let form = Sqlite::form(database.path(), &namespace()).unwrap();
    assert!(form.is_newer() && !form.is_older(), "{form:?}");
}
