//! The verbs that change rows without a rule: one transaction of a few statements each.

use super::{
    process::Process,
    rows::{self, NOW, micros},
    statement::Statement,
    surroundings::Hold,
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::{Lease, RecordId},
    store::{JournalChange, Pause, Resumption, StoreError},
};

/// Rows are locked in the order of their keys.
const RELEASE: &str = "WITH held AS MATERIALIZED (SELECT payout.id FROM tulay.payout \
    JOIN unnest($1, $2, $3) AS given (id, owner, lease_until) USING (id, owner, lease_until) \
    ORDER BY payout.id FOR UPDATE OF payout) \
    UPDATE tulay.payout SET owner = NULL, lease_until = NULL FROM held WHERE payout.id = held.id";
const HOLD: &str = "SELECT id FROM tulay.payout WHERE {which} ORDER BY id FOR UPDATE";
const REFRESH: &str = "UPDATE tulay.payout SET next_at = least(next_at, greatest({now}, \
    (SELECT at FROM tulay.event WHERE payout_id = payout.id AND n = payout.version))) \
    WHERE next_at IS NOT NULL AND {which}";
const LISTED: &str = "id = ANY ($2)";
/// Compared with `$2`, so that each statement has the same parameters.
const WAITS_FOR_WHOLE: &str = "progress::json #>> '{reason,kind}' = $2 \
    AND progress::json ->> 'waits_until' IS NOT NULL AND next_at IS NOT NULL";
const PAUSE: &str = "WITH added AS (INSERT INTO tulay.pause (scope, by_whom, why, at) \
    VALUES ($2, $3, $4, {now}) ON CONFLICT DO NOTHING RETURNING scope, by_whom, why, at) \
    INSERT INTO tulay.journal_event (kind, scope, actor, why, at) \
    SELECT $5, scope, by_whom, why, at FROM added";
const RESUME: &str = "WITH gone AS (DELETE FROM tulay.pause WHERE scope = $2 RETURNING scope) \
    INSERT INTO tulay.journal_event (kind, scope, actor, why, at) \
    SELECT $5, scope, $3, $4, {now} FROM gone";
const CONFIRM: &str = "WITH whole AS (UPDATE tulay.journal SET whole_since = {now} \
    WHERE whole_since IS NULL RETURNING whole_since) \
    INSERT INTO tulay.journal_event (kind, actor, why, at) \
    SELECT $4, $2, $3, whole_since FROM whole";

/// Always later than the doubt before, whatever the clock says.
pub(super) const DOUBT: &str = "WITH doubted AS (UPDATE tulay.journal SET whole_since = NULL, \
    doubted_at = greatest({now}, doubted_at + 1) RETURNING {now} AS at) \
    INSERT INTO tulay.journal_event (kind, actor, why, at) SELECT $4, $2, $3, at FROM doubted";

/// Gives claims back.
pub(super) async fn release(
    transaction: &mut Transaction,
    group: &[(RecordId, Lease)],
) -> Result<(), Trouble> {
    let statement = Statement::new(RELEASE)
        .with(group.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
        .with(group.iter().map(|(_, lease)| i64::from(lease.owner)).collect::<Vec<_>>())
        .with(group.iter().map(|(_, lease)| micros(lease.until)).collect::<Vec<_>>());
    transaction.commit(&[statement]).await.map(drop)
}

/// Makes payments due.
pub(super) async fn refresh(
    process: &Process,
    transaction: &mut Transaction,
    group: &[RecordId],
) -> Result<(), Trouble> {
    let ids: Vec<_> = group.iter().map(|id| id.0).collect();
    let hold = Statement::new(HOLD.replace("{which}", &LISTED.replace("$2", "$1")));
    let due = timed(process, &REFRESH.replace("{which}", LISTED));
    transaction.commit(&[hold.with(ids.clone()), due.with(ids)]).await.map(drop)
}

/// Stops sending. It waits for every transaction that writes an intent, and the next one sees it.
pub(super) async fn pause(
    process: &Process,
    transaction: &mut Transaction,
    pauses: &[Pause],
) -> Result<(), Trouble> {
    transaction.run(&[hold_journal()]).await?;
    for Pause { scope, by, why } in pauses {
        let kind = JournalChange::Paused(scope.clone()).kind().to_owned();
        let statement = timed(process, PAUSE).with(rows::text(scope)?).with(by.clone());
        transaction.run(&[statement.with(why.clone()).with(kind)]).await?;
    }
    transaction.commit(&[]).await.map(drop)
}

/// Ends pauses.
pub(super) async fn resume(
    process: &Process,
    transaction: &mut Transaction,
    group: &[Resumption],
) -> Result<(), Trouble> {
    transaction.run(&[hold_journal()]).await?;
    for Resumption { scope, by, why } in group {
        let kind = JournalChange::Resumed(scope.clone()).kind().to_owned();
        let statement = timed(process, RESUME).with(rows::text(scope)?).with(by.clone());
        transaction.run(&[statement.with(why.clone()).with(kind)]).await?;
    }
    transaction.commit(&[]).await.map(drop)
}

/// Takes a person's word that the journal is whole, and makes due what waited for it.
pub(super) async fn confirm_whole(
    process: &Process,
    transaction: &mut Transaction,
    by: &str,
    why: &str,
) -> Result<(), Trouble> {
    let kind = JournalChange::ConfirmedWhole.kind().to_owned();
    let confirm = timed(process, CONFIRM).with(by.to_owned()).with(why.to_owned()).with(kind);
    let waiting = reason(crate::record::ReasonKind::NotWhole)?;
    let hold = HOLD.replace("{which}", &WAITS_FOR_WHOLE.replace("$2", "$1"));
    let due = timed(process, &REFRESH.replace("{which}", WAITS_FOR_WHOLE));
    let statements =
        [hold_journal(), confirm, Statement::new(hold).with(waiting.clone()), due.with(waiting)];
    transaction.commit(&statements).await.map(drop)
}

/// Takes a person's word that the journal may not know every payment.
pub(super) async fn doubt(
    process: &Process,
    transaction: &mut Transaction,
    by: &str,
    why: &str,
) -> Result<(), Trouble> {
    let kind = JournalChange::Doubted.kind().to_owned();
    let doubt = timed(process, DOUBT).with(Some(by.to_owned())).with(why.to_owned()).with(kind);
    transaction.commit(&[hold_journal(), doubt]).await.map(drop)
}

fn hold_journal() -> Statement {
    Statement::new(format!("SELECT one {}", Hold::Alone.journal()))
}

/// A statement whose first parameter is the time.
pub(super) fn timed(process: &Process, text: &str) -> Statement {
    Statement::new(text.replace("{now}", NOW)).with(process.clock.given())
}

/// The name of a reason in a payment's JSON.
fn reason(kind: crate::record::ReasonKind) -> Result<String, StoreError> {
    Ok(rows::text(&kind)?.trim_matches('"').to_owned())
}
