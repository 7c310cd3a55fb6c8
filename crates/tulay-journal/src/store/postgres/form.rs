//! The form of a database on a server, and how an older one is brought to that of this version.

use super::{
    connect::Connector,
    error::ServerError,
    rows,
    schema::{OLDEST_SCHEMA, SCHEMA},
    url::ServerUrl,
};
use crate::store::{Form, StoreError};
use std::time::Duration;
use tokio_postgres::{
    Client, Error,
    types::{ToSql, Type},
};
use tulay_core::Namespace;

/// A new database.
pub(super) const SCHEMA_TEXTS: [&str; 4] =
    [include_str!("schema.sql"), INBOX, REFUNDS, COLLECTIONS];
/// The first form that a database on a server had.
const FIRST_SCHEMA: i64 = 2;
/// What makes a database of the first form one of the next, and so on.
const MIGRATIONS: [&str; 3] = [INBOX, REFUNDS, COLLECTIONS];
const INBOX: &str = include_str!("inbox.sql");
const REFUNDS: &str = include_str!("refunds.sql");
const COLLECTIONS: &str = include_str!("collections.sql");

/// One process at a time makes tables, migrates or takes a number.
pub(super) const BEGIN: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock(7840318412)";
/// A migration waits so long for the transactions of workers, which wait behind it meanwhile.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = 5000";
/// Workers lock payments before anything of them. In another order each would wait for the other.
const LOCK_FIRST: &str = "LOCK TABLE tulay.payout IN ACCESS EXCLUSIVE MODE";
const TABLES: &str = "SELECT to_regnamespace('tulay') IS NOT NULL, \
    to_regclass('tulay.journal') IS NOT NULL";
const JOURNAL: &str = "SELECT schema, oldest_schema, namespace, lineage, \
    (SELECT at FROM tulay.event ORDER BY seq DESC LIMIT 1) FROM tulay.journal";
const NOTE: &str = "UPDATE tulay.journal SET schema = $1, oldest_schema = $2";
/// A migration is tried so often while workers are in its way.
const TRIES: u32 = 20;
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The row of a journal that this version may use, or may migrate.
pub(super) struct Found {
    pub(super) schema: i64,
    pub(super) lineage: String,
    /// When the last event was written, in microseconds.
    pub(super) last: Option<i64>,
}

/// The form of a database. It changes nothing.
pub(super) async fn form(url: ServerUrl, namespace: &Namespace) -> Result<Form, ServerError> {
    let connector = Connector::new(url, None);
    let client = connector.first().await?;
    Ok(form_of(find(&client, connector.url(), namespace).await?.map(|found| found.schema)))
}

/// Brings a database to the form of this version. Returns the form that it had.
pub(super) async fn migrate(url: ServerUrl, namespace: &Namespace) -> Result<Form, ServerError> {
    let connector = Connector::new(url, None);
    let client = connector.first().await?;
    let migration = Migration { client: &client, url: connector.url(), namespace };
    let mut tried = 0;
    loop {
        let result = migration.run().await;
        tried += 1;
        match result {
            // A worker was in the way. Nothing of the migration is written.
            Err(ServerError::Failed { error: StoreError::Busy, .. }) if tried < TRIES => {
                let pause = Duration::from_millis(200) * tried;
                tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
            }
            result => return result,
        }
    }
}

/// The form of a database that was found. `None`: it has none yet.
fn form_of(found: Option<i64>) -> Form {
    Form { found, current: SCHEMA, oldest: OLDEST_SCHEMA }
}

/// Reads the row of a journal. `None`: the database has no tables yet.
///
/// # Errors
/// When the journal is not one of this namespace, or is not one that this version may use or migrate.
pub(super) async fn find(
    client: &Client,
    url: &ServerUrl,
    namespace: &Namespace,
) -> Result<Option<Found>, ServerError> {
    let failed = |error: &Error| ServerError::of_statement(url, error);
    let damaged = |error| ServerError::Failed { database: url.to_string(), error };
    let not_journal = || ServerError::NotJournal { database: url.to_string() };
    let tables = client.query_typed_one(TABLES, &[]).await.map_err(|error| failed(&error))?;
    match (rows::get(&tables, 0).map_err(damaged)?, rows::get(&tables, 1).map_err(damaged)?) {
        (_, true) => {}
        (true, false) => return Err(not_journal()),
        (false, false) => return Ok(None),
    }
    let row = client.query_typed_opt(JOURNAL, &[]).await;
    let Ok(Some(row)) = row else { return Err(not_journal()) };
    let (schema, oldest): (i64, i64) =
        (rows::get(&row, 0).map_err(damaged)?, rows::get(&row, 1).map_err(damaged)?);
    if oldest > SCHEMA {
        return Err(ServerError::Newer { database: url.to_string(), schema });
    }
    if schema < FIRST_SCHEMA {
        return Err(not_journal());
    }
    let found: String = rows::get(&row, 2).map_err(damaged)?;
    if found != namespace.as_str() {
        let (database, configured) = (url.to_string(), namespace.to_string());
        return Err(ServerError::OtherNamespace { database, found, configured });
    }
    let lineage = rows::get(&row, 3).map_err(damaged)?;
    Ok(Some(Found { schema, lineage, last: rows::get(&row, 4).map_err(damaged)? }))
}

/// A migration of one database.
struct Migration<'a> {
    client: &'a Client,
    url: &'a ServerUrl,
    namespace: &'a Namespace,
}

impl Migration<'_> {
    async fn run(&self) -> Result<Form, ServerError> {
        self.sql(BEGIN).await?;
        match self.begun().await {
            Ok(found) => {
                self.sql("COMMIT").await?;
                Ok(form_of(found))
            }
            Err(error) => {
                let _ = self.client.batch_execute("ROLLBACK").await;
                Err(error)
            }
        }
    }

    async fn begun(&self) -> Result<Option<i64>, ServerError> {
        let found = find(self.client, self.url, self.namespace).await?.map(|found| found.schema);
        let Some(schema) = found.filter(|schema| *schema < SCHEMA) else { return Ok(found) };
        self.sql(LOCK_TIMEOUT).await?;
        self.sql(LOCK_FIRST).await?;
        let done = usize::try_from(schema - FIRST_SCHEMA).unwrap_or(MIGRATIONS.len());
        for text in MIGRATIONS.iter().skip(done) {
            self.sql(text).await?;
        }
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&SCHEMA, Type::INT8), (&OLDEST_SCHEMA, Type::INT8)];
        let noted = self.client.execute_typed(NOTE, &parameters).await;
        noted.map_err(|error| ServerError::of_statement(self.url, &error))?;
        Ok(found)
    }

    async fn sql(&self, text: &str) -> Result<(), ServerError> {
        let done = self.client.batch_execute(text).await;
        done.map_err(|error| ServerError::of_statement(self.url, &error))
    }
}
