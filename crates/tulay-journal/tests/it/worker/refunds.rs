//! Refunds, by the rules of payouts.

use super::*;
use crate::store::refunds::{original, refund, refund_policy};

databases!(
    refund_is_made,
    lost_answer_of_a_refund_is_looked_up,
    rejection_of_a_copy_fails_no_refund_that_was_made,
    rejected_refund_fails_after_the_absence_window,
    withdrawn_refund_is_failed,
    refund_waits_for_its_account,
);

struct Counter<D: Database> {
    database: D,
    time: Arc<Hand>,
    desk: Arc<Desk>,
    worker: Worker,
}

impl<D: Database> Counter<D> {
    /// A refund of all that was paid, which the desk treats like this.
    async fn open(script: &[Does]) -> Self {
        let time = Hand::new();
        let (database, desk) = (D::new(refund_policy(), &time), Desk::new(account(1), &time));
        database.store().confirm_whole("ops", "it is new").await.unwrap();
        desk.then(script.iter().copied());
        let (store, planner) = (database.store().clone(), Arc::new(InOrder(vec![desk.clone()])));
        let (policy, limits) = (refund_policy(), Limits::in_flight(4));
        let worker = Worker::new(Arc::new(store), planner, time.clone(), policy, limits);
        let accepted = database.store().accept(vec![refund("F1", original(10_000), 10_000)]).await;
        accepted.unwrap().remove(0).unwrap();
        Self { database, time, desk, worker }
    }

    async fn until(&self, status: Status, longest: SignedDuration) -> Record {
        let end = self.time.now() + longest;
        loop {
            self.worker.run_once().await.unwrap();
            let record = self.database.store().list(Filter::default()).await.unwrap().remove(0);
            if record.status == status {
                return record;
            }
            let next = record.next_at.unwrap();
            assert!(next <= end, "{status} was not reached: {record:?}");
            self.time.pass(next.duration_since(self.time.now()).max(SignedDuration::ZERO));
        }
    }
}

async fn refund_is_made<D: Database>() {
    let counter = Counter::<D>::open(&[]).await;
    let record = counter.until(Status::Succeeded, minutes(1)).await;
    assert_eq!((counter.desk.paid(), counter.desk.arrived(), record.attempts.len()), (1, 1, 1));
    assert!(record.attempts[0].order_id.as_str().starts_with('R'));
}

async fn lost_answer_of_a_refund_is_looked_up<D: Database>() {
    for lost in [Does::LoseAnswer, Does::LoseRequest, Does::Panic] {
        let counter = Counter::<D>::open(&[lost]).await;
        counter.until(Status::Succeeded, hours(1)).await;
        assert_eq!(counter.desk.paid_ids().len(), 1, "{lost:?}");
    }
}

/// The provider says of a copy that nothing is left to refund, or that a refund is pending: the first
/// one was carried out.
async fn rejection_of_a_copy_fails_no_refund_that_was_made<D: Database>() {
    let rejected = Does::Reject { kind: ErrorKind::InvalidRequest, is_permanent: false };
    for copy in [rejected, Does::Answer(ErrorKind::State)] {
        let counter = Counter::<D>::open(&[Does::LoseAnswer, copy]).await;
        // The list of refunds lags, so that it is sent again.
        counter.desk.lag(minutes(3));
        let record = counter.until(Status::Succeeded, hours(1)).await;
        assert!(counter.desk.arrived() > 1, "{copy:?}");
        assert_eq!((counter.desk.paid(), record.attempts.len()), (1, 1), "{copy:?}");
    }
}

async fn rejected_refund_fails_after_the_absence_window<D: Database>() {
    let rejected = Does::Reject { kind: ErrorKind::InvalidRequest, is_permanent: false };
    let counter = Counter::<D>::open(&[rejected]).await;
    let began = counter.time.now();
    let record = counter.until(Status::Failed, hours(2)).await;
    assert!(counter.time.now().duration_since(began) >= minutes(10));
    assert!((counter.desk.paid(), record.gave_nothing_back()) == (0, true), "{record:?}");
}

async fn withdrawn_refund_is_failed<D: Database>() {
    let counter = Counter::<D>::open(&[Does::AcceptAndFail]).await;
    let record = counter.until(Status::Failed, hours(2)).await;
    assert_eq!((counter.desk.paid(), record.attempts.len()), (0, 1));
}

async fn refund_waits_for_its_account<D: Database>() {
    let counter = Counter::<D>::open(&[Does::Refuse; 20]).await;
    let record = counter.until(Status::Succeeded, hours(4)).await;
    assert_eq!((counter.desk.paid(), record.attempts.len()), (1, 1));
}
