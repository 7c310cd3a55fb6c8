//! The processes that work on a database, how many payments it has, and what its machines remember.

use super::{
    process::Process,
    rows::{self, NOW, Result},
    statement::Statement,
    transaction::Transaction,
    trouble::Trouble,
    verbs::timed,
};
use crate::store::{ActiveProcess, Beat, Counts, StoreError, witness::Seen};
use tokio_postgres::Row;

/// A process that is silent for longer does not work any more: a minute.
const SILENCE: i64 = 60 * 1_000_000;
/// A row that is older is of a command that has ended: a day.
const OLDEST: i64 = 24 * 60 * 60 * 1_000_000;

const BEAT: &str = "INSERT INTO tulay.process (owner, version, since, seen_at, in_flight) \
    OVERRIDING SYSTEM VALUE VALUES ($2, $3, $4, {now}, $5) ON CONFLICT (owner) DO UPDATE SET \
    version = excluded.version, since = excluded.since, seen_at = excluded.seen_at, \
    in_flight = excluded.in_flight";
const FORGET: &str = "DELETE FROM tulay.process WHERE seen_at < {now} - $2";
const LEAVE: &str = "DELETE FROM tulay.process WHERE owner = $1";
/// A process has a row from its start on, and a version from its first beat on.
const PROCESSES: &str = "SELECT owner, version, since, seen_at, in_flight FROM tulay.process \
    WHERE version <> '' AND seen_at >= {now} - $2 ORDER BY owner";
const COUNTS: &str = "SELECT status, count(*) FROM tulay.payout GROUP BY status";
const IN_REVIEW: &str = "SELECT count(*) FROM tulay.payout WHERE review IS NOT NULL";
pub(super) const SEEN: &str = "SELECT lineage, doubted_at, \
    (SELECT coalesce(max(seq), 0) FROM tulay.event) \
    + (SELECT coalesce(max(seq), 0) FROM tulay.journal_event) FROM tulay.journal";

/// Writes what the process says of itself.
pub(super) async fn beat(
    process: &Process,
    transaction: &mut Transaction,
    beat: &Beat,
) -> Result<(), Trouble> {
    let row = timed(process, BEAT)
        .with(i64::from(process.owner))
        .with(beat.version.clone())
        .with(rows::micros(beat.since))
        .with(i64::from(beat.in_flight));
    let forget = timed(process, FORGET).with(OLDEST);
    transaction.commit(&[row, forget]).await.map(drop)
}

/// The process does not work on it any more.
pub(super) async fn leave(process: &Process, transaction: &mut Transaction) -> Result<(), Trouble> {
    let leave = Statement::new(LEAVE).with(i64::from(process.owner));
    transaction.commit(&[leave]).await.map(drop)
}

/// The processes that said lately that they work.
pub(super) async fn processes(
    process: &Process,
    transaction: &mut Transaction,
) -> Result<Vec<ActiveProcess>, Trouble> {
    let statement = Statement::new(PROCESSES.replace("{now}", NOW));
    let statement = statement.with(process.clock.given()).with(SILENCE);
    let read = transaction.read(&[statement]).await?;
    let active = |row: &Row| -> Result<ActiveProcess> {
        Ok(ActiveProcess {
            owner: rows::unsigned(row, 0)?,
            version: rows::get(row, 1)?,
            since: rows::time(rows::get(row, 2)?)?,
            seen_at: rows::time(rows::get(row, 3)?)?,
            in_flight: rows::unsigned(row, 4)?,
        })
    };
    Ok(read.iter().flatten().map(active).collect::<Result<_>>()?)
}

/// How many payments there are.
pub(super) async fn counts(transaction: &mut Transaction) -> Result<Counts, Trouble> {
    let read = transaction.read(&[Statement::new(COUNTS), Statement::new(IN_REVIEW)]).await?;
    let [statuses, review] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let count = |row: &Row, place| -> Result<u64> {
        Ok(u64::try_from(rows::get::<i64>(row, place)?).unwrap_or(0))
    };
    let mut by_status = Vec::new();
    for row in statuses {
        by_status.push((rows::word(rows::get(row, 0)?)?, count(row, 1)?));
    }
    by_status.sort_unstable();
    let in_review = review.first().map_or(Ok(0), |row| count(row, 0))?;
    Ok(Counts { by_status, in_review })
}

/// How far the journal is.
pub(super) fn seen(row: &Row) -> Result<Seen> {
    let (lineage, doubted_at) = (rows::get(row, 0)?, rows::get(row, 1)?);
    Ok(Seen { lineage, doubted_at, events: rows::get(row, 2)? })
}
