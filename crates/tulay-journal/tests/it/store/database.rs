//! What the database itself holds, whatever a program writes.

use super::*;
use rusqlite::Connection;
use tulay_core::ErrorKind;
use tulay_journal::record::Finding;

/// A payout whose first attempt was rejected and whose second one is on its way.
pub(crate) async fn at_second_attempt<D: Database>() -> (D, Record) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    let store = database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    let rejected = Seen::Rejected { kind: ErrorKind::Institution, is_permanent: true };
    write(store, answer(&record, rejected)).await.unwrap();
    time.pass(SignedDuration::from_mins(1));
    let claim = store.claim(Claim::due(1)).await.unwrap();
    let step = Step::LookUp {
        attempt: 1,
        asked: claim.at,
        finding: Finding::Absent,
        provider_reference: None,
        reason: None,
    };
    write(store, Write::claimed(&claim.records[0], step)).await.unwrap();
    let record = claimed(store).await;
    let record = write(store, next(&record, 2)).await.unwrap();
    (database, record)
}

#[tokio::test]
async fn invariants_are_held_by_the_schema() {
    let (database, record) = at_second_attempt::<OnDisk>().await;
    let connection = Connection::open(database.path()).unwrap();
    connection.pragma_update(None, "foreign_keys", "ON").unwrap();
    let third = "INSERT INTO attempt SELECT payout_id, 3, account_id, 'X', prepared, digest, \
                 guarantees, 1, NULL, NULL, NULL, NULL, facts, NULL FROM attempt WHERE n = 2";
    let without_order = format!("DROP TRIGGER I3_attempt_follows; {third}");
    let event =
        "INSERT INTO event (payout_id, n, kind, body, at) VALUES (1, 99, 'closed', '{}', 0)";
    let sending = "INSERT INTO sending (payout_id, n, s, at) VALUES (1, 1, 1, 0)";
    for (wrong, held_by) in [
        (without_order.as_str(), "UNIQUE constraint failed: attempt.payout_id"),
        (third, "I3: "),
        ("UPDATE attempt SET slot = NULL WHERE n = 2", "I2"),
        (
            "UPDATE attempt SET slot = NULL, proof = 1, closed_as = 'rejected' WHERE n = 2",
            "I2: a slot is given up with proof",
        ),
        (
            "UPDATE attempt SET slot = NULL, proof = 99, closed_as = 'rejected' WHERE n = 2",
            "I2: a slot is given up with proof",
        ),
        (
            // The proof of the first attempt.
            "UPDATE attempt SET slot = NULL, proof = 5, closed_as = 'rejected' WHERE n = 2",
            "I2: a slot is given up with proof",
        ),
        (
            "UPDATE attempt SET slot = 1, proof = NULL, closed_as = NULL WHERE n = 1",
            "I2: a slot that is given up stays so",
        ),
        ("UPDATE attempt SET closed_as = 'failed' WHERE n = 1", "I2: a slot that is"),
        ("UPDATE attempt SET prepared = ''", "I4: "),
        ("UPDATE attempt SET account_id = 1", "I4: "),
        ("UPDATE attempt SET order_id = 'X'", "I4: "),
        ("UPDATE attempt SET guarantees = '{}'", "I4: "),
        ("DELETE FROM attempt", "never deleted"),
        ("UPDATE payout SET next_at = NULL", "I5"),
        ("UPDATE payout SET status = 'failed'", "I2: a payment ends after"),
        ("UPDATE payout SET version = 1", "I6: "),
        ("UPDATE payout SET version = 99", "I6: "),
        ("UPDATE payout SET amount = 1", "the same for ever"),
        ("UPDATE payout SET request = ''", "the same for ever"),
        ("UPDATE payout SET owner = NULL", "CHECK"),
        ("DELETE FROM payout", "never deleted"),
        (event, "events have no gaps"),
        ("UPDATE event SET at = 0", "never changed"),
        ("DELETE FROM event", "never deleted"),
        (sending, "only the open attempt is sent"),
        ("UPDATE sending SET outcome = '\"accepted\"' WHERE n = 1", "written once"),
        ("UPDATE sending SET at = 0", "the same for ever"),
        ("DELETE FROM sending", "never deleted"),
    ] {
        connection.execute_batch("BEGIN").unwrap();
        let error = connection.execute_batch(wrong).unwrap_err().to_string();
        assert!(error.contains(held_by), "{wrong}: {error}");
        connection.execute_batch("ROLLBACK").unwrap();
    }
    let unchanged = database.store().get(vec![record.id]).await.unwrap();
    assert_eq!(unchanged, [Some(record)]);
}

#[tokio::test]
async fn personal_data_stands_in_two_columns() {
    let (database, record) = at_second_attempt::<OnDisk>().await;
    assert!(!format!("{record:?}").contains("Ana Reyes"));
    let connection = Connection::open(database.path()).unwrap();
    let tables = column(&connection, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    let mut found = Vec::new();
    for table in tables {
        let columns =
            column(&connection, &format!("SELECT name FROM pragma_table_info('{table}')"));
        for name in columns {
            let values =
                column(&connection, &format!("SELECT coalesce({name}, '') || '' FROM {table}"));
            if values.iter().any(|value| value.contains("Ana Reyes")) {
                found.push(format!("{table}.{name}"));
            }
        }
    }
    found.sort();
    assert_eq!(found, ["attempt.prepared", "payout.request"]);
}

fn column(connection: &Connection, text: &str) -> Vec<String> {
    let mut statement = connection.prepare(text).unwrap();
    let rows = statement.query_map([], |row| {
        let bytes = row.get_ref(0)?.as_bytes_or_null()?.unwrap_or_default().to_vec();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn many_calls_at_once_are_all_written() {
    let time = Hand::new();
    let database = OnDisk::new(policy(), &time);
    let stores = [database.store().clone(), database.another()];
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        for store in stores.clone() {
            calls.spawn(async move {
                store.accept(vec![acceptance(&format!("R{number}"))]).await.unwrap().remove(0)
            });
        }
    }
    let answers = calls.join_all().await;
    let new = answers.iter().filter(|it| matches!(it, Ok(Accepted::New(_)))).count();
    assert_eq!((answers.len(), new), (200, 100));
    let (one, other) = (stores[0].claim(Claim::due(60)), stores[1].claim(Claim::due(60)));
    let (one, other) = tokio::join!(one, other);
    let ids = |it: Result<tulay_journal::store::Claimed, _>| {
        it.unwrap().records.into_iter().map(|it| it.id)
    };
    let mut claimed: Vec<_> = ids(one).chain(ids(other)).collect();
    claimed.sort();
    claimed.dedup();
    assert_eq!(claimed.len(), 100, "each payment is claimed once");
}
