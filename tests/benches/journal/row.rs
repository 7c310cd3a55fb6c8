//! The rows that a journal wrote, to be written once more.

use rusqlite::{Connection, Row as Read};
use std::path::Path;

/// One payout, as its rows have it at the end.
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) operation: String,
    pub(crate) namespace: String,
    pub(crate) reference: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) country: String,
    pub(crate) request: String,
    pub(crate) plan: String,
    pub(crate) payee: Option<Vec<u8>>,
    pub(crate) created_at: i64,
    pub(crate) next_at: i64,
    pub(crate) progress: String,
    pub(crate) account: [String; 4],
    pub(crate) events: Vec<Event>,
    /// `None`: it was not sent.
    pub(crate) attempt: Option<Attempt>,
}

pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) body: String,
    pub(crate) at: i64,
    pub(crate) status: String,
}

/// An attempt and its only sending.
pub(crate) struct Attempt {
    pub(crate) order_id: String,
    pub(crate) prepared: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) guarantees: String,
    pub(crate) resend_until: Option<i64>,
    pub(crate) provider_reference: Option<String>,
    pub(crate) facts: String,
    pub(crate) sent_at: i64,
    pub(crate) outcome: Option<String>,
}

/// There is one account.
const ACCOUNT: &str = "SELECT adapter, environment, account, host FROM account";

/// The payouts of a journal, the oldest first.
pub(crate) fn read(database: &Path) -> Vec<Row> {
    let connection = Connection::open(database).unwrap();
    let account = |row: &Read<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]);
    let account: [String; 4] = connection.query_row(ACCOUNT, [], account).unwrap();
    let payouts = "SELECT id, operation, namespace, reference, amount, currency, country, request, \
                   plan, created_at, next_at, progress, payee FROM payout ORDER BY id";
    let mut rows = all(&connection, payouts, |row| {
        Ok(Row {
            id: row.get(0)?,
            operation: row.get(1)?,
            namespace: row.get(2)?,
            reference: row.get(3)?,
            amount: row.get(4)?,
            currency: row.get(5)?,
            country: row.get(6)?,
            request: row.get(7)?,
            plan: row.get(8)?,
            created_at: row.get(9)?,
            next_at: row.get(10)?,
            progress: row.get(11)?,
            payee: row.get(12)?,
            account: account.clone(),
            events: Vec::new(),
            attempt: None,
        })
    });
    let events = "SELECT payout_id, kind, body, at, status FROM event ORDER BY payout_id, n";
    let event = |row: &Read<'_>| {
        let event =
            Event { kind: row.get(1)?, body: row.get(2)?, at: row.get(3)?, status: row.get(4)? };
        Ok((row.get(0)?, event))
    };
    for (id, event) in all(&connection, events, event) {
        rows[place(id)].events.push(event);
    }
    let attempts = "SELECT payout_id, order_id, prepared, digest, guarantees, resend_until, \
                    provider_reference, facts, at, outcome \
                    FROM attempt JOIN sending USING (payout_id, n)";
    let attempt = |row: &Read<'_>| {
        let attempt = Attempt {
            order_id: row.get(1)?,
            prepared: row.get(2)?,
            digest: row.get(3)?,
            guarantees: row.get(4)?,
            resend_until: row.get(5)?,
            provider_reference: row.get(6)?,
            facts: row.get(7)?,
            sent_at: row.get(8)?,
            outcome: row.get(9)?,
        };
        Ok((row.get(0)?, attempt))
    };
    for (id, attempt) in all(&connection, attempts, attempt) {
        rows[place(id)].attempt = Some(attempt);
    }
    rows
}

/// Keys count from 1, without gaps.
fn place(id: i64) -> usize {
    usize::try_from(id).unwrap() - 1
}

fn all<T>(
    connection: &Connection,
    text: &str,
    read: impl FnMut(&Read<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut statement = connection.prepare(text).unwrap();
    let rows = statement.query_map([], read).unwrap();
    rows.map(|row| row.unwrap()).collect()
}
