//! The events of all payments: in order for a program that watches, and to be delivered.
//!
//! Numbers are given out before a transaction ends, so a later one may be seen first. Each transaction that
//! adds events shares a lock with the others; a reader that needs the order takes it alone, and then
//! sees every number that was given out.

use super::{
    process::Process,
    rows::{self, NOW, Result, micros},
    statement::Statement,
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::{Event, Lease, RecordId, Status},
    store::{Delivery, EventId, PaymentEvent, StoreError},
};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use tokio_postgres::Row;

/// The number of the lock is that of this program.
const HOLD: &str = "SELECT pg_advisory_xact_lock_shared(7840318413)";
const HOLD_ALONE: &str = "SELECT pg_advisory_xact_lock(7840318413)";
/// The columns of an event of any payment: those of [`rows::event`], then the others.
const COLUMNS: &str = "event.n, event.at, event.actor, event.body, event.status, event.seq, \
    event.payout_id, (SELECT status FROM tulay.event AS earlier \
    WHERE earlier.payout_id = event.payout_id AND earlier.n = event.n - 1)";
const AT: &str = "SELECT at FROM tulay.event WHERE seq = $1";
const AFTER: &str = "WHERE seq > $1 ORDER BY seq LIMIT $2";
const THESE: &str = "WHERE seq = ANY ($1) ORDER BY seq";
const SUBSCRIBE: &str = "UPDATE tulay.journal SET delivers = 1 WHERE delivers = 0 RETURNING one";
const ADD_EVENTS: &str = "INSERT INTO tulay.outbox (event_seq, payout_id, next_try_at, tries) \
    SELECT seq, payout_id, at, 0 FROM tulay.event ON CONFLICT DO NOTHING";
/// A payment's events are delivered in order: an earlier one holds up those after it.
const UNDELIVERED: &str = "WITH clock AS MATERIALIZED (SELECT {now} AS now), \
    due AS MATERIALIZED (SELECT event_seq, tries FROM tulay.outbox \
    WHERE next_try_at <= (SELECT now FROM clock) \
    AND (owner IS NULL OR lease_until <= (SELECT now FROM clock)) AND NOT EXISTS \
    (SELECT FROM tulay.outbox AS earlier WHERE earlier.payout_id = outbox.payout_id \
    AND earlier.event_seq < outbox.event_seq) \
    ORDER BY next_try_at, event_seq LIMIT $4 FOR UPDATE SKIP LOCKED), \
    taken AS (UPDATE tulay.outbox SET owner = $2, lease_until = (SELECT now FROM clock) + $3 \
    FROM due WHERE outbox.event_seq = due.event_seq \
    RETURNING outbox.event_seq, outbox.tries, lease_until, next_try_at) \
    SELECT event_seq, tries, lease_until FROM taken ORDER BY next_try_at, event_seq";
const DELIVERED: &str = "DELETE FROM tulay.outbox \
    USING unnest($1, $2, $3) AS given (event_seq, owner, lease_until) \
    WHERE outbox.event_seq = given.event_seq AND outbox.owner = given.owner \
    AND outbox.lease_until = given.lease_until";
/// The later events of the payment wait too, so that they are not looked through meanwhile.
const FAILED: &str = "WITH clock AS MATERIALIZED (SELECT {now} AS now), \
    failed AS (UPDATE tulay.outbox SET owner = NULL, lease_until = NULL, tries = tries + 1, \
    next_try_at = greatest(next_try_at, (SELECT now FROM clock) + wait) \
    FROM unnest($2, $3, $4, $5) AS given (event_seq, owner, lease_until, wait) \
    WHERE outbox.event_seq = given.event_seq AND outbox.owner = given.owner \
    AND outbox.lease_until = given.lease_until \
    RETURNING outbox.payout_id, outbox.event_seq, outbox.next_try_at) \
    UPDATE tulay.outbox SET next_try_at = greatest(outbox.next_try_at, failed.next_try_at) \
    FROM failed WHERE outbox.payout_id = failed.payout_id \
    AND outbox.event_seq <> failed.event_seq";

/// The lock of a transaction that adds events, until its end.
pub(super) fn hold() -> Statement {
    Statement::new(HOLD)
}

/// Repeats a transaction that reads as of an earlier moment, where events go to the outbox since.
pub(super) fn subscription_is_unchanged() -> Statement {
    Statement::new("SELECT one FROM tulay.journal FOR SHARE")
}

/// The events after this one.
pub(super) async fn events(
    transaction: &mut Transaction,
    after: Option<EventId>,
    most: usize,
) -> Result<Vec<PaymentEvent>, Trouble> {
    let first = after.map_or(Ok(0), place)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    transaction.run(&[Statement::new(HOLD_ALONE)]).await?;
    let listed = Statement::new(format!("SELECT {COLUMNS} FROM tulay.event {AFTER}"));
    let statements = [Statement::new(AT).with(first), listed.with(first).with(most)];
    let read = transaction.run(&statements).await?;
    let [at, rows] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    if let Some(id) = after {
        let at = at.first().map(|row| rows::get::<i64>(row, 0)).transpose()?;
        if at != Some(micros(id.at)) {
            return Err(StoreError::NoSuchEvent(id).into());
        }
    }
    let of_payments = of_payments(transaction, rows).await?;
    Ok(of_payments.into_values().collect::<Result<_>>()?)
}

/// From now on every event goes to the outbox, and those that there are too.
pub(super) async fn subscribe(transaction: &mut Transaction) -> Result<(), Trouble> {
    transaction.run(&[Statement::new(HOLD_ALONE)]).await?;
    let changed = transaction.run(&[Statement::new(SUBSCRIBE)]).await?;
    let add = Statement::new(ADD_EVENTS);
    let is_new = changed.iter().any(|rows| !rows.is_empty());
    transaction.commit(if is_new { std::slice::from_ref(&add) } else { &[] }).await.map(drop)
}

/// Claims the oldest undelivered event of each payment.
pub(super) async fn undelivered(
    process: &Process,
    transaction: &mut Transaction,
    most: usize,
    lease: SignedDuration,
) -> Result<Vec<Delivery>, Trouble> {
    let statement = Statement::new(UNDELIVERED.replace("{now}", NOW))
        .with(process.clock.given())
        .with(i64::from(process.owner))
        .with(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX / 4))
        .with(i64::try_from(most).unwrap_or(i64::MAX));
    let taken = transaction.run(&[statement]).await?;
    let mut claims = Vec::new();
    for row in taken.iter().flatten() {
        let until = rows::time(rows::get(row, 2)?)?;
        let claim = Lease::new(process.owner, until);
        claims.push((rows::get::<i64>(row, 0)?, rows::unsigned::<u32>(row, 1)?, claim));
    }
    let places: Vec<i64> = claims.iter().map(|claim| claim.0).collect();
    let these = Statement::new(format!("SELECT {COLUMNS} FROM tulay.event {THESE}")).with(places);
    let read = transaction.run(&[these]).await?;
    let mut events = of_payments(transaction, read.first().map_or(&[], Vec::as_slice)).await?;
    let deliveries = claims.into_iter().filter_map(|(place, tries, lease)| {
        let event = events.remove(&place)?;
        Some(Delivery::new(event.inspect_err(|_| cannot_read(place)).ok()?, tries, lease))
    });
    Ok(deliveries.collect())
}

/// Removes what was delivered.
pub(super) async fn delivered(
    transaction: &mut Transaction,
    group: &[(EventId, Lease)],
) -> Result<(), Trouble> {
    let places = group.iter().map(|(id, _)| place(*id)).collect::<Result<Vec<_>>>()?;
    let statement = Statement::new(DELIVERED)
        .with(places)
        .with(group.iter().map(|(_, lease)| i64::from(lease.owner)).collect::<Vec<_>>())
        .with(group.iter().map(|(_, lease)| micros(lease.until)).collect::<Vec<_>>());
    transaction.commit(&[statement]).await.map(drop)
}

/// Lets what was not delivered wait.
pub(super) async fn not_delivered(
    process: &Process,
    transaction: &mut Transaction,
    group: &[(EventId, Lease, SignedDuration)],
) -> Result<(), Trouble> {
    let places = group.iter().map(|(id, ..)| place(*id)).collect::<Result<Vec<_>>>()?;
    let wait = |wait: &SignedDuration| i64::try_from(wait.as_micros()).unwrap_or(i64::MAX / 4);
    let statement = Statement::new(FAILED.replace("{now}", NOW))
        .with(process.clock.given())
        .with(places)
        .with(group.iter().map(|(_, lease, _)| i64::from(lease.owner)).collect::<Vec<_>>())
        .with(group.iter().map(|(_, lease, _)| micros(lease.until)).collect::<Vec<_>>())
        .with(group.iter().map(|(.., it)| wait(it)).collect::<Vec<_>>());
    transaction.commit(&[statement]).await.map(drop)
}

/// Events by their places, each with its payment as it stands now. It ends the transaction.
async fn of_payments(
    transaction: &mut Transaction,
    events: &[Row],
) -> Result<BTreeMap<i64, Result<PaymentEvent>>, Trouble> {
    let ids = events.iter().map(|row| rows::get(row, 6)).collect::<Result<Vec<i64>>>()?;
    let statements = rows::whole(rows::IDS, |statement| statement.with(ids.clone()));
    let read = transaction.commit(&statements).await?;
    let [payouts, attempts, sendings] = &read[..] else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let records = rows::each(payouts, attempts, sendings)?;
    let of_payment = |row: &Row| {
        let event: Event = rows::event(row)?;
        let number: i64 = rows::get(row, 5)?;
        let place = u64::try_from(number).map_err(|_| StoreError::Damaged("a place"))?;
        let before: Option<String> = rows::get(row, 7)?;
        let before = before.map(rows::word::<Status>).transpose()?;
        let record = records.get(&RecordId(rows::get(row, 6)?)).cloned();
        let record = record.ok_or(StoreError::Damaged("an event without its payment"))??;
        let id = EventId { place, at: event.at };
        Ok(PaymentEvent::new(id, event, before, record))
    };
    let all = events.iter().map(|row| Ok((rows::get(row, 5)?, of_payment(row))));
    Ok(all.collect::<Result<_>>()?)
}

/// An event of a payment that a later version wrote is delivered by a process of that version.
fn cannot_read(place: i64) {
    tracing::error!(event = place, "this version cannot read an event, and does not deliver it");
}

fn place(id: EventId) -> Result<i64> {
    i64::try_from(id.place).map_err(|_| StoreError::NoSuchEvent(id))
}
