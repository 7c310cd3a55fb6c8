//! Records as rows: the statements, and reading and writing them.

use crate::{
    machine::{Attempt, Facts, Outcome, ReviewReason, Sending, Standing},
    record::{
        AttemptRecord, Digest, Event, Lease, Original, Personal, Record, RecordId, Spacing, Status,
    },
    store::{Examined, JournalEvent, Pause, ReviewCount, Scope, StoreError, witness::Seen},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;
use tulay_core::{
    Country, Currency, MerchantAccount, Money, Operation, OrderId, ProviderReference, Reference,
};

pub(super) type Result<T, E = StoreError> = std::result::Result<T, E>;

const PAYOUT: &str = "SELECT id, operation, reference, amount, currency, country, request, plan, \
    replaces, created_at, version, status, review, next_at, owner, lease_until, progress, \
    payee FROM payout WHERE id = ?1";
const ATTEMPTS: &str = "SELECT n, adapter, environment, account, host, order_id, prepared, digest, \
    guarantees, proof, closed_as, resend_until, provider_reference, facts, instructions \
    FROM attempt JOIN account ON account.id = account_id WHERE payout_id = ?1 ORDER BY n";
const SENDINGS: &str = "SELECT at, outcome FROM sending WHERE payout_id = ?1 AND n = ?2 ORDER BY s";
const BY_REFERENCE: &str =
    "SELECT id FROM payout WHERE namespace = ?1 AND operation = ?2 AND reference = ?3";

const REFUNDS: &str = "SELECT id FROM payout WHERE original IN (?1, ?2) \
    OR original_payment IN (?1, ?2) ORDER BY id";
const REPLACEMENT: &str = "SELECT id FROM payout WHERE replaces = ?1";

const ADD_PAYOUT: &str = "INSERT INTO payout (id, operation, namespace, reference, amount, \
    currency, country, request, plan, replaces, created_at, version, status, review, next_at, \
    progress, payee, original, original_payment) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
const SET_PAYOUT: &str = "UPDATE payout SET version = ?2, status = ?3, review = ?4, next_at = ?5, \
    owner = ?6, lease_until = ?7, progress = ?8 WHERE id = ?1";
const ADD_EVENT: &str = "INSERT INTO event (payout_id, n, kind, actor, body, at, \
    status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const ACCOUNT: &str = "SELECT id FROM account \
    WHERE adapter = ?1 AND environment = ?2 AND account = ?3 AND host = ?4";
const ADD_ACCOUNT: &str =
    "INSERT INTO account (adapter, environment, account, host) VALUES (?1, ?2, ?3, ?4)";
const ACCOUNTS: &str = "SELECT adapter, environment, account, host FROM account ORDER BY id";
const ADD_ATTEMPT: &str = "INSERT INTO attempt (payout_id, n, account_id, order_id, prepared, \
    digest, guarantees, slot, proof, closed_as, resend_until, provider_reference, facts, \
    instructions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
const SET_ATTEMPT: &str = "UPDATE attempt SET slot = ?3, proof = ?4, closed_as = ?5, \
    resend_until = ?6, provider_reference = ?7, facts = ?8, instructions = ?9 \
    WHERE payout_id = ?1 AND n = ?2";
const ADD_SENDING: &str =
    "INSERT INTO sending (payout_id, n, s, at, outcome) VALUES (?1, ?2, ?3, ?4, ?5)";
const SET_SENDING: &str =
    "UPDATE sending SET outcome = ?4 WHERE payout_id = ?1 AND n = ?2 AND s = ?3";
const EVENTS: &str = "SELECT n, at, actor, body, status FROM event WHERE payout_id = ?1 ORDER BY n";
const TAKEN: &str = "SELECT 1 FROM attempt JOIN account ON account.id = account_id \
    WHERE adapter = ?1 AND environment = ?2 AND account = ?3 AND host = ?4 AND order_id = ?5";
// CROSS JOIN: from the few payments of a beneficiary to their attempts, and not from all attempts of
// an account.
const LAST_TO_PAYEE: &str = "SELECT max(sending.at) FROM payout \
    CROSS JOIN attempt ON attempt.payout_id = payout.id JOIN account ON account.id = account_id \
    JOIN sending ON sending.payout_id = payout.id AND sending.n = attempt.n \
    WHERE payee = ?1 AND payout.id <> ?2 \
    AND adapter = ?3 AND environment = ?4 AND account = ?5 AND host = ?6 \
    AND json_extract(outcome, '$.not_sent') IS NULL";
const SHARED: &str = "SELECT payout_id, n FROM attempt JOIN account ON account.id = account_id \
    WHERE adapter = ?1 AND environment = ?2 AND account = ?3 AND host = ?4 \
    AND provider_reference = ?5 AND NOT (payout_id = ?6 AND n = ?7) \
    AND (SELECT operation FROM payout WHERE id = payout_id) \
    = (SELECT operation FROM payout WHERE id = ?6)";
const PAGE: &str = "SELECT id, reference FROM payout WHERE id > ?1 ORDER BY id LIMIT ?2";
const REVIEW_COUNTS: &str = "SELECT reason.value, adapter, environment, account, host, count(*), \
    min(payout.created_at) FROM payout JOIN json_each(payout.review) AS reason \
    LEFT JOIN attempt ON attempt.payout_id = payout.id \
    AND attempt.n = (SELECT max(n) FROM attempt WHERE payout_id = payout.id) \
    LEFT JOIN account ON account.id = attempt.account_id WHERE payout.review IS NOT NULL \
    GROUP BY reason.value, account.id";
const NOTE: &str = "INSERT INTO journal_event (kind, scope, actor, why, at) \
    VALUES (?1, ?2, ?3, ?4, ?5)";
const SEEN: &str = "SELECT lineage, doubted_at, (SELECT coalesce(max(seq), 0) FROM event) \
    + (SELECT coalesce(max(seq), 0) FROM journal_event) FROM journal";
// Always later than the doubt before, whatever the clock says.
const DOUBT: &str = "UPDATE journal SET whole_since = NULL, doubted_at = max(?1, doubted_at + 1)";
const PAUSES: &str = "SELECT scope, by_whom, why FROM pause ORDER BY rowid";

/// The payment of a key.
pub(super) fn load(connection: &Connection, id: RecordId) -> Result<Option<Record>> {
    let mut statement = connection.prepare_cached(PAYOUT)?;
    let mut rows = statement.query([id.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut record = record(row)?;
    let mut statement = connection.prepare_cached(ATTEMPTS)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let mut attempt = attempt(row)?;
        let digest = attempt.digest.0;
        let mut statement = connection.prepare_cached(SENDINGS)?;
        let mut sendings = statement.query(params![id.0, attempt.attempt.number])?;
        while let Some(row) = sendings.next()? {
            let mut sending = Sending::new(time(row.get(0)?)?, digest);
            let outcome: Option<String> = row.get(1)?;
            sending.outcome = outcome.as_deref().map(json::<Outcome>).transpose()?;
            attempt.attempt.sendings.push(sending);
        }
        record.attempts.push(attempt);
    }
    Ok(Some(record))
}

/// The key of a reference.
pub(super) fn key_of(
    connection: &Connection,
    namespace: &str,
    operation: Operation,
    reference: &Reference,
) -> Result<Option<RecordId>> {
    let mut statement = connection.prepare_cached(BY_REFERENCE)?;
    let parameters = params![namespace, operation.as_str(), reference.as_str()];
    Ok(statement.query_row(parameters, |row| row.get(0)).optional()?.map(RecordId))
}

/// The refunds of a payment.
pub(super) fn refunds(connection: &Connection, original: &Original) -> Result<Vec<Record>> {
    let mut statement = connection.prepare_cached(REFUNDS)?;
    let mut digests = original.digests().into_iter().map(|digest| digest.0);
    let mut rows = statement.query(params![digests.next(), digests.next()])?;
    let mut refunds = Vec::new();
    while let Some(row) = rows.next()? {
        refunds.extend(load(connection, RecordId(row.get(0)?))?);
    }
    Ok(refunds)
}

/// The payment that replaces this one.
pub(super) fn replacement(connection: &Connection, id: RecordId) -> Result<Option<RecordId>> {
    let mut statement = connection.prepare_cached(REPLACEMENT)?;
    Ok(statement.query_row([id.0], |row| row.get(0)).optional()?.map(RecordId))
}

/// Writes a payment that was accepted.
pub(super) fn add(
    connection: &Connection,
    namespace: &str,
    record: &Record,
    event: &Event,
) -> Result<()> {
    let originals = record.progress.original.iter().flat_map(Original::digests);
    let mut originals = originals.map(|digest| digest.0);
    connection.prepare_cached(ADD_PAYOUT)?.execute(params![
        record.id.0,
        record.operation.as_str(),
        namespace,
        record.reference.as_str(),
        record.amount.minor(),
        record.amount.currency().as_str(),
        record.country.as_str(),
        record.request.expose(),
        record.plan,
        record.replaces.map(|it| it.0),
        micros(record.created_at),
        record.version,
        record.status.as_str(),
        reviews(&record.reviews)?,
        record.next_at.map(micros),
        text(&record.progress)?,
        record.payee.map(|payee| payee.0),
        originals.next(),
        originals.next(),
    ])?;
    add_event(connection, record.id, event)
}

/// Writes what a step changed. Events come first: a slot is given up with the event that proves it.
pub(super) fn save(
    connection: &Connection,
    before: &Record,
    after: &Record,
    events: &[Event],
) -> Result<()> {
    let id = after.id;
    events.iter().try_for_each(|event| add_event(connection, id, event))?;
    for (place, attempt) in after.attempts.iter().enumerate() {
        let known = before.attempts.get(place);
        match known {
            None => add_attempt(connection, id, attempt)?,
            Some(known) if known != attempt => set_attempt(connection, id, attempt)?,
            Some(_) => {}
        }
        let known = known.map_or(&[][..], |known| &known.attempt.sendings);
        save_sendings(connection, id, &attempt.attempt, known)?;
    }
    connection.prepare_cached(SET_PAYOUT)?.execute(params![
        id.0,
        after.version,
        after.status.as_str(),
        reviews(&after.reviews)?,
        after.next_at.map(micros),
        after.lease.map(|lease| lease.owner),
        after.lease.map(|lease| micros(lease.until)),
        text(&after.progress)?,
    ])?;
    Ok(())
}

/// Whether an order id was used at an account.
pub(super) fn is_taken(
    connection: &Connection,
    account: &MerchantAccount,
    order_id: &OrderId,
) -> Result<bool> {
    let mut statement = connection.prepare_cached(TAKEN)?;
    Ok(statement.exists(params![
        account.adapter,
        account.environment.to_string(),
        account.account,
        account.host,
        order_id.as_str(),
    ])?)
}

/// When another payment to a beneficiary was last sent through an account.
pub(super) fn last_to_payee(
    connection: &Connection,
    id: RecordId,
    spacing: &Spacing<'_>,
) -> Result<Option<Timestamp>> {
    let account = spacing.account;
    let parameters = params![
        spacing.payee.0,
        id.0,
        account.adapter,
        account.environment.to_string(),
        account.account,
        account.host,
    ];
    let mut statement = connection.prepare_cached(LAST_TO_PAYEE)?;
    let last: Option<i64> = statement.query_row(parameters, |row| row.get(0))?;
    last.map(time).transpose()
}

/// The other attempts that the provider gave the same id.
pub(super) fn sharing(
    connection: &Connection,
    id: RecordId,
    attempt: &AttemptRecord,
) -> Result<Vec<(RecordId, u8)>> {
    let Some(reference) = &attempt.provider_reference else { return Ok(Vec::new()) };
    let account = &attempt.merchant_account;
    let parameters = params![
        account.adapter,
        account.environment.to_string(),
        account.account,
        account.host,
        reference.as_str(),
        id.0,
        attempt.attempt.number,
    ];
    let mut statement = connection.prepare_cached(SHARED)?;
    let rows = statement.query_map(parameters, |row| Ok((RecordId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// The events of a payment.
pub(super) fn events(connection: &Connection, id: RecordId) -> Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(EVENTS)?;
    let mut rows = statement.query([id.0])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(row)?);
    }
    Ok(events)
}

/// The rows of one page of payments.
pub(super) fn examine(
    connection: &Connection,
    after: Option<RecordId>,
    most: usize,
) -> Result<Vec<Examined>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(PAGE)?;
    let mut rows = statement.query([after.map_or(0, |id| id.0), most])?;
    let mut examined = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, reference) = (RecordId(row.get(0)?), row.get(1)?);
        let read = load(connection, id).and_then(|record| {
            let record = record.ok_or(StoreError::Damaged("a payment that is gone"))?;
            Ok((record, events(connection, id)?))
        });
        let rows = match read {
            Ok(rows) => Some(rows),
            Err(StoreError::Damaged(_)) => None,
            Err(error) => return Err(error),
        };
        examined.push(Examined { id, reference, rows });
    }
    Ok(examined)
}

/// The event of a row that begins with its number, time, actor, body and status.
pub(super) fn event(row: &Row<'_>) -> Result<Event> {
    let (body, status): (String, Option<String>) = (row.get(3)?, row.get(4)?);
    Ok(Event {
        number: row.get(0)?,
        at: time(row.get(1)?)?,
        actor: row.get(2)?,
        change: json(&body)?,
        status: status.map(word).transpose()?,
    })
}

/// What is paused.
pub(super) fn pauses(connection: &Connection) -> Result<Vec<Pause>> {
    let mut statement = connection.prepare_cached(PAUSES)?;
    let mut rows = statement.query([])?;
    let mut pauses = Vec::new();
    while let Some(row) = rows.next()? {
        let scope: String = row.get(0)?;
        let why: String = row.get(2)?;
        pauses.push(Pause::new(json::<Scope>(&scope)?, row.get(1)?, why));
    }
    Ok(pauses)
}

/// Notes what was done to the whole journal.
pub(super) fn note(connection: &Connection, event: &JournalEvent) -> Result<()> {
    let JournalEvent { at, actor, change, why } = event;
    let scope = change.scope().map(text).transpose()?;
    let parameters = params![change.kind(), scope, actor, why, micros(*at)];
    connection.prepare_cached(NOTE)?.execute(parameters)?;
    Ok(())
}

/// From now on the journal may not know every payment of its namespace.
pub(super) fn doubt(connection: &Connection, event: &JournalEvent) -> Result<()> {
    connection.prepare_cached(DOUBT)?.execute([micros(event.at)])?;
    note(connection, event)
}

/// How far the journal is.
pub(super) fn seen(connection: &Connection) -> Result<Seen> {
    let seen = connection.prepare_cached(SEEN)?.query_row([], |row| {
        Ok(Seen { lineage: row.get(0)?, doubted_at: row.get(1)?, events: row.get(2)? })
    });
    Ok(seen?)
}

/// The accounts that the journal knows.
pub(super) fn accounts(connection: &Connection) -> Result<Vec<MerchantAccount>> {
    let mut statement = connection.prepare_cached(ACCOUNTS)?;
    let mut rows = statement.query([])?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next()? {
        let (adapter, number, host): (String, String, String) =
            (row.get(0)?, row.get(2)?, row.get(3)?);
        accounts.push(MerchantAccount::new(adapter, word(row.get(1)?)?, number, host));
    }
    Ok(accounts)
}

/// Why people have to look at payments, and at how many.
pub(super) fn review_counts(connection: &Connection) -> Result<Vec<ReviewCount>> {
    let mut statement = connection.prepare_cached(REVIEW_COUNTS)?;
    let mut rows = statement.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let account = match row.get::<_, Option<String>>(1)? {
            Some(adapter) => {
                let (number, host): (String, String) = (row.get(3)?, row.get(4)?);
                Some(MerchantAccount::new(adapter, word(row.get(2)?)?, number, host))
            }
            None => None,
        };
        let payments: i64 = row.get(5)?;
        counts.push(ReviewCount {
            reason: word(row.get(0)?)?,
            account,
            payments: u64::try_from(payments).map_err(|_| StoreError::Damaged("a number"))?,
            oldest: time(row.get(6)?)?,
        });
    }
    Ok(counts)
}

/// JSON.
pub(super) fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged("a value that JSON cannot hold"))
}

pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(super) fn time(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::Damaged("a time"))
}

fn add_event(connection: &Connection, id: RecordId, event: &Event) -> Result<()> {
    connection.prepare_cached(ADD_EVENT)?.execute(params![
        id.0,
        event.number,
        event.change.kind(),
        event.actor,
        text(&event.change)?,
        micros(event.at),
        event.status.map(Status::as_str),
    ])?;
    Ok(())
}

fn add_attempt(connection: &Connection, id: RecordId, attempt: &AttemptRecord) -> Result<()> {
    let account = account_id(connection, &attempt.merchant_account)?;
    connection.prepare_cached(ADD_ATTEMPT)?.execute(params![
        id.0,
        attempt.attempt.number,
        account,
        attempt.order_id.as_str(),
        attempt.prepared.expose(),
        attempt.digest.0,
        text(&attempt.guarantees)?,
        attempt.attempt.closed_as.is_none().then_some(1),
        attempt.proof,
        closed_as(attempt.attempt.closed_as)?,
        attempt.attempt.resend_until.map(micros),
        attempt.provider_reference.as_ref().map(ProviderReference::as_str),
        text(&attempt.attempt.facts)?,
        attempt.instructions.as_ref().map(Personal::expose),
    ])?;
    Ok(())
}

fn set_attempt(connection: &Connection, id: RecordId, attempt: &AttemptRecord) -> Result<()> {
    connection.prepare_cached(SET_ATTEMPT)?.execute(params![
        id.0,
        attempt.attempt.number,
        attempt.attempt.closed_as.is_none().then_some(1),
        attempt.proof,
        closed_as(attempt.attempt.closed_as)?,
        attempt.attempt.resend_until.map(micros),
        attempt.provider_reference.as_ref().map(ProviderReference::as_str),
        text(&attempt.attempt.facts)?,
        attempt.instructions.as_ref().map(Personal::expose),
    ])?;
    Ok(())
}

fn save_sendings(
    connection: &Connection,
    id: RecordId,
    attempt: &Attempt,
    known: &[Sending],
) -> Result<()> {
    for (place, sending) in attempt.sendings.iter().enumerate() {
        let outcome = sending.outcome.as_ref().map(text).transpose()?;
        match known.get(place) {
            None => {
                let at = micros(sending.at);
                let parameters = params![id.0, attempt.number, number(place)?, at, outcome];
                connection.prepare_cached(ADD_SENDING)?.execute(parameters)?;
            }
            Some(known) if known != sending => {
                let parameters = params![id.0, attempt.number, number(place)?, outcome];
                connection.prepare_cached(SET_SENDING)?.execute(parameters)?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The key of an account, which is added if it is not known.
pub(super) fn account_id(connection: &Connection, account: &MerchantAccount) -> Result<i64> {
    let environment = account.environment.to_string();
    let parts = params![account.adapter, environment, account.account, account.host];
    let known =
        connection.prepare_cached(ACCOUNT)?.query_row(parts, |row| row.get(0)).optional()?;
    match known {
        Some(known) => Ok(known),
        None => Ok(connection.prepare_cached(ADD_ACCOUNT)?.insert(parts)?),
    }
}

fn record(row: &Row<'_>) -> Result<Record> {
    let currency: String = row.get(4)?;
    let currency = Currency::new(&currency).map_err(|_| StoreError::Damaged("a currency"))?;
    let country: String = row.get(5)?;
    let review: Option<String> = row.get(12)?;
    let next_at: Option<i64> = row.get(13)?;
    let lease = match (row.get(14)?, row.get(15)?) {
        (Some(owner), Some(until)) => Some(Lease::new(owner, time(until)?)),
        _ => None,
    };
    let progress: String = row.get(16)?;
    Ok(Record {
        id: RecordId(row.get(0)?),
        operation: word(row.get(1)?)?,
        reference: word(row.get(2)?)?,
        amount: Money::from_minor(row.get(3)?, currency),
        country: Country::new(&country).map_err(|_| StoreError::Damaged("a country"))?,
        request: Personal::new(row.get::<_, String>(6)?),
        plan: row.get(7)?,
        payee: row.get::<_, Option<[u8; 32]>>(17)?.map(Digest),
        replaces: row.get::<_, Option<i64>>(8)?.map(RecordId),
        created_at: time(row.get(9)?)?,
        version: row.get(10)?,
        status: word(row.get(11)?)?,
        reviews: review.as_deref().map(json).transpose()?.unwrap_or_default(),
        next_at: next_at.map(time).transpose()?,
        lease,
        progress: json(&progress)?,
        attempts: Vec::new(),
    })
}

fn attempt(row: &Row<'_>) -> Result<AttemptRecord> {
    let adapter: String = row.get(1)?;
    let account: String = row.get(3)?;
    let host: String = row.get(4)?;
    let guarantees: String = row.get(8)?;
    let closed_as: Option<String> = row.get(10)?;
    let resend_until: Option<i64> = row.get(11)?;
    let reference: Option<String> = row.get(12)?;
    let facts: String = row.get(13)?;
    let mut attempt = Attempt::new(row.get(0)?);
    attempt.facts = json::<Facts>(&facts)?;
    attempt.resend_until = resend_until.map(time).transpose()?;
    attempt.closed_as = closed_as.map(word::<Standing>).transpose()?;
    Ok(AttemptRecord {
        merchant_account: MerchantAccount::new(adapter, word(row.get(2)?)?, account, host),
        order_id: word(row.get(5)?)?,
        prepared: Personal::new(row.get::<_, String>(6)?),
        instructions: row.get::<_, Option<String>>(14)?.map(Personal::new),
        digest: Digest(row.get(7)?),
        guarantees: json(&guarantees)?,
        provider_reference: reference.map(word).transpose()?,
        proof: row.get(9)?,
        attempt,
    })
}

fn closed_as(standing: Option<Standing>) -> Result<Option<String>> {
    let quoted = standing.map(|standing| text(&standing)).transpose()?;
    Ok(quoted.map(|quoted| quoted.trim_matches('"').to_owned()))
}

fn reviews(reviews: &BTreeSet<ReviewReason>) -> Result<Option<String>> {
    (!reviews.is_empty()).then(|| text(reviews)).transpose()
}

fn number(place: usize) -> Result<i64> {
    i64::try_from(place).map_err(|_| StoreError::Damaged("a number"))
}

pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged("JSON of another form"))
}

/// A value whose JSON is one word.
pub(super) fn word<T: DeserializeOwned>(text: String) -> Result<T> {
    let value = serde_json::Value::String(text);
    T::deserialize(value).map_err(|_| StoreError::Damaged("a word that is not known"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_to_a_beneficiary_are_found_by_the_beneficiary() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("schema.sql")).unwrap();
        let text = format!("EXPLAIN QUERY PLAN {LAST_TO_PAYEE}");
        let mut statement = connection.prepare(&text).unwrap();
        let mut rows = statement.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get::<_, String>(3).unwrap());
        }
        let step = |part: &str| plan.iter().position(|step| step.contains(part));
        let (payments, attempts) = (step("INDEX payout_payee"), step("SEARCH attempt"));
        assert!(payments.is_some() && payments < attempts, "{plan:?}");
    }
}
