//! What notifications make a worker do.

use super::*;
use tulay_core::{
    Authenticity, IdRules, Notification, Observation, OrderId, PayoutStatus, StatedAmount, Verified,
};
use tulay_journal::{
    machine::ReviewReason,
    store::{Incoming, NotificationFilter, Notifications, Scope},
};

databases!(
    hint_causes_one_look_up,
    hint_of_a_forgery_ends_nothing,
    evidence_of_this_account_ends_it,
    evidence_needs_a_guarantee,
    early_notification_is_applied_later,
    notified_order_is_looked_up_and_sent,
    order_that_was_never_sent_pauses,
    evidence_of_what_was_never_sent_pauses,
    evidence_of_an_unsent_attempt_pauses,
    hint_of_a_rejected_attempt_is_asked_first,
    unmatched_notification_is_kept,
);

fn order_id(attempt: u32) -> OrderId {
    let reference = Reference::new("R1").unwrap();
    OrderId::derive(IdRules::STANDARD, &namespace(), Operation::Payout, &reference, attempt)
}

/// A notification about an attempt of the payout, at the first desk.
fn notification(attempt: u32, status: PayoutStatus, centavos: i64) -> Notification {
    let mut payout = Observation::new(status);
    payout.order_id = Some(order_id(attempt));
    payout.amount = Some(StatedAmount::known(Money::from_minor(centavos, Currency::PHP)));
    Notification::Payout(payout)
}

impl<D: Database> Office<D> {
    async fn receive(&self, notification: &Notification, authenticity: Authenticity) -> bool {
        let body = bytes::Bytes::from_static(b"{}");
        let parse = |_: &[u8]| Ok(vec![notification.clone()]);
        let message = Verified::signed(&body, |_| Ok(()), parse).unwrap();
        let message = if authenticity.is_evidence() { message } else { message.as_hint() };
        let incoming = Incoming::all(&account(1), &message, "/notify/desk/payout", &body);
        self.database.store().receive(incoming).await.unwrap()[0]
    }

    async fn pauses(&self) -> Vec<Scope> {
        let journal = self.database.store().journal().await.unwrap();
        journal.pauses.into_iter().map(|pause| pause.scope).collect()
    }
}

/// Desks whose guarantees bind the account in what they send.
fn binding(time: &Arc<Hand>) -> Vec<Arc<Desk>> {
    let mut guarantees = guarantees();
    guarantees.echoes.push(tulay_core::Echo::Account);
    vec![Desk::with(account(1), guarantees, time)]
}

async fn pending<D: Database>(office: &Office<D>) {
    office.desks[0].lag(hours(1));
    office.submit().await;
    office.until(Status::Pending, minutes(1)).await;
}

async fn hint_causes_one_look_up<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    pending(&office).await;
    let asked = office.desks[0].lookups();
    for centavos in 1..=10 {
        let hint = notification(1, PayoutStatus::Succeeded, centavos);
        assert!(office.receive(&hint, Authenticity::SharedKey).await);
    }
    office.time.pass(SignedDuration::from_millis(1));
    office.work().await;
    office.work().await;
    assert_eq!(office.desks[0].lookups(), asked + 1, "ten hints are one look-up");
    let same = notification(1, PayoutStatus::Succeeded, 1);
    assert!(!office.receive(&same, Authenticity::SharedKey).await);
    office.work().await;
    assert_eq!(office.desks[0].lookups(), asked + 1, "a repetition is none");
}

/// Another merchant pays himself under our order id: the notification is genuine.
async fn hint_of_a_forgery_ends_nothing<D: Database>() {
    for status in [PayoutStatus::Succeeded, PayoutStatus::Failed, PayoutStatus::Reversed] {
        let office = Office::<D>::with_two_desks().await;
        pending(&office).await;
        let forged = notification(1, status, 10_000);
        office.receive(&forged, Authenticity::SharedKey).await;
        office.time.pass(SignedDuration::from_millis(1));
        let record = office.work().await;
        assert_eq!((record.status, record.reviews.len()), (Status::Pending, 0));
        assert_eq!(office.pauses().await, []);
        let record = office.until(Status::Succeeded, hours(3)).await;
        assert_eq!((office.paid(), record.attempts.len()), (1, 1));
    }
}

async fn evidence_of_this_account_ends_it<D: Database>() {
    let time = Hand::new();
    let office = Office::<D>::open(time.clone(), binding(&time)).await;
    pending(&office).await;
    let asked = office.desks[0].lookups();
    let paid = notification(1, PayoutStatus::Succeeded, 10_000);
    office.receive(&paid, Authenticity::Signed).await;
    assert_eq!(office.work().await.status, Status::Succeeded);
    assert_eq!(office.desks[0].lookups(), asked);
}

/// A signed message proves nothing where the guarantees do not bind the account.
async fn evidence_needs_a_guarantee<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    pending(&office).await;
    let paid = notification(1, PayoutStatus::Succeeded, 10_000);
    office.receive(&paid, Authenticity::Signed).await;
    assert_eq!(office.work().await.status, Status::Pending);
}

async fn early_notification_is_applied_later<D: Database>() {
    let time = Hand::new();
    let office = Office::<D>::open(time.clone(), binding(&time)).await;
    office.desks[0].then([Does::LoseAnswer]);
    office.desks[0].lag(hours(1));
    office.submit().await;
    office.work().await;
    let paid = notification(1, PayoutStatus::Succeeded, 10_000);
    office.receive(&paid, Authenticity::Signed).await;
    assert_eq!(office.work().await.status, Status::Succeeded);
    assert_eq!(office.paid(), 1);
}

async fn notified_order_is_looked_up_and_sent<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office
        .receive(&notification(1, PayoutStatus::Succeeded, 10_000), Authenticity::SharedKey)
        .await;
    office.time.pass(SignedDuration::from_millis(1));
    office.submit().await;
    let record = office.work().await;
    assert_eq!((record.status, office.desks[0].arrived()), (Status::Created, 0));
    assert!(office.desks[0].lookups() > 0);
    let record = office.until(Status::Succeeded, minutes(1)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 1));
    assert_eq!(office.pauses().await, [], "a hint pauses nothing");
}

async fn order_that_was_never_sent_pauses<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].make(order_id(1), Money::from_minor(10_000, Currency::PHP));
    office
        .receive(&notification(1, PayoutStatus::Succeeded, 10_000), Authenticity::SharedKey)
        .await;
    office.time.pass(SignedDuration::from_millis(1));
    office.submit().await;
    let record = office.work_for(hours(1)).await;
    assert_eq!(office.pauses().await, [Scope::Account(account(1))]);
    assert!(record.reviews.contains(&ReviewReason::Contradiction), "{:?}", record.reviews);
    assert_eq!((office.paid(), office.desks[1].arrived()), (1, 0), "nothing more was sent");
}

async fn evidence_of_what_was_never_sent_pauses<D: Database>() {
    let time = Hand::new();
    let office = Office::<D>::open(time.clone(), binding(&time)).await;
    office.receive(&notification(1, PayoutStatus::Succeeded, 10_000), Authenticity::Signed).await;
    office.time.pass(SignedDuration::from_millis(1));
    office.submit().await;
    office.work_for(minutes(5)).await;
    assert_eq!(office.pauses().await, [Scope::Account(account(1))]);
    assert_eq!(office.desks[0].arrived(), 0);
}

async fn evidence_of_an_unsent_attempt_pauses<D: Database>() {
    let time = Hand::new();
    let office = Office::<D>::open(time.clone(), binding(&time)).await;
    office.desks[0].then([Does::Refuse]);
    office.submit().await;
    office.work().await;
    assert_eq!(office.pauses().await, []);
    office.receive(&notification(1, PayoutStatus::Succeeded, 10_000), Authenticity::Signed).await;
    let record = office.work().await;
    assert_eq!(office.pauses().await, [Scope::Account(account(1))]);
    assert_eq!((record.status, office.desks[0].arrived()), (Status::Succeeded, 0));
}

async fn hint_of_a_rejected_attempt_is_asked_first<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    office.desks[0].then([Does::Reject { kind: ErrorKind::Funds, is_permanent: false }]);
    office.submit().await;
    office.work().await;
    let asked = office.desks[0].lookups();
    office.time.pass(SignedDuration::from_millis(1));
    office
        .receive(&notification(1, PayoutStatus::Succeeded, 10_000), Authenticity::SharedKey)
        .await;
    office.time.pass(SignedDuration::from_millis(1));
    office.work().await;
    assert_eq!(office.desks[0].lookups(), asked + 1);
    office.until(Status::Succeeded, hours(1)).await;
    assert_eq!(office.paid(), 1);
}

async fn unmatched_notification_is_kept<D: Database>() {
    let office = Office::<D>::with_two_desks().await;
    let unknown = notification(8, PayoutStatus::Succeeded, 10_000);
    office.receive(&unknown, Authenticity::SharedKey).await;
    pending(&office).await;
    office.until(Status::Succeeded, hours(3)).await;
    office.work_for(hours(25)).await;
    let open = office.database.store().notifications(NotificationFilter::default()).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(office.database.store().unapplied(10).await.unwrap(), []);
    assert_eq!(office.paid(), 1);
}
