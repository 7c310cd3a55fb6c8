//! Claiming payments that are due.

use super::{
    process::Process,
    rows::{self, Result},
    statement::Statement,
    surroundings::doubt,
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::RecordId,
    store::{Claim, Claimed, StoreError},
};
use std::collections::BTreeMap;

const JOURNAL: &str = "SELECT doubted_at, whole_since FROM tulay.journal";
/// Payments that another transaction holds are left to it. The list of payments is made once, before
/// any of them is changed.
const CLAIM: &str = "due AS MATERIALIZED (SELECT id FROM tulay.payout \
    WHERE next_at <= (SELECT now FROM clock) \
    AND (owner IS NULL OR lease_until <= (SELECT now FROM clock)) {only} \
    ORDER BY next_at, id LIMIT $4 FOR UPDATE SKIP LOCKED), \
    taken AS (UPDATE tulay.payout SET owner = $2, lease_until = (SELECT now FROM clock) + $3 \
    FROM due WHERE payout.id = due.id RETURNING {payout}) \
    SELECT taken.*, clock.now FROM clock LEFT JOIN taken ON true";

/// Claims what is due.
pub(super) async fn claim(
    process: &Process,
    transaction: &mut Transaction,
    claim: &Claim,
) -> Result<Claimed, Trouble> {
    let statements =
        [Statement::new(JOURNAL), Statement::new(rows::ACCOUNTS), statement(process, claim)];
    let read = transaction.run(&statements).await?;
    let [journal, accounts, taken] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let (mut at, mut records) = (None, BTreeMap::new());
    for row in taken {
        at = Some(rows::time(rows::get(row, 18)?)?);
        if rows::get::<Option<i64>>(row, 0)?.is_some() {
            let record = rows::record(row)?;
            records.insert(record.id, record);
        }
    }
    let at = at.ok_or(StoreError::Damaged("a claim without its time"))?;
    let ids: Vec<i64> = records.keys().map(|id: &RecordId| id.0).collect();
    // Read after the payments are locked: nothing of them changes any more.
    let parts = rows::parts(rows::IDS, |statement| statement.with(ids.clone()));
    let read = transaction.commit(&parts).await?;
    let [attempts, sendings] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    rows::add_parts(&mut records, attempts, sendings)?;
    let mut records: Vec<_> = records.into_values().collect();
    records.sort_by_key(|record| (record.next_at, record.id));
    Ok(Claimed { at, doubt: doubt(journal, accounts)?, records })
}

fn statement(process: &Process, claim: &Claim) -> Statement {
    let only = if claim.only.is_empty() { "" } else { "AND id = ANY ($5)" };
    let text = CLAIM.replace("{only}", only).replace("{payout}", rows::PAYOUT);
    let text = format!("WITH clock AS MATERIALIZED (SELECT {} AS now), {text}", rows::NOW);
    let lease = i64::try_from(process.policy.lease.as_micros()).unwrap_or(i64::MAX / 4);
    let statement = Statement::new(text)
        .with(process.clock.given())
        .with(i64::from(process.owner))
        .with(lease)
        .with(i64::try_from(claim.most).unwrap_or(i64::MAX));
    match claim.only.is_empty() {
        true => statement,
        false => statement.with(claim.only.iter().map(|id| id.0).collect::<Vec<_>>()),
    }
}
