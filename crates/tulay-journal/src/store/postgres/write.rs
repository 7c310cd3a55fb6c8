//! Writing steps. All payments of a group are locked and read at once, judged in memory, and written
//! at once.

use super::{
    inbox,
    kind::Kind,
    process::Process,
    rows::{self, Result, micros},
    save::{Change, save},
    statement::Statement,
    surroundings::{self, Hold, Surroundings},
    transaction::Transaction,
    trouble::Trouble,
};
use crate::{
    record::{
        AttemptRecord, Context, Digest, Done, Event, FirstSending, Intent, NotificationId,
        Notified, Original, Record, RecordId, Refused, Seen, Spacing, Step, Write, carry_out, link,
        may_leave, named, share,
    },
    store::{JournalChange, Pause, Scope, StoreError},
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::MerchantAccount;

/// Two transactions never learn one provider's id at the same time: neither would see that it is
/// shared. All take these locks in the same order.
const HOLD_REFERENCES: &str = "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT \
    hashtextextended(reference, 1) AS key FROM unnest($1) AS reference ORDER BY 1) AS keys";
/// The payments of steps, those that `replaces` links them to, the other refunds of their payments, and
/// those that have one of the provider's ids.
const CONCERNED: &str = "SELECT unnest($1) \
    UNION SELECT replaces FROM tulay.payout WHERE id = ANY ($1) AND replaces IS NOT NULL \
    UNION SELECT id FROM tulay.payout WHERE replaces = ANY ($1) \
    UNION SELECT other.id FROM tulay.payout AS one CROSS JOIN LATERAL ( \
    SELECT id FROM tulay.payout WHERE original = ANY (ARRAY[one.original, one.original_payment]) \
    UNION SELECT id FROM tulay.payout \
    WHERE original_payment = ANY (ARRAY[one.original, one.original_payment])) AS other \
    WHERE one.id = ANY ($1) AND one.original IS NOT NULL \
    UNION SELECT payout_id FROM tulay.attempt WHERE provider_reference = ANY ($2)";
const REPLACEMENTS: &str = "SELECT id FROM tulay.payout WHERE replaces = ANY ($1)";
/// The order ids of attempts, and those that notifications name. Those of attempts that are to be sent
/// again are read too, as they may not have left.
const NAMED: &str = "WITH asked AS MATERIALIZED (SELECT unnest($1) AS order_id \
    UNION SELECT order_id FROM tulay.attempt WHERE payout_id = ANY ($2)) \
    SELECT adapter, environment, account, host, order_id, NULL::bigint, NULL::bigint, NULL::bigint \
    FROM tulay.attempt JOIN asked USING (order_id) JOIN tulay.account ON account.id = account_id \
    UNION ALL SELECT adapter, environment, account, host, order_id, min(received_at), \
    max(received_at) FILTER (WHERE authenticity = 'signed' AND states_amount), \
    (SELECT max(at) FROM tulay.journal_event WHERE kind = 'resumed' \
    AND scope::jsonb -> 'account' = jsonb_build_object('adapter', adapter, 'environment', environment, \
    'account', account, 'host', host)) FROM tulay.inbox JOIN asked USING (order_id) \
    JOIN tulay.account ON account.id = account_id \
    GROUP BY adapter, environment, account, host, order_id";
/// Two transactions never send to one beneficiary at the same time.
const HOLD_PAYEES: &str = "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT \
    hashtextextended(encode(payee, 'hex'), 2) AS key FROM unnest($1) AS payee ORDER BY 1) AS keys";
const SENT_TO_PAYEES: &str = "SELECT payee, payout.id, max(sending.at), adapter, environment, \
    account, host FROM tulay.payout JOIN tulay.attempt ON attempt.payout_id = payout.id \
    JOIN tulay.account ON account.id = account_id \
    JOIN tulay.sending ON sending.payout_id = payout.id AND sending.n = attempt.n \
    WHERE payee = ANY ($1) AND (outcome IS NULL OR NOT outcome::jsonb ? 'not_sent') \
    GROUP BY payee, payout.id, adapter, environment, account, host";
const ADD_PAUSE: &str = "INSERT INTO tulay.pause (scope, by_whom, why, at) VALUES ($1, $2, $3, $4)";
const NOTE: &str = "INSERT INTO tulay.journal_event (kind, scope, actor, why, at) \
    VALUES ($1, $2, $3, $4, $5)";

/// Steps that are written in one transaction.
pub(super) struct Writing;

#[async_trait]
impl Kind for Writing {
    type Item = Write;
    type Answer = Result<Record, Refused>;

    async fn run(
        process: &Process,
        transaction: &mut Transaction,
        items: &[&Write],
    ) -> Result<Vec<Self::Answer>, Trouble> {
        let (surroundings, loaded) = read(process, transaction, items).await?;
        let mut sent = Sent::default();
        loop {
            let mut group = Group::new(&loaded, &surroundings, sent.clone());
            let answers: Vec<_> = items.iter().map(|it| group.take(process, it)).collect();
            if group.unknown.is_empty() {
                transaction.commit(&group.statements()?).await?;
                return Ok(answers);
            }
            let payees: Vec<_> = group.unknown.into_iter().collect();
            sent.last.extend(sent_to(transaction, &payees).await?);
            sent.known.extend(payees);
        }
    }
}

/// The payments that a group concerns, locked.
struct Loaded {
    records: BTreeMap<RecordId, Record>,
    /// The order ids that are used, of those that the steps name.
    taken: Vec<(MerchantAccount, String)>,
    /// The order ids that notifications name.
    notified: Vec<((MerchantAccount, String), Notified)>,
    /// The notifications of the steps that are not applied yet.
    unapplied: BTreeSet<NotificationId>,
}

async fn read(
    process: &Process,
    transaction: &mut Transaction,
    items: &[&Write],
) -> Result<(Surroundings, Loaded), Trouble> {
    let ids: BTreeSet<i64> = items.iter().map(|it| it.id.0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let references: Vec<String> = items.iter().flat_map(|it| references(&it.step)).collect();
    let order_ids: Vec<String> = items.iter().flat_map(|it| order_ids(&it.step)).collect();
    let sent_again = |it: &&&Write| matches!(it.step, Step::Intend { intent: Intent::Same(_), .. });
    let sent_again: Vec<i64> = items.iter().filter(sent_again).map(|it| it.id.0).collect();
    let unapplied = hold_notifications(transaction, items).await?;
    let hold = items.iter().map(|it| hold(&it.step)).max().unwrap_or(Hold::Free);
    let concerned = |statement: Statement| statement.with(ids.clone()).with(references.clone());
    let mut statements = Vec::from(surroundings::journal(hold));
    statements.push(Statement::new(HOLD_REFERENCES).with(references.clone()));
    statements.push(Statement::new(NAMED).with(order_ids).with(sent_again));
    // Rows are locked in the order of their keys, so that two transactions never wait for each
    // other. What belongs to them is read after that.
    let mut whole = rows::whole(CONCERNED, concerned);
    if let Some(payouts) = whole.first_mut() {
        payouts.text.push_str(" ORDER BY id FOR UPDATE");
    }
    statements.extend(whole);
    statements.push(Statement::new(REPLACEMENTS).with(ids));
    statements.push(surroundings::clock(process));
    let read = transaction.run(&statements).await?;
    let [journal, pauses, accounts, _, named, payouts, attempts, sendings, replacements, clock] =
        &read[..]
    else {
        return Err(StoreError::Damaged("an answer of another form").into());
    };
    let surroundings = Surroundings::read(process, journal, pauses, accounts, clock)?;
    let records = rows::records(payouts, attempts, sendings)?;
    for row in replacements {
        if !records.contains_key(&RecordId(rows::get(row, 0)?)) {
            // It was accepted while this transaction waited for a row.
            return Err(Trouble::Again(StoreError::Busy));
        }
    }
    let (mut taken, mut notified) = (Vec::new(), Vec::new());
    for row in named {
        let order = (rows::account(row, 0)?, rows::get(row, 4)?);
        match rows::get(row, 5)? {
            Some(first) => {
                let time = |at| rows::get::<Option<i64>>(row, at)?.map(rows::time).transpose();
                let (first, signed, resumed) = (rows::time(first)?, time(6)?, time(7)?);
                notified.push((order, Notified { first, signed, resumed }));
            }
            None => taken.push(order),
        }
    }
    Ok((surroundings, Loaded { records, taken, notified, unapplied }))
}

/// Those of the notifications that steps apply that are not applied yet.
async fn hold_notifications(
    transaction: &mut Transaction,
    items: &[&Write],
) -> Result<BTreeSet<NotificationId>, Trouble> {
    let id = |it: &&Write| it.step.notification().map(|NotificationId(id)| id);
    let ids: Vec<i64> = items.iter().filter_map(id).collect();
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(inbox::hold_unapplied(transaction, ids).await?.into_iter().collect())
}

/// What a step needs of the journal's row. What ends or sends a payment is judged by pauses and by
/// whether the journal is whole; a duplicate may pause an account.
const fn hold(step: &Step) -> Hold {
    match step {
        Step::Intend { .. } | Step::End { .. } => Hold::Shared,
        Step::Answer { seen: Seen::Duplicate, .. } => Hold::Alone,
        _ => Hold::Free,
    }
}

/// The provider's ids that a step may teach its payment.
fn references(step: &Step) -> Vec<String> {
    let text = |it: &tulay_core::ProviderReference| it.as_str().to_owned();
    match step {
        Step::Answer { provider_reference, .. } | Step::LookUp { provider_reference, .. } => {
            provider_reference.iter().map(text).collect()
        }
        Step::Learn(news) => news.provider_reference.iter().map(text).collect(),
        Step::Search { hits, .. } => hits
            .iter()
            .filter_map(|hit| hit.sighting.provider_reference.as_ref().map(text))
            .collect(),
        _ => Vec::new(),
    }
}

/// The order ids that a step may begin an attempt with.
fn order_ids(step: &Step) -> Vec<String> {
    match step {
        Step::Intend { intent: Intent::Next(prepared), .. } => {
            vec![prepared.lookup.order_id.as_str().to_owned()]
        }
        Step::Search { hits, .. } => {
            hits.iter().map(|hit| hit.lookup.order_id.as_str().to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// When beneficiaries were last sent to, of those that are known.
#[derive(Clone, Debug, Default)]
struct Sent {
    known: BTreeSet<[u8; 32]>,
    last: Vec<LastSent>,
}

#[derive(Clone, Debug)]
struct LastSent {
    payee: [u8; 32],
    id: RecordId,
    at: Timestamp,
    account: MerchantAccount,
}

async fn sent_to(
    transaction: &mut Transaction,
    payees: &[[u8; 32]],
) -> Result<Vec<LastSent>, Trouble> {
    let payees: Vec<_> = payees.iter().map(|payee| payee.to_vec()).collect();
    let hold = Statement::new(HOLD_PAYEES).with(payees.clone());
    let read = transaction.run(&[hold, Statement::new(SENT_TO_PAYEES).with(payees)]).await?;
    let mut last = Vec::new();
    for row in read.last().map_or(&[][..], Vec::as_slice) {
        let payee: Vec<u8> = rows::get(row, 0)?;
        let payee = payee.try_into().map_err(|_| StoreError::Damaged("a digest"))?;
        let (id, at) = (RecordId(rows::get(row, 1)?), rows::time(rows::get(row, 2)?)?);
        last.push(LastSent { payee, id, at, account: rows::account(row, 3)? });
    }
    Ok(last)
}

/// The steps of a transaction, one after the other.
struct Group<'a> {
    loaded: &'a Loaded,
    now: &'a Surroundings,
    pauses: Vec<Scope>,
    changes: BTreeMap<RecordId, Change>,
    taken: Vec<(MerchantAccount, String)>,
    sent: Sent,
    /// Beneficiaries of which it has to be read when they were last sent to.
    unknown: BTreeSet<[u8; 32]>,
    added_pauses: Vec<Pause>,
    applied: Vec<(NotificationId, RecordId)>,
}

impl<'a> Group<'a> {
    fn new(loaded: &'a Loaded, now: &'a Surroundings, sent: Sent) -> Self {
        Self {
            loaded,
            now,
            pauses: now.pauses.clone(),
            changes: BTreeMap::new(),
            taken: loaded.taken.clone(),
            sent,
            unknown: BTreeSet::new(),
            added_pauses: Vec::new(),
            applied: Vec::new(),
        }
    }

    fn take(&mut self, process: &Process, write: &Write) -> Result<Record, Refused> {
        let before = self.record(write.id).ok_or(Refused::Missing)?.clone();
        let mut after = before.clone();
        let pauses = self.pauses.clone();
        let context = Context { pauses: &pauses, ..self.now.of(process) };
        let Done { events, pause } = carry_out(&mut after, write, &context)?;
        let begun = after.attempts.get(before.attempts.len());
        let begun = begun.map(|it| (it.merchant_account.clone(), it.order_id.as_str().to_owned()));
        if begun.as_ref().is_some_and(|begun| self.taken.contains(begun)) {
            return Err(Refused::OrderIdTaken);
        }
        let others: Vec<&Record> = match &before.progress.original {
            Some(original) => self.refunds(original),
            None => Vec::new(),
        };
        may_leave(&before, &write.step, others)?;
        if let Some(order) = FirstSending::of(&before, &after, &write.step, &context) {
            order.check(self.notified(&order))?;
        }
        if let Some(spacing) = Spacing::of(&after, &write.step, &context) {
            let Digest(payee) = spacing.payee;
            if !self.sent.known.contains(&payee) {
                self.unknown.insert(payee);
            }
            let last = self.sent.last.iter();
            let last = last.filter(|it| it.id != after.id && it.payee == payee);
            let last = last.filter(|it| it.account == *spacing.account).map(|it| it.at).max();
            spacing.check(last, context.now)?;
            let (id, at, account) = (after.id, context.now, spacing.account.clone());
            self.sent.last.push(LastSent { payee, id, at, account });
        }
        if let Some(notification) = write.step.notification() {
            let is_applied = self.applied.iter().any(|(applied, _)| *applied == notification);
            if is_applied || !self.loaded.unapplied.contains(&notification) {
                return Err(Refused::Overtaken);
            }
            self.applied.push((notification, write.id));
        }
        self.taken.extend(begun);
        if let Some((account, why)) = pause {
            self.pause(Pause::new(Scope::Account(account), None, why));
        }
        let learned: Vec<_> = named(&before, &after).cloned().collect();
        self.put(after, events);
        for attempt in learned {
            self.share(write.id, &attempt, &context);
        }
        self.link(write.id, &context);
        self.record(write.id).cloned().ok_or(Refused::Missing)
    }

    /// What notifications say that name an order; `None`: there are none.
    fn notified(&self, order: &FirstSending<'_>) -> Option<Notified> {
        let names = |(account, id): &(MerchantAccount, String)| {
            account == order.account && id == order.order_id.as_str()
        };
        self.loaded.notified.iter().find(|(named, _)| names(named)).map(|(_, it)| *it)
    }

    fn record(&self, id: RecordId) -> Option<&Record> {
        let changed = self.changes.get(&id).map(|change| &change.after);
        changed.or_else(|| self.loaded.records.get(&id))
    }

    /// The refunds of a payment.
    fn refunds(&self, original: &Original) -> Vec<&Record> {
        let records = self.loaded.records.keys().filter_map(|id| self.record(*id));
        let is_of =
            |it: &&Record| it.progress.original.as_ref().is_some_and(|it| it.is_same(original));
        records.filter(is_of).collect()
    }

    fn put(&mut self, after: Record, mut events: Vec<Event>) {
        let Some(before) = self.loaded.records.get(&after.id) else { return };
        match self.changes.get_mut(&after.id) {
            Some(change) => {
                change.after = after;
                change.events.append(&mut events);
            }
            None => {
                let before = before.clone();
                self.changes.insert(after.id, Change { before, after, events });
            }
        }
    }

    fn pause(&mut self, pause: Pause) {
        if !self.pauses.contains(&pause.scope) {
            self.pauses.push(pause.scope.clone());
            self.added_pauses.push(pause);
        }
    }

    /// Notes that an attempt and others have one id of the provider.
    fn share(&mut self, id: RecordId, learned: &AttemptRecord, context: &Context<'_>) {
        let ids: Vec<_> = self.loaded.records.keys().copied().collect();
        let is_same = |attempt: &AttemptRecord| {
            attempt.provider_reference.is_some()
                && attempt.provider_reference == learned.provider_reference
                && attempt.merchant_account == learned.merchant_account
        };
        let this = (id, learned.attempt.number);
        let operation = self.record(id).map(|record| record.operation);
        let others = ids.iter().filter_map(|id| self.record(*id));
        let others = others.filter(|record| Some(record.operation) == operation);
        let others = others.flat_map(|record| {
            let same = record.attempts.iter().filter(|it| is_same(it));
            same.map(|it| (record.id, it.attempt.number))
        });
        let others: Vec<_> = others.filter(|other| *other != this).collect();
        if others.is_empty() {
            return;
        }
        for (id, attempt) in std::iter::once(this).chain(others) {
            let Some(mut record) = self.record(id).cloned() else { continue };
            if let Some(event) = share(&mut record, attempt, context) {
                self.put(record, vec![event]);
            }
        }
    }

    /// Lets a payment and those that `replaces` links it to learn of each other.
    fn link(&mut self, id: RecordId, context: &Context<'_>) {
        let replaced = self.record(id).and_then(|record| record.replaces);
        let mut records = self.loaded.records.values();
        let replacement = records.find(|record| record.replaces == Some(id)).map(|it| it.id);
        let pairs = [replaced.map(|it| (it, id)), replacement.map(|it| (id, it))];
        for (replaced, replacement) in pairs.into_iter().flatten() {
            let records = self.record(replaced).cloned().zip(self.record(replacement).cloned());
            let Some((mut replaced, mut replacement)) = records else { continue };
            let events = link(&mut replaced, &mut replacement, context);
            for (record, event) in [replaced, replacement].into_iter().zip(events) {
                if let Some(event) = event {
                    self.put(record, vec![event]);
                }
            }
        }
    }

    fn statements(&self) -> Result<Vec<Statement>> {
        let mut statements = save(&self.changes.values().collect::<Vec<_>>())?;
        let at = micros(self.now.now);
        if !self.applied.is_empty() {
            statements.push(inbox::apply(&self.applied, self.now.now)?);
        }
        for Pause { scope, by, why } in &self.added_pauses {
            let text = rows::text(scope)?;
            let pause = Statement::new(ADD_PAUSE).with(text.clone()).with(by.clone());
            statements.push(pause.with(why.clone()).with(at));
            let kind = JournalChange::Paused(scope.clone()).kind().to_owned();
            let note = Statement::new(NOTE).with(kind).with(Some(text)).with(by.clone());
            statements.push(note.with(why.clone()).with(at));
        }
        Ok(statements)
    }
}
