//! Events to be delivered, and events in order.

use super::{
    owners,
    process::Process,
    rows::{self, Result},
};
use crate::{
    record::{Lease, RecordId, Status},
    store::{Delivery, EventId, PaymentEvent, StoreError},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The columns of an event of any payment: those of [`rows::event`], then the others.
macro_rules! event_columns {
    () => {
        "event.n, event.at, event.actor, event.body, event.status, event.seq, event.payout_id, \
         (SELECT status FROM event AS earlier WHERE earlier.payout_id = event.payout_id \
          AND earlier.n = event.n - 1)"
    };
}

const EVENTS: &str = concat!(
    "SELECT ",
    event_columns!(),
    " FROM event WHERE event.seq > ?1 ORDER BY event.seq LIMIT ?2"
);
const EVENT: &str = concat!("SELECT ", event_columns!(), " FROM event WHERE event.seq = ?1");
const AT: &str = "SELECT at FROM event WHERE seq = ?1";
const SUBSCRIBE: &str = "UPDATE journal SET delivers = 1 WHERE delivers = 0";
const ADD_EVENTS: &str = "INSERT INTO outbox (event_seq, payout_id, next_try_at, tries) \
    SELECT seq, payout_id, at, 0 FROM event";
// A payment's events are delivered in order: an earlier one holds up those after it.
const UNDELIVERED: &str = "SELECT event_seq, tries FROM outbox \
    WHERE next_try_at <= ?1 AND (owner IS NULL OR lease_until <= ?1) AND NOT EXISTS \
    (SELECT 1 FROM outbox AS earlier WHERE earlier.payout_id = outbox.payout_id \
     AND earlier.event_seq < outbox.event_seq) \
    ORDER BY next_try_at, event_seq LIMIT ?2";
const TAKE: &str = "UPDATE outbox SET owner = ?2, lease_until = ?3 WHERE event_seq = ?1";
const REMOVE: &str = "DELETE FROM outbox WHERE event_seq = ?1 AND owner = ?2 AND lease_until = ?3";
const OF_CLAIM: &str =
    "SELECT payout_id FROM outbox WHERE event_seq = ?1 AND owner = ?2 AND lease_until = ?3";
const FAILED: &str = "UPDATE outbox SET owner = NULL, lease_until = NULL, tries = tries + 1 \
    WHERE event_seq = ?1";
// The later events of the payment wait too, so that they are not looked through meanwhile.
const WAIT: &str = "UPDATE outbox SET next_try_at = max(next_try_at, ?2) WHERE payout_id = ?1";
const OWNERS: &str = "SELECT DISTINCT owner FROM outbox WHERE owner IS NOT NULL AND owner <> ?1";
const FREE: &str = "UPDATE outbox SET owner = NULL, lease_until = NULL WHERE owner = ?1";

pub(super) fn subscribe(connection: &Connection) -> Result<()> {
    if connection.prepare_cached(SUBSCRIBE)?.execute([])? > 0 {
        connection.prepare_cached(ADD_EVENTS)?.execute([])?;
    }
    Ok(())
}

pub(super) fn undelivered(
    connection: &Connection,
    process: &Process,
    most: usize,
    lease: SignedDuration,
) -> Result<Vec<Delivery>> {
    free_ended(connection, process)?;
    let now = process.now();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(UNDELIVERED)?;
    let due =
        statement.query_map([rows::micros(now), most], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let due = due.collect::<rusqlite::Result<Vec<(i64, u32)>>>()?;
    let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
    let lease = Lease::new(process.owner, until);
    let mut take = connection.prepare_cached(TAKE)?;
    let mut statement = connection.prepare_cached(EVENT)?;
    let mut deliveries = Vec::new();
    for (place, tries) in due {
        take.execute(params![place, lease.owner, rows::micros(lease.until)])?;
        let mut rows = statement.query([place])?;
        let row = rows.next()?.ok_or(StoreError::Damaged("an event that is not there"))?;
        match event(connection, row) {
            Ok(event) => deliveries.push(Delivery::new(event, tries, lease)),
            // One of a later version is delivered by a process of that version.
            Err(StoreError::Damaged(_)) => {
                tracing::error!(
                    event = place,
                    "this version cannot read an event, and does not deliver it"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(deliveries)
}

pub(super) fn delivered(connection: &Connection, group: &[(EventId, Lease)]) -> Result<()> {
    let mut statement = connection.prepare_cached(REMOVE)?;
    for (id, lease) in group {
        statement.execute(params![place(*id)?, lease.owner, rows::micros(lease.until)])?;
    }
    Ok(())
}

pub(super) fn not_delivered(
    connection: &Connection,
    now: Timestamp,
    group: &[(EventId, Lease, SignedDuration)],
) -> Result<()> {
    for (id, lease, wait) in group {
        let until = rows::micros(now.checked_add(*wait).unwrap_or(Timestamp::MAX));
        let place = place(*id)?;
        let claim = params![place, lease.owner, rows::micros(lease.until)];
        let mut statement = connection.prepare_cached(OF_CLAIM)?;
        let payment: Option<i64> = statement.query_row(claim, |row| row.get(0)).optional()?;
        let Some(payment) = payment else { continue };
        connection.prepare_cached(FAILED)?.execute([place])?;
        connection.prepare_cached(WAIT)?.execute([payment, until])?;
    }
    Ok(())
}

pub(super) fn events(
    connection: &Connection,
    after: Option<EventId>,
    most: usize,
) -> Result<Vec<PaymentEvent>> {
    let mut first = 0;
    if let Some(id) = after {
        first = place(id)?;
        let mut statement = connection.prepare_cached(AT)?;
        let at: Option<i64> = statement.query_row([first], |row| row.get(0)).optional()?;
        if at != Some(rows::micros(id.at)) {
            return Err(StoreError::NoSuchEvent(id));
        }
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(EVENTS)?;
    let mut rows = statement.query([first, most])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(connection, row)?);
    }
    Ok(events)
}

fn event(connection: &Connection, row: &Row<'_>) -> Result<PaymentEvent> {
    let event = rows::event(row)?;
    let place: i64 = row.get(5)?;
    let place = u64::try_from(place).map_err(|_| StoreError::Damaged("the place of an event"))?;
    let before: Option<String> = row.get(7)?;
    let before = before.map(rows::word::<Status>).transpose()?;
    let record = rows::load(connection, RecordId(row.get(6)?))?;
    let record = record.ok_or(StoreError::Damaged("an event without its payment"))?;
    Ok(PaymentEvent::new(EventId { place, at: event.at }, event, before, record))
}

/// Frees what belongs to processes that have ended.
fn free_ended(connection: &Connection, process: &Process) -> Result<()> {
    let mut statement = connection.prepare_cached(OWNERS)?;
    let owners = statement.query_map([process.owner], |row| row.get(0))?;
    let owners = owners.collect::<rusqlite::Result<Vec<u32>>>()?;
    for owner in owners {
        if let Some(_lock) = owners::ended(&process.path, owner) {
            connection.prepare_cached(FREE)?.execute([owner])?;
        }
    }
    Ok(())
}

fn place(id: EventId) -> Result<i64> {
    i64::try_from(id.place).map_err(|_| StoreError::NoSuchEvent(id))
}
