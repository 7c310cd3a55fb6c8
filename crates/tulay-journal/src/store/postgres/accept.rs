//! Accepting payments.

use super::{
    events,
    kind::Kind,
    process::Process,
    rows::{self, Result, column, micros, text},
    save::{add_accounts, reviews},
    statement::Statement,
    surroundings::{self, Hold, Surroundings},
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::{Event, Original, Record, RecordId, Refused, accept, may_refund},
    store::{Acceptance, Accepted, StoreError},
};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::Row;
use tulay_core::Operation;

/// The keys of references, of payments that are to be replaced, and of the refunds of payments.
const KNOWN: &str = "SELECT id FROM tulay.payout \
    JOIN unnest($2, $3) AS asked (operation, reference) USING (operation, reference) \
    WHERE namespace = $1 UNION SELECT unnest($4) \
    UNION SELECT id FROM tulay.payout WHERE original = ANY ($5) OR original_payment = ANY ($5)";
/// Two transactions never accept refunds of one payment at the same time. All take these locks in the
/// same order.
const HOLD_ORIGINALS: &str = "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT \
    hashtextextended(encode(original, 'hex'), 3) AS key FROM unnest($1) AS original ORDER BY 1) \
    AS keys";
const HOLD_REPLACED: &str =
    "SELECT id FROM tulay.payout WHERE id = ANY ($1) ORDER BY id FOR UPDATE";
const REPLACED: &str = "SELECT replaces FROM tulay.payout WHERE replaces = ANY ($1)";
/// A payment and its first event. They are added in the order of their references, so that two
/// transactions never wait for each other.
const ADD: &str = "WITH given AS (SELECT * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
    $13, $14, $15, $16, $17, $18, $19, $20, $21) AS given (operation, reference, amount, currency, \
    country, request, plan, payee, original, original_payment, replaces, created_at, version, status, \
    review, next_at, progress, actor, body)), \
    added AS (INSERT INTO tulay.payout (namespace, operation, reference, amount, currency, country, \
    request, plan, payee, original, original_payment, replaces, created_at, version, status, review, \
    next_at, progress) SELECT $1, operation, reference, amount, currency, country, request, plan, \
    payee, original, original_payment, replaces, created_at, version, status, review, next_at, \
    progress FROM given \
    RETURNING id, operation, reference), \
    noted AS (INSERT INTO tulay.event (payout_id, n, kind, actor, body, at, status) \
    SELECT id, version, $2, actor, body, created_at, status \
    FROM added JOIN given USING (operation, reference)) \
    SELECT id, operation, reference FROM added";

/// Payments that are accepted in one transaction.
pub(super) struct Accepting;

#[async_trait]
impl Kind for Accepting {
    type Item = Acceptance;
    type Answer = Result<Accepted, Refused>;

    async fn run(
        process: &Process,
        transaction: &mut Transaction,
        items: &[&Acceptance],
    ) -> Result<Vec<Self::Answer>, Trouble> {
        let (known, replaced, surroundings) = read(process, transaction, items).await?;
        let mut group = Group { known, replaced, added: BTreeMap::new() };
        let context = surroundings.of(process);
        let places: Vec<_> = items.iter().map(|item| group.take(item, &context)).collect();
        let ids = group.write(process, transaction, items).await?;
        places.into_iter().map(|place| Ok(group.answer(place, &ids)?)).collect()
    }
}

type Key = (Operation, String);
type Records = BTreeMap<RecordId, Record>;

async fn read(
    process: &Process,
    transaction: &mut Transaction,
    items: &[&Acceptance],
) -> Result<(Records, BTreeSet<RecordId>, Surroundings), Trouble> {
    let replaced: Vec<i64> = items.iter().filter_map(|it| it.replaces.map(|id| id.0)).collect();
    let originals = items.iter().filter_map(|it| it.original.as_ref());
    let originals = originals.flat_map(Original::digests);
    let originals: Vec<Vec<u8>> = originals.map(|digest| digest.0.to_vec()).collect();
    // What is known is read as it is at one moment, without a lock; but what another transaction gives
    // back, which held the payment before, has to be seen.
    let has_refunds = !originals.is_empty();
    if !has_refunds {
        transaction.of_one_moment();
    }
    let keys = |statement: Statement| {
        let operations: Vec<_> = items.iter().map(|it| it.operation.as_str().to_owned()).collect();
        let references: Vec<_> = items.iter().map(|it| it.reference.as_str().to_owned()).collect();
        let namespace = process.policy.namespace.to_string();
        let statement = statement.with(namespace).with(operations).with(references);
        statement.with(replaced.clone()).with(originals.clone())
    };
    let mut statements = vec![Statement::new(HOLD_ORIGINALS).with(originals.clone())];
    statements.push(Statement::new(HOLD_REPLACED).with(replaced.clone()));
    statements.push(Statement::new(REPLACED).with(replaced.clone()));
    statements.extend(surroundings::journal(Hold::Free));
    statements.push(surroundings::clock(process));
    let mut whole = rows::whole(KNOWN, keys);
    if let Some(payouts) = whole.first_mut().filter(|_| has_refunds) {
        payouts.text.push_str(" ORDER BY id FOR UPDATE");
    }
    statements.extend(whole);
    let read = transaction.run(&statements).await?;
    let [_, _, replaced, journal, pauses, accounts, clock, payouts, attempts, sendings] = &read[..]
    else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let known = rows::records(payouts, attempts, sendings)?;
    let replaced = replaced.iter().map(|row| rows::get(row, 0).map(RecordId));
    let replaced = replaced.collect::<Result<BTreeSet<_>>>()?;
    Ok((known, replaced, Surroundings::read(process, journal, pauses, accounts, clock)?))
}

/// What is known and what is added.
struct Group {
    known: Records,
    replaced: BTreeSet<RecordId>,
    added: BTreeMap<Key, (Record, Event)>,
}

/// The answer to one acceptance. The key of a payment that is added is not known yet.
enum Place {
    Known(RecordId),
    Added { key: Key, is_first: bool },
    Refused(Refused),
}

impl Group {
    fn take(&mut self, item: &Acceptance, context: &crate::record::Context<'_>) -> Place {
        let key = (item.operation, item.reference.as_str().to_owned());
        let is_same =
            |it: &&Record| it.operation == item.operation && it.reference == item.reference;
        if let Some(known) = self.known.values().find(is_same) {
            return Place::Known(known.id);
        }
        if self.added.contains_key(&key) {
            return Place::Added { key, is_first: false };
        }
        if let Some(id) = item.replaces {
            let is_unpaid = self.known.get(&id).is_some_and(Record::is_proven_unpaid);
            if !is_unpaid || !self.replaced.insert(id) {
                return Place::Refused(Refused::NotAllowed);
            }
        }
        if let Some(original) = &item.original {
            let added = self.added.values().map(|(record, _)| record);
            let others =
                self.known.values().chain(added).filter(|it| {
                    it.progress.original.as_ref().is_some_and(|it| it.is_same(original))
                });
            if let Err(refused) = may_refund(original, item.amount, others) {
                return Place::Refused(refused);
            }
        }
        self.added.insert(key.clone(), accept(RecordId(0), item.clone(), context));
        Place::Added { key, is_first: true }
    }

    async fn write(
        &self,
        process: &Process,
        transaction: &mut Transaction,
        items: &[&Acceptance],
    ) -> Result<BTreeMap<Key, RecordId>, Trouble> {
        if self.added.is_empty() {
            transaction.commit(&[]).await?;
            return Ok(BTreeMap::new());
        }
        let accounts = items.iter().flat_map(|it| &it.accounts);
        let [hold, unchanged] = [events::hold(), events::subscription_is_unchanged()];
        let statements = [hold, unchanged, add_accounts(accounts)?, add(process, &self.added)?];
        let written = transaction.commit(&statements).await?;
        let rows = written.last().map_or(&[][..], Vec::as_slice);
        let key = |row: &Row| {
            let operation = rows::word(rows::get(row, 1)?)?;
            Ok(((operation, rows::get(row, 2)?), RecordId(rows::get(row, 0)?)))
        };
        Ok(rows.iter().map(key).collect::<Result<_>>()?)
    }

    fn answer(
        &self,
        place: Place,
        ids: &BTreeMap<Key, RecordId>,
    ) -> Result<Result<Accepted, Refused>> {
        let missing = StoreError::Damaged("a payment that was just added");
        match place {
            Place::Refused(refused) => Ok(Err(refused)),
            Place::Known(id) => {
                let known = self.known.get(&id).cloned().ok_or(missing)?;
                Ok(Ok(Accepted::Known(known)))
            }
            Place::Added { key, is_first } => {
                let added = self.added.get(&key).zip(ids.get(&key));
                let ((record, _), id) = added.ok_or(missing)?;
                let record = Record { id: *id, ..record.clone() };
                Ok(Ok(if is_first { Accepted::New(record) } else { Accepted::Known(record) }))
            }
        }
    }
}

fn add(process: &Process, added: &BTreeMap<Key, (Record, Event)>) -> Result<Statement> {
    let rows: Vec<_> = added.values().collect();
    let kind = rows.first().map_or("accepted", |(_, event)| event.change.kind());
    let statement =
        Statement::new(ADD).with(process.policy.namespace.to_string()).with(kind.to_owned());
    let statement = column(statement, &rows, |it| Ok(it.0.operation.as_str().to_owned()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.reference.as_str().to_owned()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.amount.minor()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.amount.currency().as_str().to_owned()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.country.as_str().to_owned()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.request.expose().to_owned()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.plan.clone()))?;
    let statement = column(statement, &rows, |it| Ok(it.0.payee.map(|payee| payee.0.to_vec())))?;
    let original = |it: &Record, place: usize| {
        let digests = it.progress.original.as_ref().map(Original::digests);
        digests.and_then(|all| Some(all.get(place)?.0.to_vec()))
    };
    let statement = column(statement, &rows, |it| Ok(original(&it.0, 0)))?;
    let statement = column(statement, &rows, |it| Ok(original(&it.0, 1)))?;
    let statement = column(statement, &rows, |it| Ok(it.0.replaces.map(|id| id.0)))?;
    let statement = column(statement, &rows, |it| Ok(micros(it.0.created_at)))?;
    let statement = column(statement, &rows, |it| Ok(i64::from(it.0.version)))?;
    let statement = column(statement, &rows, |it| Ok(it.0.status.as_str().to_owned()))?;
    let statement = column(statement, &rows, |it| reviews(&it.0.reviews))?;
    let statement = column(statement, &rows, |it| Ok(it.0.next_at.map(micros)))?;
    let statement = column(statement, &rows, |it| text(&it.0.progress))?;
    let statement = column(statement, &rows, |it| Ok(it.1.actor.clone()))?;
    column(statement, &rows, |it| text(&it.1.change))
}
