//! What the processes of a journal in memory share.

use crate::{
    machine::{Outcome, Sending},
    record::{
        AttemptRecord, Context, Doubt, Event, Lease, NotificationId, Original, Record, RecordId,
        Spacing, link,
    },
    store::{
        ActiveProcess, EventId, Incoming, Journal, JournalChange, JournalEvent, Pause,
        PaymentEvent, Resumption, Scope,
    },
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tulay_core::{MerchantAccount, Operation, Reference};

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) journal: Journal,
    pub(super) accounts: Vec<MerchantAccount>,
    pub(super) records: BTreeMap<RecordId, (Record, Vec<Event>)>,
    pub(super) history: Vec<JournalEvent>,
    pub(super) processes: u32,
    pub(super) active: BTreeMap<u32, ActiveProcess>,
    /// Every event by its payment and number, in the order in which they were written.
    pub(super) log: Vec<(RecordId, u32)>,
    /// By the place of the event in the log, from 1.
    pub(super) outbox: BTreeMap<u64, Undelivered>,
    pub(super) delivers: bool,
    /// By its key.
    pub(super) inbox: BTreeMap<NotificationId, Stored>,
}

#[derive(Debug)]
pub(super) struct Undelivered {
    pub(super) id: RecordId,
    pub(super) next_try_at: Timestamp,
    pub(super) tries: u32,
    pub(super) lease: Option<Lease>,
}

/// A notification, and what became of it.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) incoming: Incoming,
    pub(super) received: Timestamp,
    pub(super) apply_at: Option<Timestamp>,
    pub(super) is_applied: bool,
    pub(super) payment: Option<RecordId>,
}

impl Shared {
    pub(super) fn scopes(&self) -> Vec<Scope> {
        self.journal.pauses.iter().map(|pause| pause.scope.clone()).collect()
    }

    pub(super) fn doubt(&self) -> Option<Doubt> {
        let Journal { whole_since, doubted_at: since, .. } = self.journal;
        whole_since.is_none().then(|| Doubt { since, accounts: self.accounts.clone() })
    }

    /// The last event before the journal was doubted.
    pub(super) fn known_until(&self) -> Option<Timestamp> {
        let Journal { whole_since, doubted_at, .. } = self.journal;
        let events = self.records.values().flat_map(|(_, events)| events);
        let earlier = events.map(|event| event.at).filter(|at| *at < doubted_at);
        earlier.max().filter(|_| whole_since.is_none())
    }

    pub(super) fn know(&mut self, account: &MerchantAccount) {
        if !self.accounts.contains(account) {
            self.accounts.push(account.clone());
        }
    }

    pub(super) fn record(&self, id: RecordId) -> Option<Record> {
        self.records.get(&id).map(|(record, _)| record.clone())
    }

    pub(super) fn named(&self, operation: Operation, reference: &Reference) -> Option<Record> {
        let mut records = self.records.values().map(|(record, _)| record);
        let named =
            |record: &&Record| record.operation == operation && record.reference == *reference;
        records.find(named).cloned()
    }

    pub(super) fn refunds(&self, original: &Original) -> Vec<Record> {
        let records = self.records.values().map(|(record, _)| record);
        let is_of =
            |it: &&Record| it.progress.original.as_ref().is_some_and(|it| it.is_same(original));
        records.filter(is_of).cloned().collect()
    }

    pub(super) fn save(&mut self, record: Record, events: Vec<Event>) {
        let id = record.id;
        events.iter().for_each(|event| self.log(id, event));
        let Some(row) = self.records.get_mut(&id) else { return };
        let before = std::mem::replace(&mut row.0, record);
        row.1.extend(events);
        self.find_notifications(&before, id);
    }

    pub(super) fn log(&mut self, id: RecordId, event: &Event) {
        self.log.push((id, event.number));
        if self.delivers {
            self.put(self.log.len(), id, event.at);
        }
    }

    pub(super) fn put(&mut self, place: usize, id: RecordId, next_try_at: Timestamp) {
        let undelivered = Undelivered { id, next_try_at, tries: 0, lease: None };
        self.outbox.insert(place.try_into().unwrap_or(u64::MAX), undelivered);
    }

    /// The event of a place in the log.
    pub(super) fn event(&self, place: u64) -> Option<PaymentEvent> {
        let index = usize::try_from(place).ok()?.checked_sub(1)?;
        let (id, number) = self.log.get(index)?;
        let (record, events) = self.records.get(id)?;
        let index = usize::try_from(*number).ok()?.checked_sub(1)?;
        let event = events.get(index)?.clone();
        let before = index.checked_sub(1).and_then(|index| events.get(index)?.status);
        let id = EventId { place, at: event.at };
        Some(PaymentEvent::new(id, event, before, record.clone()))
    }

    /// What a claim holds; `None`: the claim is over.
    pub(super) fn claimed(&mut self, id: EventId, lease: Lease) -> Option<&mut Undelivered> {
        self.outbox.get_mut(&id.place).filter(|it| it.lease == Some(lease))
    }

    /// When another payment to a beneficiary was last sent through an account.
    pub(super) fn last_to_payee(&self, id: RecordId, spacing: &Spacing<'_>) -> Option<Timestamp> {
        let others = self.records.values().map(|(record, _)| record);
        let others = others.filter(|it| it.id != id && it.payee == Some(spacing.payee));
        let attempts = others.flat_map(|record| &record.attempts);
        let attempts = attempts.filter(|it| it.merchant_account == *spacing.account);
        let sendings = attempts.flat_map(|it| &it.attempt.sendings);
        let may_have_left = |it: &&Sending| !matches!(it.outcome, Some(Outcome::NotSent { .. }));
        sendings.filter(may_have_left).map(|it| it.at).max()
    }

    /// The other attempts that the provider gave the same id.
    pub(super) fn sharing(&self, id: RecordId, attempt: &AttemptRecord) -> Vec<(RecordId, u8)> {
        let operation = self.record(id).map(|record| record.operation);
        let all = self
            .records
            .values()
            .filter(|(record, _)| Some(record.operation) == operation)
            .flat_map(|(record, _)| record.attempts.iter().map(|it| (record.id, it)));
        let shares = |(other, it): &(RecordId, &AttemptRecord)| {
            it.provider_reference.is_some()
                && it.provider_reference == attempt.provider_reference
                && it.merchant_account == attempt.merchant_account
                && (*other, it.attempt.number) != (id, attempt.attempt.number)
        };
        all.filter(shares).map(|(other, it)| (other, it.attempt.number)).collect()
    }

    /// Lets a payment and those that `replaces` links it to learn of each other.
    pub(super) fn link(&mut self, id: RecordId, context: &Context<'_>) {
        let replaced = self.record(id).and_then(|record| record.replaces);
        let mut records = self.records.values().map(|(record, _)| record);
        let replacement = records.find(|record| record.replaces == Some(id)).map(|it| it.id);
        let pairs = [replaced.map(|it| (it, id)), replacement.map(|it| (id, it))];
        for (replaced, replacement) in pairs.into_iter().flatten() {
            let records = self.record(replaced).zip(self.record(replacement));
            let Some((mut replaced, mut replacement)) = records else { continue };
            let events = link(&mut replaced, &mut replacement, context);
            for (record, event) in [replaced, replacement].into_iter().zip(events) {
                if let Some(event) = event {
                    self.save(record, vec![event]);
                }
            }
        }
    }

    pub(super) fn pause(&mut self, pause: Pause, at: Timestamp) {
        if !self.scopes().contains(&pause.scope) {
            let change = JournalChange::Paused(pause.scope.clone());
            let (actor, why) = (pause.by.clone(), pause.why.clone());
            self.history.push(JournalEvent { at, actor, change, why });
            self.journal.pauses.push(pause);
        }
    }

    pub(super) fn resume(&mut self, Resumption { scope, by, why }: Resumption, at: Timestamp) {
        let paused = self.journal.pauses.len();
        self.journal.pauses.retain(|pause| pause.scope != scope);
        if self.journal.pauses.len() < paused {
            let change = JournalChange::Resumed(scope);
            self.history.push(JournalEvent { at, actor: Some(by), change, why });
        }
    }
}
