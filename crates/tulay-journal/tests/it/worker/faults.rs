//! A journal that breaks at every verb in turn, before or after it is durable, and one whose disk is
//! full. Nothing is sent without its intent, nothing is paid twice, and every payout ends.

use super::{Desk, Does, Office, payout_of, worker_by};
use crate::store::{Database, Hand, InMemory, OnDisk, account};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tulay_core::{ErrorKind, Operation, OrderId, Reference};
use tulay_journal::{
    Time,
    record::{
        Event, Lease, NotificationId, Original, Record, RecordId, Refused, Status, Step, Write,
    },
    store::{
        Acceptance, Accepted, ActiveProcess, Aside, Beat, Claim, Claimed, Counts, Delivery,
        EventId, Examined, Filter, Incoming, Journal, JournalEvent, Kept, NotificationFilter,
        Notifications, Pause, PaymentEvent, Resumption, ReviewCount, Said, Store, StoreError,
        Unapplied, Unreadable,
    },
};

/// How a verb breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// Nothing is written, and the caller learns that it is not known.
    Lost,
    /// It is written, and the caller learns that it is not known.
    Written,
    /// It is written, and the process ends before it learns that.
    Killed,
    /// The disk is full, and nothing is written.
    Full,
}

/// Verbs that break: after how many, and how.
pub(crate) type Breaks = Arc<Mutex<Vec<(usize, Break)>>>;

/// A store whose writing verbs break.
#[derive(Debug)]
pub(crate) struct Breaking<S> {
    store: S,
    breaks: Breaks,
    /// How often each order id may have left: what is durable.
    intents: Mutex<BTreeMap<OrderId, usize>>,
    /// An intent is lost. When its claim is over, another task of the process writes the same.
    overtakes: Option<Arc<Hand>>,
}

impl<S> Breaking<S> {
    pub(crate) fn new(store: S, breaks: Breaks) -> Arc<Self> {
        Arc::new(Self { store, breaks, intents: Mutex::default(), overtakes: None })
    }

    fn next(&self) -> Option<Break> {
        let mut breaks = self.breaks.lock().unwrap();
        let (left, how) = breaks.first_mut()?;
        *left -= 1;
        let how = (*left == 0).then_some(*how)?;
        breaks.remove(0);
        Some(how)
    }

    /// Does a verb, or breaks it.
    async fn verb<T>(
        &self,
        verb: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let unknown = || Err(StoreError::OutcomeUnknown("a test".into()));
        match self.next() {
            None => verb.await,
            Some(Break::Lost) => unknown(),
            Some(Break::Written) => verb.await.and_then(|_| unknown()),
            Some(Break::Killed) => verb.await.and(Err(StoreError::Closed)),
            Some(Break::Full) => Err(StoreError::Full),
        }
    }
}

/// Else its outcome would be written over that of the task that sends.
#[tokio::test]
async fn intent_of_another_task_is_not_sent() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.submit().await;
    let (store, breaks) = (office.database.store().clone(), Breaks::default());
    let overtakes = Some(office.time.clone());
    let store = Arc::new(Breaking { store, breaks, intents: Mutex::default(), overtakes });
    let worker = super::worker(store, &office.desks, &office.time);
    worker.run_once().await.unwrap();
    let record = office.record().await;
    let sendings = &record.attempts[0].attempt.sendings;
    assert_eq!((sendings.len(), sendings[0].outcome.as_ref()), (1, None), "{record:?}");
    assert!(record.lease.is_some(), "the other task has it");
    assert_eq!(office.desks[0].arrived(), 0);
}

#[async_trait]
impl<S: Store> Store for Breaking<S> {
    async fn refunds(&self, original: &Original) -> Result<Vec<Record>, StoreError> {
        self.verb(self.store.refunds(original)).await
    }
    async fn accept(
        &self,
        group: Vec<Acceptance>,
    ) -> Result<Vec<Result<Accepted, Refused>>, StoreError> {
        self.verb(self.store.accept(group)).await
    }
    async fn claim(&self, claim: Claim) -> Result<Claimed, StoreError> {
        self.verb(self.store.claim(claim)).await
    }
    async fn write(&self, group: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError> {
        let is_intent = matches!(group[0].step, Step::Intend { .. });
        if let (Some(time), Step::Intend { intent, .. }) = (&self.overtakes, &group[0].step) {
            time.pass(SignedDuration::from_secs(61));
            let claimed = self.store.claim(Claim::due(1)).await?.records.remove(0);
            let (version, intent) = (claimed.version, intent.clone());
            let another = Write::claimed(&claimed, Step::Intend { version, intent });
            self.store.write(vec![another]).await?[0].as_ref().unwrap();
            return Err(StoreError::OutcomeUnknown("a test".into()));
        }
        let verb = async {
            let written = self.store.write(group).await?;
            if let (true, Some(Ok(record))) = (is_intent, written.first()) {
                let id = record.attempts.last().unwrap().order_id.clone();
                *self.intents.lock().unwrap().entry(id).or_default() += 1;
            }
            Ok(written)
        };
        self.verb(verb).await
    }
    async fn release(&self, group: Vec<(RecordId, Lease)>) -> Result<(), StoreError> {
        self.verb(self.store.release(group)).await
    }
    async fn refresh(&self, group: Vec<RecordId>) -> Result<(), StoreError> {
        self.verb(self.store.refresh(group)).await
    }
    async fn pause(&self, pauses: Vec<Pause>) -> Result<(), StoreError> {
        self.verb(self.store.pause(pauses)).await
    }
    async fn resume(&self, group: Vec<Resumption>) -> Result<(), StoreError> {
        self.verb(self.store.resume(group)).await
    }
    async fn confirm_whole(&self, by: &str, why: &str) -> Result<(), StoreError> {
        self.verb(self.store.confirm_whole(by, why)).await
    }
    async fn doubt(&self, by: &str, why: &str) -> Result<(), StoreError> {
        self.verb(self.store.doubt(by, why)).await
    }
    async fn examine(
        &self,
        after: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<Examined>, StoreError> {
        self.store.examine(after, most).await
    }
    async fn history(&self) -> Result<Vec<JournalEvent>, StoreError> {
        self.store.history().await
    }
    async fn find(
        &self,
        operation: Operation,
        references: Vec<Reference>,
    ) -> Result<Vec<Option<Record>>, StoreError> {
        self.store.find(operation, references).await
    }
    async fn get(&self, ids: Vec<RecordId>) -> Result<Vec<Option<Record>>, StoreError> {
        self.store.get(ids).await
    }
    async fn list(&self, filter: Filter) -> Result<Vec<Record>, StoreError> {
        self.store.list(filter).await
    }
    async fn timeline(&self, id: RecordId) -> Result<Vec<Event>, StoreError> {
        self.store.timeline(id).await
    }
    async fn journal(&self) -> Result<Journal, StoreError> {
        self.store.journal().await
    }
    async fn count_reviews(&self) -> Result<Vec<ReviewCount>, StoreError> {
        self.store.count_reviews().await
    }
    async fn events(
        &self,
        after: Option<EventId>,
        most: usize,
    ) -> Result<Vec<PaymentEvent>, StoreError> {
        self.store.events(after, most).await
    }
    async fn subscribe(&self) -> Result<(), StoreError> {
        self.verb(self.store.subscribe()).await
    }
    async fn undelivered(
        &self,
        most: usize,
        lease: SignedDuration,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.verb(self.store.undelivered(most, lease)).await
    }
    async fn delivered(&self, group: Vec<(EventId, Lease)>) -> Result<(), StoreError> {
        self.verb(self.store.delivered(group)).await
    }
    async fn not_delivered(
        &self,
        group: Vec<(EventId, Lease, SignedDuration)>,
    ) -> Result<(), StoreError> {
        self.verb(self.store.not_delivered(group)).await
    }

    async fn beat(&self, beat: Beat) -> Result<(), StoreError> {
        self.store.beat(beat).await
    }
    async fn leave(&self) -> Result<(), StoreError> {
        self.store.leave().await
    }
    async fn processes(&self) -> Result<Vec<ActiveProcess>, StoreError> {
        self.store.processes().await
    }
    async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.counts().await
    }
}

#[async_trait]
impl<S: Store> Notifications for Breaking<S> {
    async fn receive(&self, group: Vec<Incoming>) -> Result<Vec<bool>, StoreError> {
        self.verb(self.store.receive(group)).await
    }
    async fn unapplied(&self, most: usize) -> Result<Vec<Unapplied>, StoreError> {
        self.store.unapplied(most).await
    }
    async fn set_aside(&self, group: Vec<Aside>) -> Result<(), StoreError> {
        self.verb(self.store.set_aside(group)).await
    }
    async fn notifications(&self, filter: NotificationFilter) -> Result<Vec<Kept>, StoreError> {
        self.store.notifications(filter).await
    }
    async fn unreadable(
        &self,
        after: Option<NotificationId>,
        most: usize,
    ) -> Result<Vec<Unreadable>, StoreError> {
        self.store.unreadable(after, most).await
    }
    async fn read_again(&self, group: Vec<(NotificationId, Said)>) -> Result<(), StoreError> {
        self.verb(self.store.read_again(group)).await
    }
}

/// Clocks that pass by themselves where a worker waits for a moment, as between two tries to write.
#[derive(Debug)]
pub(super) struct Brisk(pub(super) Arc<Hand>);

#[async_trait]
impl Time for Brisk {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }
    async fn sleep(&self, duration: SignedDuration) {
        match duration <= SignedDuration::from_secs(1) {
            true => self.0.pass(duration),
            false => self.0.sleep(duration).await,
        }
    }
}

const WRONG: Does = Does::Reject { kind: ErrorKind::Institution, is_permanent: true };

/// A payout, what happens to it at the first provider and at the second, and how it ends.
pub(super) type Fate = (&'static str, &'static [Does], &'static [Does], Status);

/// The payouts of one journal.
pub(super) const SET: [Fate; 7] = [
    ("paid", &[Does::Accept], &[], Status::Succeeded),
    ("rejected", &[WRONG], &[WRONG], Status::Failed),
    ("lost", &[Does::LoseAnswer], &[], Status::Succeeded),
    ("failed", &[Does::AcceptAndFail], &[], Status::Failed),
    ("request-lost", &[Does::LoseRequest], &[], Status::Succeeded),
    ("rejected-once", &[WRONG], &[], Status::Succeeded),
    ("not-sent", &[Does::Refuse], &[], Status::Succeeded),
];

#[tokio::test]
async fn break_at_every_verb_of_memory() {
    break_at_every_verb::<InMemory>(&SET).await;
}

#[tokio::test]
async fn break_at_every_verb_of_sqlite() {
    break_at_every_verb::<OnDisk>(&SET[..4]).await;
}

#[tokio::test]
async fn full_disk_at_every_verb_of_memory() {
    full_disk_at_every_verb::<InMemory>(&SET).await;
}

#[tokio::test]
async fn full_disk_at_every_verb_of_sqlite() {
    full_disk_at_every_verb::<OnDisk>(&SET[..4]).await;
}

async fn break_at_every_verb<D: Database>(set: &[Fate]) {
    for how in [Break::Lost, Break::Written, Break::Killed] {
        let broken = until_unbroken::<D>(set, |place| vec![(place, how)]).await;
        assert!(broken >= 30, "{broken} breaks");
    }
}

async fn full_disk_at_every_verb<D: Database>(set: &[Fate]) {
    let broken = until_unbroken::<D>(set, |place| vec![(place, Break::Full)]).await;
    assert!(broken >= 30, "{broken} breaks");
    // For longer than one outcome is written again.
    let lasting = |place| {
        let mut breaks = vec![(place, Break::Full)];
        breaks.extend([(1, Break::Full); 8]);
        breaks
    };
    let broken = until_unbroken::<D>(set, lasting).await;
    assert!(broken >= 30, "{broken} breaks");
}

/// Breaks the first verb, then the second, until there is none left to break. Returns how many.
async fn until_unbroken<D: Database>(
    set: &[Fate],
    breaks: impl Fn(usize) -> Vec<(usize, Break)>,
) -> usize {
    let mut place = 1;
    while survives::<D>(set, breaks(place)).await {
        place += 1;
    }
    place - 1
}

/// Works until every payout is final. Returns whether everything broke that should.
async fn survives<D: Database>(set: &[Fate], breaks: Vec<(usize, Break)>) -> bool {
    let case = format!("{breaks:?}");
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time), Desk::new(account(2), &time)];
    let mut office = Office::<D>::open(time.clone(), desks).await;
    for (reference, first, second, _) in set {
        office.desks[0].then_of(reference, 1, first);
        office.desks[1].then_of(reference, 2, second);
    }
    let breaks: Breaks = Arc::new(Mutex::new(breaks));
    let end = time.now() + SignedDuration::from_hours(3);
    let mut records = Vec::new();
    while records.len() < set.len() || records.iter().any(|it: &Record| !it.status.is_final()) {
        assert!(time.now() < end, "{case}: {records:?}");
        let store = Breaking::new(office.database.store().clone(), Arc::clone(&breaks));
        let is_killed = live(&office, &store, set, &mut records, end).await;
        drop(store);
        if is_killed {
            office.database.kill();
        }
    }
    for record in &records {
        let fate = set.iter().find(|(reference, ..)| *reference == record.reference.as_str());
        let status = fate.unwrap().3;
        assert_eq!(record.status, status, "{case}: {record:?}");
        let ids: Vec<&OrderId> = record.attempts.iter().map(|it| &it.order_id).collect();
        let paid = office.desks.iter().flat_map(|desk| desk.paid_ids());
        let paid = paid.filter(|id| ids.contains(&id)).count();
        assert_eq!(paid, usize::from(status == Status::Succeeded), "{case}: {record:?}");
    }
    breaks.lock().unwrap().is_empty()
}

/// One process works until it is killed or everything is final. Returns whether it was killed.
async fn live<D: Database>(
    office: &Office<D>,
    store: &Arc<Breaking<D::Store>>,
    set: &[Fate],
    records: &mut Vec<Record>,
    end: Timestamp,
) -> bool {
    let time = &office.time;
    let worker = worker_by(store.clone(), &office.desks, Arc::new(Brisk(time.clone())));
    let before = arrivals(office);
    loop {
        if records.len() < set.len() {
            let payout = |reference| Acceptance::payout(&payout_of(reference, None), "[]");
            let group = set.iter().map(|(reference, ..)| payout(reference)).collect();
            // An application that learns nothing submits again.
            if store.accept(group).await == Err(StoreError::Closed) {
                return true;
            }
        }
        let done = worker.run_once().await;
        *records = office.database.store().list(Filter::default()).await.unwrap();
        let durable = store.intents.lock().unwrap().clone();
        for (id, count) in arrivals(office) {
            let earlier = before.get(&id).copied().unwrap_or_default();
            let durable = durable.get(&id).copied().unwrap_or_default();
            assert!(count - earlier <= durable, "{id} was sent without its intent");
        }
        if done == Err(StoreError::Closed) {
            return true;
        }
        let unfinished = records.iter().filter(|it| !it.status.is_final());
        let due = unfinished.filter_map(|it| it.next_at.max(it.lease.map(|lease| lease.until)));
        let Some(next) = due.min() else {
            if records.is_empty() {
                continue;
            }
            return false;
        };
        if time.now() >= end {
            return false;
        }
        time.pass(next.duration_since(time.now()).max(SignedDuration::from_millis(1)));
    }
}

fn arrivals<D: Database>(office: &Office<D>) -> BTreeMap<OrderId, usize> {
    let mut arrivals = BTreeMap::new();
    for (id, _) in office.desks.iter().flat_map(|desk| desk.arrivals()) {
        *arrivals.entry(id).or_default() += 1;
    }
    arrivals
}
