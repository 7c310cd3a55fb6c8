//! The audit finds what the database itself would not have allowed.

use super::{database::at_second_attempt, *};
use rusqlite::Connection;
use tulay_journal::audit::{Rule, audit};

/// A connection that keeps no invariant.
fn unguarded(database: &OnDisk) -> Connection {
    let connection = Connection::open(database.path()).unwrap();
    let text = "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema \
                WHERE type = 'trigger' OR name = 'I1_one_slot'";
    let drops: Vec<String> = {
        let mut statement = connection.prepare(text).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    drops.iter().for_each(|drop| connection.execute_batch(drop).unwrap());
    connection.pragma_update(None, "ignore_check_constraints", "ON").unwrap();
    connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
    connection
}

#[tokio::test]
async fn every_broken_row_is_named() {
    for (wrong, rule) in [
        (
            "UPDATE attempt SET slot = 1, proof = NULL, closed_as = NULL WHERE n = 1",
            Rule::I1OneSlot,
        ),
        ("UPDATE attempt SET proof = 1 WHERE n = 1", Rule::I2Proof),
        ("UPDATE attempt SET closed_as = 'failed' WHERE n = 1", Rule::I2Proof),
        ("UPDATE payout SET status = 'failed'", Rule::I2Proof),
        ("UPDATE attempt SET proof = 99 WHERE n = 1", Rule::I3Order),
        ("UPDATE attempt SET order_id = 'PX' WHERE n = 2", Rule::I4Identity),
        (
            "UPDATE attempt SET prepared = (SELECT prepared FROM attempt WHERE n = 1) WHERE n = 2",
            Rule::I4Identity,
        ),
        ("UPDATE payout SET next_at = NULL", Rule::I5Due),
        ("DELETE FROM event WHERE n = 3", Rule::I6Replay),
        ("UPDATE event SET at = at + 1 WHERE n = 2", Rule::I6Replay),
        ("UPDATE payout SET version = version + 1", Rule::I6Replay),
        ("DELETE FROM sending WHERE n = 2", Rule::I6Replay),
        (
            "UPDATE attempt SET facts = json_set(facts, '$.succeeded', json('true')) WHERE n = 2",
            Rule::I6Replay,
        ),
        ("UPDATE attempt SET facts = json_set(facts, '$.succeeded', json('true'))", Rule::PaidOnce),
        (
            "UPDATE attempt SET slot = NULL, closed_as = 'unsent', proof = 1 WHERE n = 2; \
             UPDATE payout SET status = 'failed', progress = json_set(progress, '$.ending', 'failed')",
            Rule::I12Transient,
        ),
        ("UPDATE attempt SET facts = 'torn' WHERE n = 2", Rule::Readable),
    ] {
        let (database, _) = at_second_attempt::<OnDisk>().await;
        let store = database.store();
        assert_eq!(audit(store, &policy()).await, Ok(Vec::new()));
        unguarded(&database).execute_batch(wrong).unwrap();
        let violations = audit(store, &policy()).await.unwrap();
        assert!(violations.iter().any(|it| it.rule == rule), "{wrong}: {violations:?}");
        let text = violations[0].to_string();
        assert!(text.starts_with("R1: ") && text.ends_with(')'), "{text}");
    }
}

#[tokio::test]
async fn unreadable_payment_hides_no_other() {
    let (database, _) = at_second_attempt::<OnDisk>().await;
    let store = database.store();
    accepted(store, "R2").await;
    accepted(store, "R3").await;
    let connection = unguarded(&database);
    connection.execute_batch("UPDATE payout SET progress = '{' WHERE id = 1").unwrap();
    connection.execute_batch("UPDATE payout SET next_at = NULL WHERE id = 3").unwrap();
    let found: Vec<_> = audit(store, &policy()).await.unwrap();
    let found: Vec<_> = found.iter().map(|it| (it.reference.as_str(), it.rule)).collect();
    assert_eq!(found, [("R1", Rule::Readable), ("R3", Rule::I5Due)]);
}
