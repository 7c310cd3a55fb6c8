//! The processes that work on a journal, and how many payments it has.

use super::{
    Process,
    rows::{self, NOW, Result, micros},
    statement::Statement,
    transaction::Transaction,
    trouble::Trouble,
};
use crate::store::{ActiveProcess, Beat, Counts, ReviewCount, StoreError};

/// A process has a row from its start, which gives it its number. It has no version before it works.
const BEAT: &str = "UPDATE tulay.process SET version = $3, since = $4, seen_at = {now}, \
    in_flight = $5 WHERE owner = $2";
const LEAVE: &str = "DELETE FROM tulay.process WHERE owner = $1";
/// One that has not been seen for a minute has ended or hangs.
const PROCESSES: &str = "SELECT owner, version, since, seen_at, in_flight FROM tulay.process \
    WHERE version <> '' AND seen_at > {now} - 60000000 ORDER BY owner";
const COUNTS: &str = "SELECT status, count(*) FROM tulay.payout GROUP BY status";
const IN_REVIEW: &str = "SELECT count(*) FROM tulay.payout WHERE review IS NOT NULL";
const REVIEW_COUNTS: &str = "SELECT reason, count(*), min(payout.created_at), \
    account.id IS NOT NULL, coalesce(adapter, ''), coalesce(environment, ''), \
    coalesce(account, ''), coalesce(host, '') FROM tulay.payout \
    CROSS JOIN LATERAL jsonb_array_elements_text(review::jsonb) AS reason \
    LEFT JOIN tulay.attempt ON attempt.payout_id = payout.id AND attempt.n = \
    (SELECT max(n) FROM tulay.attempt WHERE payout_id = payout.id) \
    LEFT JOIN tulay.account ON account.id = attempt.account_id \
    WHERE review IS NOT NULL GROUP BY reason, account.id ORDER BY reason, account.id";

/// Writes what the process says of itself.
pub(super) async fn beat(
    process: &Process,
    transaction: &mut Transaction,
    beat: &Beat,
) -> Result<(), Trouble> {
    let statement = Statement::new(BEAT.replace("{now}", NOW))
        .with(process.clock.given())
        .with(i64::from(process.owner))
        .with(beat.version.clone())
        .with(micros(beat.since))
        .with(i64::from(beat.in_flight));
    transaction.commit(&[statement]).await.map(drop)
}

/// The process does not work on it any more.
pub(super) async fn leave(process: &Process, transaction: &mut Transaction) -> Result<(), Trouble> {
    let statement = Statement::new(LEAVE).with(i64::from(process.owner));
    transaction.commit(&[statement]).await.map(drop)
}

/// The processes that work on it.
pub(super) async fn processes(
    process: &Process,
    transaction: &mut Transaction,
) -> Result<Vec<ActiveProcess>, Trouble> {
    let statement = Statement::new(PROCESSES.replace("{now}", NOW)).with(process.clock.given());
    let read = transaction.read(&[statement]).await?;
    let mut processes = Vec::new();
    for row in read.iter().flatten() {
        processes.push(ActiveProcess {
            owner: rows::unsigned(row, 0)?,
            version: rows::get(row, 1)?,
            since: rows::time(rows::get(row, 2)?)?,
            seen_at: rows::time(rows::get(row, 3)?)?,
            in_flight: rows::unsigned(row, 4)?,
        });
    }
    Ok(processes)
}

/// How many payments there are.
pub(super) async fn counts(transaction: &mut Transaction) -> Result<Counts, Trouble> {
    let read = transaction.read(&[Statement::new(COUNTS), Statement::new(IN_REVIEW)]).await?;
    let [counts, in_review] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let mut by_status = Vec::new();
    for row in counts {
        by_status.push((rows::word(rows::get(row, 0)?)?, count(rows::get(row, 1)?)));
    }
    by_status.sort_unstable();
    Ok(Counts { by_status, in_review: count(rows::only(in_review)?) })
}

/// Why people have to look at payments, and at how many.
pub(super) async fn count_reviews(
    transaction: &mut Transaction,
) -> Result<Vec<ReviewCount>, Trouble> {
    let read = transaction.read(&[Statement::new(REVIEW_COUNTS)]).await?;
    let mut counts = Vec::new();
    for row in read.iter().flatten() {
        let has_account: bool = rows::get(row, 3)?;
        counts.push(ReviewCount {
            reason: rows::word(rows::get(row, 0)?)?,
            account: if has_account { Some(rows::account(row, 4)?) } else { None },
            payments: count(rows::get(row, 1)?),
            oldest: rows::time(rows::get(row, 2)?)?,
        });
    }
    Ok(counts)
}

/// Postgres counts with a sign.
fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
