//! Events in order, and events to be delivered.

use super::*;
use std::collections::BTreeSet;
use tulay_journal::{
    machine::ReviewReason,
    record::{Status, Write},
    store::{Delivery, EventId, Filter, StoreError},
};

databases!(
    events_are_read_in_order,
    event_names_the_new_status,
    event_of_another_journal_is_refused,
    nothing_is_delivered_before_a_subscription,
    events_of_a_payment_are_delivered_in_order,
    event_is_claimed_by_one_process,
    claims_of_a_killed_process_are_delivered_again,
    claim_that_is_over_delivers_nothing,
    failed_delivery_holds_up_its_payment_alone,
    reviews_are_listed_by_reason_account_and_age,
    reviews_are_counted,
);

const LEASE: SignedDuration = SignedDuration::from_mins(1);

async fn begin<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

/// A payment that is sent: two events.
async fn sent(store: &impl Store, reference: &str) -> Record {
    let id = accepted(store, reference).await;
    let record = store.claim(Claim::only(vec![id])).await.unwrap().records.remove(0);
    write(store, next(&record, 1)).await.unwrap()
}

/// Payment and number of each event.
fn places(deliveries: &[Delivery]) -> Vec<(i64, u32)> {
    deliveries.iter().map(|it| (it.event.record.id.0, it.event.event.number)).collect()
}

fn claim(delivery: &Delivery) -> (EventId, tulay_journal::record::Lease) {
    (delivery.event.id, delivery.lease)
}

async fn due(store: &impl Store) -> Vec<Delivery> {
    store.undelivered(10, LEASE).await.unwrap()
}

async fn events_are_read_in_order<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    assert_eq!(store.events(None, 10).await.unwrap(), []);
    let first = sent(store, "R1").await;
    accepted(store, "R2").await;
    write(store, answer(&first, Seen::Accepted)).await.unwrap();
    let all = database.another().events(None, 10).await.unwrap();
    let kinds: Vec<_> = all.iter().map(|it| (it.record.id.0, it.event.change.kind())).collect();
    assert_eq!(kinds, [(1, "accepted"), (1, "intended"), (2, "accepted"), (1, "answered")]);
    assert_eq!(all[0].record.status, Status::Pending, "as it stands now");
    for (place, event) in all.iter().enumerate() {
        let read = store.events(Some(event.id), 2).await.unwrap();
        let rest = &all[place + 1..];
        assert_eq!(read, rest[..rest.len().min(2)]);
    }
    let ids: BTreeSet<_> = all.iter().map(|it| it.id.to_string()).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
}

async fn event_names_the_new_status<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    let record = sent(store, "R1").await;
    write(store, answer(&record, Seen::Unknown)).await.unwrap();
    write(store, answer(&record, Seen::Unknown)).await.unwrap();
    let events = store.events(None, 10).await.unwrap();
    let statuses: Vec<_> = events.iter().map(|it| it.new_status()).collect();
    let [created, sending, doubt] = [Status::Created, Status::Sending, Status::InDoubt].map(Some);
    assert_eq!(statuses, [created, sending, doubt, None]);
}

async fn event_of_another_journal_is_refused<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let id = store.events(None, 1).await.unwrap()[0].id;
    assert_eq!(store.events(Some(id), 10).await.unwrap(), []);
    let later = EventId { place: 1, at: id.at + SignedDuration::from_micros(1) };
    for other in [later, EventId { place: 0, ..id }, EventId { place: 2, ..id }] {
        let refused = store.events(Some(other), 10).await;
        assert_eq!(refused, Err(StoreError::NoSuchEvent(other)));
    }
    let refused = store.events(Some(EventId { place: u64::MAX, ..id }), 10).await;
    assert!(matches!(refused, Err(StoreError::NoSuchEvent(_))), "{refused:?}");
}

async fn nothing_is_delivered_before_a_subscription<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    sent(store, "R1").await;
    assert_eq!(due(store).await, []);
    store.subscribe().await.unwrap();
    database.another().subscribe().await.unwrap();
    accepted(store, "R2").await;
    let mut delivered = Vec::new();
    loop {
        let deliveries = due(store).await;
        if deliveries.is_empty() {
            break;
        }
        delivered.extend(places(&deliveries));
        store.delivered(deliveries.iter().map(claim).collect()).await.unwrap();
    }
    delivered.sort_unstable();
    assert_eq!(delivered, [(1, 1), (1, 2), (2, 1)], "each once");
}

async fn events_of_a_payment_are_delivered_in_order<D: Database>() {
    let (database, _) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    store.subscribe().await.unwrap();
    sent(store, "R1").await;
    sent(store, "R2").await;
    let first = due(store).await;
    assert_eq!(places(&first), [(1, 1), (2, 1)]);
    assert_eq!(due(&another).await, [], "the second of a payment waits for its first");
    store.delivered(vec![claim(&first[0])]).await.unwrap();
    let second = due(&another).await;
    assert_eq!(places(&second), [(1, 2)]);
    // At most so many.
    another.delivered(vec![claim(&second[0])]).await.unwrap();
    store
        .not_delivered(vec![(first[1].event.id, first[1].lease, SignedDuration::ZERO)])
        .await
        .unwrap();
    assert_eq!(store.undelivered(0, LEASE).await.unwrap(), []);
    let again = store.undelivered(1, LEASE).await.unwrap();
    assert_eq!((places(&again), again[0].tries), (vec![(2, 1)], 1));
    assert_eq!(again[0].event.id, first[1].event.id);
}

async fn event_is_claimed_by_one_process<D: Database>() {
    let (database, time) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    store.subscribe().await.unwrap();
    accepted(store, "R1").await;
    let first = due(store).await;
    assert_eq!(due(&another).await, []);
    assert_eq!(due(store).await, [], "nor by the same process twice");
    time.pass(LEASE - SignedDuration::from_secs(1));
    assert_eq!(due(&another).await, []);
    time.pass(SignedDuration::from_secs(1));
    let second = due(&another).await;
    assert_eq!(second[0].event.id, first[0].event.id, "the same event has the same id");
}

async fn claims_of_a_killed_process_are_delivered_again<D: Database>() {
    let (mut database, _) = begin::<D>().await;
    let another = database.another();
    database.store().subscribe().await.unwrap();
    accepted(database.store(), "R1").await;
    let first = due(database.store()).await;
    assert_eq!(due(&another).await, []);
    database.kill();
    assert_eq!(due(&another).await[0].event, first[0].event);
}

async fn claim_that_is_over_delivers_nothing<D: Database>() {
    let (database, time) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    store.subscribe().await.unwrap();
    accepted(store, "R1").await;
    let first = due(store).await.remove(0);
    time.pass(LEASE);
    let second = due(&another).await.remove(0);
    store.delivered(vec![claim(&first)]).await.unwrap();
    store.not_delivered(vec![(first.event.id, first.lease, SignedDuration::ZERO)]).await.unwrap();
    assert_eq!(due(store).await, [], "the second claim holds");
    another.delivered(vec![claim(&second)]).await.unwrap();
    time.pass(LEASE);
    assert_eq!(due(store).await, []);
}

async fn failed_delivery_holds_up_its_payment_alone<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    store.subscribe().await.unwrap();
    sent(store, "R1").await;
    sent(store, "R2").await;
    let first = due(store).await;
    let wait = SignedDuration::from_secs(5);
    store.not_delivered(vec![(first[0].event.id, first[0].lease, wait)]).await.unwrap();
    store.delivered(vec![claim(&first[1])]).await.unwrap();
    let second = due(store).await;
    assert_eq!(places(&second), [(2, 2)]);
    store.delivered(vec![claim(&second[0])]).await.unwrap();
    time.pass(SignedDuration::from_secs(4));
    assert_eq!(due(store).await, []);
    time.pass(SignedDuration::from_secs(1));
    let again = due(store).await;
    assert_eq!((places(&again), again[0].tries), (vec![(1, 1)], 1));
}

/// R1 has no order after half an hour, R2 is in doubt as long, R3 was just accepted.
async fn in_review<D: Database>() -> (D, Arc<Hand>) {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let first = sent(store, "R1").await;
    write(store, answer(&first, Seen::Mismatch)).await.unwrap();
    accepted(store, "R2").await;
    let second = claimed(store).await;
    let second = write(store, next(&second, 2)).await.unwrap();
    write(store, answer(&second, Seen::Unknown)).await.unwrap();
    time.pass(SignedDuration::from_mins(31));
    for id in [first.id, second.id] {
        let claim = store.claim(Claim::only(vec![id])).await.unwrap();
        let step = Step::LookUp {
            attempt: 1,
            asked: claim.at,
            finding: tulay_journal::record::Finding::Nothing,
            provider_reference: None,
            reason: None,
        };
        write(store, Write::claimed(&claim.records[0], step)).await.unwrap();
    }
    accepted(store, "R3").await;
    (database, time)
}

async fn reviews_are_listed_by_reason_account_and_age<D: Database>() {
    let (database, time) = in_review::<D>().await;
    let store = database.store();
    let ids = async |set: &dyn Fn(&mut Filter)| -> Vec<i64> {
        let mut filter = Filter::default();
        set(&mut filter);
        store.list(filter).await.unwrap().iter().map(|it| it.id.0).collect()
    };
    assert_eq!(ids(&|it| it.in_review = true).await, [2, 1]);
    assert_eq!(ids(&|it| it.reason = Some(ReviewReason::Slow)).await, [2, 1]);
    assert_eq!(ids(&|it| it.reason = Some(ReviewReason::Mismatch)).await, [1]);
    assert_eq!(ids(&|it| it.reason = Some(ReviewReason::Reversed)).await, [0_i64; 0]);
    assert_eq!(ids(&|it| it.account = Some(account(2))).await, [2]);
    assert_eq!(ids(&|it| it.account = Some(account(3))).await, [0_i64; 0]);
    let now = time.now();
    assert_eq!(ids(&|it| it.accepted_before = Some(now)).await, [2, 1]);
    assert_eq!(ids(&|it| it.accepted_before = Some(BEGAN)).await, [0_i64; 0]);
    let all = |it: &mut Filter| {
        (it.in_review, it.status, it.most) = (true, Some(Status::InDoubt), 1);
        (it.reason, it.account) = (Some(ReviewReason::Slow), Some(account(1)));
        (it.accepted_before, it.before) = (Some(now), Some(RecordId(2)));
    };
    assert_eq!(ids(&all).await, [1]);
}

async fn reviews_are_counted<D: Database>() {
    let (database, _) = in_review::<D>().await;
    let counts = database.store().count_reviews().await.unwrap();
    let mut counts: Vec<_> =
        counts.into_iter().map(|it| (it.reason, it.account, it.payments, it.oldest)).collect();
    counts.sort_by_key(|it| (it.0, it.1.as_ref().map(|it| it.account.clone())));
    let expected = [
        (ReviewReason::Slow, Some(account(1)), 1, BEGAN),
        (ReviewReason::Slow, Some(account(2)), 1, BEGAN),
        (ReviewReason::Mismatch, Some(account(1)), 1, BEGAN),
    ];
    assert_eq!(counts, expected);
}
