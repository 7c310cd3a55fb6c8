//! A database of an older version is brought to the form of this one when it is opened.

use super::*;
use rusqlite::Connection;
use std::path::Path;
use tulay_journal::{
    record::Status,
    store::{JournalChange, Resumption, Scope},
};

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

#[test]
fn form_1_becomes_what_a_new_database_is() {
    let (old, new) = (form_1(), tempfile::tempdir().unwrap());
    drop((open(old.path()), open(new.path())));
    let shapes = [&old, &new].map(|folder| shape(&folder.path().join("tulay.db")));
    assert!(shapes[0].iter().any(|line| line.starts_with("outbox: ")), "{:?}", shapes[0]);
    assert_eq!(shapes[0], shapes[1]);
    // The next start changes nothing.
    drop(open(old.path()));
    assert_eq!(shape(&old.path().join("tulay.db")), shapes[1]);
}
