//! The same rows by the same statements, without the journal.

use crate::{
    row::{Attempt, Event, Row},
    sql,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Params, params};
use std::{hint::black_box, path::Path};

/// The number that the journal gives its first process.
const OWNER: u32 = 1;

/// A connection with the settings of the journal's, and a database with its tables.
pub(crate) struct Bare {
    connection: Connection,
}

impl Bare {
    pub(crate) fn create(path: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                        PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";
        connection.execute_batch(settings).unwrap();
        connection.execute_batch(sql::SCHEMA).unwrap();
        let journal = "INSERT INTO journal (one, schema, oldest_schema, namespace, lineage, doubted_at) \
                       VALUES (1, 1, 1, 'acme-ph', 'bare', 0)";
        connection.execute_batch(journal).unwrap();
        Self { connection }
    }

    /// Accepts payouts in one transaction.
    pub(crate) fn accept(&self, rows: &[Row]) {
        self.commit(|| rows.iter().for_each(|row| self.accept_one(row)));
    }

    /// Claims payouts, writes that they are sent, and writes what they were answered: three
    /// transactions.
    pub(crate) fn pay(&self, rows: &[Row]) {
        let sent: Vec<(&Row, &Attempt)> =
            rows.iter().map(|row| (row, row.attempt.as_ref().unwrap())).collect();
        self.commit(|| self.claim(&sent));
        self.commit(|| sent.iter().for_each(|(row, attempt)| self.intend(row, attempt)));
        self.commit(|| sent.iter().for_each(|(row, attempt)| self.answer(row, attempt)));
    }

    /// The payouts that are paid, the other rows, and how long their texts are.
    pub(crate) fn extent(path: &Path) -> Vec<(i64, i64)> {
        let connection = Connection::open(path).unwrap();
        let extent = |text: &str| {
            connection.query_row(text, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
        };
        vec![
            extent(
                "SELECT sum(status = 'succeeded'), sum(length(request) + length(plan)) FROM payout",
            ),
            extent("SELECT count(*), sum(length(body)) FROM event"),
            extent("SELECT count(*), sum(length(prepared) + length(facts)) FROM attempt"),
            extent("SELECT count(*), sum(length(outcome)) FROM sending"),
        ]
    }

    fn commit(&self, write: impl FnOnce()) {
        self.run("BEGIN IMMEDIATE", []);
        write();
        self.run("COMMIT", []);
    }

    fn accept_one(&self, row: &Row) {
        self.surroundings();
        self.read(sql::BY_REFERENCE, params![row.namespace, row.operation, row.reference]);
        self.account(row);
        self.read(sql::NEXT_ID, []);
        self.run(
            sql::ADD_PAYOUT,
            params![
                row.id,
                row.operation,
                row.namespace,
                row.reference,
                row.amount,
                row.currency,
                row.country,
                row.request,
                row.plan,
                None::<i64>,
                row.created_at,
                1,
                "created",
                None::<String>,
                row.created_at,
                row.progress,
                row.payee,
            ],
        );
        self.add_event(row, 1);
    }

    fn claim(&self, rows: &[(&Row, &Attempt)]) {
        let Some((_, last)) = rows.last() else { return };
        self.surroundings();
        self.read(sql::OWNERS, [OWNER]);
        let most = i64::try_from(rows.len()).unwrap();
        let due = self.read(sql::DUE, [last.sent_at, most]);
        assert_eq!(due, rows.len());
        for (row, attempt) in rows {
            self.run(sql::TAKE, params![row.id, OWNER, attempt.sent_at]);
            self.load(row);
        }
    }

    fn intend(&self, row: &Row, attempt: &Attempt) {
        self.load(row);
        self.surroundings();
        let [adapter, environment, account, host] = &row.account;
        let order = params![adapter, environment, account, host, attempt.order_id];
        self.read(sql::TAKEN, order);
        if attempt.guarantees.contains(r#""payee_spacing":""#) {
            let payee = params![row.payee, row.id, adapter, environment, account, host];
            self.read(sql::LAST_TO_PAYEE, payee);
        }
        self.add_event(row, 2);
        let account = self.account(row);
        self.run(
            sql::ADD_ATTEMPT,
            params![
                row.id,
                1,
                account,
                attempt.order_id,
                attempt.prepared,
                attempt.digest,
                attempt.guarantees,
                1,
                None::<i64>,
                None::<String>,
                attempt.resend_until,
                None::<String>,
                attempt.facts,
            ],
        );
        self.run(sql::ADD_SENDING, params![row.id, 1, 0, attempt.sent_at, None::<String>]);
        let lease = Some(attempt.sent_at);
        self.set_payout(row, 2, "sending", attempt.sent_at, Some(OWNER), lease);
        self.read(sql::REPLACEMENT, [row.id]);
    }

    fn answer(&self, row: &Row, attempt: &Attempt) {
        self.load(row);
        self.surroundings();
        self.add_event(row, 3);
        self.run(
            sql::SET_ATTEMPT,
            params![
                row.id,
                1,
                1,
                None::<i64>,
                None::<String>,
                attempt.resend_until,
                attempt.provider_reference,
                attempt.facts,
            ],
        );
        self.run(sql::SET_SENDING, params![row.id, 1, 0, attempt.outcome]);
        self.set_payout(row, 3, "succeeded", row.next_at, None, None);
        let [adapter, environment, account, host] = &row.account;
        let reference = &attempt.provider_reference;
        let order = params![adapter, environment, account, host, reference, row.id, 1];
        self.read(sql::SHARED, order);
        self.read(sql::REPLACEMENT, [row.id]);
    }

    fn account(&self, row: &Row) -> i64 {
        let [adapter, environment, account, host] = &row.account;
        let parts = params![adapter, environment, account, host];
        let mut known = self.connection.prepare_cached(sql::ACCOUNT).unwrap();
        let known = known.query_row(parts, |row| row.get(0)).optional().unwrap();
        known.unwrap_or_else(|| {
            self.run(sql::ADD_ACCOUNT, parts);
            self.connection.last_insert_rowid()
        })
    }

    fn surroundings(&self) {
        self.read(sql::PAUSES, []);
        self.read(sql::WHOLE, []);
    }

    fn load(&self, row: &Row) {
        self.read(sql::PAYOUT, [row.id]);
        if self.read(sql::ATTEMPTS, [row.id]) > 0 {
            self.read(sql::SENDINGS, params![row.id, 1]);
        }
    }

    fn add_event(&self, row: &Row, number: u32) {
        let event = &row.events[usize::try_from(number).unwrap() - 1];
        let Event { kind, body, at, status } = event;
        let parameters = params![row.id, number, kind, None::<String>, body, at, status];
        self.run(sql::ADD_EVENT, parameters);
    }

    fn set_payout(
        &self,
        row: &Row,
        version: u32,
        status: &str,
        next_at: i64,
        owner: Option<u32>,
        lease_until: Option<i64>,
    ) {
        let review = None::<String>;
        let parameters =
            params![row.id, version, status, review, next_at, owner, lease_until, row.progress];
        self.run(sql::SET_PAYOUT, parameters);
    }

    fn run(&self, text: &str, parameters: impl Params) {
        self.connection.prepare_cached(text).unwrap().execute(parameters).unwrap();
    }

    /// Reads every column of every row. Returns how many rows there are.
    fn read(&self, text: &str, parameters: impl Params) -> usize {
        let mut statement = self.connection.prepare_cached(text).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query(parameters).unwrap();
        let mut count = 0;
        while let Some(row) = rows.next().unwrap() {
            (0..columns).for_each(|column| {
                black_box(row.get_ref(column).unwrap());
            });
            count += 1;
        }
        count
    }
}
