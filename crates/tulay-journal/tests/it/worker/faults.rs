//! A journal that breaks at every write in turn, before or after it is durable.

use super::{Desk, Does, Office, worker};
use crate::store::{Database, Hand, InMemory, account};
use async_trait::async_trait;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay_core::{ErrorKind, Operation, Reference};
use tulay_journal::{
    Time,
    record::{Event, Lease, Record, RecordId, Refused, Status, Write},
    store::{
        Acceptance, Accepted, Claim, Claimed, Filter, Journal, Pause, Scope, Store, StoreError,
    },
};

/// How a write breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// Nothing is written, and the caller learns that it is not known.
    Lost,
    /// It is written, and the caller learns that it is not known.
    Written,
    /// It is written, and the process ends before it learns that.
    Killed,
}

/// Writes that break: after how many, and how.
pub(super) type Breaks = Arc<Mutex<Vec<(usize, Break)>>>;

/// A store whose writes break.
#[derive(Debug)]
pub(super) struct Breaking<S> {
    store: S,
    breaks: Breaks,
}

impl<S> Breaking<S> {
    pub(super) fn new(store: S, breaks: Breaks) -> Arc<Self> {
        Arc::new(Self { store, breaks })
    }

    fn next(&self) -> Option<Break> {
        let mut breaks = self.breaks.lock().unwrap();
        let (left, how) = breaks.first_mut()?;
        *left -= 1;
        let how = (*left == 0).then_some(*how)?;
        breaks.remove(0);
        Some(how)
    }
}

#[async_trait]
impl<S: Store> Store for Breaking<S> {
    async fn accept(
        &self,
        group: Vec<Acceptance>,
    ) -> Result<Vec<Result<Accepted, Refused>>, StoreError> {
        self.store.accept(group).await
    }
    async fn claim(&self, claim: Claim) -> Result<Claimed, StoreError> {
        self.store.claim(claim).await
    }
    async fn write(&self, group: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError> {
        let Some(how) = self.next() else { return self.store.write(group).await };
        if how != Break::Lost {
            self.store.write(group).await?;
        }
        match how {
            Break::Killed => Err(StoreError::Closed),
            _ => Err(StoreError::OutcomeUnknown("a test".into())),
        }
    }
    async fn release(&self, group: Vec<(RecordId, Lease)>) -> Result<(), StoreError> {
        self.store.release(group).await
    }
    async fn refresh(&self, group: Vec<RecordId>) -> Result<(), StoreError> {
        self.store.refresh(group).await
    }
    async fn pause(&self, pauses: Vec<Pause>) -> Result<(), StoreError> {
        self.store.pause(pauses).await
    }
    async fn resume(&self, scopes: Vec<Scope>) -> Result<(), StoreError> {
        self.store.resume(scopes).await
    }
    async fn confirm_whole(&self) -> Result<(), StoreError> {
        self.store.confirm_whole().await
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
}

const REJECTED: Does = Does::Reject { kind: ErrorKind::Institution, is_permanent: true };

/// What happens at the first provider. The second one pays.
const SCRIPTS: [&[Does]; 6] = [
    &[Does::Accept],
    &[Does::LoseAnswer],
    &[Does::LoseRequest],
    &[Does::Refuse],
    &[REJECTED],
    &[Does::Panic, Does::LoseAnswer],
];

#[tokio::test]
async fn break_at_every_write_pays_once() {
    let mut broken = 0;
    for how in [Break::Lost, Break::Written, Break::Killed] {
        for script in SCRIPTS {
            for place in 1.. {
                if !survives(script, place, how).await {
                    break;
                }
                broken += 1;
            }
        }
    }
    assert!(broken >= 60, "{broken} breaks");
}

/// Works until the payout is final, with one write that breaks. Returns whether there was such a
/// write.
async fn survives(script: &[Does], place: usize, how: Break) -> bool {
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time), Desk::new(account(2), &time)];
    let mut office = Office::<InMemory>::open(time.clone(), desks).await;
    office.desks[0].then(script.iter().copied());
    office.submit().await;
    let breaks: Breaks = Arc::new(Mutex::new(vec![(place, how)]));
    let store = Breaking::new(office.database.store().clone(), Arc::clone(&breaks));
    let breaking = worker(store, &office.desks, &time);
    let end = time.now() + SignedDuration::from_hours(2);
    loop {
        if breaking.run_once().await.is_err() && how == Break::Killed {
            office.database.kill();
        }
        let record = office.record().await;
        if record.status == Status::Succeeded {
            assert_eq!(office.paid(), 1, "{script:?}, write {place}, {how:?}");
            return breaks.lock().unwrap().is_empty();
        }
        let lease = record.lease.map(|lease| lease.until);
        let next = record.next_at.max(lease).unwrap();
        assert!(next <= end, "{script:?}, write {place}, {how:?}: {record:?}");
        time.pass(next.duration_since(time.now()).max(SignedDuration::ZERO));
    }
}
