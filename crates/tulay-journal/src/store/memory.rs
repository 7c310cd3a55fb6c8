//! The model of a store, in memory: what every database is compared with. It forgets everything
//! when it is dropped, so it is for tests alone.

mod inbox;
mod shared;

use super::{
    Acceptance, Accepted, ActiveProcess, Beat, Claim, Claimed, Counts, Delivery, EventId, Examined,
    Filter, Journal, JournalChange, JournalEvent, Pause, PaymentEvent, Resumption, ReviewCount,
    Scope, Store, StoreError,
};
use crate::{
    Time,
    record::{
        Context, Done, Doubt, Event, FirstSending, Lease, Original, Policy, ReasonKind, Record,
        RecordId, Refused, Spacing, Status, Write, accept, carry_out, may_leave, may_refund, named,
        share,
    },
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use shared::{Shared, Undelivered};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tulay_core::{Operation, Reference};

/// A store in memory, for tests.
#[derive(Clone, Debug)]
pub struct Memory {
    shared: Arc<Mutex<Shared>>,
    policy: Arc<Policy>,
    time: Arc<dyn Time>,
    owner: u32,
}

impl Memory {
    /// An empty journal that is not known to be whole.
    #[must_use]
    pub fn new(policy: Policy, time: Arc<dyn Time>) -> Self {
        let journal = Journal {
            namespace: policy.namespace.to_string(),
            lineage: String::new(),
            doubted_at: super::whole_micros(time.now()),
            whole_since: None,
            known_until: None,
            pauses: Vec::new(),
        };
        let (accounts, records, history) = (Vec::new(), BTreeMap::new(), Vec::new());
        let (log, outbox, delivers) = (Vec::new(), BTreeMap::new(), false);
        let (processes, active) = (1, BTreeMap::new());
        let shared = Shared {
            journal,
            accounts,
            records,
            history,
            processes,
            active,
            log,
            outbox,
            delivers,
            inbox: BTreeMap::new(),
        };
        Self { shared: Arc::new(Mutex::new(shared)), policy: Arc::new(policy), time, owner: 1 }
    }

    /// The same journal, opened by another process.
    #[must_use]
    pub fn another(&self) -> Self {
        let mut shared = self.lock();
        shared.processes += 1;
        Self { owner: shared.processes, ..self.clone() }
    }

    /// The same journal, opened by another process that is configured otherwise.
    #[must_use]
    pub fn configured(&self, policy: Policy) -> Self {
        Self { policy: Arc::new(policy), ..self.another() }
    }

    /// The same journal after this process was killed and its number taken by another one.
    #[must_use]
    pub fn killed(self) -> Self {
        let mut shared = self.lock();
        let is_free = |lease: &Lease| lease.owner != self.owner;
        for (record, _) in shared.records.values_mut() {
            record.lease = record.lease.filter(is_free);
        }
        for undelivered in shared.outbox.values_mut() {
            undelivered.lease = undelivered.lease.filter(is_free);
        }
        shared.active.remove(&self.owner);
        drop(shared);
        self
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        super::whole_micros(self.time.now())
    }

    fn context<'a>(&'a self, scopes: &'a [Scope], doubt: Option<&'a Doubt>) -> Context<'a> {
        let (now, policy, owner) = (self.now(), &self.policy, self.owner);
        Context { now, policy, owner, pauses: scopes, doubt }
    }
}

#[async_trait]
impl Store for Memory {
    async fn accept(
        &self,
        group: Vec<Acceptance>,
    ) -> Result<Vec<Result<Accepted, Refused>>, StoreError> {
        let mut shared = self.lock();
        let (scopes, doubt) = (shared.scopes(), shared.doubt());
        let context = self.context(&scopes, doubt.as_ref());
        let mut answers = Vec::new();
        for acceptance in group {
            if let Some(known) = shared.named(acceptance.operation, &acceptance.reference) {
                answers.push(Ok(Accepted::Known(known)));
                continue;
            }
            if let Some(replaced) = acceptance.replaces {
                let is_replaced =
                    shared.records.values().any(|(record, _)| record.replaces == Some(replaced));
                let replaced = shared.record(replaced);
                if is_replaced || !replaced.is_some_and(|it| it.is_proven_unpaid()) {
                    answers.push(Err(Refused::NotAllowed));
                    continue;
                }
            }
            if let Some(original) = &acceptance.original {
                let others = shared.refunds(original);
                if let Err(refused) = may_refund(original, acceptance.amount, &others) {
                    answers.push(Err(refused));
                    continue;
                }
            }
            acceptance.accounts.iter().for_each(|account| shared.know(account));
            let id = shared.records.keys().last().map_or(1, |RecordId(last)| last + 1);
            let (record, event) = accept(RecordId(id), acceptance, &context);
            shared.log(record.id, &event);
            shared.records.insert(record.id, (record.clone(), vec![event]));
            answers.push(Ok(Accepted::New(record)));
        }
        Ok(answers)
    }

    async fn claim(&self, claim: Claim) -> Result<Claimed, StoreError> {
        let at = self.now();
        let until = at.checked_add(self.policy.lease).unwrap_or(Timestamp::MAX);
        let mut shared = self.lock();
        let mut due: Vec<&mut Record> = shared
            .records
            .values_mut()
            .map(|(record, _)| record)
            .filter(|record| claim.only.is_empty() || claim.only.contains(&record.id))
            .filter(|record| record.next_at.is_some_and(|next| next <= at))
            .filter(|record| !record.is_leased(at))
            .collect();
        due.sort_by_key(|record| (record.next_at, record.id));
        due.truncate(claim.most);
        let lease = Lease::new(self.owner, until);
        let records: Vec<Record> = due
            .into_iter()
            .map(|record| {
                record.lease = Some(lease);
                record.clone()
            })
            .collect();
        let doubt = shared.doubt();
        Ok(Claimed { at, doubt, records, unreadable: Vec::new() })
    }

    async fn write(&self, group: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError> {
        let mut shared = self.lock();
        let mut answers = Vec::new();
        for write in group {
            let Some(mut record) = shared.record(write.id) else {
                answers.push(Err(Refused::Missing));
                continue;
            };
            let (scopes, doubt) = (shared.scopes(), shared.doubt());
            let context = self.context(&scopes, doubt.as_ref());
            let attempts = record.attempts.len();
            let done = carry_out(&mut record, &write, &context);
            let begun = record.attempts.get(attempts);
            let is_taken = begun.is_some_and(|begun| {
                let mut all = shared.records.values().flat_map(|(record, _)| &record.attempts);
                all.any(|it| {
                    it.merchant_account == begun.merchant_account && it.order_id == begun.order_id
                })
            });
            let mut done = if is_taken { Err(Refused::OrderIdTaken) } else { done };
            if let Some(spacing) =
                Spacing::of(&record, &write.step, &context).filter(|_| done.is_ok())
                && let Err(refused) =
                    spacing.check(shared.last_to_payee(write.id, &spacing), context.now)
            {
                done = Err(refused);
            }
            let before = shared.record(write.id);
            if let Some(before) = before.filter(|_| done.is_ok())
                && let Some(order) = FirstSending::of(&before, &record, &write.step, &context)
                && let Err(refused) = order.check(shared.notified(&order))
            {
                done = Err(refused);
            }
            if let Some(before) = shared.record(write.id).filter(|_| done.is_ok())
                && let Some(original) = &before.progress.original
                && let Err(refused) = may_leave(&before, &write.step, &shared.refunds(original))
            {
                done = Err(refused);
            }
            if let Some(notification) = write.step.notification()
                && done.is_ok()
                && !shared.apply(notification, write.id)
            {
                done = Err(Refused::Overtaken);
            }
            let Done { events, pause } = match done {
                Ok(done) => done,
                Err(refused) => {
                    answers.push(Err(refused));
                    continue;
                }
            };
            if let Some((account, why)) = pause {
                shared.pause(Pause::new(Scope::Account(account), None, why), context.now);
            }
            if let Some(begun) = record.attempts.get(attempts) {
                shared.know(&begun.merchant_account);
            }
            let mut sharing = Vec::new();
            for attempt in shared.record(write.id).iter().flat_map(|before| named(before, &record))
            {
                let others = shared.sharing(write.id, attempt);
                if !others.is_empty() {
                    sharing.push((write.id, attempt.attempt.number));
                    sharing.extend(others);
                }
            }
            shared.save(record, events);
            for (id, attempt) in sharing {
                let Some(mut record) = shared.record(id) else { continue };
                if let Some(event) = share(&mut record, attempt, &context) {
                    shared.save(record, vec![event]);
                }
            }
            shared.link(write.id, &context);
            answers.push(shared.record(write.id).ok_or(Refused::Missing));
        }
        Ok(answers)
    }

    async fn release(&self, group: Vec<(RecordId, Lease)>) -> Result<(), StoreError> {
        let mut shared = self.lock();
        for (id, lease) in group {
            if let Some((record, _)) = shared.records.get_mut(&id) {
                record.lease = record.lease.filter(|held| *held != lease);
            }
        }
        Ok(())
    }

    async fn refresh(&self, group: Vec<RecordId>) -> Result<(), StoreError> {
        let now = self.now();
        let mut shared = self.lock();
        for id in group {
            if let Some((record, _)) = shared.records.get_mut(&id) {
                record.make_due(now);
            }
        }
        Ok(())
    }

    async fn pause(&self, pauses: Vec<Pause>) -> Result<(), StoreError> {
        let (now, mut shared) = (self.now(), self.lock());
        pauses.into_iter().for_each(|pause| shared.pause(pause, now));
        Ok(())
    }

    async fn resume(&self, group: Vec<Resumption>) -> Result<(), StoreError> {
        let (now, mut shared) = (self.now(), self.lock());
        group.into_iter().for_each(|resumption| shared.resume(resumption, now));
        Ok(())
    }

    async fn confirm_whole(&self, by: &str, why: &str) -> Result<(), StoreError> {
        let now = self.now();
        let mut shared = self.lock();
        if shared.journal.whole_since.is_none() {
            shared.journal.whole_since = Some(now);
            let (actor, change) = (Some(by.to_owned()), JournalChange::ConfirmedWhole);
            shared.history.push(JournalEvent { at: now, actor, change, why: why.to_owned() });
        }
        for (record, _) in shared.records.values_mut() {
            if record.progress.waits_for(ReasonKind::NotWhole) {
                record.make_due(now);
            }
        }
        Ok(())
    }

    async fn doubt(&self, by: &str, why: &str) -> Result<(), StoreError> {
        let at = self.now();
        let mut shared = self.lock();
        let later = shared.journal.doubted_at.checked_add(SignedDuration::from_micros(1));
        shared.journal.doubted_at = at.max(later.unwrap_or(at));
        shared.journal.whole_since = None;
        shared.history.push(JournalEvent::doubted(at, Some(by.to_owned()), why));
        Ok(())
    }

    async fn find(
        &self,
        operation: Operation,
        references: Vec<Reference>,
    ) -> Result<Vec<Option<Record>>, StoreError> {
        let shared = self.lock();
        Ok(references.iter().map(|reference| shared.named(operation, reference)).collect())
    }

    async fn get(&self, ids: Vec<RecordId>) -> Result<Vec<Option<Record>>, StoreError> {
        let shared = self.lock();
        Ok(ids.into_iter().map(|id| shared.record(id)).collect())
    }

    async fn refunds(&self, original: &Original) -> Result<Vec<Record>, StoreError> {
        Ok(self.lock().refunds(original))
    }

    async fn list(&self, filter: Filter) -> Result<Vec<Record>, StoreError> {
        let shared = self.lock();
        let records = shared.records.values().rev().map(|(record, _)| record);
        let listed = records
            .filter(|record| filter.operation.is_none_or(|it| it == record.operation))
            .filter(|record| filter.status.is_none_or(|status| status == record.status))
            .filter(|record| !filter.in_review || !record.reviews.is_empty())
            .filter(|record| filter.reason.is_none_or(|reason| record.reviews.contains(&reason)))
            .filter(|record| {
                let mut accounts = record.attempts.iter().map(|it| &it.merchant_account);
                filter.account.as_ref().is_none_or(|account| accounts.any(|it| it == account))
            })
            .filter(|record| filter.accepted_before.is_none_or(|it| record.created_at < it))
            .filter(|record| filter.before.is_none_or(|before| record.id < before));
        Ok(listed.take(filter.page()).cloned().collect())
    }

    async fn count_reviews(&self) -> Result<Vec<ReviewCount>, StoreError> {
        let mut counts: Vec<ReviewCount> = Vec::new();
        for (record, _) in self.lock().records.values() {
            for reason in &record.reviews {
                let account = record.attempts.last().map(|it| it.merchant_account.clone());
                let of = |it: &&mut ReviewCount| it.reason == *reason && it.account == account;
                if let Some(count) = counts.iter_mut().find(of) {
                    count.payments += 1;
                    count.oldest = count.oldest.min(record.created_at);
                } else {
                    let (reason, oldest) = (*reason, record.created_at);
                    counts.push(ReviewCount { reason, account, payments: 1, oldest });
                }
            }
        }
        Ok(counts)
    }

    async fn timeline(&self, id: RecordId) -> Result<Vec<Event>, StoreError> {
        Ok(self.lock().records.get(&id).map(|(_, events)| events.clone()).unwrap_or_default())
    }

    async fn examine(
        &self,
        after: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<Examined>, StoreError> {
        let shared = self.lock();
        let later =
            shared.records.range(after.map_or(RecordId(0), |RecordId(id)| RecordId(id + 1))..);
        let examined = later.map(|(id, (record, events))| Examined {
            id: *id,
            reference: record.reference.to_string(),
            rows: Some((record.clone(), events.clone())),
        });
        Ok(examined.take(most).collect())
    }

    async fn journal(&self) -> Result<Journal, StoreError> {
        let shared = self.lock();
        Ok(Journal { known_until: shared.known_until(), ..shared.journal.clone() })
    }

    async fn history(&self) -> Result<Vec<JournalEvent>, StoreError> {
        Ok(self.lock().history.clone())
    }

    async fn events(
        &self,
        after: Option<EventId>,
        most: usize,
    ) -> Result<Vec<PaymentEvent>, StoreError> {
        let shared = self.lock();
        if let Some(id) = after
            && shared.event(id.place).is_none_or(|event| event.id != id)
        {
            return Err(StoreError::NoSuchEvent(id));
        }
        let first = after.map_or(1, |id| id.place.saturating_add(1));
        let events = (first..).map_while(|place| shared.event(place));
        Ok(events.take(most).collect())
    }

    async fn subscribe(&self) -> Result<(), StoreError> {
        let mut shared = self.lock();
        if !std::mem::replace(&mut shared.delivers, true) {
            for (place, (id, _)) in (1..).zip(shared.log.clone()) {
                let Some(event) = u64::try_from(place).ok().and_then(|it| shared.event(it)) else {
                    continue;
                };
                shared.put(place, id, event.id.at);
            }
        }
        Ok(())
    }

    async fn undelivered(
        &self,
        most: usize,
        lease: SignedDuration,
    ) -> Result<Vec<Delivery>, StoreError> {
        let (now, mut shared) = (self.now(), self.lock());
        let lease = Lease::new(self.owner, now.checked_add(lease).unwrap_or(Timestamp::MAX));
        let mut seen = BTreeSet::new();
        let oldest = shared.outbox.iter().filter(|(_, it)| seen.insert(it.id));
        let is_free = |it: &Undelivered| it.lease.is_none_or(|lease| lease.until <= now);
        let due = oldest.filter(|(_, it)| it.next_try_at <= now && is_free(it));
        let mut due: Vec<_> = due.map(|(place, it)| (it.next_try_at, *place, it.tries)).collect();
        due.sort_unstable();
        due.truncate(most);
        let mut deliveries = Vec::new();
        for (_, place, tries) in due {
            if let Some(undelivered) = shared.outbox.get_mut(&place) {
                undelivered.lease = Some(lease);
            }
            deliveries.extend(shared.event(place).map(|it| Delivery::new(it, tries, lease)));
        }
        Ok(deliveries)
    }

    async fn delivered(&self, group: Vec<(EventId, Lease)>) -> Result<(), StoreError> {
        let mut shared = self.lock();
        for (id, lease) in group {
            if shared.claimed(id, lease).is_some() {
                shared.outbox.remove(&id.place);
            }
        }
        Ok(())
    }

    async fn not_delivered(
        &self,
        group: Vec<(EventId, Lease, SignedDuration)>,
    ) -> Result<(), StoreError> {
        let (now, mut shared) = (self.now(), self.lock());
        for (id, lease, wait) in group {
            let until = now.checked_add(wait).unwrap_or(Timestamp::MAX);
            let Some(failed) = shared.claimed(id, lease) else { continue };
            (failed.lease, failed.tries) = (None, failed.tries.saturating_add(1));
            let payment = failed.id;
            for it in shared.outbox.values_mut().filter(|it| it.id == payment) {
                it.next_try_at = it.next_try_at.max(until);
            }
        }
        Ok(())
    }

    async fn beat(&self, beat: Beat) -> Result<(), StoreError> {
        let (owner, seen_at) = (self.owner, self.now());
        let Beat { version, since, in_flight } = beat;
        let process = ActiveProcess { owner, version, since, seen_at, in_flight };
        self.lock().active.insert(owner, process);
        Ok(())
    }

    async fn leave(&self) -> Result<(), StoreError> {
        self.lock().active.remove(&self.owner);
        Ok(())
    }

    async fn processes(&self) -> Result<Vec<ActiveProcess>, StoreError> {
        Ok(self.lock().active.values().cloned().collect())
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let shared = self.lock();
        let records = || shared.records.values().map(|(record, _)| record);
        let count = |status| (status, records().filter(|it| it.status == status).count());
        let by_status = Status::ALL.into_iter().map(count).filter(|(_, count)| *count > 0);
        let wide = |count| u64::try_from(count).unwrap_or(u64::MAX);
        let by_status = by_status.map(|(status, count)| (status, wide(count))).collect();
        let in_review = wide(records().filter(|it| !it.reviews.is_empty()).count());
        Ok(Counts { by_status, in_review })
    }
}
