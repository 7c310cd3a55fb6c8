//! The row of the journal.

use super::{
    open::SCHEMA,
    rows::{self, Result},
};
use crate::{
    record::Doubt,
    store::{Journal, JournalChange, JournalEvent, Scope, StoreError},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

const HISTORY: &str = "SELECT kind, scope, actor, why, at FROM journal_event ORDER BY seq";

/// What holds for the whole journal.
pub(super) fn journal(connection: &Connection) -> Result<Journal> {
    let text = "SELECT namespace, lineage FROM journal";
    let mut statement = connection.prepare_cached(text)?;
    let (namespace, lineage) = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (doubted_at, whole_since) = wholeness(connection)?;
    let known_until = match whole_since {
        Some(_) => None,
        None => last_event_before(connection, doubted_at)?,
    };
    let pauses = rows::pauses(connection)?;
    Ok(Journal { namespace, lineage, doubted_at, whole_since, known_until, pauses })
}

fn last_event_before(connection: &Connection, moment: Timestamp) -> Result<Option<Timestamp>> {
    let text = "SELECT at FROM event WHERE at < ? ORDER BY seq DESC LIMIT 1";
    let mut statement = connection.prepare_cached(text)?;
    let at = statement.query_row([moment.as_microsecond()], |row| row.get(0)).optional()?;
    at.map(rows::time).transpose()
}

/// When it was made or restored, and since when it is known to be whole.
fn wholeness(connection: &Connection) -> Result<(Timestamp, Option<Timestamp>)> {
    let text = "SELECT doubted_at, whole_since, oldest_schema FROM journal";
    let mut statement = connection.prepare_cached(text)?;
    let (doubted, whole, oldest): (i64, Option<i64>, i64) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    // It may be migrated while a process runs.
    if oldest > SCHEMA {
        return Err(StoreError::Newer);
    }
    Ok((rows::time(doubted)?, whole.map(rows::time).transpose()?))
}

/// That it may not know every payment; `None`: it is whole.
pub(super) fn doubt(connection: &Connection) -> Result<Option<Doubt>> {
    match wholeness(connection)? {
        (_, Some(_)) => Ok(None),
        (since, None) => Ok(Some(Doubt { since, accounts: rows::accounts(connection)? })),
    }
}

/// What was done to the whole journal, the oldest first.
pub(super) fn history(connection: &Connection) -> Result<Vec<JournalEvent>> {
    let mut statement = connection.prepare_cached(HISTORY)?;
    let mut rows = statement.query([])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, scope): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let scope = scope.as_deref().map(rows::json::<Scope>).transpose()?;
        let change = JournalChange::read(&kind, scope);
        let change = change.ok_or(StoreError::Damaged("a word that is not known"))?;
        let at = rows::time(row.get(4)?)?;
        history.push(JournalEvent { at, actor: row.get(2)?, change, why: row.get(3)? });
    }
    Ok(history)
}
