//! Connecting: the server's settings are read back on every connection.

use super::{
    error::ServerError,
    overview::{self, SEEN},
    process::Clock,
    rows::{self, NOW},
    tls::Tls,
    url::{Protection, ServerUrl},
    verbs::DOUBT,
};
use crate::store::{
    JournalChange, StoreError, Witness,
    witness::{DOUBTED, Seen},
};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use tokio_postgres::{
    Client, Error, Row,
    config::SslMode,
    error::SqlState,
    types::{ToSql, Type},
};

/// The oldest server with all that is used.
const OLDEST_SERVER: i64 = 13;
const SETTINGS: &str = "SELECT current_setting('server_version_num')::bigint / 10000, \
    pg_is_in_recovery(), current_setting('server_encoding'), current_setting('fsync'), \
    current_setting('full_page_writes'), current_setting('synchronous_commit')";
const LINEAGE: &str = "SELECT lineage FROM tulay.journal";

/// Makes connections to one database.
#[derive(Debug)]
pub(super) struct Connector {
    url: ServerUrl,
    /// The journal that the process opened.
    lineage: OnceLock<String>,
    /// What this machine remembers of it.
    witness: Option<Mutex<Witness>>,
}

impl Connector {
    pub(super) fn new(url: ServerUrl, witness: Option<Witness>) -> Self {
        Self { url, lineage: OnceLock::new(), witness: witness.map(Mutex::new) }
    }

    pub(super) const fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// Names the journal that every later connection has to find.
    pub(super) fn opened(&self, lineage: String) {
        let _ = self.lineage.set(lineage);
    }

    /// A connection to a server that is durable.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn first(&self) -> Result<Client, ServerError> {
        let client = self.connect().await?;
        let failed = |error: &Error| ServerError::of_statement(&self.url, error);
        let row = client.query_typed_one(SETTINGS, &[]).await.map_err(|error| failed(&error))?;
        self.check(&row)?;
        Ok(client)
    }

    /// A connection to the journal that the process opened.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn again(&self, clock: &Clock) -> Result<Client, ServerError> {
        let client = self.first().await?;
        let failed = |error: &Error| ServerError::of_statement(&self.url, error);
        let row = client.query_typed_one(LINEAGE, &[]).await.map_err(|error| failed(&error))?;
        let found: String = row.try_get(0).map_err(|error| failed(&error))?;
        if self.lineage.get().is_some_and(|lineage| *lineage != found) {
            return Err(ServerError::OtherJournal { database: self.url.to_string() });
        }
        self.compare(&client, clock).await?;
        Ok(client)
    }

    /// Compares the journal with what this machine remembers. One that is behind it, or is another
    /// one, may not know every payment of its namespace from now on.
    ///
    /// # Errors
    /// When the journal or the memory cannot be read or written.
    pub(super) async fn compare(&self, client: &Client, clock: &Clock) -> Result<(), ServerError> {
        let Some(witness) = &self.witness else { return Ok(()) };
        let failed = |error: &Error| ServerError::of_statement(&self.url, error);
        // Before the journal is read: meanwhile, another connection may see more of it.
        let remembered = lock(witness).remembered();
        let seen = self.seen(client).await?;
        let seen = match remembered.is_known_to(&seen) {
            true => seen,
            false => {
                let (now, kind) = (clock.given(), JournalChange::Doubted.kind());
                let (actor, why) = (None::<String>, DOUBTED);
                let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
                    (&now, Type::INT8),
                    (&actor, Type::TEXT),
                    (&why, Type::TEXT),
                    (&kind, Type::TEXT),
                ];
                let doubt = client.execute_typed(&DOUBT.replace("{now}", NOW), &parameters).await;
                doubt.map_err(|error| failed(&error))?;
                self.seen(client).await?
            }
        };
        let mut witness = lock(witness);
        let kept = witness.keep(&seen);
        kept.map_err(|error| ServerError::State(witness.failed(&error)))
    }

    async fn seen(&self, client: &Client) -> Result<Seen, ServerError> {
        let row = client.query_typed_one(SEEN, &[]).await;
        let row = row.map_err(|error| ServerError::of_statement(&self.url, &error))?;
        let damaged = |error: StoreError| {
            let database = self.url.to_string();
            ServerError::Failed { database, error }
        };
        overview::seen(&row).map_err(damaged)
    }

    async fn connect(&self) -> Result<Client, ServerError> {
        match self.try_to(None).await {
            // The server admits connections with TLS alone.
            Err(Refusal::Server(error))
                if self.url.protection == Protection::Allow
                    && error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) =>
            {
                self.try_to(Some(SslMode::Require)).await
            }
            tried => tried,
        }
        .map_err(|refusal| match refusal {
            Refusal::Server(error) => ServerError::of_connect(&self.url, &error),
            Refusal::Authorities(why) => {
                ServerError::NoAuthorities { database: self.url.to_string(), why }
            }
        })
    }

    async fn try_to(&self, mode: Option<SslMode>) -> Result<Client, Refusal> {
        let mut config = self.url.config.clone();
        if let Some(mode) = mode {
            config.ssl_mode(mode);
        }
        let tls = Tls::new(self.url.protection, self.url.root.as_deref());
        let tls = tls.map_err(|error| Refusal::Authorities(error.to_string()))?;
        let (client, connection) = config.connect(tls).await.map_err(Refusal::Server)?;
        // It ends with its client, and says its error to the statements that wait.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(client)
    }

    fn check(&self, row: &Row) -> Result<(), ServerError> {
        let database = || self.url.to_string();
        let damaged = |error| ServerError::Failed { database: database(), error };
        let version: i64 = rows::get(row, 0).map_err(damaged)?;
        if version < OLDEST_SERVER {
            return Err(ServerError::OldServer { database: database(), found: version });
        }
        if rows::get(row, 1).map_err(damaged)? {
            return Err(ServerError::Replica { database: database() });
        }
        let encoding: String = rows::get(row, 2).map_err(damaged)?;
        if encoding != "UTF8" {
            return Err(ServerError::Encoding { database: database(), found: encoding });
        }
        for (place, setting) in [(3, "fsync"), (4, "full_page_writes"), (5, "synchronous_commit")] {
            let found: String = rows::get(row, place).map_err(damaged)?;
            if found == "off" {
                let database = database();
                return Err(ServerError::Setting { database, setting, found, expected: "on" });
            }
        }
        Ok(())
    }
}

fn lock(witness: &Mutex<Witness>) -> MutexGuard<'_, Witness> {
    witness.lock().unwrap_or_else(PoisonError::into_inner)
}

enum Refusal {
    Server(Error),
    Authorities(String),
}
