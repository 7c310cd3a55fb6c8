//! Opening a database: its tables are made if there are none, and it is of this namespace and form.

use super::{
    connect::Connector,
    error::ServerError,
    form::{self, BEGIN, Found, SCHEMA_TEXTS},
    process::Clock,
    rows,
    schema::{OLDEST_SCHEMA, SCHEMA},
};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::{Client, Error, types::Type};
use tulay_core::Namespace;

/// Clocks may differ by so much without a word.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(1);

const MAKE: &str = "INSERT INTO tulay.journal (one, schema, oldest_schema, namespace, lineage, \
    doubted_at) VALUES (1, $1, $2, $3, replace(gen_random_uuid()::text, '-', ''), $4)";
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
        let found = match self.find().await? {
            Some(found) => found,
            None => {
                self.make(now).await?;
                let database = self.database();
                self.find().await?.ok_or(ServerError::NotJournal { database })?
            }
        };
        self.check(&found, now)?;
        let at = now.as_microsecond();
        let row = self
            .client
            .query_typed_one(ADD_PROCESS, &[(&at, Type::INT8)])
            .await
            .map_err(|error| self.failed(&error))?;
        let owner = rows::unsigned(&row, 0).map_err(|error| self.damaged(error))?;
        Ok(Opened { owner, lineage: found.lineage })
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

    async fn find(&self) -> Result<Option<Found>, ServerError> {
        form::find(self.client, self.connector.url(), self.namespace).await
    }

    /// Whether the journal is of a form that this version uses, and its clock goes on.
    fn check(&self, found: &Found, now: Timestamp) -> Result<(), ServerError> {
        let database = self.database();
        let schema = found.schema;
        if schema < SCHEMA {
            return Err(ServerError::Older { database, schema });
        }
        let last = found.last.map(rows::time).transpose().map_err(|error| self.damaged(error))?;
        match last {
            Some(last) if last.duration_since(now) > CLOCK_SLACK => {
                Err(ServerError::ClockBehind { database, now, last })
            }
            _ => Ok(()),
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
