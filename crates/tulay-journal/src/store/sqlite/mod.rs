//! The journal in a file, for one machine.
//!
//! One thread writes. It takes what waits, up to 256 calls, into one transaction, and answers all of
//! them after the commit. Two threads read. Several processes may open one file.

mod backup;
mod file;
mod inbox;
mod journal;
mod notifications;
mod open;
mod outbox;
mod overview;
mod owners;
mod process;
mod rows;
mod threads;

#[cfg(test)]
mod tests;

pub use open::OpenError;

use super::{
    Acceptance, Accepted, ActiveProcess, BackupError, Beat, Claim, Claimed, Counts, Delivery,
    EventId, Examined, Filter, Form, Journal, JournalChange, JournalEvent, Pause, PaymentEvent,
    Resumption, ReviewCount, Scope, Store, StoreError, Witness,
};
use crate::{
    Time,
    record::{
        Context, Doubt, Event, Lease, Original, Policy, Record, RecordId, Refused, Spacing, Write,
        accept, carry_out, link, may_leave, may_refund, named, share,
    },
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use process::Process;
use rows::Result;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter, types::Value};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};
use tulay_core::{Namespace, Operation, Reference};

/// A journal in a file. Clones share its threads; the last one that is dropped closes it.
#[derive(Clone)]
pub struct Sqlite {
    // Dropped first: the writer, which closes last, leaves a single file.
    readers: Arc<threads::Queue>,
    writer: Arc<threads::Queue>,
    process: Process,
}

impl Sqlite {
    /// Opens the journal of the policy's namespace, and makes it if the file does not exist. It
    /// blocks for as long as the disk takes. A journal that is made is not known to be whole.
    ///
    /// `witness` is a folder away from the database, which no copy of the database brings back. It
    /// remembers how far the journal was. A journal that is behind it, or is another one, is not known
    /// to be whole any more. `None`: a database that is restored in silence is not noticed.
    ///
    /// # Errors
    /// As [`OpenError`]; each says what to do.
    pub fn open(
        path: impl Into<PathBuf>,
        witness: Option<Witness>,
        policy: Policy,
        time: Arc<dyn Time>,
    ) -> Result<Self, OpenError> {
        let path: Arc<Path> = path.into().into();
        let opened = open::open(&path, witness, &policy.namespace, &time)?;
        let (policy, owner) = (Arc::new(policy), opened.owner);
        Ok(Self {
            writer: Arc::new(opened.writer),
            readers: Arc::new(opened.readers),
            process: Process { path, policy, time, owner },
        })
    }

    /// The form of the database in a file. It changes nothing, and makes no file.
    ///
    /// # Errors
    /// As [`OpenError`].
    pub fn form(path: impl AsRef<Path>, namespace: &Namespace) -> Result<Form, OpenError> {
        open::form(path.as_ref(), namespace)
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sqlite({}, process {})", self.process.path.display(), self.process.owner)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn accept(
        &self,
        group: Vec<Acceptance>,
    ) -> Result<Vec<Result<Accepted, Refused>>, StoreError> {
        let process = self.process.clone();
        let work = move |connection: &Connection| {
            let surroundings = Surroundings::read(connection, &process)?;
            let context = surroundings.of(&process);
            group.iter().map(|it| accept_one(connection, &process, it, &context)).collect()
        };
        self.writer.call(work).await
    }

    async fn claim(&self, claim: Claim) -> Result<Claimed, StoreError> {
        let process = self.process.clone();
        self.writer.call(move |connection| claim_due(connection, &process, &claim)).await
    }

    async fn write(&self, group: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError> {
        let process = self.process.clone();
        let work = move |connection: &Connection| {
            let one = |write| write_one(connection, &process, write);
            group.iter().map(one).collect()
        };
        self.writer.call(work).await
    }

    async fn release(&self, group: Vec<(RecordId, Lease)>) -> Result<(), StoreError> {
        let work = move |connection: &Connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE payout SET owner = NULL, lease_until = NULL \
                 WHERE id = ?1 AND owner = ?2 AND lease_until = ?3",
            )?;
            for (id, lease) in &group {
                statement.execute(params![id.0, lease.owner, rows::micros(lease.until)])?;
            }
            Ok(())
        };
        self.writer.call(work).await
    }

    async fn refresh(&self, group: Vec<RecordId>) -> Result<(), StoreError> {
        let process = self.process.clone();
        let work = move |connection: &Connection| {
            let now = rows::micros(process.now());
            let mut statement = connection.prepare_cached(
                "UPDATE payout SET next_at = min(next_at, max(?2, \
                 (SELECT at FROM event WHERE payout_id = ?1 AND n = version))) \
                 WHERE id = ?1 AND next_at IS NOT NULL",
            )?;
            for id in &group {
                statement.execute([id.0, now])?;
            }
            Ok(())
        };
        self.writer.call(work).await
    }

    async fn pause(&self, pauses: Vec<Pause>) -> Result<(), StoreError> {
        let process = self.process.clone();
        let work = move |connection: &Connection| {
            pauses.iter().try_for_each(|pause| add_pause(connection, &process, pause))
        };
        self.writer.call(work).await
    }

    async fn resume(&self, group: Vec<Resumption>) -> Result<(), StoreError> {
        let process = self.process.clone();
        let work = move |connection: &Connection| {
            let mut statement = connection.prepare_cached("DELETE FROM pause WHERE scope = ?1")?;
            for Resumption { scope, by, why } in &group {
                if statement.execute([rows::text(scope)?])? == 0 {
                    continue;
                }
                let (actor, why) = (Some(by.clone()), why.clone());
                let change = JournalChange::Resumed(scope.clone());
                rows::note(connection, &JournalEvent { at: process.now(), actor, change, why })?;
            }
            Ok(())
        };
        self.writer.call(work).await
    }

    async fn confirm_whole(&self, by: &str, why: &str) -> Result<(), StoreError> {
        let (process, by, why) = (self.process.clone(), by.to_owned(), why.to_owned());
        let work = move |connection: &Connection| {
            let at = process.now();
            let now = rows::micros(at);
            let whole = "UPDATE journal SET whole_since = ?1 WHERE whole_since IS NULL";
            if connection.prepare_cached(whole)?.execute([now])? > 0 {
                let (actor, change) = (Some(by.clone()), JournalChange::ConfirmedWhole);
                rows::note(connection, &JournalEvent { at, actor, change, why: why.clone() })?;
            }
            let due = "UPDATE payout SET next_at = min(next_at, max(?1, \
                 (SELECT at FROM event WHERE payout_id = id AND n = version))) \
                 WHERE next_at IS NOT NULL \
                 AND json_extract(progress, '$.reason.kind') = 'not_whole' \
                 AND json_extract(progress, '$.waits_until') IS NOT NULL";
            connection.prepare_cached(due)?.execute([now])?;
            Ok(())
        };
        self.writer.call(work).await
    }

    async fn doubt(&self, by: &str, why: &str) -> Result<(), StoreError> {
        let (process, by, why) = (self.process.clone(), by.to_owned(), why.to_owned());
        let work = move |connection: &Connection| {
            let (at, actor) = (process.now(), Some(by.clone()));
            rows::doubt(connection, &JournalEvent::doubted(at, actor, &why))
        };
        self.writer.call(work).await
    }

    async fn find(
        &self,
        operation: Operation,
        references: Vec<Reference>,
    ) -> Result<Vec<Option<Record>>, StoreError> {
        let namespace = self.process.policy.namespace.clone();
        let work = move |connection: &Connection| {
            let one = |reference| by_reference(connection, &namespace, operation, reference);
            references.iter().map(one).collect()
        };
        self.readers.call(work).await
    }

    async fn get(&self, ids: Vec<RecordId>) -> Result<Vec<Option<Record>>, StoreError> {
        let work = move |connection: &Connection| {
            ids.iter().map(|id| rows::load(connection, *id)).collect()
        };
        self.readers.call(work).await
    }

    async fn refunds(&self, original: &Original) -> Result<Vec<Record>, StoreError> {
        let original = original.clone();
        self.readers.call(move |connection| rows::refunds(connection, &original)).await
    }

    async fn list(&self, filter: Filter) -> Result<Vec<Record>, StoreError> {
        self.readers.call(move |connection| list(connection, &filter)).await
    }

    async fn count_reviews(&self) -> Result<Vec<ReviewCount>, StoreError> {
        self.readers.call(rows::review_counts).await
    }

    async fn timeline(&self, id: RecordId) -> Result<Vec<Event>, StoreError> {
        self.readers.call(move |connection| rows::events(connection, id)).await
    }

    async fn examine(
        &self,
        after: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<Examined>, StoreError> {
        self.readers.call(move |connection| rows::examine(connection, after, most)).await
    }

    async fn journal(&self) -> Result<Journal, StoreError> {
        self.readers.call(journal::journal).await
    }

    async fn history(&self) -> Result<Vec<JournalEvent>, StoreError> {
        self.readers.call(journal::history).await
    }

    async fn events(
        &self,
        after: Option<EventId>,
        most: usize,
    ) -> Result<Vec<PaymentEvent>, StoreError> {
        self.readers.call(move |connection| outbox::events(connection, after, most)).await
    }

    async fn subscribe(&self) -> Result<(), StoreError> {
        self.writer.call(outbox::subscribe).await
    }

    async fn undelivered(
        &self,
        most: usize,
        lease: SignedDuration,
    ) -> Result<Vec<Delivery>, StoreError> {
        let process = self.process.clone();
        let work =
            move |connection: &Connection| outbox::undelivered(connection, &process, most, lease);
        self.writer.call(work).await
    }

    async fn delivered(&self, group: Vec<(EventId, Lease)>) -> Result<(), StoreError> {
        self.writer.call(move |connection| outbox::delivered(connection, &group)).await
    }

    async fn not_delivered(
        &self,
        group: Vec<(EventId, Lease, SignedDuration)>,
    ) -> Result<(), StoreError> {
        let process = self.process.clone();
        let work =
            move |connection: &Connection| outbox::not_delivered(connection, process.now(), &group);
        self.writer.call(work).await
    }

    async fn beat(&self, beat: Beat) -> Result<(), StoreError> {
        let process = self.process.clone();
        self.writer.call(move |connection| overview::beat(connection, &process, &beat)).await
    }

    async fn leave(&self) -> Result<(), StoreError> {
        let process = self.process.clone();
        self.writer.call(move |connection| overview::leave(connection, &process)).await
    }

    async fn processes(&self) -> Result<Vec<ActiveProcess>, StoreError> {
        let process = self.process.clone();
        self.readers.call(move |connection| overview::processes(connection, &process)).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.readers.call(overview::counts).await
    }

    async fn back_up(&self, file: &Path) -> Result<(), BackupError> {
        let (database, file) = (Arc::clone(&self.process.path), file.to_owned());
        let copied = tokio::task::spawn_blocking(move || backup::copy(&database, &file)).await;
        copied.unwrap_or_else(|_| Err(BackupError::Damaged("the copy was interrupted".into())))
    }
}

/// What holds for every payment in a transaction.
struct Surroundings {
    now: Timestamp,
    pauses: Vec<Scope>,
    doubt: Option<Doubt>,
}

impl Surroundings {
    fn read(connection: &Connection, process: &Process) -> Result<Self> {
        let pauses = rows::pauses(connection)?.into_iter().map(|pause| pause.scope).collect();
        Ok(Self { now: process.now(), pauses, doubt: journal::doubt(connection)? })
    }

    fn of<'a>(&'a self, process: &'a Process) -> Context<'a> {
        Context {
            now: self.now,
            policy: &process.policy,
            owner: process.owner,
            pauses: &self.pauses,
            doubt: self.doubt.as_ref(),
        }
    }
}

fn accept_one(
    connection: &Connection,
    process: &Process,
    acceptance: &Acceptance,
    context: &Context<'_>,
) -> Result<Result<Accepted, Refused>> {
    let (namespace, reference) = (&process.policy.namespace, &acceptance.reference);
    if let Some(known) = by_reference(connection, namespace, acceptance.operation, reference)? {
        return Ok(Ok(Accepted::Known(known)));
    }
    if let Some(id) = acceptance.replaces {
        let is_unpaid = rows::load(connection, id)?.is_some_and(|it| it.is_proven_unpaid());
        if !is_unpaid || rows::replacement(connection, id)?.is_some() {
            return Ok(Err(Refused::NotAllowed));
        }
    }
    if let Some(original) = &acceptance.original {
        let others = rows::refunds(connection, original)?;
        if let Err(refused) = may_refund(original, acceptance.amount, &others) {
            return Ok(Err(refused));
        }
    }
    acceptance.accounts.iter().try_for_each(|it| rows::account_id(connection, it).map(drop))?;
    let next = "SELECT 1 + coalesce(max(id), 0) FROM payout";
    let id = RecordId(connection.prepare_cached(next)?.query_row([], |row| row.get(0))?);
    let (record, event) = accept(id, acceptance.clone(), context);
    rows::add(connection, namespace.as_str(), &record, &event)?;
    Ok(Ok(Accepted::New(record)))
}

fn claim_due(connection: &Connection, process: &Process, claim: &Claim) -> Result<Claimed> {
    let Surroundings { now: at, doubt, .. } = Surroundings::read(connection, process)?;
    free_ended(connection, process)?;
    let now = rows::micros(at);
    let most = i64::try_from(claim.most).unwrap_or(i64::MAX);
    let mut due: Vec<(i64, i64)> = Vec::new();
    if claim.only.is_empty() {
        let mut statement = connection.prepare_cached(
            "SELECT id FROM payout WHERE next_at <= ?1 AND (owner IS NULL OR lease_until <= ?1) \
             ORDER BY next_at, id LIMIT ?2",
        )?;
        let mut rows = statement.query([now, most])?;
        while let Some(row) = rows.next()? {
            due.push((0, row.get(0)?));
        }
    } else {
        let mut statement = connection.prepare_cached(
            "SELECT next_at, id FROM payout \
             WHERE id = ?2 AND next_at <= ?1 AND (owner IS NULL OR lease_until <= ?1)",
        )?;
        for id in &claim.only {
            due.extend(
                statement
                    .query_row([now, id.0], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?,
            );
        }
        due.sort_unstable();
        due.dedup();
        due.truncate(claim.most);
    }
    let lease =
        Lease::new(process.owner, at.checked_add(process.policy.lease).unwrap_or(Timestamp::MAX));
    let mut take = connection
        .prepare_cached("UPDATE payout SET owner = ?2, lease_until = ?3 WHERE id = ?1")?;
    let (mut records, mut unreadable) = (Vec::new(), Vec::new());
    for (_, id) in due {
        take.execute(params![id, lease.owner, rows::micros(lease.until)])?;
        match rows::load(connection, RecordId(id)) {
            Err(StoreError::Damaged(_)) => unreadable.push(RecordId(id)),
            loaded => records.extend(loaded?),
        }
    }
    Ok(Claimed { at, doubt, records, unreadable })
}

/// Frees what belongs to processes that have ended.
fn free_ended(connection: &Connection, process: &Process) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT owner FROM payout WHERE owner IS NOT NULL AND owner <> ?1",
    )?;
    let owners = statement.query_map([process.owner], |row| row.get(0))?;
    let owners = owners.collect::<rusqlite::Result<Vec<u32>>>()?;
    let mut free = connection
        .prepare_cached("UPDATE payout SET owner = NULL, lease_until = NULL WHERE owner = ?1")?;
    for owner in owners {
        if let Some(_lock) = owners::ended(&process.path, owner) {
            free.execute([owner])?;
        }
    }
    Ok(())
}

fn write_one(
    connection: &Connection,
    process: &Process,
    write: &Write,
) -> Result<Result<Record, Refused>> {
    let Some(before) = rows::load(connection, write.id)? else { return Ok(Err(Refused::Missing)) };
    let context = Surroundings::read(connection, process)?;
    let mut after = before.clone();
    let done = match carry_out(&mut after, write, &context.of(process)) {
        Ok(done) => done,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Some(begun) = after.attempts.get(before.attempts.len())
        && rows::is_taken(connection, &begun.merchant_account, &begun.order_id)?
    {
        return Ok(Err(Refused::OrderIdTaken));
    }
    if let Some(spacing) = Spacing::of(&after, &write.step, &context.of(process)) {
        let last = rows::last_to_payee(connection, after.id, &spacing)?;
        if let Err(refused) = spacing.check(last, context.now) {
            return Ok(Err(refused));
        }
    }
    if let Some(original) = &before.progress.original
        && let Err(refused) = may_leave(&before, &write.step, &rows::refunds(connection, original)?)
    {
        return Ok(Err(refused));
    }
    if let Some(refused) = inbox::judge(connection, &before, &after, write, &context.of(process))? {
        return Ok(Err(refused));
    }
    rows::save(connection, &before, &after, &done.events)?;
    if let Some((account, why)) = done.pause {
        add_pause(connection, process, &Pause::new(Scope::Account(account), None, why))?;
    }
    let mut sharing = Vec::new();
    for attempt in named(&before, &after) {
        let others = rows::sharing(connection, after.id, attempt)?;
        if !others.is_empty() {
            sharing.push((after.id, attempt.attempt.number));
            sharing.extend(others);
        }
    }
    for (id, attempt) in &sharing {
        let Some(before) = rows::load(connection, *id)? else { continue };
        let mut after = before.clone();
        if let Some(event) = share(&mut after, *attempt, &context.of(process)) {
            rows::save(connection, &before, &after, &[event])?;
        }
    }
    let is_linked = link_all(connection, after.id, after.replaces, &context.of(process))?;
    let is_same = sharing.is_empty() && !is_linked;
    let after = if is_same { Some(after) } else { rows::load(connection, write.id)? };
    Ok(after.ok_or(Refused::Missing))
}

/// Lets a payment and those that `replaces` links it to learn of each other. Returns whether there
/// are any.
fn link_all(
    connection: &Connection,
    id: RecordId,
    replaced: Option<RecordId>,
    context: &Context<'_>,
) -> Result<bool> {
    let replacement = rows::replacement(connection, id)?;
    let pairs = [replaced.map(|it| (it, id)), replacement.map(|it| (id, it))];
    for (replaced, replacement) in pairs.into_iter().flatten() {
        let records = rows::load(connection, replaced)?.zip(rows::load(connection, replacement)?);
        let Some(before) = records else { continue };
        let mut after = before.clone();
        let [first, second] = link(&mut after.0, &mut after.1, context);
        if let Some(event) = first {
            rows::save(connection, &before.0, &after.0, &[event])?;
        }
        if let Some(event) = second {
            rows::save(connection, &before.1, &after.1, &[event])?;
        }
    }
    Ok(replaced.is_some() || replacement.is_some())
}

fn add_pause(connection: &Connection, process: &Process, pause: &Pause) -> Result<()> {
    let text = "INSERT INTO pause (scope, by_whom, why, at) VALUES (?1, ?2, ?3, ?4) \
                ON CONFLICT DO NOTHING";
    let at = process.now();
    let parameters = params![rows::text(&pause.scope)?, pause.by, pause.why, rows::micros(at)];
    if connection.prepare_cached(text)?.execute(parameters)? > 0 {
        let change = JournalChange::Paused(pause.scope.clone());
        let (actor, why) = (pause.by.clone(), pause.why.clone());
        rows::note(connection, &JournalEvent { at, actor, change, why })?;
    }
    Ok(())
}

fn by_reference(
    connection: &Connection,
    namespace: &Namespace,
    operation: Operation,
    reference: &Reference,
) -> Result<Option<Record>> {
    match rows::key_of(connection, namespace.as_str(), operation, reference)? {
        Some(id) => rows::load(connection, id),
        None => Ok(None),
    }
}

fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Record>> {
    let mut text = "SELECT id FROM payout WHERE id < ?".to_owned();
    let mut values = vec![Value::from(filter.before.map_or(i64::MAX, |before| before.0))];
    if let Some(operation) = filter.operation {
        // As text: an index of one operation serves no parameter.
        text += match operation {
            Operation::Refund => " AND operation = 'refund'",
            Operation::Collection => " AND operation = 'collection'",
            _ => " AND operation = 'payout'",
        };
    }
    if let Some(status) = filter.status {
        text += " AND status = ?";
        values.push(status.as_str().to_owned().into());
    }
    if filter.in_review {
        text += " AND review IS NOT NULL";
    }
    if let Some(reason) = filter.reason {
        text += " AND review IS NOT NULL AND instr(review, ?) > 0";
        values.push(rows::text(&reason)?.into());
    }
    if let Some(account) = &filter.account {
        text += " AND EXISTS (SELECT 1 FROM attempt JOIN account ON account.id = account_id \
                 WHERE payout_id = payout.id \
                 AND adapter = ? AND environment = ? AND account = ? AND host = ?)";
        let environment = account.environment.to_string();
        let parts = [&*account.adapter, &environment, &account.account, &account.host];
        values.extend(parts.map(|part| part.to_owned().into()));
    }
    if let Some(before) = filter.accepted_before {
        text += " AND created_at < ?";
        values.push(rows::micros(before).into());
    }
    text += " ORDER BY id DESC LIMIT ?";
    values.push(i64::try_from(filter.page()).unwrap_or(i64::MAX).into());
    let mut statement = connection.prepare_cached(&text)?;
    let ids = statement
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    let load = |id| rows::load(connection, RecordId(id));
    Ok(ids.into_iter().map(load).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}
