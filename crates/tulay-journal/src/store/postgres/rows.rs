//! Records as rows: reading them.

use super::statement::{Parameter, Statement};
use crate::{
    machine::{Attempt, Facts, Outcome, ReviewReason, Sending, Standing},
    record::{AttemptRecord, Digest, Event, Lease, Personal, Record, RecordId},
    store::{JournalChange, JournalEvent, Pause, Scope, StoreError},
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::{Row, types::FromSql};
use tulay_core::{Country, Currency, MerchantAccount, Money, ProviderReference};

pub(super) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The time of a statement, in microseconds: `$1`, or the server's clock where that is NULL.
pub(super) const NOW: &str =
    "coalesce($1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)";

/// The columns of a payment, as [`record`] reads them.
pub(super) const PAYOUT: &str = "payout.id, operation, reference, amount, currency, country, \
    request, plan, replaces, created_at, version, status, review, next_at, owner, lease_until, \
    progress, payee";
const ATTEMPTS: &str = "SELECT payout_id, n, adapter, environment, account, host, order_id, \
    prepared, digest, guarantees, proof, closed_as, resend_until, provider_reference, facts, \
    instructions FROM tulay.attempt JOIN tulay.account ON account.id = account_id";
const SENDINGS: &str = "SELECT payout_id, n, at, outcome FROM tulay.sending";

pub(super) const ACCOUNTS: &str =
    "SELECT adapter, environment, account, host FROM tulay.account ORDER BY id";
pub(super) const PAUSES: &str = "SELECT scope, by_whom, why FROM tulay.pause ORDER BY place";
pub(super) const EVENTS: &str =
    "SELECT n, at, actor, body, status FROM tulay.event WHERE payout_id = $1 ORDER BY n";
pub(super) const HISTORY: &str =
    "SELECT kind, scope, actor, why, at FROM tulay.journal_event ORDER BY seq";

/// The statements that read attempts and sendings of payments, whose keys `ids` selects by
/// parameters that `with` adds.
pub(super) fn parts(ids: &str, with: impl Fn(Statement) -> Statement) -> [Statement; 2] {
    let of = |text: &str, order: &str| {
        with(Statement::new(format!("{text} WHERE payout_id IN ({ids}) ORDER BY {order}")))
    };
    [of(ATTEMPTS, "payout_id, n"), of(SENDINGS, "payout_id, n, s")]
}

/// The statements that read payments, whose keys `ids` selects.
pub(super) fn whole(ids: &str, with: impl Fn(Statement) -> Statement) -> Vec<Statement> {
    let payouts = format!("SELECT {PAYOUT} FROM tulay.payout WHERE id IN ({ids})");
    let mut statements = vec![with(Statement::new(payouts))];
    statements.extend(parts(ids, with));
    statements
}

/// Keys as the one parameter.
pub(super) const IDS: &str = "SELECT unnest($1)";

/// The payments of the rows of [`whole`].
pub(super) fn records(
    payouts: &[Row],
    attempts: &[Row],
    sendings: &[Row],
) -> Result<BTreeMap<RecordId, Record>> {
    let records = each(payouts, attempts, sendings)?.into_iter();
    records.map(|(id, record)| Ok((id, record?))).collect()
}

/// The same, where a payment that cannot be read hides no other.
pub(super) fn each<'r>(
    payouts: impl IntoIterator<Item = &'r Row>,
    attempts: &[Row],
    sendings: &[Row],
) -> Result<BTreeMap<RecordId, Result<Record>>> {
    let mut records = BTreeMap::new();
    for row in payouts {
        records.insert(RecordId(get(row, 0)?), record(row));
    }
    for row in attempts {
        add(&mut records, row, add_attempt)?;
    }
    for row in sendings {
        add(&mut records, row, add_sending)?;
    }
    Ok(records)
}

fn add(
    records: &mut BTreeMap<RecordId, Result<Record>>,
    row: &Row,
    add: fn(&mut Record, &Row) -> Result<()>,
) -> Result<()> {
    let Some(record) = records.get_mut(&RecordId(get(row, 0)?)) else { return Ok(()) };
    let added = record.as_mut().map_or(Ok(()), |record| add(record, row));
    if let Err(error) = added {
        *record = Err(error);
    }
    Ok(())
}

fn add_attempt(record: &mut Record, row: &Row) -> Result<()> {
    record.attempts.push(attempt(row)?);
    Ok(())
}

fn add_sending(record: &mut Record, row: &Row) -> Result<()> {
    let number: u8 = unsigned(row, 1)?;
    let attempt = record.attempts.iter_mut().find(|it| it.attempt.number == number);
    let attempt = attempt.ok_or(StoreError::Damaged("a sending without an attempt"))?;
    let mut sending = Sending::new(time(get(row, 2)?)?, attempt.digest.0);
    let outcome: Option<String> = get(row, 3)?;
    sending.outcome = outcome.as_deref().map(json::<Outcome>).transpose()?;
    attempt.attempt.sendings.push(sending);
    Ok(())
}

/// A payment without its attempts.
pub(super) fn record(row: &Row) -> Result<Record> {
    let currency: String = get(row, 4)?;
    let currency = Currency::new(&currency).map_err(|_| StoreError::Damaged("a currency"))?;
    let country: String = get(row, 5)?;
    let review: Option<String> = get(row, 12)?;
    let next_at: Option<i64> = get(row, 13)?;
    let lease = match get::<Option<i64>>(row, 15)? {
        Some(until) => Some(Lease::new(unsigned(row, 14)?, time(until)?)),
        None => None,
    };
    let progress: String = get(row, 16)?;
    let payee: Option<Vec<u8>> = get(row, 17)?;
    Ok(Record {
        id: RecordId(get(row, 0)?),
        operation: word(get(row, 1)?)?,
        reference: word(get(row, 2)?)?,
        amount: Money::from_minor(get(row, 3)?, currency),
        country: Country::new(&country).map_err(|_| StoreError::Damaged("a country"))?,
        request: Personal::new(get::<String>(row, 6)?),
        plan: get(row, 7)?,
        payee: payee.map(digest).transpose()?,
        replaces: get::<Option<i64>>(row, 8)?.map(RecordId),
        created_at: time(get(row, 9)?)?,
        version: unsigned(row, 10)?,
        status: word(get(row, 11)?)?,
        reviews: review
            .as_deref()
            .map(json::<BTreeSet<ReviewReason>>)
            .transpose()?
            .unwrap_or_default(),
        next_at: next_at.map(time).transpose()?,
        lease,
        progress: json(&progress)?,
        attempts: Vec::new(),
    })
}

fn attempt(row: &Row) -> Result<AttemptRecord> {
    let guarantees: String = get(row, 9)?;
    let closed_as: Option<String> = get(row, 11)?;
    let resend_until: Option<i64> = get(row, 12)?;
    let reference: Option<String> = get(row, 13)?;
    let facts: String = get(row, 14)?;
    let mut attempt = Attempt::new(unsigned(row, 1)?);
    attempt.facts = json::<Facts>(&facts)?;
    attempt.resend_until = resend_until.map(time).transpose()?;
    attempt.closed_as = closed_as.map(word::<Standing>).transpose()?;
    let proof = match get::<Option<i64>>(row, 10)? {
        Some(_) => Some(unsigned(row, 10)?),
        None => None,
    };
    Ok(AttemptRecord {
        merchant_account: account(row, 2)?,
        order_id: word(get(row, 6)?)?,
        prepared: Personal::new(get::<String>(row, 7)?),
        instructions: get::<Option<String>>(row, 15)?.map(Personal::new),
        digest: digest(get(row, 8)?)?,
        guarantees: json(&guarantees)?,
        provider_reference: reference.map(word::<ProviderReference>).transpose()?,
        proof,
        attempt,
    })
}

/// An account, in the four columns from a place.
pub(super) fn account(row: &Row, place: usize) -> Result<MerchantAccount> {
    let adapter: String = get(row, place)?;
    let (account, host): (String, String) = (get(row, place + 2)?, get(row, place + 3)?);
    Ok(MerchantAccount::new(adapter, word(get(row, place + 1)?)?, account, host))
}

/// The rows of [`PAUSES`].
pub(super) fn pauses(rows: &[Row]) -> Result<Vec<Pause>> {
    let pause = |row: &Row| {
        let (scope, why): (String, String) = (get(row, 0)?, get(row, 2)?);
        Ok(Pause::new(json::<Scope>(&scope)?, get(row, 1)?, why))
    };
    rows.iter().map(pause).collect()
}

/// A row of [`EVENTS`].
pub(super) fn event(row: &Row) -> Result<Event> {
    let body: String = get(row, 3)?;
    let (at, actor) = (time(get(row, 1)?)?, get(row, 2)?);
    let status = get::<Option<String>>(row, 4)?.map(word).transpose()?;
    Ok(Event { number: unsigned(row, 0)?, at, actor, change: json(&body)?, status })
}

/// A row of [`HISTORY`].
pub(super) fn journal_event(row: &Row) -> Result<JournalEvent> {
    let (kind, scope): (String, Option<String>) = (get(row, 0)?, get(row, 1)?);
    let scope = scope.as_deref().map(json::<Scope>).transpose()?;
    let change = JournalChange::read(&kind, scope);
    let change = change.ok_or(StoreError::Damaged("a word that is not known"))?;
    Ok(JournalEvent { at: time(get(row, 4)?)?, actor: get(row, 2)?, change, why: get(row, 3)? })
}

/// A value that a column can have.
pub(super) trait Column: for<'a> FromSql<'a> {}
impl<T: for<'a> FromSql<'a>> Column for T {}

/// The value of a column.
pub(super) fn get<T: Column>(row: &Row, place: usize) -> Result<T> {
    row.try_get(place).map_err(|_| StoreError::Damaged("a column of another type"))
}

/// A number that is not negative.
pub(super) fn unsigned<T: TryFrom<i64>>(row: &Row, place: usize) -> Result<T> {
    T::try_from(get(row, place)?).map_err(|_| StoreError::Damaged("a number"))
}

/// JSON.
pub(super) fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged("a value that JSON cannot hold"))
}

/// A text of JSON, read.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged("JSON of another form"))
}

/// The one column of the one row.
pub(super) fn only<T: Column>(rows: &[Row]) -> Result<T> {
    get(rows.first().ok_or(StoreError::Damaged("a row that is missing"))?, 0)
}

pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(super) fn time(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::Damaged("a time"))
}

/// A value whose JSON is one word.
pub(super) fn word<T: DeserializeOwned>(text: String) -> Result<T> {
    let value = serde_json::Value::String(text);
    T::deserialize(value).map_err(|_| StoreError::Damaged("a word that is not known"))
}

fn digest(bytes: Vec<u8>) -> Result<Digest> {
    bytes.try_into().map(Digest).map_err(|_| StoreError::Damaged("a digest"))
}

/// Adds one list to a statement, made of many values.
pub(super) fn column<T, P>(
    statement: Statement,
    values: &[T],
    part: impl Fn(&T) -> Result<P>,
) -> Result<Statement>
where
    Vec<P>: Parameter,
{
    let values = values.iter().map(part).collect::<Result<Vec<P>>>()?;
    Ok(statement.with(values))
}
