//! A journal that is not known to be whole: it looks a payout up everywhere before it sends it or
//! ends it.

mod provider;

use crate::store::{Database, Hand, account, databases, guarantees, namespace, write};
use jiff::{SignedDuration, Timestamp};
use provider::{Branch, Through};
use std::sync::Arc;
use tulay_core::{
    Country, Currency, Destination, Effect, ErrorKind, FindBy, IdRules, MerchantAccount, Money,
    Operation, OrderId, PayoutRequest, PayoutStatus, Reference,
};
use tulay_journal::{
    Limits, Time, Worker,
    machine::{ReviewReason, Standing},
    record::{
        Change, Declaration, Ending, Event, Finding, Place, Policy, ReasonKind, Record, Refused,
        Source, Status, Step, Write,
    },
    store::{Acceptance, Filter, Sqlite, Store, Witness},
};

databases!(
    order_of_an_earlier_journal_is_adopted,
    last_number_is_adopted,
    nothing_is_sent_before_copies_have_arrived,
    search_serves_one_sending,
    failure_needs_a_search_of_its_own,
    other_country_is_a_contradiction,
    other_amount_is_a_contradiction,
    two_orders_are_suspected,
    order_shown_in_every_country_is_one,
    silent_account_stops_sendings,
    hit_counts_beside_a_silent_account,
    account_that_cannot_be_asked_waits_for_a_person,
    account_of_the_plan_that_is_gone_waits_for_a_person,
    word_of_a_person_ends_the_wait,
    cancel_needs_a_search,
    adopted_order_that_is_gone_is_not_silent,
    late_look_up_finds_a_second_order,
    late_look_up_finds_what_failed_unsent,
    late_look_up_ends,
);

const PH: (Country, Currency) = (Country::PH, Currency::PHP);
const TH: (Country, Currency) = (Country::TH, Currency::THB);
/// Lease, longest call, life of a copy and absence window.
const WAIT: SignedDuration = SignedDuration::from_secs(60 + 30 + 3600 + 600);

/// A journal, a worker and the branches behind it.
struct Office<D: Database> {
    database: D,
    time: Arc<Hand>,
    branches: Vec<Arc<Branch>>,
    worker: Worker,
}

fn policy(branches: &[Arc<Branch>]) -> Policy {
    Policy::production(namespace(), branches.iter().map(|it| it.configured()).collect())
}

fn worker(store: Arc<dyn Store>, branches: &[Arc<Branch>], time: &Arc<Hand>) -> Worker {
    let planner = Arc::new(Through { all: branches.to_vec(), planned: 1 });
    Worker::new(store, planner, time.clone(), policy(branches), Limits::default())
}

fn request() -> PayoutRequest {
    let destination = Destination::bank("BOPIPHMM", "001234567890").unwrap();
    PayoutRequest::new(Reference::new("R1").unwrap(), Country::PH, pesos(10_000), destination)
}

fn pesos(minor: i64) -> Money {
    Money::from_minor(minor, Currency::PHP)
}

/// The order id of an attempt.
fn id(attempt: u32) -> OrderId {
    let reference = Reference::new("R1").unwrap();
    OrderId::derive(IdRules::STANDARD, &namespace(), Operation::Payout, &reference, attempt)
}

impl<D: Database> Office<D> {
    /// An empty journal. Only the first branch is in the plan.
    async fn open(branches: Vec<Arc<Branch>>) -> Self {
        let time = Hand::new();
        let database = D::new(policy(&branches), &time);
        let worker = worker(Arc::new(database.store().clone()), &branches, &time);
        let office = Self { database, time, branches, worker };
        office.accept(Acceptance::payout(&request(), "[]")).await;
        office
    }

    async fn with_two_branches() -> Self {
        Self::open(vec![Branch::new(account(1), &[PH]), Branch::new(account(2), &[TH, PH])]).await
    }

    async fn accept(&self, acceptance: Acceptance) {
        self.database.store().accept(vec![acceptance]).await.unwrap().remove(0).unwrap();
    }

    async fn record(&self) -> Record {
        self.database.store().list(Filter::default()).await.unwrap().remove(0)
    }

    async fn events(&self) -> Vec<Event> {
        self.database.store().timeline(self.record().await.id).await.unwrap()
    }

    /// Does what is due, and what becomes due until so much time has passed.
    async fn pass(&self, duration: SignedDuration) -> Record {
        let end = self.time.now() + duration;
        let mut steps = 0;
        loop {
            self.worker.run_once().await.unwrap();
            let record = self.record().await;
            steps += 1;
            assert!(steps < 5000, "it does not rest: {record:?}");
            match record.next_at.filter(|next| *next <= end) {
                Some(next) => {
                    let now = self.time.now();
                    self.time.pass(next.duration_since(now).max(SignedDuration::ZERO));
                }
                None => {
                    self.time.pass(end.duration_since(self.time.now()));
                    return record;
                }
            }
        }
    }

    fn arrived(&self) -> usize {
        self.branches.iter().map(|branch| branch.arrived()).sum()
    }

    async fn searches(&self) -> usize {
        let events = self.events().await;
        events.iter().filter(|it| matches!(it.change, Change::Searched { .. })).count()
    }
}

const fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn waits(record: &Record) -> Option<(ReasonKind, Timestamp)> {
    let reason = record.progress.reason.as_ref()?;
    Some((reason.kind, record.progress.waits_until?))
}

async fn order_of_an_earlier_journal_is_adopted<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    // It was paid at an account that is not in the plan.
    office.branches[1].has(Country::PH, id(2), PayoutStatus::Succeeded, pesos(10_000));
    let record = office.pass(WAIT).await;
    assert_eq!((record.status, office.arrived()), (Status::Succeeded, 0));
    let [attempt] = record.attempts.as_slice() else { panic!("{record:?}") };
    assert_eq!((attempt.attempt.number, &attempt.merchant_account), (2, &account(2)));
    assert_eq!((&attempt.order_id, attempt.attempt.closed_as), (&id(2), None));
    assert!(attempt.attempt.sendings.is_empty() && record.reviews.is_empty());
    // It is looked up after a day, as every payout is.
    let lookups = office.branches[1].lookups();
    office.pass(minutes(30 * 60)).await;
    assert!(office.branches[1].lookups() > lookups);
    assert_eq!(office.record().await.status, Status::Succeeded);
}

async fn last_number_is_adopted<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[0].has(Country::PH, id(8), PayoutStatus::Pending, pesos(10_000));
    let record = office.pass(WAIT).await;
    assert_eq!((record.status, office.arrived()), (Status::Pending, 0));
    assert_eq!(record.attempts[0].attempt.number, 8);
    office.branches[0].has(Country::PH, id(8), PayoutStatus::Succeeded, pesos(10_000));
    assert_eq!(office.pass(minutes(1)).await.status, Status::Succeeded);
}

async fn nothing_is_sent_before_copies_have_arrived<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    let until = office.time.now() + WAIT;
    let record = office.pass(WAIT - SignedDuration::from_secs(1)).await;
    assert_eq!(waits(&record), Some((ReasonKind::NotWhole, until)));
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert!(record.reviews.is_empty(), "it goes on by itself");
    assert!(office.branches.iter().all(|branch| branch.lookups() == 0));
    assert_eq!(office.database.store().journal().await.unwrap().doubted_at + WAIT, until);
    office.time.pass(SignedDuration::from_secs(1));
    let record = office.pass(minutes(1)).await;
    assert_eq!((record.status, office.arrived()), (Status::Succeeded, 1));
    // Eight ids at one place, and at two places.
    assert_eq!(office.branches[1].lookups(), 16);
}

async fn search_serves_one_sending<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[0].then_refuse(Effect::NotSent, ErrorKind::Unreachable);
    let record = office.pass(WAIT + minutes(1)).await;
    assert_eq!((record.status, office.arrived()), (Status::Succeeded, 1));
    assert_eq!(record.attempts[0].attempt.sendings.len(), 2);
    assert_eq!(office.branches[1].lookups(), 32);
    let events = office.events().await;
    let mut serves = false;
    for event in &events {
        match event.change {
            Change::Searched { .. } => serves = true,
            Change::Intended { .. } => assert!(std::mem::take(&mut serves), "{events:?}"),
            _ => {}
        }
    }
}

async fn failure_needs_a_search_of_its_own<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[0].then_refuse(Effect::Rejected, ErrorKind::Institution);
    office.pass(WAIT).await;
    // The provider is asked again ten minutes later at the earliest.
    assert_eq!(office.pass(minutes(9)).await.status, Status::InDoubt);
    let record = office.pass(minutes(60)).await;
    assert_eq!((record.status, office.searches().await), (Status::Failed, 2));
    assert!(record.is_proven_unpaid());
    let last =
        office.events().await.into_iter().rev().find(|event| {
            matches!(event.change, Change::Searched { .. } | Change::Intended { .. })
        });
    assert!(matches!(last.unwrap().change, Change::Searched { .. }));
}

async fn other_country_is_a_contradiction<D: Database>() {
    let time = Hand::new();
    let office = Office::<D>::with_two_branches().await;
    let baht = Money::from_minor(77_700, Currency::THB);
    office.branches[1].has(Country::TH, id(1), PayoutStatus::Succeeded, baht);
    let record = office.pass(WAIT + minutes(24 * 60)).await;
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert!(record.attempts.is_empty() && !record.is_proven_unpaid());
    assert!(record.reviews.contains(&ReviewReason::Contradiction));
    assert_eq!(waits(&record).unwrap().0, ReasonKind::Review);
    let events = office.events().await;
    let sightings = events.iter().find_map(|event| match &event.change {
        Change::Searched { sightings, .. } => sightings.first(),
        _ => None,
    });
    let sighting = sightings.unwrap();
    let (merchant_account, (country, currency)) = (account(2), TH);
    assert_eq!(sighting.place, Place { merchant_account, country, currency });
    assert_eq!((sighting.amount, sighting.attempt), (Some(baht), 1));
    // Neither a person nor a whole journal ends it.
    office.database.store().confirm_whole("ops", "it is new").await.unwrap();
    for ending in [Ending::Cancelled, Ending::Failed] {
        let step = Step::End { version: None, ending, reason: None };
        let end = Write::by(record.id, "Ben".into(), step);
        assert_eq!(write(office.database.store(), end).await, Err(Refused::Blocked));
    }
    assert_eq!(office.pass(minutes(60)).await.status, Status::Created);
    assert!(office.arrived() == 0 && time.now() < office.time.now());
}

async fn other_amount_is_a_contradiction<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[0].has(Country::PH, id(1), PayoutStatus::Pending, pesos(9_999));
    let record = office.pass(WAIT + minutes(60)).await;
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert_eq!(record.reviews, [ReviewReason::Contradiction].into());
}

async fn two_orders_are_suspected<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[0].has(Country::PH, id(1), PayoutStatus::Succeeded, pesos(10_000));
    office.branches[1].has(Country::PH, id(2), PayoutStatus::Pending, pesos(10_000));
    let record = office.pass(WAIT + minutes(60)).await;
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert_eq!(record.reviews, [ReviewReason::DoublePaymentSuspected].into());
}

async fn order_shown_in_every_country_is_one<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[1].show_all();
    office.branches[1].has(Country::PH, id(1), PayoutStatus::Succeeded, pesos(10_000));
    let record = office.pass(WAIT).await;
    assert_eq!((record.status, record.reviews.len()), (Status::Succeeded, 0));
    assert_eq!((office.arrived(), record.attempts.len()), (0, 1));
}

async fn silent_account_stops_sendings<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[1].set_mute(true);
    let record = office.pass(WAIT + minutes(24 * 60 + 2)).await;
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert_eq!(waits(&record).unwrap().0, ReasonKind::NotWhole);
    assert_eq!(record.reviews, [ReviewReason::Slow].into());
    office.branches[1].set_mute(false);
    let record = office.pass(minutes(3)).await;
    assert_eq!((record.status, office.arrived()), (Status::Succeeded, 1));
}

async fn hit_counts_beside_a_silent_account<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[1].set_mute(true);
    office.branches[0].has(Country::PH, id(1), PayoutStatus::Failed, pesos(10_000));
    let record = office.pass(WAIT + minutes(120)).await;
    // It has failed for good, and the other account may know another order.
    assert_eq!((record.status, record.attempts.len()), (Status::Pending, 1));
    assert_eq!(waits(&record).unwrap().0, ReasonKind::NotWhole);
    office.branches[1].set_mute(false);
    let record = office.pass(minutes(120)).await;
    assert_eq!((record.status, office.arrived()), (Status::Failed, 0));
    assert_eq!(record.attempts[0].attempt.closed_as, Some(Standing::Failed));
}

async fn account_that_cannot_be_asked_waits_for_a_person<D: Database>() {
    let mut guarantees = guarantees();
    (guarantees.find_by, guarantees.resend_for) = (FindBy::ProviderReference, None);
    let branches =
        vec![Branch::new(account(1), &[PH]), Branch::with(account(2), &[PH], guarantees)];
    let office = Office::<D>::open(branches).await;
    let record = office.pass(WAIT + minutes(60)).await;
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert_eq!(waits(&record).unwrap().0, ReasonKind::NotWhole);
    assert_eq!(record.reviews, [ReviewReason::Slow].into());
    assert!(office.branches.iter().all(|branch| branch.lookups() == 0));
    office.database.store().confirm_whole("ops", "it is new").await.unwrap();
    let record = office.pass(minutes(1)).await;
    assert_eq!((record.status, office.arrived()), (Status::Succeeded, 1));
    assert!(record.reviews.is_empty());
}

async fn account_of_the_plan_that_is_gone_waits_for_a_person<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    let mut other = request();
    other.reference = Reference::new("R2").unwrap();
    let gone: MerchantAccount = account(9);
    let acceptance = Acceptance::payout(&other, "[]").with_accounts(vec![account(1), gone]);
    office.accept(acceptance).await;
    let record = office.pass(WAIT + minutes(60)).await;
    assert_eq!((record.status, office.arrived()), (Status::Created, 0));
    assert_eq!(record.reviews, [ReviewReason::Slow].into());
    let all = office.database.store().list(Filter::default()).await.unwrap();
    assert!(all.iter().all(|record| record.reviews.contains(&ReviewReason::Slow)), "{all:?}");
}

async fn word_of_a_person_ends_the_wait<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    let waiting = office.pass(minutes(1)).await;
    assert!(waiting.next_at > Some(office.time.now()));
    office.database.store().confirm_whole("ops", "it is new").await.unwrap();
    assert_eq!(office.record().await.next_at, Some(office.time.now()));
    let record = office.pass(minutes(1)).await;
    assert_eq!((record.status, office.searches().await), (Status::Succeeded, 0));
}

async fn cancel_needs_a_search<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    let store = office.database.store();
    let all = tulay_journal::store::Pause::new(tulay_journal::store::Scope::All, None, "drill");
    store.pause(vec![all]).await.unwrap();
    let id = office.record().await.id;
    let step = Step::End { version: None, ending: Ending::Cancelled, reason: None };
    let cancel = Write::by(id, "Ben".into(), step);
    assert_eq!(write(store, cancel.clone()).await, Err(Refused::NotWhole));
    office.pass(WAIT).await;
    let record = write(store, cancel).await.unwrap();
    assert_eq!((record.status, record.progress.search), (Status::Cancelled, None));
}

async fn adopted_order_that_is_gone_is_not_silent<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.branches[0].has(Country::PH, id(1), PayoutStatus::Pending, pesos(10_000));
    let record = office.pass(WAIT + minutes(90)).await;
    assert_eq!(record.reviews, [ReviewReason::Slow].into());
    office.branches[0].forget_all();
    let record = office.pass(minutes(12 * 60)).await;
    assert_eq!(record.status, Status::Pending);
    assert!(record.reviews.contains(&ReviewReason::Contradiction));
    let (attempt, declaration) = (1, Declaration::NotExecuted);
    let (source, note) = (Source::Person, "letter of 5 January".into());
    let declare = Step::Declare { attempt, declaration, as_of: None, source, note };
    let declare = Write::by(record.id, "Ben".into(), declare);
    write(office.database.store(), declare).await.unwrap();
    let record = office.pass(minutes(60)).await;
    assert_eq!((record.status, office.arrived()), (Status::Failed, 0));
    assert_eq!(record.attempts[0].attempt.closed_as, Some(Standing::Declared));
}

async fn late_look_up_finds_a_second_order<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.database.store().confirm_whole("ops", "it is new").await.unwrap();
    assert_eq!(office.pass(minutes(5)).await.status, Status::Succeeded);
    // A journal that was restored in silence sent it elsewhere.
    office.branches[1].has(Country::PH, id(2), PayoutStatus::Succeeded, pesos(10_000));
    let record = office.pass(minutes(18 * 60)).await;
    assert!(record.reviews.is_empty());
    let record = office.pass(minutes(12 * 60)).await;
    assert_eq!((record.status, record.attempts.len()), (Status::Succeeded, 1));
    assert_eq!(record.reviews, [ReviewReason::DoublePaymentSuspected].into());
}

async fn late_look_up_finds_what_failed_unsent<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    let store = office.database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    office.pass(minutes(5)).await;
    let mut late = request();
    late.reference = Reference::new("R2").unwrap();
    let mut acceptance = Acceptance::payout(&late, "[]");
    acceptance.send_by = Some(office.time.now());
    office.accept(acceptance).await;
    let record = office.pass(minutes(5)).await;
    assert_eq!((record.status, record.attempts.len()), (Status::Failed, 0));
    assert!(record.is_proven_unpaid());
    let (rules, reference) = (IdRules::STANDARD, &late.reference);
    let id = OrderId::derive(rules, &namespace(), Operation::Payout, reference, 1);
    office.branches[1].has(Country::PH, id, PayoutStatus::Succeeded, pesos(10_000));
    let record = office.pass(minutes(30 * 60)).await;
    assert_eq!((record.status, record.is_proven_unpaid()), (Status::Failed, false));
    assert_eq!(record.reviews, [ReviewReason::Contradiction].into());
}

async fn late_look_up_ends<D: Database>() {
    let office = Office::<D>::with_two_branches().await;
    office.database.store().confirm_whole("ops", "it is new").await.unwrap();
    office.branches[0].then_refuse(Effect::Rejected, ErrorKind::Institution);
    let record = office.pass(minutes(60)).await;
    assert_eq!(record.status, Status::Failed);
    assert_eq!(office.branches[1].lookups(), 0);
    let record = office.pass(minutes(90 * 60)).await;
    assert_eq!((record.next_at, record.reviews.len()), (None, 0));
    // The first two ids, at the two places of the account.
    assert_eq!((office.branches[1].lookups(), office.searches().await), (4, 1));
}

/// A database that is replaced by an earlier copy of itself.
#[tokio::test]
async fn restored_copy_finds_the_attempts_it_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (database, copy) = (folder.path().join("tulay.db"), folder.path().join("copy.db"));
    let time = Hand::new();
    let branches = vec![Branch::new(account(1), &[PH]), Branch::new(account(2), &[PH])];
    let open = || {
        let witness = Witness::open(folder.path().join("state")).unwrap();
        Sqlite::open(&database, Some(witness), policy(&branches), time.clone()).unwrap()
    };
    let store = open();
    store.confirm_whole("ops", "it is new").await.unwrap();
    store.accept(vec![Acceptance::payout(&request(), "[]")]).await.unwrap();
    branches[0].then_refuse(Effect::Unknown, ErrorKind::Unavailable);
    worker(Arc::new(store.clone()), &branches, &time).run_once().await.unwrap();
    drop(store);
    std::fs::copy(&database, &copy).unwrap();
    // What happens next is lost with the journal: a rejection, and a payment elsewhere.
    let store = open();
    let mut other = request();
    other.reference = Reference::new("R2").unwrap();
    store.accept(vec![Acceptance::payout(&other, "[]")]).await.unwrap();
    branches[1].has(Country::PH, id(2), PayoutStatus::Succeeded, pesos(10_000));
    drop(store);
    std::fs::copy(&copy, &database).unwrap();
    time.pass(minutes(60));
    let store = open();
    assert_eq!(store.journal().await.unwrap().doubted_at, time.now());
    let worker = worker(Arc::new(store.clone()), &branches, &time);
    let record = async || store.list(Filter::default()).await.unwrap().remove(0);
    // Until copies have arrived it is looked up and not sent again.
    let end = time.now() + WAIT + minutes(24 * 60);
    while record().await.status != Status::Succeeded {
        worker.run_once().await.unwrap();
        let next = record().await.next_at.unwrap();
        assert!(next < end, "{:?}", record().await);
        time.pass(next.duration_since(time.now()).max(SignedDuration::ZERO));
    }
    let record = record().await;
    assert_eq!(branches[0].arrived() + branches[1].arrived(), 0);
    let closed: Vec<_> = record.attempts.iter().map(|it| it.attempt.closed_as).collect();
    assert_eq!(closed, [Some(Standing::Rejected), None]);
    let events = store.timeline(record.id).await.unwrap();
    let proof = usize::try_from(record.attempts[0].proof.unwrap()).unwrap();
    assert!(matches!(events[proof - 1].change, Change::Closed { attempt: 1, .. }));
    assert!(matches!(events[proof].change, Change::Adopted(_)));
    let absent = events.iter().any(|event| {
        matches!(event.change, Change::LookedUp { attempt: 1, finding: Finding::Absent, .. })
    });
    assert!(absent && record.reviews.is_empty(), "{record:?}");
}
