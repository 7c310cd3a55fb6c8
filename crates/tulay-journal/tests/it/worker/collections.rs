//! Collections: one code is shown, and whatever is paid on any of their orders is reported.

use super::{
    issuer::{AtIssuer, Issuer, Made},
    *,
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tulay_core::{
    Authenticity, CollectionMethod, CollectionRequest, CollectionStatus, Echo, Notification,
    Observation, OrderId, PaymentInstructions, ProviderReference, StatedAmount, Verified,
};
use tulay_journal::{
    audit::audit,
    machine::ReviewReason,
    record::{Change, Ending, Step, Surprise, Write},
    store::{Incoming, Notifications},
};

databases!(
    code_is_shown_and_paid,
    same_reference_is_one_order,
    lost_answer_is_looked_up_and_shown,
    order_that_an_error_names_is_looked_up,
    order_without_a_way_to_pay_is_withdrawn,
    request_that_did_not_leave_is_sent_again,
    rejected_collection_fails,
    killed_process_shows_one_code,
    evidence_is_paid_at_once,
    repeated_notifications_are_one_payment,
    forgery_of_another_merchant_is_not_paid,
    payment_beside_what_was_asked_is_reported,
    payment_after_expiry_is_late,
    payment_of_a_withdrawn_order_is_reported,
    cancelled_collection_is_withdrawn,
    payment_after_cancellation_is_reported,
    reversed_payment_is_not_here,
    unanswered_look_ups_close_nothing_in_silence,
    payment_instructions_stand_beside_the_events,
);

const ASKED: i64 = 10_000;
const FIVE_MINUTES: SignedDuration = SignedDuration::from_mins(5);

/// One collection, its worker and its provider.
struct Shop<D: Database> {
    database: D,
    time: Arc<Hand>,
    issuer: Arc<Issuer>,
    worker: Worker,
}

fn policy_of(issuer: &Issuer) -> Policy {
    use tulay_core::{Collections, Provider};
    let guarantees = issuer.capability().guarantees.clone();
    let (account, serves) = (issuer.merchant_account().clone(), [(Country::PH, Currency::PHP)]);
    let configured = Configured::new(account, Operation::Collection, serves, guarantees);
    Policy::production(namespace(), vec![configured.with_withdrawal(true)])
}

fn request(time: &Hand) -> CollectionRequest {
    let amount = Money::from_minor(ASKED, Currency::PHP);
    let reference = Reference::new("SALE-1").unwrap();
    let mut request = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr);
    request.expires = Some(time.now() + FIVE_MINUTES);
    request
}

impl<D: Database> Shop<D> {
    async fn open() -> Self {
        let time = Hand::new();
        Self::at(Issuer::new(&time), time).await
    }

    /// A shop whose provider's notifications are evidence.
    async fn notified() -> Self {
        let mut guarantees = guarantees();
        guarantees.echoes.push(Echo::Account);
        let time = Hand::new();
        Self::at(Issuer::with(guarantees, &time), time).await
    }

    async fn at(issuer: Arc<Issuer>, time: Arc<Hand>) -> Self {
        let database = D::new(policy_of(&issuer), &time);
        let worker = Self::worker(&database, &issuer, &time);
        let group = vec![Acceptance::collection(&request(&time), "[]")];
        database.store().accept(group).await.unwrap().remove(0).unwrap();
        Self { database, time, issuer, worker }
    }

    fn worker(database: &D, issuer: &Arc<Issuer>, time: &Arc<Hand>) -> Worker {
        let (store, planner) =
            (Arc::new(database.store().clone()), Arc::new(AtIssuer(issuer.clone())));
        Worker::new(store, planner, time.clone(), policy_of(issuer), Limits::in_flight(4))
    }

    async fn record(&self) -> Record {
        self.database.store().list(Filter::default()).await.unwrap().remove(0)
    }

    async fn work(&self) -> Record {
        self.worker.run_once().await.unwrap();
        self.record().await
    }

    /// Works on what is due for so long.
    async fn work_for(&self, duration: SignedDuration) -> Record {
        let end = self.time.now() + duration;
        loop {
            let record = self.work().await;
            let now = self.time.now();
            let next = due(&record).unwrap_or(end).max(now + SignedDuration::from_millis(1));
            self.time.pass(next.min(end).duration_since(now));
            if next >= end {
                return self.record().await;
            }
        }
    }

    async fn until(&self, status: Status, longest: SignedDuration) -> Record {
        let end = self.time.now() + longest;
        loop {
            let record = self.work().await;
            if record.status == status {
                return record;
            }
            let next = due(&record).unwrap();
            assert!(next <= end, "{status} was not reached: {record:?}");
            self.time.pass(next.duration_since(self.time.now()).max(SignedDuration::ZERO));
        }
    }

    async fn shown(&self) -> OrderId {
        let record = self.until(Status::Pending, minutes(2)).await;
        record.attempts.last().unwrap().order_id.clone()
    }

    async fn cancel(&self) -> Record {
        let step = Step::End { version: None, ending: Ending::Cancelled, reason: None };
        let write = Write::by(self.record().await.id, "shop".into(), step);
        self.database.store().write(vec![write]).await.unwrap().remove(0).unwrap()
    }

    async fn receive(
        &self,
        order: &OrderId,
        payment: &ProviderReference,
        minor: i64,
        authenticity: Authenticity,
    ) -> bool {
        let mut paid = Observation::new(CollectionStatus::Paid);
        paid.order_id = Some(order.clone());
        paid.payment = Some(payment.clone());
        paid.amount = Some(StatedAmount::known(Money::from_minor(minor, Currency::PHP)));
        let notification = Notification::Collection(paid);
        let body = bytes::Bytes::from(format!("{payment}"));
        let parse = |_: &[u8]| Ok(vec![notification.clone()]);
        let message = Verified::signed(&body, |_| Ok(()), parse).unwrap();
        let message = if authenticity.is_evidence() { message } else { message.as_hint() };
        let incoming = Incoming::all(&account(1), &message, "/notify/issuer", &body);
        self.database.store().receive(incoming).await.unwrap()[0]
    }

    /// The names of its events.
    async fn names(&self) -> Vec<&'static str> {
        let record = self.record().await;
        let events = self.database.store().timeline(record.id).await.unwrap();
        events.iter().map(|event| event.change.kind()).collect()
    }

    async fn count(&self, name: &str) -> usize {
        self.names().await.into_iter().filter(|it| *it == name).count()
    }

    /// What the journal says came in is what came in, and its rows follow from its events.
    async fn judge(&self) {
        let record = self.record().await;
        let facts = &record.progress.collecting.as_ref().unwrap().facts;
        assert_eq!(facts.received(Currency::PHP), i128::from(self.issuer.received()), "{record:?}");
        let policy = policy_of(&self.issuer);
        assert_eq!(audit(self.database.store(), &policy).await.unwrap(), []);
    }
}

/// When it may be claimed next.
fn due(record: &Record) -> Option<Timestamp> {
    record.next_at.map(|next| next.max(record.lease.map_or(next, |lease| lease.until)))
}

fn reviews(record: &Record) -> Vec<ReviewReason> {
    record.reviews.iter().copied().collect()
}

fn code(record: &Record) -> String {
    let stored = record.instructions().unwrap().expose().as_bytes().to_vec();
    match PaymentInstructions::restore(&stored).unwrap() {
        PaymentInstructions::Qr(text) => text.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// With no notification at all, it is known within 20 seconds.
async fn code_is_shown_and_paid<D: Database>() {
    let shop = Shop::<D>::open().await;
    let record = shop.work().await;
    let order = record.attempts[0].order_id.clone();
    assert_eq!((record.status, code(&record)), (Status::Pending, format!("code of {order}")));
    assert!(order.as_str().starts_with('C'));
    shop.work_for(minutes(1)).await;
    shop.issuer.pay(&order, ASKED);
    let paid = shop.time.now();
    let record = shop.until(Status::Succeeded, SignedDuration::from_secs(20)).await;
    assert!(shop.time.now().duration_since(paid) <= SignedDuration::from_secs(20));
    assert_eq!(reviews(&record), []);
    assert_eq!((shop.issuer.created(), shop.count("received").await), (1, 1));
    // It is asked about for as long as it may be reversed.
    let asked = shop.issuer.lookups();
    let record = shop.work_for(SignedDuration::from_hours(40 * 24)).await;
    assert_eq!((record.next_at, shop.issuer.lookups()), (None, asked + 3));
    shop.judge().await;
}

async fn same_reference_is_one_order<D: Database>() {
    let shop = Shop::<D>::open().await;
    shop.shown().await;
    for _ in 0..3 {
        let group = vec![Acceptance::collection(&request(&shop.time), "[]")];
        let known = shop.database.store().accept(group).await.unwrap().remove(0);
        let Ok(Accepted::Known(record)) = known else { panic!("{known:?}") };
        assert!(record.instructions().is_some());
    }
    assert_eq!((shop.issuer.created(), shop.record().await.attempts.len()), (1, 1));
}

/// The look-up brings the way to pay back.
async fn lost_answer_is_looked_up_and_shown<D: Database>() {
    for lost in [Made::LosesAnswer, Made::HidesWay] {
        let shop = Shop::<D>::open().await;
        shop.issuer.then([lost]);
        let record = shop.until(Status::Pending, minutes(1)).await;
        assert_eq!((shop.issuer.created(), record.attempts.len()), (1, 1), "{lost:?}");
        assert!(code(&record).ends_with(record.attempts[0].order_id.as_str()));
        shop.judge().await;
    }
}

/// An earlier step of the call was answered with the provider's id, by which alone it is looked up.
async fn order_that_an_error_names_is_looked_up<D: Database>() {
    let mut guarantees = guarantees();
    (guarantees.find_by, guarantees.resend_for) = (FindBy::ProviderReference, None);
    let time = Hand::new();
    let shop = Shop::<D>::at(Issuer::with(guarantees, &time), time).await;
    shop.issuer.then([Made::LosesLaterAnswer]);
    let record = shop.until(Status::Pending, minutes(1)).await;
    assert_eq!((shop.issuer.created(), record.attempts.len()), (1, 1));
    assert!(record.attempts[0].provider_reference.is_some());
    shop.judge().await;
}

/// The look-up has no way to pay: the order is withdrawn, and the next one is shown.
async fn order_without_a_way_to_pay_is_withdrawn<D: Database>() {
    for lost in [Made::LosesAnswer, Made::LosesRequest] {
        let shop = Shop::<D>::open().await;
        shop.issuer.hide_way();
        shop.issuer.then([lost]);
        let record = shop.until(Status::Pending, minutes(2)).await;
        let [first, second] = &record.attempts[..] else { panic!("{record:?}") };
        assert!(code(&record).ends_with(second.order_id.as_str()));
        assert!(first.proof.is_some() && first.instructions.is_none());
        if shop.issuer.created() == 2 {
            assert!(shop.issuer.is_withdrawn(&first.order_id));
        }
        shop.judge().await;
    }
}

async fn request_that_did_not_leave_is_sent_again<D: Database>() {
    let shop = Shop::<D>::open().await;
    shop.issuer.then([Made::Refuses; 3]);
    let record = shop.until(Status::Pending, FIVE_MINUTES).await;
    assert_eq!((record.attempts.len(), record.attempts[0].attempt.sendings.len()), (1, 4));
    shop.judge().await;
}

async fn rejected_collection_fails<D: Database>() {
    let shop = Shop::<D>::open().await;
    shop.issuer.then([Made::Rejects(ErrorKind::InvalidRequest)]);
    let record = shop.until(Status::Failed, minutes(1)).await;
    assert!(record.instructions().is_none());
    assert_eq!(shop.issuer.created(), 0);
    shop.judge().await;
}

/// The process ends at each verb in turn, before or after it is written.
async fn killed_process_shows_one_code<D: Database>() {
    for end in 1..6 {
        for how in [faults::Break::Lost, faults::Break::Killed] {
            let time = Hand::new();
            let mut shop = Shop::<D>::at(Issuer::new(&time), time).await;
            let breaks = Arc::new(std::sync::Mutex::new(vec![(end, how)]));
            let store = shop.database.store().clone();
            let store = faults::Breaking::new(store, breaks);
            let planner = Arc::new(AtIssuer(shop.issuer.clone()));
            let (time, policy) = (shop.time.clone(), policy_of(&shop.issuer));
            let worker = Worker::new(store, planner, time, policy, Limits::in_flight(4));
            let _ = worker.run_once().await;
            let _ = worker.run_once().await;
            drop(worker);
            shop.database.kill();
            shop.worker = Shop::<D>::worker(&shop.database, &shop.issuer, &shop.time);
            let order = shop.shown().await;
            let record = shop.record().await;
            let shown: BTreeSet<_> =
                record.instructions().into_iter().map(|it| it.expose()).collect();
            assert_eq!(shown.len(), 1, "{end} {how:?}");
            shop.issuer.pay(&order, ASKED);
            shop.until(Status::Succeeded, minutes(2)).await;
            shop.judge().await;
        }
    }
}

async fn evidence_is_paid_at_once<D: Database>() {
    let shop = Shop::<D>::notified().await;
    let order = shop.shown().await;
    let (payment, asked) = (shop.issuer.pay(&order, ASKED), shop.issuer.lookups());
    shop.receive(&order, &payment, ASKED, Authenticity::Signed).await;
    assert_eq!(shop.work().await.status, Status::Succeeded);
    assert_eq!(shop.issuer.lookups(), asked);
    shop.judge().await;
}

/// Late, shuffled, three times, and after a look-up that says the same.
async fn repeated_notifications_are_one_payment<D: Database>() {
    let shop = Shop::<D>::notified().await;
    let order = shop.shown().await;
    let payment = shop.issuer.pay(&order, ASKED);
    shop.until(Status::Succeeded, minutes(1)).await;
    for authenticity in [Authenticity::SharedKey, Authenticity::Signed, Authenticity::Signed] {
        shop.receive(&order, &payment, ASKED, authenticity).await;
        shop.work_for(minutes(1)).await;
    }
    assert_eq!(shop.count("received").await, 1);
    let surprised = ["late", "twice", "short", "over", "after_cancellation"];
    assert!(!shop.names().await.iter().any(|name| surprised.contains(name)));
    shop.judge().await;
}

/// Another merchant of the platform is paid under our order id, and over our amount.
async fn forgery_of_another_merchant_is_not_paid<D: Database>() {
    let shop = Shop::<D>::open().await;
    let order = shop.shown().await;
    let payment = ProviderReference::new("P-of-another").unwrap();
    let asked = shop.issuer.lookups();
    shop.receive(&order, &payment, ASKED, Authenticity::SharedKey).await;
    shop.receive(&order, &payment, ASKED, Authenticity::Signed).await;
    let record = shop.work_for(SignedDuration::from_secs(3)).await;
    assert_eq!((record.status, record.reviews.len()), (Status::Pending, 0));
    assert!(shop.issuer.lookups() > asked, "it causes a look-up");
    shop.judge().await;
}

async fn payment_beside_what_was_asked_is_reported<D: Database>() {
    let short = (ASKED - 1, Status::Cancelled, Surprise::Short, ReviewReason::Short);
    let over = (ASKED + 1, Status::Succeeded, Surprise::Over, ReviewReason::Over);
    for (minor, status, surprise, review) in [short, over] {
        let shop = Shop::<D>::open().await;
        let order = shop.shown().await;
        shop.issuer.pay(&order, minor);
        let record = shop.work_for(minutes(10)).await;
        assert_eq!((record.status, reviews(&record)), (status, vec![review]), "{minor}");
        assert_eq!((shop.count("received").await, shop.count(surprise.as_str()).await), (1, 1));
        shop.judge().await;
    }
}

async fn payment_after_expiry_is_late<D: Database>() {
    let shop = Shop::<D>::open().await;
    let order = shop.shown().await;
    let record = shop.work_for(minutes(10)).await;
    assert_eq!(record.status, Status::Cancelled);
    shop.issuer.pay(&order, ASKED);
    let record = shop.until(Status::Succeeded, SignedDuration::from_hours(48)).await;
    assert_eq!((shop.count("late").await, reviews(&record)), (1, vec![]));
    shop.judge().await;
}

/// The code of the first order was never shown, and is paid all the same, beside the shown one.
async fn payment_of_a_withdrawn_order_is_reported<D: Database>() {
    let shop = Shop::<D>::open().await;
    shop.issuer.hide_way();
    shop.issuer.then([Made::LosesAnswer]);
    let shown = shop.shown().await;
    let first = shop.record().await.attempts[0].order_id.clone();
    assert_ne!(first, shown);
    shop.issuer.pay(&shown, ASKED);
    shop.until(Status::Succeeded, minutes(1)).await;
    let payment = shop.issuer.pay(&first, ASKED);
    shop.receive(&first, &payment, ASKED, Authenticity::SharedKey).await;
    let record = shop.work_for(minutes(5)).await;
    assert_eq!((shop.count("received").await, shop.count("twice").await), (2, 1));
    assert!(record.reviews.contains(&ReviewReason::Twice), "{record:?}");
    shop.judge().await;
}

async fn cancelled_collection_is_withdrawn<D: Database>() {
    let shop = Shop::<D>::open().await;
    let order = shop.shown().await;
    assert_eq!(shop.cancel().await.status, Status::Cancelled);
    let record = shop.work_for(minutes(2)).await;
    assert!(shop.issuer.is_withdrawn(&order));
    assert_eq!((record.status, reviews(&record)), (Status::Cancelled, vec![]));
    shop.judge().await;
}

async fn payment_after_cancellation_is_reported<D: Database>() {
    let shop = Shop::<D>::open().await;
    let order = shop.shown().await;
    shop.cancel().await;
    shop.issuer.pay(&order, ASKED);
    let record = shop.until(Status::Succeeded, SignedDuration::from_hours(48)).await;
    assert_eq!(reviews(&record), [ReviewReason::AfterCancellation]);
    assert_eq!(shop.count("after_cancellation").await, 1);
    shop.judge().await;
}

async fn reversed_payment_is_not_here<D: Database>() {
    let shop = Shop::<D>::open().await;
    let order = shop.shown().await;
    shop.issuer.pay(&order, ASKED);
    shop.until(Status::Succeeded, minutes(1)).await;
    shop.issuer.reverse(&order);
    let record = shop.until(Status::Reversed, SignedDuration::from_hours(48)).await;
    assert_eq!(reviews(&record), [ReviewReason::Reversed]);
    shop.judge().await;
}

/// It expired, and the provider did not answer since: it may be paid.
async fn unanswered_look_ups_close_nothing_in_silence<D: Database>() {
    let shop = Shop::<D>::open().await;
    let order = shop.shown().await;
    shop.issuer.go_down(true);
    shop.issuer.pay(&order, ASKED);
    let record = shop.work_for(SignedDuration::from_hours(2)).await;
    assert_eq!(reviews(&record), [ReviewReason::Unresolved]);
    shop.issuer.go_down(false);
    let record = shop.until(Status::Succeeded, SignedDuration::from_hours(48)).await;
    assert_eq!((shop.count("late").await, reviews(&record)), (1, vec![]));
    shop.judge().await;
}

async fn payment_instructions_stand_beside_the_events<D: Database>() {
    let shop = Shop::<D>::open().await;
    shop.shown().await;
    let record = shop.record().await;
    let events = shop.database.store().timeline(record.id).await.unwrap();
    let accepted = |change: &Change| matches!(change, Change::Accepted { expires: Some(_), .. });
    assert!(events.iter().any(|event| accepted(&event.change)));
    let texts: Vec<_> =
        events.iter().map(|it| serde_json::to_string(&it.change).unwrap()).collect();
    assert!(!texts.concat().contains("code of"));
    assert!(!format!("{record:?}").contains("code of"));
    let later = Timestamp::MAX;
    assert!(record.next_at.is_some_and(|next| next < later));
}
