//! Reading: each verb reads at one moment, in one round trip.

use super::{
    process::Process,
    rows::{self, Result},
    statement::Statement,
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::{Event, Original, Record, RecordId, Status},
    store::{Examined, Filter, Journal, JournalEvent, ReviewCount, StoreError},
};
use std::collections::BTreeMap;
use tulay_core::{MerchantAccount, Operation, Reference};

const OF_REFERENCES: &str = "SELECT id FROM tulay.payout \
    WHERE namespace = $1 AND operation = $2 AND reference = ANY ($3)";
const PAGE: &str = "SELECT id FROM tulay.payout WHERE id > $1 ORDER BY id LIMIT $2";
const EVENTS_OF: &str = "SELECT n, at, actor, body, status, payout_id FROM tulay.event";
const JOURNAL: &str = "SELECT namespace, lineage, doubted_at, whole_since, \
    CASE WHEN whole_since IS NULL THEN (SELECT at FROM tulay.event WHERE at < doubted_at \
    ORDER BY seq DESC LIMIT 1) END FROM tulay.journal";

const REVIEW_COUNTS: &str = "SELECT reason, count(*), min(payout.created_at), \
    account.id IS NOT NULL, coalesce(adapter, ''), coalesce(environment, ''), \
    coalesce(account, ''), coalesce(host, '') FROM tulay.payout \
    CROSS JOIN LATERAL jsonb_array_elements_text(review::jsonb) AS reason \
    LEFT JOIN tulay.attempt ON attempt.payout_id = payout.id AND attempt.n = \
    (SELECT max(n) FROM tulay.attempt WHERE payout_id = payout.id) \
    LEFT JOIN tulay.account ON account.id = attempt.account_id \
    WHERE review IS NOT NULL GROUP BY reason, account.id ORDER BY reason, account.id";

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

/// The refunds of a payment, the oldest first.
pub(super) async fn refunds(
    transaction: &mut Transaction,
    original: &Original,
) -> Result<Vec<Record>, Trouble> {
    let digests = original.digests().iter().map(|digest| digest.0.to_vec()).collect::<Vec<_>>();
    let ids =
        "SELECT id FROM tulay.payout WHERE original = ANY ($1) OR original_payment = ANY ($1)";
    records(transaction, ids, |it| it.with(digests.clone())).await
}

/// One page, the newest first.
pub(super) async fn list(
    transaction: &mut Transaction,
    filter: &Filter,
) -> Result<Vec<Record>, Trouble> {
    // A part of the filter that is not set compares nothing, and each statement has all parameters.
    // As text: an index of one operation serves no parameter.
    let operation = match filter.operation {
        None => "",
        Some(Operation::Refund) => "AND operation = 'refund'",
        Some(Operation::Collection) => "AND operation = 'collection'",
        Some(_) => "AND operation = 'payout'",
    };
    let status = if filter.status.is_some() { "AND status = $3" } else { "" };
    let review =
        if filter.in_review || filter.reason.is_some() { "AND review IS NOT NULL" } else { "" };
    let reason = if filter.reason.is_some() { "AND strpos(review, $4) > 0" } else { "" };
    let age = if filter.accepted_before.is_some() { "AND created_at < $5" } else { "" };
    let account = match filter.account {
        Some(_) => {
            "AND EXISTS (SELECT FROM tulay.attempt JOIN tulay.account ON account.id = account_id \
             WHERE attempt.payout_id = payout.id AND adapter = $6 AND environment = $7 \
             AND account = $8 AND host = $9)"
        }
        None => "",
    };
    let ids = format!(
        "SELECT id FROM tulay.payout WHERE id < $1 {operation} {status} {review} {reason} {age} {account} \
         ORDER BY id DESC LIMIT $2"
    );
    let quoted = filter.reason.map(|reason| rows::text(&reason)).transpose()?;
    let with = |statement: Statement| {
        let of = |part: fn(&MerchantAccount) -> String| filter.account.as_ref().map(part);
        statement
            .with(filter.before.map_or(i64::MAX, |before| before.0))
            .with(i64::try_from(filter.page()).unwrap_or(i64::MAX))
            .with(filter.status.map(Status::as_str).map(str::to_owned))
            .with(quoted.clone())
            .with(filter.accepted_before.map(rows::micros))
            .with(of(|it| it.adapter.to_string()))
            .with(of(|it| it.environment.to_string()))
            .with(of(|it| it.account.clone()))
            .with(of(|it| it.host.clone()))
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

/// The rows of one page of payments.
pub(super) async fn examine(
    transaction: &mut Transaction,
    after: Option<RecordId>,
    most: usize,
) -> Result<Vec<Examined>, Trouble> {
    let with = |statement: Statement| {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        statement.with(after.map_or(0, |id| id.0)).with(most)
    };
    let mut statements = rows::whole(PAGE, with);
    let events = format!("{EVENTS_OF} WHERE payout_id IN ({PAGE}) ORDER BY payout_id, n");
    statements.push(with(Statement::new(events)));
    let read = transaction.read(&statements).await?;
    let [payouts, attempts, sendings, events] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let mut timelines: BTreeMap<RecordId, Result<Vec<Event>>> = BTreeMap::new();
    for row in events {
        let id = RecordId(rows::get(row, 5)?);
        let timeline = timelines.entry(id).or_insert_with(|| Ok(Vec::new()));
        match (timeline.as_mut(), rows::event(row)) {
            (Ok(events), Ok(event)) => events.push(event),
            (Ok(_), Err(error)) => *timeline = Err(error),
            (Err(_), _) => {}
        }
    }
    let mut records = rows::each(payouts, attempts, sendings)?;
    let mut examined = Vec::new();
    for row in payouts {
        let id = RecordId(rows::get(row, 0)?);
        let events = timelines.remove(&id).unwrap_or_else(|| Ok(Vec::new()));
        let Some(record) = records.remove(&id) else { continue };
        let rows = record.ok().zip(events.ok());
        examined.push(Examined { id, reference: rows::get(row, 2)?, rows });
    }
    examined.sort_by_key(|it| it.id);
    Ok(examined)
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
        known_until: rows::get::<Option<i64>>(row, 4)?.map(rows::time).transpose()?,
        pauses: rows::pauses(pauses)?,
    })
}

/// What was done to the whole journal.
pub(super) async fn history(transaction: &mut Transaction) -> Result<Vec<JournalEvent>, Trouble> {
    let read = transaction.read(&[Statement::new(rows::HISTORY)]).await?;
    Ok(read.iter().flatten().map(rows::journal_event).collect::<Result<_>>()?)
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
            payments: u64::try_from(rows::get::<i64>(row, 1)?).unwrap_or(0),
            oldest: rows::time(rows::get(row, 2)?)?,
        });
    }
    Ok(counts)
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
