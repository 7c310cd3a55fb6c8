//! The processes that work on a database, and how many payments it has.

use super::{
    owners,
    process::Process,
    rows::{self, Result},
};
use crate::store::{ActiveProcess, Beat, Counts};
use rusqlite::{Connection, params};

const BEAT: &str = "INSERT INTO process (owner, version, since, seen_at, in_flight) \
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner) DO UPDATE SET version = excluded.version, \
    since = excluded.since, seen_at = excluded.seen_at, in_flight = excluded.in_flight";
const PROCESSES: &str =
    "SELECT owner, version, since, seen_at, in_flight FROM process ORDER BY owner";
const COUNTS: &str = "SELECT status, count(*) FROM payout GROUP BY status";
const IN_REVIEW: &str = "SELECT count(*) FROM payout WHERE review IS NOT NULL";

/// Writes what the process says of itself.
pub(super) fn beat(connection: &Connection, process: &Process, beat: &Beat) -> Result<()> {
    let (since, now) = (rows::micros(beat.since), rows::micros(process.now()));
    let parameters = params![process.owner, beat.version, since, now, beat.in_flight];
    connection.prepare_cached(BEAT)?.execute(parameters)?;
    Ok(())
}

/// The process does not work on it any more.
pub(super) fn leave(connection: &Connection, process: &Process) -> Result<()> {
    connection.prepare_cached("DELETE FROM process WHERE owner = ?1")?.execute([process.owner])?;
    Ok(())
}

/// The processes that live: each has its lock.
pub(super) fn processes(connection: &Connection, process: &Process) -> Result<Vec<ActiveProcess>> {
    let mut statement = connection.prepare_cached(PROCESSES)?;
    let mut rows = statement.query([])?;
    let mut processes = Vec::new();
    while let Some(row) = rows.next()? {
        let owner = row.get(0)?;
        if owner != process.owner && owners::ended(&process.path, owner).is_some() {
            continue;
        }
        let (since, seen_at) = (rows::time(row.get(2)?)?, rows::time(row.get(3)?)?);
        let (version, in_flight) = (row.get(1)?, row.get(4)?);
        processes.push(ActiveProcess { owner, version, since, seen_at, in_flight });
    }
    Ok(processes)
}

/// How many payments there are.
pub(super) fn counts(connection: &Connection) -> Result<Counts> {
    let mut statement = connection.prepare_cached(COUNTS)?;
    let mut rows = statement.query([])?;
    let mut by_status = Vec::new();
    while let Some(row) = rows.next()? {
        by_status.push((rows::word(row.get(0)?)?, count(row.get(1)?)));
    }
    by_status.sort_unstable();
    let in_review = connection.prepare_cached(IN_REVIEW)?.query_row([], |row| row.get(0))?;
    Ok(Counts { by_status, in_review: count(in_review) })
}

/// SQLite counts with a sign.
fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
