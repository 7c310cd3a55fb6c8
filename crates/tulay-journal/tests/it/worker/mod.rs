//! The worker, over every database, with providers that keep the truth about money.

mod collections;
#[cfg(all(feature = "postgres", unix))]
mod commits;
mod edits;
pub(crate) mod faults;
mod issuer;
mod notified;
mod paused;
pub(crate) mod provider;
mod random;
mod refunds;
#[cfg(all(feature = "postgres", unix))]
mod repeats;

use crate::store::{
    Database, Hand, InMemory, acceptance, account, databases, guarantees, namespace,
};
use jiff::SignedDuration;
use provider::{Desk, Does, InOrder};
use std::{num::NonZeroU32, sync::Arc};
use tulay_core::{
    Country, Currency, Destination, ErrorKind, FindBy, Money, Operation, PayoutRequest, Reference,
};
use tulay_journal::{
    Limits, Time, Worker,
    machine::ReviewReason,
    record::{Configured, Policy, Record, RecordId, Status},
    store::{Acceptance, Accepted, Filter, Store},
};

databases!(
    other_request_is_distinguished,
    payout_is_paid,
    lost_answer_is_looked_up,
    lost_request_is_sent_again,
    rejection_goes_on_elsewhere,
    rejection_everywhere_fails,
    refused_connections_never_fail,
    empty_balance_waits,
    planner_learns_how_each_sending_ended,
    panic_is_outcome_unknown,
    late_signature_sends_nothing,
    order_that_fails_is_final_after_the_window,
    lost_answer_without_lookup_waits_for_a_person,
    replay_cures_a_lost_answer,
    unreadable_request_waits,
    removed_account_is_not_asked,
    payouts_to_one_beneficiary_keep_apart,
    worker_stops_on_request,
);

/// The shortest time between two rounds of work.
const TICK: SignedDuration = SignedDuration::from_secs(1);

/// A journal, a worker and the desks behind it.
pub(crate) struct Office<D: Database> {
    pub(crate) database: D,
    pub(crate) time: Arc<Hand>,
    pub(crate) desks: Vec<Arc<Desk>>,
    worker: Worker,
}

pub(crate) fn configured(desk: &Arc<Desk>) -> Configured {
    use tulay_core::{Payouts, Provider};
    let guarantees = desk.capability().guarantees.clone();
    let account = desk.merchant_account().clone();
    Configured::new(account, Operation::Payout, [(Country::PH, Currency::PHP)], guarantees)
}

pub(crate) fn worker(store: Arc<dyn Store>, desks: &[Arc<Desk>], time: &Arc<Hand>) -> Worker {
    worker_by(store, desks, time.clone())
}

/// A worker that goes by other clocks than its desks.
fn worker_by(store: Arc<dyn Store>, desks: &[Arc<Desk>], time: Arc<dyn Time>) -> Worker {
    let planner = Arc::new(InOrder(desks.to_vec()));
    Worker::new(store, planner, time, policy_of(desks), Limits::in_flight(4))
}

pub(crate) fn policy_of(desks: &[Arc<Desk>]) -> Policy {
    Policy::production(namespace(), desks.iter().map(configured).collect())
}

pub(crate) fn payout(remark: Option<&str>) -> PayoutRequest {
    payout_of("R1", remark)
}

pub(crate) fn payout_of(reference: &str, remark: Option<&str>) -> PayoutRequest {
    let destination = Destination::bank("BOPIPHMM", "001234567890").unwrap();
    let amount = Money::from_minor(10_000, Currency::PHP);
    let reference = Reference::new(reference).unwrap();
    let mut request = PayoutRequest::new(reference, Country::PH, amount, destination);
    request.remark = remark.map(str::to_owned);
    request
}

impl<D: Database> Office<D> {
    pub(crate) async fn open(time: Arc<Hand>, desks: Vec<Arc<Desk>>) -> Self {
        let database = D::new(policy_of(&desks), &time);
        database.store().confirm_whole("ops", "it is new").await.unwrap();
        let worker = worker(Arc::new(database.store().clone()), &desks, &time);
        Self { database, time, desks, worker }
    }

    pub(crate) async fn with_two_desks() -> Self {
        let time = Hand::new();
        let desks = vec![Desk::new(account(1), &time), Desk::new(account(2), &time)];
        Self::open(time, desks).await
    }

    pub(crate) async fn open_with_one_desk() -> Self {
        let time = Hand::new();
        let desks = vec![Desk::new(account(1), &time)];
        Self::open(time, desks).await
    }

    pub(crate) async fn submit(&self) -> RecordId {
        let group = vec![Acceptance::payout(&payout(None), "[]")];
        let accepted = self.database.store().accept(group).await.unwrap().remove(0);
        let Ok(Accepted::New(record)) = accepted else { panic!("{accepted:?}") };
        record.id
    }

    pub(crate) async fn record(&self) -> Record {
        self.database.store().list(Filter::default()).await.unwrap().remove(0)
    }

    /// Works once on what is due now.
    pub(crate) async fn work(&self) -> Record {
        self.worker.run_once().await.unwrap();
        self.record().await
    }

    /// Works on what is due for so long.
    pub(crate) async fn work_for(&self, duration: SignedDuration) -> Record {
        let end = self.time.now() + duration;
        loop {
            let record = self.work().await;
            let next = record.next_at.unwrap_or(end).max(self.time.now() + TICK).min(end);
            if next == end {
                self.time.pass(end.duration_since(self.time.now()));
                return record;
            }
            self.time.pass(next.duration_since(self.time.now()));
        }
    }

    /// Works until the payout has this status, at most for so long by the clock.
    pub(crate) async fn until(&self, status: Status, longest: SignedDuration) -> Record {
        let end = self.time.now() + longest;
        loop {
            self.worker.run_once().await.unwrap();
            let record = self.record().await;
            if record.status == status {
                return record;
            }
            let next = record.next_at.unwrap();
            assert!(next <= end, "{status} was not reached: {record:?}");
            self.time.pass(next.duration_since(self.time.now()).max(SignedDuration::ZERO));
        }
    }

    pub(crate) fn paid(&self) -> usize {
        self.desks.iter().map(|desk| desk.paid()).sum()
    }
}

const fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

const fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

async fn other_request_is_distinguished<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.submit().await;
    for (request, difference) in [(payout(None), None), (payout(Some("May")), Some("remark"))] {
        let group = vec![Acceptance::payout(&request, "[]")];
        let known = office.database.store().accept(group).await.unwrap().remove(0);
        let Ok(Accepted::Known(record)) = known else { panic!("{known:?}") };
        assert_eq!(record.difference(&request).unwrap(), difference);
    }
}

async fn payout_is_paid<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.submit().await;
    let record = office.until(Status::Succeeded, minutes(1)).await;
    assert_eq!((office.paid(), record.attempts.len(), record.lease), (1, 1, None));
    assert_eq!(office.desks[0].arrived(), 1);
}

async fn lost_answer_is_looked_up<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([Does::LoseAnswer]);
    office.submit().await;
    office.until(Status::InDoubt, minutes(1)).await;
    office.until(Status::Succeeded, minutes(1)).await;
    assert_eq!((office.paid(), office.desks[0].arrived()), (1, 1));
}

async fn lost_request_is_sent_again<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([Does::LoseRequest, Does::LoseRequest]);
    office.submit().await;
    let record = office.until(Status::Succeeded, minutes(30)).await;
    assert_eq!((office.paid(), office.desks[0].arrived()), (1, 1));
    let attempt = &record.attempts[0].attempt;
    assert_eq!((record.attempts.len(), attempt.sendings.len()), (1, 3));
}

const REJECTED: Does = Does::Reject { kind: ErrorKind::Institution, is_permanent: true };

async fn rejection_goes_on_elsewhere<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([REJECTED]);
    office.submit().await;
    let record = office.until(Status::Succeeded, minutes(1)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 2));
    assert_eq!(office.desks[1].paid(), 1);
}

async fn rejection_everywhere_fails<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks.iter().for_each(|desk| desk.then([REJECTED]));
    office.submit().await;
    let record = office.until(Status::Failed, minutes(1)).await;
    assert_eq!((office.paid(), record.attempts.len()), (0, 2));
    assert!(record.is_proven_unpaid());
}

async fn refused_connections_never_fail<D: Database>() {
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time)];
    let office = Office::<D>::open(time, desks).await;
    office.desks[0].then([Does::Refuse; 5]);
    office.submit().await;
    office.worker.run_once().await.unwrap();
    let record = office.record().await;
    assert_eq!(record.status, Status::Sending);
    let record = office.until(Status::Succeeded, SignedDuration::from_hours(1)).await;
    // The same order id each time: nothing of it had left.
    assert_eq!((office.paid(), record.attempts.len()), (1, 1));
    assert_eq!(record.attempts[0].attempt.sendings.len(), 6);
}

async fn planner_learns_how_each_sending_ended<D: Database>() {
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time)];
    let office = Office::<D>::open(time, desks).await;
    let empty = Does::Reject { kind: ErrorKind::Funds, is_permanent: false };
    office.desks[0].then([Does::Refuse, empty, Does::LoseRequest]);
    office.submit().await;
    office.until(Status::Succeeded, SignedDuration::from_hours(1)).await;
    let kinds = [ErrorKind::Unreachable, ErrorKind::Funds, ErrorKind::Unavailable];
    let expected: Vec<_> = kinds.into_iter().map(Some).chain([None]).collect();
    assert_eq!(office.desks[0].outcomes(), expected);
}

async fn empty_balance_waits<D: Database>() {
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time)];
    let office = Office::<D>::open(time, desks).await;
    let empty = Does::Reject { kind: ErrorKind::Funds, is_permanent: false };
    office.desks[0].then([empty; 3]);
    office.submit().await;
    let record = office.until(Status::Succeeded, SignedDuration::from_hours(1)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 4));
}

async fn panic_is_outcome_unknown<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([Does::Panic]);
    office.submit().await;
    let record = office.until(Status::InDoubt, minutes(1)).await;
    assert_eq!(record.attempts[0].attempt.sendings[0].outcome, None);
    let record = office.until(Status::Succeeded, minutes(30)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 1));
}

async fn late_signature_sends_nothing<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([Does::SignFor(SignedDuration::from_secs(61))]);
    office.submit().await;
    office.worker.run_once().await.unwrap();
    assert_eq!((office.desks[0].arrived(), office.paid()), (0, 0));
    let sendings = office.record().await.attempts[0].attempt.sendings.clone();
    let unsent = tulay_journal::machine::Outcome::NotSent { kind: ErrorKind::Unreachable };
    assert_eq!(sendings[0].outcome, Some(unsent));
}

async fn order_that_fails_is_final_after_the_window<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].fail_orders();
    office.submit().await;
    let record = office.until(Status::Failed, minutes(13)).await;
    assert!(office.desks[0].lookups() >= 2);
    // Another provider is not tried: an order existed.
    assert_eq!((office.paid(), record.attempts.len()), (0, 1));
    let failed: Vec<_> = record.attempts.iter().map(|it| it.attempt.closed_as).collect();
    assert_eq!(failed, [Some(tulay_journal::machine::Standing::Failed)]);
}

async fn lost_answer_without_lookup_waits_for_a_person<D: Database>() {
    let time = Hand::new();
    let mut guarantees = guarantees();
    (guarantees.find_by, guarantees.resend_for) = (FindBy::None, None);
    let desks = vec![Desk::with(account(1), guarantees, &time), Desk::new(account(2), &time)];
    let office = Office::<D>::open(time, desks).await;
    office.desks[0].then([Does::LoseAnswer]);
    office.submit().await;
    for _ in 0..12 {
        let record = office.until(Status::InDoubt, minutes(1)).await;
        assert!(record.reviews.contains(&ReviewReason::Unresolved));
        let due = record.next_at.unwrap();
        office.time.pass(due.duration_since(office.time.now()));
        office.worker.run_once().await.unwrap();
    }
    assert_eq!((office.desks[0].arrived(), office.desks[1].arrived()), (1, 0));
    assert_eq!(office.desks[0].lookups(), 0);
}

async fn replay_cures_a_lost_answer<D: Database>() {
    let time = Hand::new();
    let mut guarantees = guarantees();
    guarantees.find_by = FindBy::ProviderReference;
    guarantees.echoes = vec![tulay_core::Echo::ProviderReference];
    (guarantees.resend_for, guarantees.replays_for) = (None, Some(SignedDuration::from_hours(12)));
    guarantees.checked().unwrap();
    let desks = vec![Desk::with(account(1), guarantees, &time), Desk::new(account(2), &time)];
    let office = Office::<D>::open(time, desks).await;
    office.desks[0].then([Does::LoseAnswer]);
    office.submit().await;
    let record = office.until(Status::Succeeded, minutes(1)).await;
    let attempt = &record.attempts[0];
    assert_eq!((office.paid(), record.attempts.len()), (1, 1));
    assert_eq!((office.desks[0].arrived(), attempt.attempt.sendings.len()), (2, 2));
    assert!(attempt.provider_reference.is_some());
}

async fn unreadable_request_waits<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.database.store().accept(vec![acceptance("R1")]).await.unwrap();
    office.worker.run_once().await.unwrap();
    let record = office.record().await;
    assert_eq!((record.status, record.attempts.len()), (Status::Created, 0));
    assert!(record.next_at > Some(record.created_at));
}

async fn removed_account_is_not_asked<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([Does::LoseAnswer]);
    office.submit().await;
    office.until(Status::InDoubt, minutes(1)).await;
    // The account is taken out of the configuration, and put back later.
    let without =
        worker(Arc::new(office.database.store().clone()), &office.desks[1..], &office.time);
    for _ in 0..6 {
        let due = office.record().await.next_at.unwrap();
        let wait = due.duration_since(office.time.now());
        office.time.pass(wait.max(SignedDuration::ZERO));
        without.run_once().await.unwrap();
    }
    assert_eq!((office.desks[0].lookups(), office.desks[1].arrived()), (0, 0));
    office.until(Status::Succeeded, SignedDuration::from_hours(2)).await;
    assert_eq!(office.paid(), 1);
}

async fn payouts_to_one_beneficiary_keep_apart<D: Database>() {
    let time = Hand::new();
    let mut guarantees = guarantees();
    guarantees.payee_spacing = Some(minutes(10));
    let desks = vec![Desk::with(account(1), guarantees, &time)];
    let office = Office::<D>::open(time, desks).await;
    let store = office.database.store();
    office.desks[0].then([Does::Refuse]);
    office.submit().await;
    office.worker.run_once().await.unwrap();
    // What did not leave keeps nothing apart.
    let other = |reference: &str, account| {
        let mut other = payout(None);
        other.reference = Reference::new(reference).unwrap();
        other.destination = Destination::bank("BOPIPHMM", account).unwrap();
        Acceptance::payout(&other, "[]")
    };
    let sent_at = Time::now(&*office.time);
    store.accept(vec![other("R2", "001234567890")]).await.unwrap();
    office.worker.run_once().await.unwrap();
    store.accept(vec![other("R3", "001234567890"), other("R4", "001234567891")]).await.unwrap();
    office.worker.run_once().await.unwrap();
    let reference = |text| Reference::new(text).unwrap();
    let read = async |text| {
        store.find(Operation::Payout, vec![reference(text)]).await.unwrap().remove(0).unwrap()
    };
    let until = sent_at + minutes(10);
    let third = read("R3").await;
    assert_eq!((third.status, third.progress.waits_until), (Status::Created, Some(until)));
    let kind = third.progress.reason.unwrap().kind;
    assert_eq!(kind, tulay_journal::record::ReasonKind::Error(ErrorKind::TooEarly));
    assert_eq!(read("R4").await.attempts.len(), 1);
    // The first and the third one go on, the one after the other.
    for _ in 0..100 {
        office.time.pass(SignedDuration::from_secs(30));
        office.worker.run_once().await.unwrap();
    }
    assert_eq!((office.paid(), office.desks[0].arrived()), (4, 4));
    let mut times = Vec::new();
    for text in ["R1", "R2", "R3"] {
        times.extend(read(text).await.attempts[0].attempt.sendings.last().map(|it| it.at));
    }
    times.sort();
    assert!(times.windows(2).all(|pair| pair[1].duration_since(pair[0]) >= minutes(10)));
}

async fn worker_stops_on_request<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.submit().await;
    let stop = async {
        while office.paid() == 0 {
            tokio::task::yield_now().await;
        }
        let listed = office.database.store().processes().await.unwrap();
        assert_eq!((listed.len(), listed[0].in_flight), (1, 1));
    };
    office.worker.run(stop).await.unwrap();
    assert!(office.database.store().processes().await.unwrap().is_empty());
    let record = office.record().await;
    // The call in flight was written down.
    assert_eq!((record.status, record.lease), (Status::Pending, None));
}

#[tokio::test]
async fn slow_rate_starves_no_payout() {
    let time = Hand::new();
    let desks = vec![Desk::new(account(1), &time)];
    let office = Office::<InMemory>::open(time, desks).await;
    let rate = Limits::in_flight(4).with_rate(NonZeroU32::MIN);
    let worker = office.worker.clone().limit(account(1), rate);
    // More than the rate lets through before the first leases end.
    let group = (0..130).map(|number| payout_of(&format!("R{number}"), None));
    let group = group.map(|request| Acceptance::payout(&request, "[]")).collect();
    office.database.store().accept(group).await.unwrap();
    let time = Arc::clone(&office.time);
    let clock = tokio::spawn(async move {
        loop {
            time.pass(SignedDuration::from_millis(250));
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
        }
    });
    let end = office.time.now() + minutes(15);
    let paid = async {
        while office.paid() < 130 && office.time.now() < end {
            tokio::task::yield_now().await;
        }
    };
    worker.run(paid).await.unwrap();
    clock.abort();
    assert_eq!(office.paid(), 130);
}
