//! Notifications: kept, and read back.

use super::{
    process::Process,
    rows::{self, Result},
};
use crate::{
    record::{Context, FirstSending, NotificationId, Notified, Record, RecordId, Refused, Write},
    store::{Aside, Incoming, Kept, NotificationFilter, Said, Scope, Unapplied, Unreadable},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use tulay_core::MerchantAccount;

/// The columns of a notification, without those that have personal data.
macro_rules! columns {
    () => {
        "inbox.id, adapter, environment, account, host, authenticity, said, order_id, \
         provider_reference, received_at, payout_id, states_amount"
    };
}

const ADD: &str = "INSERT INTO inbox (account_id, dedupe_key, authenticity, said, target, body, \
    order_id, provider_reference, states_amount, received_at, apply_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, iif(?4 IS NULL, NULL, ?10)) \
    ON CONFLICT DO NOTHING";
const UNAPPLIED: &str = concat!(
    "SELECT ",
    columns!(),
    ", account_id FROM inbox JOIN account ON account.id = account_id WHERE apply_at <= ?1 \
     ORDER BY apply_at, inbox.id LIMIT ?2"
);
const BY_ORDER: &str = "SELECT payout_id, n FROM attempt WHERE account_id = ?1 AND order_id = ?2";
/// The newest payment, where the provider gave several the same id: each of them is in review.
const BY_REFERENCE: &str = "SELECT payout_id, n FROM attempt \
    WHERE account_id = ?1 AND provider_reference = ?2 ORDER BY payout_id DESC LIMIT 1";
/// Not what an attempt has since, whose row made it due.
const SET_ASIDE: &str = "UPDATE inbox SET apply_at = ?2 WHERE id = ?1 AND applied_at IS NULL \
    AND (?3 OR NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.account_id = inbox.account_id \
    AND iif(inbox.order_id IS NULL, attempt.provider_reference = inbox.provider_reference, \
    attempt.order_id = inbox.order_id)))";
const OF_PAYMENT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM inbox JOIN account ON account.id = account_id \
     WHERE payout_id = ?1 AND received_at < ?2 AND inbox.id > ?3 ORDER BY inbox.id LIMIT ?4"
);
const OPEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM inbox JOIN account ON account.id = account_id \
     WHERE applied_at IS NULL AND received_at < ?1 AND inbox.id > ?2 ORDER BY inbox.id LIMIT ?3"
);
const UNREADABLE: &str = "SELECT inbox.id, adapter, environment, account, host, target, body \
    FROM inbox JOIN account ON account.id = account_id \
    WHERE applied_at IS NULL AND said IS NULL AND inbox.id > ?1 ORDER BY inbox.id LIMIT ?2";
const READ_AGAIN: &str = "UPDATE inbox SET said = ?2, order_id = ?3, provider_reference = ?4, \
    states_amount = ?5, apply_at = received_at WHERE id = ?1 AND said IS NULL";
const NOTIFIED: &str = "SELECT min(received_at), \
    max(received_at) FILTER (WHERE authenticity = 'signed' AND states_amount), \
    (SELECT max(at) FROM journal_event WHERE kind = 'resumed' AND scope = ?6) FROM inbox \
    WHERE order_id = ?1 AND account_id = (SELECT id FROM account \
    WHERE adapter = ?2 AND environment = ?3 AND account = ?4 AND host = ?5)";
const APPLY: &str = "UPDATE inbox SET applied_at = ?2, apply_at = NULL, payout_id = ?3 \
    WHERE id = ?1 AND applied_at IS NULL";

/// Why the inbox does not allow a step; `None`: it does. A notification is applied by its step.
pub(super) fn judge(
    connection: &Connection,
    before: &Record,
    after: &Record,
    write: &Write,
    context: &Context<'_>,
) -> Result<Option<Refused>> {
    if let Some(order) = FirstSending::of(before, after, &write.step, context) {
        return Ok(order.check(notified(connection, &order)?).err());
    }
    let Some(notification) = write.step.notification() else { return Ok(None) };
    let is_applied = apply(connection, notification, after.id, context.now)?;
    Ok((!is_applied).then_some(Refused::Overtaken))
}

/// What notifications say that name an order; `None`: there are none.
fn notified(connection: &Connection, order: &FirstSending<'_>) -> Result<Option<Notified>> {
    let account = order.account;
    let environment = account.environment.to_string();
    let (adapter, number, host) = (&account.adapter, &account.account, &account.host);
    let scope = rows::text(&Scope::Account(account.clone()))?;
    let parameters = params![order.order_id.as_str(), adapter, environment, number, host, scope];
    let mut statement = connection.prepare_cached(NOTIFIED)?;
    let [first, signed, resumed]: [Option<i64>; 3] =
        statement.query_row(parameters, |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    let Some(first) = first else { return Ok(None) };
    let time = |micros: Option<i64>| micros.map(rows::time).transpose();
    let (first, signed, resumed) = (rows::time(first)?, time(signed)?, time(resumed)?);
    Ok(Some(Notified { first, signed, resumed }))
}

/// Notes that a notification is applied to a payment. Returns whether it was not before.
fn apply(
    connection: &Connection,
    notification: NotificationId,
    payment: RecordId,
    now: Timestamp,
) -> Result<bool> {
    let parameters = params![notification.0, rows::micros(now), payment.0];
    Ok(connection.prepare_cached(APPLY)?.execute(parameters)? > 0)
}

pub(super) fn add(connection: &Connection, process: &Process, incoming: &Incoming) -> Result<bool> {
    let Incoming { merchant_account, dedupe_key, authenticity, said, target, body } = incoming;
    let account = rows::account_id(connection, merchant_account)?;
    let (order_id, reference) = names(said.as_ref());
    let authenticity = rows::text(authenticity)?;
    let parameters = params![
        account,
        dedupe_key,
        authenticity.trim_matches('"'),
        said.as_ref().map(|said| &said.text),
        target,
        &body[..],
        order_id,
        reference,
        said.as_ref().is_some_and(|said| said.states_amount),
        rows::micros(process.now()),
    ];
    Ok(connection.prepare_cached(ADD)?.execute(parameters)? > 0)
}

pub(super) fn unapplied(
    connection: &Connection,
    process: &Process,
    most: usize,
) -> Result<Vec<Unapplied>> {
    let now = process.now();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(UNAPPLIED)?;
    let mut rows = statement.query([rows::micros(now), most])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (notification, account) = (kept(row)?, row.get::<_, i64>(12)?);
        let (order_id, reference) = names(notification.said.as_ref());
        let named = match (order_id, reference) {
            (Some(id), _) => Some((BY_ORDER, id)),
            (None, Some(reference)) => Some((BY_REFERENCE, reference)),
            (None, None) => None,
        };
        let about = match named {
            Some((text, name)) => connection
                .prepare_cached(text)?
                .query_row(params![account, name], |row| Ok((RecordId(row.get(0)?), row.get(1)?)))
                .optional()?,
            None => None,
        };
        all.push(Unapplied::new(notification, about, now));
    }
    Ok(all)
}

pub(super) fn list(connection: &Connection, filter: &NotificationFilter) -> Result<Vec<Kept>> {
    let before = filter.received_before.map_or(i64::MAX, rows::micros);
    let after = filter.after.map_or(0, |NotificationId(id)| id);
    let most = i64::try_from(filter.page()).unwrap_or(i64::MAX);
    let mut statement =
        connection.prepare_cached(if filter.payment.is_some() { OF_PAYMENT } else { OPEN })?;
    let mut rows = match filter.payment {
        Some(RecordId(id)) => statement.query([id, before, after, most])?,
        None => statement.query([before, after, most])?,
    };
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(kept(row)?);
    }
    Ok(all)
}

pub(super) fn unreadable(
    connection: &Connection,
    after: Option<NotificationId>,
    most: usize,
) -> Result<Vec<Unreadable>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let after = after.map_or(0, |NotificationId(id)| id);
    let mut statement = connection.prepare_cached(UNREADABLE)?;
    let mut rows = statement.query([after, most])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, body): (i64, Vec<u8>) = (row.get(0)?, row.get(6)?);
        let (account, target) = (account(row)?, row.get(5)?);
        all.push(Unreadable::new(NotificationId(id), account, target, body.into()));
    }
    Ok(all)
}

pub(super) fn set_aside(connection: &Connection, group: &[Aside]) -> Result<()> {
    let mut statement = connection.prepare_cached(SET_ASIDE)?;
    for Aside { id: NotificationId(id), until, is_matched } in group {
        statement.execute(params![id, until.map(rows::micros), is_matched])?;
    }
    Ok(())
}

pub(super) fn read_again(connection: &Connection, group: &[(NotificationId, Said)]) -> Result<()> {
    let mut statement = connection.prepare_cached(READ_AGAIN)?;
    for (NotificationId(id), said) in group {
        let (order_id, reference) = names(Some(said));
        statement.execute(params![id, said.text, order_id, reference, said.states_amount])?;
    }
    Ok(())
}

/// A row of [`columns`].
fn kept(row: &Row<'_>) -> Result<Kept> {
    let text: Option<String> = row.get(6)?;
    let (order_id, reference): (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
    let said = match text {
        Some(text) => Some(Said {
            text,
            order_id: order_id.map(rows::word).transpose()?,
            provider_reference: reference.map(rows::word).transpose()?,
            states_amount: row.get(11)?,
        }),
        None => None,
    };
    let payment: Option<i64> = row.get(10)?;
    Ok(Kept::new(
        NotificationId(row.get(0)?),
        account(row)?,
        rows::word(row.get(5)?)?,
        said,
        rows::time(row.get(9)?)?,
        payment.map(RecordId),
    ))
}

/// The account of a row, in the columns after its key.
fn account(row: &Row<'_>) -> Result<MerchantAccount> {
    let (adapter, number, host): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
    Ok(MerchantAccount::new(adapter, rows::word(row.get(2)?)?, number, host))
}

fn names(said: Option<&Said>) -> (Option<&str>, Option<&str>) {
    let order_id = said.and_then(|said| said.order_id.as_ref());
    let reference = said.and_then(|said| said.provider_reference.as_ref());
    (order_id.map(|it| it.as_str()), reference.map(|it| it.as_str()))
}
