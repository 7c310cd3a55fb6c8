//! Applies the notifications of the inbox to payments.

use crate::{
    collection::{Evidence, Report},
    machine::facts::Word,
    record::{News, Notice, Policy, Record, RecordId, Refused, Step, Write},
    store::{Aside, Kept, Pause, Scope, Store, StoreError, Unapplied},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tulay_core::{Authenticity, CollectionStatus, Echo, Notification, Observation, Operation};

/// Notifications that are applied at once.
const MOST_AT_ONCE: usize = 256;
/// How long a notification waits at least, and at most, before it is tried again.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Why an account is paused.
pub(crate) const EVIDENCE_OF_NEVER_SENT: &str =
    "a notification is evidence of an order that was never sent";

/// Applies notifications to the payments that they name. Any number may run at once.
///
/// What a notification proves by itself is written down. Everything else makes its order be looked up.
#[derive(Clone, Debug)]
pub struct Applier {
    store: Arc<dyn Store>,
    policy: Arc<Policy>,
}

/// What was applied.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Applied {
    /// How many notifications were looked at.
    pub notifications: usize,
    /// The payments whose status one of them made final.
    pub ended: Vec<Record>,
}

impl Applier {
    /// An applier. The policy is the one that the store was opened with.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, policy: Policy) -> Self {
        Self { store, policy: Arc::new(policy) }
    }

    /// Applies what is due.
    ///
    /// # Errors
    /// As [`StoreError`]; what was not written down is applied later.
    pub async fn run_once(&self) -> Result<Applied, StoreError> {
        let mut all = Applied::default();
        loop {
            let due = self.store.unapplied(MOST_AT_ONCE).await?;
            let found = due.len();
            all.notifications += found;
            all.ended.extend(self.apply(due).await?);
            if found < MOST_AT_ONCE {
                return Ok(all);
            }
        }
    }

    /// Returns the payments that end by it.
    async fn apply(&self, due: Vec<Unapplied>) -> Result<Vec<Record>, StoreError> {
        let records = self.records(&due).await?;
        let (mut steps, mut asked, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for unapplied in &due {
            match self.step(unapplied, &records) {
                Some(step) => {
                    steps.push(step);
                    asked.push(unapplied);
                }
                None => later.push(unapplied),
            }
        }
        self.pause_where_never_sent(&steps, &records).await?;
        let mut ended: Vec<Record> = Vec::new();
        let known = records.iter().map(|record| (record.id, record.status));
        let mut known: BTreeMap<_, _> = known.collect();
        for (unapplied, written) in asked.into_iter().zip(self.write(steps).await?) {
            match written {
                Ok(after) => {
                    let before = known.insert(after.id, after.status);
                    let has_ended = after.status.is_final() && before != Some(after.status);
                    ended.extend(has_ended.then_some(after));
                }
                // Another process applied it at the same time.
                Err(Refused::Overtaken) => {}
                Err(_) => later.push(unapplied),
            }
        }
        let longest = self.policy.unmatched_after();
        let later: Vec<Aside> = later.into_iter().map(|it| aside(it, longest)).collect();
        if !later.is_empty() {
            self.store.set_aside(later).await?;
        }
        Ok(ended)
    }

    /// Writes steps in one transaction. Where this version cannot read a payment that one of them
    /// concerns, each has its own, so that it hinders no other.
    async fn write(&self, steps: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        match self.store.write(steps.clone()).await {
            Err(StoreError::Damaged(_)) => {}
            written => return written,
        }
        let mut all = Vec::new();
        for step in steps {
            match self.store.write(vec![step]).await {
                Err(StoreError::Damaged(_)) => all.push(Err(Refused::Missing)),
                written => all.extend(written?),
            }
        }
        Ok(all)
    }

    /// Pauses accounts at which evidence says that an order exists of which nothing has left: another
    /// journal may use the namespace, or this one was restored.
    async fn pause_where_never_sent(
        &self,
        steps: &[Write],
        records: &[Record],
    ) -> Result<(), StoreError> {
        let never_sent = |write: &Write| {
            let Step::Notify { attempt, notice, .. } = &write.step else { return None };
            let record = records.iter().find(|record| record.id == write.id)?;
            let attempt = record.attempts.iter().find(|it| it.attempt.number == *attempt)?;
            let is_alarm = notice.is_evidence && attempt.attempt.is_unsent();
            is_alarm.then(|| Scope::Account(attempt.merchant_account.clone()))
        };
        let scopes = steps.iter().filter_map(never_sent);
        let pauses: Vec<Pause> =
            scopes.map(|scope| Pause::new(scope, None, EVIDENCE_OF_NEVER_SENT)).collect();
        if pauses.is_empty() { Ok(()) } else { self.store.pause(pauses).await }
    }

    /// The payments that notifications name. One that this version cannot read hinders no other.
    async fn records(&self, due: &[Unapplied]) -> Result<Vec<Record>, StoreError> {
        let ids: BTreeSet<RecordId> = due.iter().filter_map(|it| Some(it.about?.0)).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        match self.store.get(ids.iter().copied().collect()).await {
            Err(StoreError::Damaged(_)) => {}
            read => return Ok(read?.into_iter().flatten().collect()),
        }
        let mut records = Vec::new();
        for id in ids {
            match self.store.get(vec![id]).await {
                Err(StoreError::Damaged(_)) => {}
                read => records.extend(read?.into_iter().flatten()),
            }
        }
        Ok(records)
    }

    /// The step that applies a notification; `None`: nothing is known that it is about, or this version
    /// cannot read it.
    fn step(&self, unapplied: &Unapplied, records: &[Record]) -> Option<Write> {
        let (id, attempt) = unapplied.about?;
        let record = records.iter().find(|record| record.id == id)?;
        let kept = &unapplied.notification;
        let step = match record.progress.collecting {
            Some(_) => Step::Learn(Box::new(self.news(record, attempt, kept)?)),
            None => {
                let notice = self.notice(record, attempt, kept)?;
                let (notification, received) = (kept.id, kept.received);
                Step::Notify { notification, attempt, received, notice }
            }
        };
        Some(Write { id, lease: None, actor: None, step })
    }

    /// What a notification says of an attempt; `None`: this version cannot read it.
    fn notice(&self, record: &Record, attempt: u8, kept: &Kept) -> Option<Notice> {
        let said = kept.said.as_ref()?;
        let notification = Notification::restore(said.text.as_bytes()).ok()?;
        let Some(order) = order(notification, record.operation) else {
            // Of another operation, or none: it makes us ask.
            let (word, is_evidence) = (Word::Pending, false);
            return Some(Notice { word, is_evidence, is_mismatch: false });
        };
        let is_evidence = self.is_evidence(record, attempt, &order, kept.authenticity);
        let stated = order.amount.as_ref().and_then(|it| it.in_currency(record.amount.currency()));
        let is_mismatch = is_evidence && stated != Some(record.amount);
        Some(Notice { word: order.status, is_evidence, is_mismatch })
    }

    /// What a notification says of an order of a collection; `None`: this version cannot read it.
    fn news(&self, record: &Record, order: u8, kept: &Kept) -> Option<News> {
        let said = kept.said.as_ref()?;
        let observation = match Notification::restore(said.text.as_bytes()).ok()? {
            Notification::Collection(observation) => Some(observation),
            Notification::IncomingPayment(payment) => Some(payment.observation),
            _ => None,
        };
        let is_paid = |it: &Observation<CollectionStatus>| it.status == CollectionStatus::Paid;
        let evidence = observation
            .filter(|it| is_paid(it) && self.is_evidence(record, order, it, kept.authenticity))
            .map(|it| Report::new(&it, record.amount, kept.received))
            .map_or(Evidence::Hinted { order, received: kept.received }, |report| {
                Evidence::Notified { order, report }
            });
        Some(News { notification: Some(kept.id), ..News::new(evidence) })
    }

    /// Whether it proves something by itself: it is signed for this account, and names order and
    /// amount.
    fn is_evidence<T>(
        &self,
        record: &Record,
        attempt: u8,
        observation: &Observation<T>,
        authenticity: Authenticity,
    ) -> bool {
        let Some(attempt) = record.attempts.iter().find(|it| it.attempt.number == attempt) else {
            return false;
        };
        let account = &attempt.merchant_account;
        let configured = self.policy.find(account, record.operation, record.country);
        // What either of the two does not bind is not bound.
        let binds = |echoes: &[Echo]| echoes.contains(&Echo::Account);
        let binds_account = binds(&attempt.guarantees.echoes)
            && configured.is_some_and(|it| binds(&it.guarantees.echoes));
        authenticity.is_evidence()
            && binds_account
            && observation.order_id.as_ref() == Some(&attempt.order_id)
            && observation.amount.is_some()
    }
}

/// What a notification says of an order of this operation; `None`: nothing.
fn order(notification: Notification, operation: Operation) -> Option<Observation<Word>> {
    match (notification, operation) {
        (Notification::Payout(payout), Operation::Payout) => {
            Some(payout.map(|status| Word::of_payout(&status)))
        }
        (Notification::Refund(refund), Operation::Refund) => {
            Some(refund.map(|status| Word::of_refund(&status)))
        }
        _ => None,
    }
}

/// When a notification is tried again that matches nothing, or that this version cannot apply. The wait
/// grows with its age. What matches nothing waits at last for an attempt of its order id, and for a
/// person.
fn aside(unapplied: &Unapplied, longest: SignedDuration) -> Aside {
    let is_matched = unapplied.about.is_some();
    let age = unapplied.now.duration_since(unapplied.notification.received);
    let wait = age.max(SHORTEST_WAIT).min(LONGEST_WAIT);
    let next = unapplied.now.checked_add(wait).unwrap_or(Timestamp::MAX);
    let until = Some(next).filter(|_| is_matched || age < longest);
    Aside { id: unapplied.notification.id, until, is_matched }
}
