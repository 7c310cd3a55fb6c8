//! Edits of the configuration. What changed under a payout is neither asked nor sent to, nothing
//! becomes failed, and the reason in the record says what it waits for.

use super::{Desk, Does, InOrder, Office, configured, hours, minutes, policy_of, worker};
use crate::store::{Database, Hand, OnDisk, account, databases, guarantees};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tulay_core::{ErrorKind, FindBy, Guarantees, MerchantAccount, Operation, Provider};
use tulay_journal::{
    Limits, Planned, Planner, Time, Worker,
    machine::ReviewReason,
    record::{Reason, ReasonKind, Record, Status},
};

databases!(
    changed_account_is_not_used,
    provider_without_guarantee_is_not_asked,
    longer_failure_window_counts,
    shorter_time_for_an_order_id_counts,
);

/// A plan that names one account, as it was frozen at acceptance.
#[derive(Debug)]
struct Frozen {
    account: MerchantAccount,
    desks: InOrder,
}

impl Planner for Frozen {
    fn plan(&self, record: &Record, now: Timestamp) -> Planned {
        match self.desks.provider(&self.account) {
            Some(_) => self.desks.plan(record, now),
            None => {
                let reason = Reason::new(ReasonKind::NotConfigured);
                Planned::Later { reason, until: now + minutes(1) }
            }
        }
    }
    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        self.desks.provider(account)
    }
    fn answered(&self, _: &MerchantAccount, _: Operation, _: Option<ErrorKind>, _: Timestamp) {}
}

/// A payout in each state in which something may still leave or be asked.
const STATES: [(&[Does], Status); 4] = [
    (&[], Status::Created),
    (&[Does::Refuse], Status::Sending),
    (&[Does::LoseRequest], Status::InDoubt),
    (&[Does::Accept], Status::Pending),
];

async fn changed_account_is_not_used<D: Database>() {
    let mut at_other_host = account(1);
    at_other_host.host = "pay.example.org".into();
    for edit in [Some(account(3)), Some(at_other_host), None] {
        for (script, status) in STATES {
            let time = Hand::new();
            let office = Office::<D>::open(time.clone(), vec![Desk::new(account(1), &time)]).await;
            office.desks[0].then(script.iter().copied());
            office.submit().await;
            if status != Status::Created {
                office.work().await;
            }
            assert_eq!(office.record().await.status, status);
            let desks: Vec<_> = edit.iter().map(|it| Desk::new(it.clone(), &time)).collect();
            let store = office.database.configured(policy_of(&desks));
            let planner = Frozen { account: account(1), desks: InOrder(desks.clone()) };
            let policy = policy_of(&desks);
            let limits = Limits::in_flight(1);
            let edited =
                Worker::new(Arc::new(store), Arc::new(planner), time.clone(), policy, limits);
            let before = (office.desks[0].arrived(), office.desks[0].lookups());
            let record = work_for(&office, &edited, hours(2)).await;
            let case = format!("{edit:?}, {status}: {record:?}");
            assert_eq!(record.status, status, "{case}");
            let reason = record.progress.reason.map(|it| it.kind);
            assert_eq!(reason, Some(ReasonKind::NotConfigured), "{case}");
            let is_reviewed = record.reviews.contains(&ReviewReason::NotConfigured);
            assert_eq!(is_reviewed, status != Status::Created, "{case}");
            assert_eq!((office.desks[0].arrived(), office.desks[0].lookups()), before, "{case}");
            assert!(desks.iter().all(|desk| desk.arrived() + desk.lookups() == 0), "{case}");
            // Configured back, it goes on.
            let record = office.until(Status::Succeeded, hours(30)).await;
            assert_eq!((office.paid(), record.attempts.len()), (1, 1), "{case}");
        }
    }
}

/// Works on what is due with another worker than the office's.
async fn work_for<D: Database>(
    office: &Office<D>,
    worker: &Worker,
    duration: SignedDuration,
) -> Record {
    let end = office.time.now() + duration;
    loop {
        worker.run_once().await.unwrap();
        let record = office.record().await;
        let next = record.next_at.unwrap().max(office.time.now() + SignedDuration::from_secs(1));
        if next > end {
            return record;
        }
        office.time.pass(next.duration_since(office.time.now()));
    }
}

/// A journal whose one account gives other guarantees from some moment on, and a worker for it.
async fn edited<D: Database>(
    script: &[Does],
    edit: impl Fn(&mut Guarantees),
) -> (Office<D>, Worker) {
    let time = Hand::new();
    let office = Office::<D>::open(time.clone(), vec![Desk::new(account(1), &time)]).await;
    office.desks[0].then(script.iter().copied());
    office.submit().await;
    office.work().await;
    let mut other = guarantees();
    edit(&mut other);
    other.checked().unwrap();
    // The same desk, and another word for how far it is trusted.
    let mut policy = policy_of(&[]);
    let mut account = configured(&office.desks[0]);
    account.guarantees = other;
    policy.configured.push(account);
    let store = Arc::new(office.database.configured(policy.clone()));
    let planner = Arc::new(InOrder(office.desks.clone()));
    let worker = Worker::new(store, planner, time, policy, Limits::in_flight(1));
    (office, worker)
}

async fn provider_without_guarantee_is_not_asked<D: Database>() {
    let (office, worker) = edited::<D>(&[Does::LoseRequest], |guarantees| {
        (guarantees.find_by, guarantees.resend_for) = (FindBy::None, None);
    })
    .await;
    let record = work_for(&office, &worker, hours(100)).await;
    assert_eq!((office.desks[0].arrived(), office.desks[0].lookups()), (0, 0));
    assert_eq!(record.status, Status::InDoubt);
    assert_eq!(record.progress.reason.unwrap().kind, ReasonKind::NotAskable);
    assert!(record.reviews.contains(&ReviewReason::Unresolved));
}

async fn longer_failure_window_counts<D: Database>() {
    let (office, worker) = edited::<D>(&[Does::AcceptAndFail], |guarantees| {
        guarantees.failure_final_after = Some(hours(2));
    })
    .await;
    let record = work_for(&office, &worker, hours(1)).await;
    assert_eq!(record.status, Status::Pending);
    let record = work_for(&office, &worker, hours(10)).await;
    assert_eq!((record.status, office.paid()), (Status::Failed, 0));
}

async fn shorter_time_for_an_order_id_counts<D: Database>() {
    let (office, worker) = edited::<D>(&[Does::LoseRequest, Does::LoseRequest], |guarantees| {
        guarantees.resend_for = Some(SignedDuration::from_secs(3));
    })
    .await;
    // The next sending moves the end of the time to three seconds after it.
    let record = work_for(&office, &worker, hours(100)).await;
    let attempt = &record.attempts[0].attempt;
    assert_eq!((attempt.sendings.len(), office.desks[0].arrived()), (2, 0));
    assert!(record.reviews.contains(&ReviewReason::Unresolved));
    assert_eq!(record.status, Status::InDoubt);
}

/// A version that does not read the stored request neither sends nor looks up, and prepares nothing
/// anew: a person decides.
#[tokio::test]
async fn unreadable_form_waits_for_a_person() {
    for (script, status) in &STATES[1..3] {
        let time = Hand::new();
        let office = Office::<OnDisk>::open(time.clone(), vec![Desk::new(account(1), &time)]).await;
        office.desks[0].then(script.iter().copied());
        office.submit().await;
        office.work().await;
        let connection = rusqlite::Connection::open(office.database.path()).unwrap();
        connection
            .execute_batch("DROP TRIGGER I4_attempt_identity; UPDATE attempt SET prepared = '{}';")
            .unwrap();
        let store = Arc::new(office.database.another());
        let worker = worker(store, &office.desks, &time);
        let record = work_for(&office, &worker, hours(100)).await;
        assert_eq!(record.status, *status);
        assert_eq!(record.progress.reason.unwrap().kind, ReasonKind::StoredForm);
        assert!(record.reviews.contains(&ReviewReason::Unresolved));
        assert_eq!((office.desks[0].arrived(), record.attempts.len()), (0, 1));
        assert_eq!(record.attempts[0].attempt.sendings.len(), 1);
    }
}
