//! Notifications: kept, and read back.

use super::{
    kind::Kind,
    process::Process,
    rows::{self, Result, column, micros},
    save::add_accounts,
    statement::Statement,
    surroundings::{self, Hold},
    transaction::Transaction,
    trouble::Trouble,
    verbs::timed,
};
use crate::{
    record::{NotificationId, RecordId},
    store::{Aside, Incoming, Kept, NotificationFilter, Said, Unapplied, Unreadable},
};
use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;

/// Added in the order of their keys, so that two transactions never wait for each other. One that is
/// known takes no number, so that it writes nothing.
const ADD: &str = "WITH given AS (SELECT * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
    $12, $13) AS given (place, adapter, environment, account, host, dedupe_key, authenticity, said, \
    target, order_id, provider_reference, states_amount)), bodies AS (SELECT * FROM unnest($2, $14) \
    AS bodies (place, body)), added AS (INSERT INTO tulay.inbox (account_id, dedupe_key, \
    authenticity, said, target, body, order_id, provider_reference, states_amount, received_at, \
    apply_at) SELECT account.id, dedupe_key, authenticity, said, target, body, order_id, \
    provider_reference, states_amount, {now}, CASE WHEN said IS NULL THEN NULL ELSE {now} END \
    FROM given JOIN bodies USING (place) JOIN tulay.account USING (adapter, environment, account, \
    host) WHERE NOT EXISTS (SELECT FROM tulay.inbox AS known WHERE known.account_id = account.id \
    AND known.dedupe_key = given.dedupe_key) ORDER BY account.id, dedupe_key, place ON CONFLICT DO NOTHING \
    RETURNING account_id, dedupe_key) \
    SELECT min(place) FROM given JOIN tulay.account USING (adapter, environment, account, host) \
    JOIN added ON added.account_id = account.id AND added.dedupe_key = given.dedupe_key \
    GROUP BY added.account_id, added.dedupe_key";
const UNKNOWN_ACCOUNTS: &str = "SELECT adapter FROM unnest($1, $2, $3, $4) \
    AS given (adapter, environment, account, host) WHERE NOT EXISTS (SELECT FROM tulay.account \
    WHERE account.adapter = given.adapter AND account.environment = given.environment \
    AND account.account = given.account AND account.host = given.host)";
/// The columns of a notification, without those that have personal data.
const COLUMNS: &str = "inbox.id, adapter, environment, account, host, authenticity, said, \
    inbox.order_id, inbox.provider_reference, received_at, inbox.payout_id, states_amount";
/// The newest payment, where the provider gave several the same id: each of them is in review.
const UNAPPLIED: &str = "SELECT {columns}, about.payout_id, about.n, {now} FROM tulay.inbox \
    JOIN tulay.account ON account.id = account_id LEFT JOIN LATERAL ( \
    SELECT payout_id, n FROM tulay.attempt WHERE attempt.account_id = inbox.account_id \
    AND CASE WHEN inbox.order_id IS NULL \
    THEN attempt.provider_reference = inbox.provider_reference \
    ELSE attempt.order_id = inbox.order_id END \
    ORDER BY payout_id DESC LIMIT 1) AS about ON true \
    WHERE apply_at <= {now} ORDER BY apply_at, inbox.id LIMIT $2";
/// Not what an attempt has since, whose row made it due.
const SET_ASIDE: &str = "UPDATE tulay.inbox SET apply_at = given.apply_at \
    FROM unnest($1, $2, $3) AS given (id, apply_at, is_matched) \
    WHERE inbox.id = given.id AND applied_at IS NULL AND (is_matched OR NOT EXISTS (SELECT \
    FROM tulay.attempt WHERE attempt.account_id = inbox.account_id AND CASE \
    WHEN inbox.order_id IS NULL THEN attempt.provider_reference = inbox.provider_reference \
    ELSE attempt.order_id = inbox.order_id END))";
const HOLD: &str = "SELECT id FROM tulay.inbox WHERE id = ANY ($1) ORDER BY id FOR UPDATE";
const LIST: &str = "SELECT {columns} FROM tulay.inbox JOIN tulay.account ON account.id = account_id \
    WHERE {which} AND received_at < $1 AND inbox.id > $2 ORDER BY inbox.id LIMIT $3";
const UNREADABLE: &str = "SELECT inbox.id, adapter, environment, account, host, target, body \
    FROM tulay.inbox JOIN tulay.account ON account.id = account_id \
    WHERE applied_at IS NULL AND said IS NULL AND inbox.id > $1 ORDER BY inbox.id LIMIT $2";
const READ_AGAIN: &str = "UPDATE tulay.inbox SET said = given.said, order_id = given.order_id, \
    provider_reference = given.provider_reference, states_amount = given.states_amount, \
    apply_at = received_at \
    FROM unnest($1, $2, $3, $4, $5) AS given (id, said, order_id, provider_reference, states_amount) \
    WHERE inbox.id = given.id AND inbox.said IS NULL";
const UNAPPLIED_OF: &str = "SELECT id FROM tulay.inbox \
    WHERE id = ANY ($1) AND applied_at IS NULL ORDER BY id FOR UPDATE";
const APPLY: &str = "UPDATE tulay.inbox SET applied_at = $1, apply_at = NULL, \
    payout_id = given.payout_id FROM unnest($2, $3) AS given (id, payout_id) \
    WHERE inbox.id = given.id";

/// Notifications that are kept in one transaction.
pub(super) struct Receiving;

#[async_trait]
impl Kind for Receiving {
    type Item = Incoming;
    type Answer = bool;

    async fn run(
        process: &Process,
        transaction: &mut Transaction,
        items: &[&Incoming],
    ) -> Result<Vec<bool>, Trouble> {
        let unknown = with_account(Statement::new(UNKNOWN_ACCOUNTS), items)?;
        let (row, clock) = (surroundings::journal_row(Hold::Free), surroundings::clock(process));
        let mut read = transaction.run(&[row, clock, unknown, add(process, items)?]).await?;
        let [journal, clock] = [read.remove(0), read.remove(0)];
        surroundings::check(process, &journal, &clock)?;
        if read.first().is_some_and(|unknown| !unknown.is_empty()) {
            let accounts = add_accounts(items.iter().map(|it| &it.merchant_account))?;
            read.extend(transaction.run(&[accounts, add(process, items)?]).await?);
        }
        transaction.commit(&[]).await?;
        let added = read.iter().skip(1).flatten();
        let new = added.map(|row| rows::get::<i64>(row, 0)).collect::<Result<Vec<_>>>()?;
        Ok((0..).take(items.len()).map(|place| new.contains(&place)).collect())
    }
}

/// Holds those of these notifications that are not applied yet.
pub(super) async fn hold_unapplied(
    transaction: &mut Transaction,
    ids: Vec<i64>,
) -> Result<Vec<NotificationId>, Trouble> {
    let read = transaction.run(&[Statement::new(UNAPPLIED_OF).with(ids)]).await?;
    let id = |row: &Row| rows::get(row, 0).map(NotificationId);
    Ok(read.iter().flatten().map(id).collect::<Result<_>>()?)
}

/// Notes that notifications are applied to payments.
pub(super) fn apply(applied: &[(NotificationId, RecordId)], now: Timestamp) -> Result<Statement> {
    let statement = Statement::new(APPLY).with(micros(now));
    let statement = column(statement, applied, |(NotificationId(id), _)| Ok(*id))?;
    column(statement, applied, |(_, RecordId(id))| Ok(*id))
}

fn add(process: &Process, items: &[&Incoming]) -> Result<Statement> {
    let places: Vec<i64> = (0..).take(items.len()).collect();
    let statement = with_account(timed(process, ADD).with(places), items)?;
    let statement = column(statement, items, |it| Ok(it.dedupe_key.to_vec()))?;
    let statement = column(statement, items, |it| {
        Ok(rows::text(&it.authenticity)?.trim_matches('"').to_owned())
    })?;
    let statement = column(statement, items, |it| Ok(it.said.as_ref().map(|it| it.text.clone())))?;
    let statement = column(statement, items, |it| Ok(it.target.clone()))?;
    let statement = column(statement, items, |it| Ok(it.said.as_ref().and_then(order_id)))?;
    let statement = column(statement, items, |it| Ok(it.said.as_ref().and_then(reference)))?;
    let states_amount = |it: &&Incoming| it.said.as_ref().is_some_and(|it| it.states_amount);
    let statement = column(statement, items, |it| Ok(states_amount(it)))?;
    column(statement, items, |it| Ok(it.body.to_vec()))
}

/// The accounts of notifications, in four columns.
fn with_account(statement: Statement, items: &[&Incoming]) -> Result<Statement> {
    let account = |it: &&Incoming| it.merchant_account.clone();
    let statement = column(statement, items, |it| Ok(account(it).adapter.into_owned()))?;
    let statement = column(statement, items, |it| Ok(account(it).environment.to_string()))?;
    let statement = column(statement, items, |it| Ok(account(it).account))?;
    column(statement, items, |it| Ok(account(it).host))
}

pub(super) async fn unapplied(
    process: &Process,
    transaction: &mut Transaction,
    most: usize,
) -> Result<Vec<Unapplied>, Trouble> {
    let statement = timed(process, &UNAPPLIED.replace("{columns}", COLUMNS));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let read = transaction.read(&[statement.with(most)]).await?;
    let one = |row: &Row| -> Result<Unapplied> {
        let payment: Option<i64> = rows::get(row, 12)?;
        let about = match payment {
            Some(payment) => Some((RecordId(payment), rows::unsigned(row, 13)?)),
            None => None,
        };
        Ok(Unapplied::new(kept(row)?, about, rows::time(rows::get(row, 14)?)?))
    };
    Ok(read.iter().flatten().map(one).collect::<Result<_>>()?)
}

pub(super) async fn set_aside(
    transaction: &mut Transaction,
    group: &[Aside],
) -> Result<(), Trouble> {
    let ids: Vec<i64> = group.iter().map(|it| it.id.0).collect();
    let hold = Statement::new(HOLD).with(ids.clone());
    let set = column(Statement::new(SET_ASIDE).with(ids), group, |it| Ok(it.until.map(micros)))?;
    let set = column(set, group, |it| Ok(it.is_matched))?;
    transaction.commit(&[hold, set]).await.map(drop)
}

pub(super) async fn list(
    transaction: &mut Transaction,
    filter: &NotificationFilter,
) -> Result<Vec<Kept>, Trouble> {
    let which = match filter.payment {
        Some(_) => "inbox.payout_id = $4",
        None => "applied_at IS NULL",
    };
    let text = LIST.replace("{columns}", COLUMNS).replace("{which}", which);
    let statement = Statement::new(text)
        .with(filter.received_before.map_or(i64::MAX, micros))
        .with(filter.after.map_or(0, |NotificationId(id)| id))
        .with(i64::try_from(filter.page()).unwrap_or(i64::MAX));
    let statement = match filter.payment {
        Some(RecordId(id)) => statement.with(id),
        None => statement,
    };
    let read = transaction.read(&[statement]).await?;
    Ok(read.iter().flatten().map(kept).collect::<Result<_>>()?)
}

pub(super) async fn unreadable(
    transaction: &mut Transaction,
    after: Option<NotificationId>,
    most: usize,
) -> Result<Vec<Unreadable>, Trouble> {
    let after = after.map_or(0, |NotificationId(id)| id);
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let read = transaction.read(&[Statement::new(UNREADABLE).with(after).with(most)]).await?;
    let one = |row: &Row| -> Result<Unreadable> {
        let body: Vec<u8> = rows::get(row, 6)?;
        let (account, target) = (rows::account(row, 1)?, rows::get(row, 5)?);
        Ok(Unreadable::new(NotificationId(rows::get(row, 0)?), account, target, body.into()))
    };
    Ok(read.iter().flatten().map(one).collect::<Result<_>>()?)
}

pub(super) async fn read_again(
    transaction: &mut Transaction,
    group: &[(NotificationId, Said)],
) -> Result<(), Trouble> {
    let ids: Vec<i64> = group.iter().map(|(NotificationId(id), _)| *id).collect();
    let hold = Statement::new(HOLD).with(ids.clone());
    let set = Statement::new(READ_AGAIN).with(ids);
    let set = column(set, group, |(_, said)| Ok(said.text.clone()))?;
    let set = column(set, group, |(_, said)| Ok(order_id(said)))?;
    let set = column(set, group, |(_, said)| Ok(reference(said)))?;
    let set = column(set, group, |(_, said)| Ok(said.states_amount))?;
    transaction.commit(&[hold, set]).await.map(drop)
}

/// A row of [`COLUMNS`].
fn kept(row: &Row) -> Result<Kept> {
    let text: Option<String> = rows::get(row, 6)?;
    let (order_id, reference): (Option<String>, Option<String>) =
        (rows::get(row, 7)?, rows::get(row, 8)?);
    let said = match text {
        Some(text) => Some(Said {
            text,
            order_id: order_id.map(rows::word).transpose()?,
            provider_reference: reference.map(rows::word).transpose()?,
            states_amount: rows::get(row, 11)?,
        }),
        None => None,
    };
    let payment: Option<i64> = rows::get(row, 10)?;
    Ok(Kept::new(
        NotificationId(rows::get(row, 0)?),
        rows::account(row, 1)?,
        rows::word(rows::get(row, 5)?)?,
        said,
        rows::time(rows::get(row, 9)?)?,
        payment.map(RecordId),
    ))
}

fn order_id(said: &Said) -> Option<String> {
    said.order_id.as_ref().map(|it| it.as_str().to_owned())
}

fn reference(said: &Said) -> Option<String> {
    said.provider_reference.as_ref().map(|it| it.as_str().to_owned())
}
