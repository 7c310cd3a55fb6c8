//! What the database itself holds, whatever a program writes.

use super::{OnServer, sql};
use crate::store::{Database, database::at_second_attempt};
use tulay_journal::store::Store;

/// What the server says to SQL that it refuses.
fn refusal(url: &str, text: &str) -> String {
    let error = sql(url, text).unwrap_err();
    let error = error.as_db_error().unwrap();
    format!("{} {}", error.message(), error.constraint().unwrap_or_default())
}

#[tokio::test]
async fn invariants_are_held_by_the_schema() {
    if !OnServer::is_found() {
        return;
    }
    let (database, record) = at_second_attempt::<OnServer>().await;
    let url = database.database.url();
    let third = "INSERT INTO tulay.attempt SELECT payout_id, 3, account_id, 'X', prepared, digest, \
                 guarantees, 1, NULL, NULL, NULL, NULL, facts FROM tulay.attempt WHERE n = 2";
    let without_order = format!("DROP TRIGGER \"I3_attempt_follows\" ON tulay.attempt; {third}");
    let event = "INSERT INTO tulay.event (payout_id, n, kind, body, at) \
                 VALUES (1, 99, 'closed', '{}', 0)";
    let sending = "INSERT INTO tulay.sending (payout_id, n, s, at) VALUES (1, 1, 1, 0)";
    let closes = |proof| {
        format!(
            "UPDATE tulay.attempt SET slot = NULL, proof = {proof}, closed_as = 'rejected' \
                 WHERE n = 2"
        )
    };
    for (wrong, held_by) in [
        (without_order.as_str(), "I1_one_slot"),
        (third, "I3: "),
        ("UPDATE tulay.attempt SET slot = NULL WHERE n = 2", "I2"),
        (&closes(1), "I2: a slot is given up with proof"),
        (&closes(99), "I2: a slot is given up with proof"),
        // The proof of the first attempt.
        (&closes(5), "I2: a slot is given up with proof"),
        (
            "UPDATE tulay.attempt SET slot = 1, proof = NULL, closed_as = NULL WHERE n = 1",
            "I2: a slot that is given up stays so",
        ),
        ("UPDATE tulay.attempt SET closed_as = 'failed' WHERE n = 1", "I2: a slot that is"),
        ("UPDATE tulay.attempt SET prepared = ''", "I4: "),
        ("UPDATE tulay.attempt SET account_id = 1", "I4: "),
        ("UPDATE tulay.attempt SET order_id = 'X'", "I4: "),
        ("UPDATE tulay.attempt SET guarantees = '{}'", "I4: "),
        ("DELETE FROM tulay.attempt", "never deleted"),
        ("UPDATE tulay.payout SET next_at = NULL", "I5"),
        ("UPDATE tulay.payout SET status = 'failed'", "I2: a payment ends after"),
        ("UPDATE tulay.payout SET version = 1", "I6: "),
        ("UPDATE tulay.payout SET version = 99", "I6: "),
        ("UPDATE tulay.payout SET amount = 1", "the same for ever"),
        ("UPDATE tulay.payout SET request = ''", "the same for ever"),
        ("UPDATE tulay.payout SET owner = NULL", "owner_has_lease"),
        ("DELETE FROM tulay.payout", "never deleted"),
        ("TRUNCATE tulay.payout CASCADE", "never deleted"),
        (event, "events have no gaps"),
        ("UPDATE tulay.event SET at = 0", "never changed"),
        ("DELETE FROM tulay.event", "never deleted"),
        ("UPDATE tulay.journal_event SET why = ''", "never changed"),
        ("DELETE FROM tulay.journal_event", "never deleted"),
        (sending, "only the open attempt is sent"),
        ("UPDATE tulay.sending SET outcome = '\"accepted\"' WHERE n = 1", "written once"),
        ("UPDATE tulay.sending SET at = 0", "the same for ever"),
        ("DELETE FROM tulay.sending", "never deleted"),
    ] {
        // What is sent as one message is one transaction.
        let error = refusal(&url, wrong);
        assert!(error.contains(held_by), "{wrong}: {error}");
    }
    let unchanged = database.store().get(vec![record.id]).await.unwrap();
    assert_eq!(unchanged, [Some(record)]);
}

#[tokio::test]
async fn personal_data_stands_in_two_columns() {
    if !OnServer::is_found() {
        return;
    }
    let (database, _) = at_second_attempt::<OnServer>().await;
    let url = database.database.url();
    let columns = sql(
        &url,
        "SELECT table_name || '.' || column_name FROM information_schema.columns \
         WHERE table_schema = 'tulay' ORDER BY 1",
    );
    let columns = columns.unwrap().into_iter().flatten();
    let found = columns.filter(|name| {
        let (table, column) = name.split_once('.').unwrap();
        let text =
            format!("SELECT 1 FROM tulay.{table} WHERE {column}::text LIKE '%Ana Reyes%' LIMIT 1");
        !sql(&url, &text).unwrap().is_empty()
    });
    assert_eq!(found.collect::<Vec<_>>(), ["attempt.prepared", "payout.request"]);
}
