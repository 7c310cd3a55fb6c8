//! How a transaction fails, and what is certain then.

use crate::store::StoreError;
use tokio_postgres::{Error, error::SqlState};

/// How a transaction failed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nothing of it is written. The same transaction may be written when it is tried again.
    Again(StoreError),
    /// Nothing of it is written.
    Undone(StoreError),
    /// It is written whole or not at all.
    Unknown(String),
}

impl Trouble {
    /// A statement failed whose transaction cannot have been committed.
    pub(super) fn of_statement(error: &Error) -> Self {
        let repeats = [
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            // Another transaction wrote the same key first; the next try sees it.
            &SqlState::UNIQUE_VIOLATION,
        ];
        match error.code() {
            Some(code) if repeats.contains(&code) => Self::Again(store_error(error)),
            _ => Self::Undone(store_error(error)),
        }
    }

    /// A statement failed, and the commit was sent with it. After an error of the server, the commit
    /// is a rollback. A connection that was cut says nothing of what the server did.
    pub(super) fn of_statement_with_commit(error: &Error) -> Self {
        let code = error.code().map_or("08", SqlState::code);
        if code.starts_with("08") || code.starts_with("57P") {
            return Self::Unknown(words(error));
        }
        Self::of_statement(error)
    }

    /// The commit failed.
    pub(super) fn of_commit(error: &Error) -> Self {
        let code = error.code().map_or("", SqlState::code);
        match code {
            "40003" => Self::Unknown(words(error)),
            _ if code.starts_with("40") => Self::of_statement(error),
            // A constraint that is checked at the commit.
            _ if code.starts_with("23") => Self::Undone(store_error(error)),
            _ => Self::Unknown(words(error)),
        }
    }

    /// The connection went away before the commit was sent.
    pub(super) fn lost() -> Self {
        Self::Undone(StoreError::Failed(LOST.into()))
    }

    /// The error of a caller.
    pub(super) fn into_error(self) -> StoreError {
        match self {
            Self::Again(error) | Self::Undone(error) => error,
            Self::Unknown(why) => StoreError::OutcomeUnknown(why),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Undone(error)
    }
}

pub(super) const LOST: &str = "the connection to the server was lost";

/// A failure of a statement that changed nothing.
pub(super) fn store_error(error: &Error) -> StoreError {
    match error.code() {
        Some(code) if *code == SqlState::DISK_FULL => StoreError::Full,
        Some(code)
            if [
                SqlState::LOCK_NOT_AVAILABLE,
                SqlState::QUERY_CANCELED,
                SqlState::T_R_SERIALIZATION_FAILURE,
                SqlState::T_R_DEADLOCK_DETECTED,
                SqlState::UNIQUE_VIOLATION,
            ]
            .contains(code) =>
        {
            StoreError::Busy
        }
        _ => StoreError::Failed(words(error)),
    }
}

/// The server's message may quote a value of a row. Its code and the names in it do not.
fn words(error: &Error) -> String {
    let Some(server) = error.as_db_error() else { return LOST.into() };
    let code = server.code();
    match server.constraint() {
        // Raised by a trigger of the schema, whose texts are fixed.
        _ if *code == SqlState::RAISE_EXCEPTION => format!("Postgres: {}", server.message()),
        Some(constraint) => format!("Postgres: error {}, constraint {constraint}", code.code()),
        None => format!("Postgres: error {}", code.code()),
    }
}
