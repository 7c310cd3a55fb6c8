//! A proxy between worker and server loses the answer to every `COMMIT` in turn: one that was carried
//! out, or one that the server never saw. Each payout is paid once, and journal and truth agree.

use super::{
    Desk, Office,
    faults::{Brisk, Fate, SET},
    payout_of, worker_by,
};
use crate::store::{Database, Hand, account, server::OnServer};
use jiff::SignedDuration;
use std::{sync::Arc, time::Duration};
use tulay_core::{Operation, OrderId, Reference};
use tulay_journal::{
    Time, Worker,
    record::{Policy, Record, Status},
    store::{Acceptance, Postgres, Store, StoreError},
};
use tulay_tests_postgres::{
    Cluster,
    proxy::{Loss, Proxy},
};

/// A database that is reached through a proxy.
struct Proxied {
    server: OnServer,
    proxy: Arc<Proxy>,
}

impl Database for Proxied {
    type Store = Postgres;
    fn new(policy: Policy, time: &Arc<Hand>) -> Self {
        let proxy = Arc::new(Proxy::start(Cluster::shared().unwrap()));
        let server = OnServer::at(|database| database.url_at(proxy.folder()), policy, time);
        Self { server, proxy }
    }
    fn store(&self) -> &Postgres {
        self.server.store()
    }
    fn another(&self) -> Postgres {
        self.server.another()
    }
    fn configured(&self, policy: Policy) -> Postgres {
        self.server.configured(policy)
    }
    fn kill(&mut self) {
        self.server.kill();
    }
}

#[tokio::test]
async fn lost_answer_to_a_commit_that_was_applied() {
    lose_every_answer(Loss::Applied).await;
}

#[tokio::test]
async fn lost_commit_that_was_not_applied() {
    lose_every_answer(Loss::NotApplied).await;
}

async fn lose_every_answer(loss: Loss) {
    if !OnServer::is_found() {
        return;
    }
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time), Desk::new(account(2), &time)];
    let office = Office::<Proxied>::open(time.clone(), desks).await;
    let store = Arc::new(office.database.store().clone());
    let worker = worker_by(store, &office.desks, Arc::new(Brisk(time)));
    let mut round = Round { office, worker, fates: &[], number: 1 };
    let mut lost = 0;
    // Two at a time are a group. The commits of all would be lost in as many rounds, each longer.
    for fates in SET.chunks(2) {
        (round.fates, round.number) = (fates, 1);
        while round.loses(loss).await {
            round.number += 1;
        }
        let of_these = round.number - 1;
        assert!(of_these > 4, "{of_these} answers lost");
        lost += of_these;
    }
    println!("{lost} answers lost ({loss:?}), {} paid once", round.office.paid());
}

/// Payouts of their own, of which the answer to one `COMMIT` is lost.
struct Round {
    office: Office<Proxied>,
    worker: Worker,
    fates: &'static [Fate],
    number: usize,
}

impl Round {
    /// Works until every payout is final. Returns whether the answer was lost.
    async fn loses(&self, loss: Loss) -> bool {
        let desks = &self.office.desks;
        for fate in self.fates {
            let reference = self.reference(fate);
            desks[0].then_of(reference.as_str(), 1, fate.1);
            desks[1].then_of(reference.as_str(), 2, fate.2);
        }
        self.office.database.proxy.lose(self.number, loss);
        let end = self.office.time.now() + SignedDuration::from_hours(3);
        let mut accepted = false;
        loop {
            if !accepted {
                accepted = self.accept().await.is_ok();
            }
            let worked = self.worker.run_once().await;
            let records = self.records().await;
            if accepted && records.iter().all(|it| it.status.is_final()) {
                self.check(&records);
                return self.office.database.proxy.has_lost();
            }
            assert!(self.office.time.now() < end, "{}: {records:?}", self.number);
            if worked.is_err() {
                // A connection is made anew, in real time.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            self.pass(&records);
        }
    }

    /// An application that learns nothing accepts again.
    async fn accept(&self) -> Result<(), StoreError> {
        let payout = |fate| payout_of(self.reference(fate).as_str(), None);
        let group = self.fates.iter().map(|fate| Acceptance::payout(&payout(fate), "[]")).collect();
        let accepted = self.office.database.store().accept(group).await?;
        assert!(accepted.iter().all(Result::is_ok), "{accepted:?}");
        Ok(())
    }

    async fn records(&self) -> Vec<Record> {
        let references: Vec<_> = self.fates.iter().map(|fate| self.reference(fate)).collect();
        loop {
            let store = self.office.database.store();
            match store.find(Operation::Payout, references.clone()).await {
                Ok(found) => return found.into_iter().flatten().collect(),
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
    }

    /// Until the next payout is due.
    fn pass(&self, records: &[Record]) {
        let now = self.office.time.now();
        let unfinished = records.iter().filter(|it| !it.status.is_final());
        let due = unfinished.filter_map(|it| it.next_at.max(it.lease.map(|lease| lease.until)));
        let next = due.min().unwrap_or(now).duration_since(now);
        self.office.time.pass(next.max(SignedDuration::from_millis(1)));
    }

    fn check(&self, records: &[Record]) {
        assert_eq!(records.len(), self.fates.len());
        for (record, fate) in records.iter().zip(self.fates) {
            assert_eq!(record.status, fate.3, "{}: {record:?}", self.number);
            let ids: Vec<&OrderId> = record.attempts.iter().map(|it| &it.order_id).collect();
            let paid = self.office.desks.iter().flat_map(|desk| desk.paid_ids());
            let paid = paid.filter(|id| ids.contains(&id)).count();
            let expected = usize::from(record.status == Status::Succeeded);
            assert_eq!(paid, expected, "{}: {record:?}", self.number);
        }
    }

    fn reference(&self, (name, ..): &Fate) -> Reference {
        Reference::new(format!("{name}-{}", self.number)).unwrap()
    }
}
