//! Reading: each verb reads at one moment, in one round trip.

use super::{
    process::Process,
    rows::{self, Result},
    statement::Statement,
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::{Event, Record, RecordId, Status},
    store::{Filter, Journal, JournalEvent, StoreError},
};
use tulay_core::{Operation, Reference};

const OF_REFERENCES: &str = "SELECT id FROM tulay.payout \
    WHERE namespace = $1 AND operation = $2 AND reference = ANY ($3)";
const JOURNAL: &str = "SELECT namespace, lineage, doubted_at, whole_since FROM tulay.journal";

/// The payments of these references.
pub(super) async fn find(
    process: &Process,
    transaction: &mut Transaction,
    operation: Operation,
    references: &[Reference],
) -> Result<Vec<Option<Record>>, Trouble> {
    let texts: Vec<_> = references.iter().map(|it| it.as_str().to_owned()).collect();
    let namespace = process.policy.namespace.to_string();
    let with = |statement: Statement| {
        let statement = statement.with(namespace.clone());
        statement.with(operation.as_str().to_owned()).with(texts.clone())
    };
    let found = records(transaction, OF_REFERENCES, with).await?;
    let of = |reference: &Reference| found.iter().find(|it| it.reference == *reference).cloned();
    Ok(references.iter().map(of).collect())
}

/// The payments of these keys.
pub(super) async fn get(
    transaction: &mut Transaction,
    ids: &[RecordId],
) -> Result<Vec<Option<Record>>, Trouble> {
    let keys: Vec<_> = ids.iter().map(|id| id.0).collect();
    let found = records(transaction, rows::IDS, |it| it.with(keys.clone())).await?;
    let of = |id: &RecordId| found.iter().find(|it| it.id == *id).cloned();
    Ok(ids.iter().map(of).collect())
}

/// One page, the newest first.
pub(super) async fn list(
    transaction: &mut Transaction,
    filter: &Filter,
) -> Result<Vec<Record>, Trouble> {
    let status = if filter.status.is_some() { "status = $3" } else { "$3::text IS NULL" };
    let review = if filter.in_review { "AND review IS NOT NULL" } else { "" };
    let ids = format!(
        "SELECT id FROM tulay.payout WHERE id < $1 AND {status} {review} ORDER BY id DESC LIMIT $2"
    );
    let with = |statement: Statement| {
        statement
            .with(filter.before.map_or(i64::MAX, |before| before.0))
            .with(i64::try_from(filter.page()).unwrap_or(i64::MAX))
            .with(filter.status.map(Status::as_str).map(str::to_owned))
    };
    let mut found = records(transaction, &ids, with).await?;
    found.reverse();
    Ok(found)
}

/// The events of a payment.
pub(super) async fn timeline(
    transaction: &mut Transaction,
    id: RecordId,
) -> Result<Vec<Event>, Trouble> {
    let read = transaction.read(&[Statement::new(rows::EVENTS).with(id.0)]).await?;
    Ok(read.iter().flatten().map(rows::event).collect::<Result<_>>()?)
}

/// What holds for the whole journal.
pub(super) async fn journal(transaction: &mut Transaction) -> Result<Journal, Trouble> {
    let read = transaction.read(&[Statement::new(JOURNAL), Statement::new(rows::PAUSES)]).await?;
    let [journal, pauses] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let row = journal.first().ok_or(StoreError::Damaged("a journal without its row"))?;
    Ok(Journal {
        namespace: rows::get(row, 0)?,
        lineage: rows::get(row, 1)?,
        doubted_at: rows::time(rows::get(row, 2)?)?,
        whole_since: rows::get::<Option<i64>>(row, 3)?.map(rows::time).transpose()?,
        pauses: rows::pauses(pauses)?,
    })
}

/// What was done to the whole journal.
pub(super) async fn history(transaction: &mut Transaction) -> Result<Vec<JournalEvent>, Trouble> {
    let read = transaction.read(&[Statement::new(rows::HISTORY)]).await?;
    Ok(read.iter().flatten().map(rows::journal_event).collect::<Result<_>>()?)
}

/// The payments whose keys are selected, in the order of their keys.
async fn records(
    transaction: &mut Transaction,
    ids: &str,
    with: impl Fn(Statement) -> Statement + Send,
) -> Result<Vec<Record>, Trouble> {
    let statements = rows::whole(ids, with);
    let read = transaction.read(&statements).await?;
    let [payouts, attempts, sendings] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    Ok(rows::records(payouts, attempts, sendings)?.into_values().collect())
}
