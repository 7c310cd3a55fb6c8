//! Opening a database: its tables are made if there are none, and it is of this namespace and form.

use super::{connect::Connector, error::ServerError, process::Clock, rows};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::{Client, Error, types::Type};
use tulay_core::Namespace;

/// The form of the database that this version writes.
const SCHEMA: i64 = 3;
/// The oldest form whose programs may still use it.
const OLDEST_SCHEMA: i64 = 2;
/// A new database.
const SCHEMA_TEXTS: [&str; 2] = [include_str!("schema.sql"), include_str!("inbox.sql")];
/// Clocks may differ by so much without a word.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(1);

/// One process at a time makes tables or numbers itself. The number is that of this program.
const BEGIN: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock(7840318412)";
const TABLES: &str = "SELECT to_regnamespace('tulay') IS NOT NULL, \
    to_regclass('tulay.journal') IS NOT NULL";
const MAKE: &str = "INSERT INTO tulay.journal (one, schema, oldest_schema, namespace, lineage, \
    doubted_at) VALUES (1, $1, $2, $3, replace(gen_random_uuid()::text, '-', ''), $4)";
const JOURNAL: &str = "SELECT schema, oldest_schema, namespace, lineage, \
    (SELECT at FROM tulay.event ORDER BY seq DESC LIMIT 1) FROM tulay.journal";
/// It has a version once it works.
const ADD_PROCESS: &str = "INSERT INTO tulay.process (version, since, seen_at, in_flight) \
    VALUES ('', $1, $1, 0) RETURNING owner";

/// A database that is open.
pub(super) struct Opened {
    /// The number of this process.
    pub(super) owner: u32,
    /// The journal's.
    pub(super) lineage: String,
}

/// Opens a database, and makes its tables if there are none. `machine` is this machine's clock.
///
/// # Errors
/// As [`ServerError`].
pub(super) async fn open(
    connector: &Connector,
    client: &Client,
    namespace: &Namespace,
    clock: &Clock,
    machine: Timestamp,
) -> Result<Opened, ServerError> {
    let opening = Opening { connector, client, namespace, clock, machine };
    opening.sql(BEGIN).await?;
    match opening.begun().await {
        Ok(opened) => {
            opening.sql("COMMIT").await?;
            Ok(opened)
        }
        Err(error) => {
            // The connection is dropped next, which does the same.
            let _ = client.batch_execute("ROLLBACK").await;
            Err(error)
        }
    }
}

struct Opening<'a> {
    connector: &'a Connector,
    client: &'a Client,
    namespace: &'a Namespace,
    clock: &'a Clock,
    machine: Timestamp,
}

impl Opening<'_> {
    async fn begun(&self) -> Result<Opened, ServerError> {
        let now = self.now().await?;
        let row = self.client.query_typed_one(TABLES, &[]).await.map_err(|it| self.failed(&it))?;
        match (self.get(&row, 0)?, self.get(&row, 1)?) {
            (_, true) => {}
            (true, false) => return Err(ServerError::NotJournal { database: self.database() }),
            (false, false) => self.make(now).await?,
        }
        let lineage = self.check(now).await?;
        let at = now.as_microsecond();
        let row = self
            .client
            .query_typed_one(ADD_PROCESS, &[(&at, Type::INT8)])
            .await
            .map_err(|error| self.failed(&error))?;
        let owner = rows::unsigned(&row, 0).map_err(|error| self.damaged(error))?;
        Ok(Opened { owner, lineage })
    }

    /// The journal's clock.
    async fn now(&self) -> Result<Timestamp, ServerError> {
        let text = format!("SELECT {}", rows::NOW);
        let given = self.clock.given();
        let row = self.client.query_typed_one(&text, &[(&given, Type::INT8)]).await;
        let now = rows::time(self.get(&row.map_err(|error| self.failed(&error))?, 0)?);
        let now = now.map_err(|error| self.damaged(error))?;
        let (server, machine) = (now, self.machine);
        if server.duration_since(machine).abs() > CLOCK_SLACK {
            return Err(ServerError::Clocks { database: self.database(), server, machine });
        }
        Ok(now)
    }

    async fn make(&self, now: Timestamp) -> Result<(), ServerError> {
        for text in SCHEMA_TEXTS {
            self.sql(text).await?;
        }
        let (namespace, at) = (self.namespace.as_str(), now.as_microsecond());
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
            (&SCHEMA, Type::INT8),
            (&OLDEST_SCHEMA, Type::INT8),
            (&namespace, Type::TEXT),
            (&at, Type::INT8),
        ];
        let made = self.client.execute_typed(MAKE, &parameters).await;
        made.map(drop).map_err(|error| self.failed(&error))
    }

    /// Whether the journal is of this namespace and form. Returns its lineage.
    async fn check(&self, now: Timestamp) -> Result<String, ServerError> {
        let database = self.database();
        let row = self.client.query_typed_opt(JOURNAL, &[]).await;
        let Ok(Some(row)) = row else { return Err(ServerError::NotJournal { database }) };
        let (schema, oldest): (i64, i64) = (self.get(&row, 0)?, self.get(&row, 1)?);
        if oldest > SCHEMA {
            return Err(ServerError::Newer { database, schema });
        }
        if schema < SCHEMA {
            return Err(ServerError::Older { database, schema });
        }
        let found: String = self.get(&row, 2)?;
        if found != self.namespace.as_str() {
            let configured = self.namespace.to_string();
            return Err(ServerError::OtherNamespace { database, found, configured });
        }
        let last: Option<i64> = self.get(&row, 4)?;
        let last = last.map(rows::time).transpose().map_err(|error| self.damaged(error))?;
        match last {
            Some(last) if last.duration_since(now) > CLOCK_SLACK => {
                Err(ServerError::ClockBehind { database, now, last })
            }
            _ => self.get(&row, 3),
        }
    }

    async fn sql(&self, text: &str) -> Result<(), ServerError> {
        self.client.batch_execute(text).await.map_err(|error| self.failed(&error))
    }

    fn get<T: rows::Column>(
        &self,
        row: &tokio_postgres::Row,
        place: usize,
    ) -> Result<T, ServerError> {
        rows::get(row, place).map_err(|error| self.damaged(error))
    }

    fn database(&self) -> String {
        self.connector.url().to_string()
    }

    fn failed(&self, error: &Error) -> ServerError {
        ServerError::of_statement(self.connector.url(), error)
    }

    fn damaged(&self, error: crate::store::StoreError) -> ServerError {
        ServerError::Failed { database: self.database(), error }
    }
}
