//! Events are delivered to a handler that fails, panics, hangs or is killed, by one deliverer or by
//! several.

use crate::{
    store::{Database, Hand, accepted, claimed, databases, next, policy, write},
    worker::faults::{Break, Breaking},
};
use async_trait::async_trait;
use jiff::SignedDuration;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};
use tulay_journal::{
    Deliverer, Handler, HandlerError,
    record::RecordId,
    store::{EventId, PaymentEvent, Store},
};

databases!(
    every_event_is_delivered_in_order,
    failing_handler_gets_the_event_again,
    panic_is_a_failed_delivery,
    slow_handler_is_dropped_at_its_time_out,
    event_that_was_not_marked_is_delivered_again,
    killed_deliverer_leaves_its_events_to_others,
    two_deliverers_share_the_events,
    deliverer_stops_on_request,
);

/// What a handler does with an event.
#[derive(Clone, Copy, Debug)]
enum Does {
    Fail,
    Panic,
    Hang,
}

/// Notes what it is given.
#[derive(Default)]
struct Desk {
    /// What it does with the next events of a payment; nothing: it takes them.
    scripts: Mutex<BTreeMap<RecordId, Vec<Does>>>,
    seen: Mutex<Vec<(EventId, RecordId, u32)>>,
    /// The payments whose events are being handled.
    busy: Mutex<BTreeSet<RecordId>>,
    hangs: tokio::sync::Notify,
}

impl Desk {
    fn then(&self, payment: i64, script: &[Does]) {
        let script = script.iter().rev().copied().collect();
        self.scripts.lock().unwrap().insert(RecordId(payment), script);
    }

    /// Payment and number of each event that it was given.
    fn seen(&self) -> Vec<(i64, u32)> {
        self.seen.lock().unwrap().iter().map(|(_, id, number)| (id.0, *number)).collect()
    }

    fn ids(&self) -> Vec<EventId> {
        self.seen.lock().unwrap().iter().map(|(id, ..)| *id).collect()
    }
}

/// Marks a payment as being handled, as long as it lives.
struct Busy<'d>(&'d Desk, RecordId);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.lock().unwrap().remove(&self.1);
    }
}

struct Front(Arc<Desk>);

#[async_trait]
impl Handler for Front {
    async fn handle(&self, event: &PaymentEvent) -> Result<(), HandlerError> {
        let (desk, id) = (&*self.0, event.record.id);
        assert!(desk.busy.lock().unwrap().insert(id), "two events of one payment at once");
        let _busy = Busy(desk, id);
        desk.seen.lock().unwrap().push((event.id, id, event.event.number));
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        let does = desk.scripts.lock().unwrap().get_mut(&id).and_then(Vec::pop);
        match does {
            None => Ok(()),
            Some(Does::Fail) => Err("the ledger is closed".into()),
            Some(Does::Panic) => panic!("the handler panics, as the test wants"),
            Some(Does::Hang) => {
                desk.hangs.notify_one();
                std::future::pending().await
            }
        }
    }
}

fn deliverer(store: impl Store, time: &Arc<Hand>, desk: &Arc<Desk>) -> Deliverer {
    Deliverer::new(Arc::new(store), time.clone(), Arc::new(Front(Arc::clone(desk))))
}

/// A journal whose payments, so many, have two events each.
async fn begin<D: Database>(payments: u32) -> (D, Arc<Hand>, Arc<Desk>) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    let store = database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    for number in 1..=payments {
        accepted(store, &format!("R{number}")).await;
        let record = claimed(store).await;
        write(store, next(&record, 1)).await.unwrap();
    }
    (database, time, Arc::new(Desk::default()))
}

const fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

async fn every_event_is_delivered_in_order<D: Database>() {
    let (database, time, desk) = begin::<D>(2).await;
    let deliverer = deliverer(database.store().clone(), &time, &desk);
    while deliverer.run_once().await.unwrap() > 0 {}
    accepted(database.store(), "R3").await;
    while deliverer.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1), (2, 1), (1, 2), (2, 2), (3, 1)]);
}

async fn failing_handler_gets_the_event_again<D: Database>() {
    let (database, time, desk) = begin::<D>(2).await;
    desk.then(1, &[Does::Fail; 3]);
    let deliverer = deliverer(database.store().clone(), &time, &desk);
    while deliverer.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1), (2, 1), (2, 2)], "the other payment goes on");
    for wait in [1, 2, 4] {
        let seen = desk.seen().len();
        time.pass(seconds(wait) - SignedDuration::from_millis(1));
        assert_eq!(deliverer.run_once().await.unwrap(), 0);
        time.pass(SignedDuration::from_millis(1));
        while deliverer.run_once().await.unwrap() > 0 {}
        assert_eq!(desk.seen()[seen], (1, 1));
    }
    assert_eq!(desk.seen()[5..], [(1, 1), (1, 2)], "its later events follow");
    let ids = desk.ids();
    assert!([3, 4, 5].map(|place| ids[place]).iter().all(|id| *id == ids[0]), "{ids:?}");
}

async fn panic_is_a_failed_delivery<D: Database>() {
    let (database, time, desk) = begin::<D>(1).await;
    desk.then(1, &[Does::Panic]);
    let deliverer = deliverer(database.store().clone(), &time, &desk);
    while deliverer.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1)]);
    time.pass(seconds(1));
    while deliverer.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1), (1, 1), (1, 2)]);
}

async fn slow_handler_is_dropped_at_its_time_out<D: Database>() {
    let (database, time, desk) = begin::<D>(1).await;
    desk.then(1, &[Does::Hang]);
    let deliverer = deliverer(database.store().clone(), &time, &desk).time_out(seconds(10));
    let another = self::deliverer(database.another(), &time, &desk);
    let passes = async {
        desk.hangs.notified().await;
        time.pass(seconds(9));
        assert_eq!(another.run_once().await.unwrap(), 0, "it is not delivered twice at once");
        assert_eq!(desk.busy.lock().unwrap().len(), 1);
        time.pass(seconds(1));
    };
    let (begun, ()) = tokio::join!(deliverer.run_once(), passes);
    assert_eq!(begun, Ok(1));
    assert!(desk.busy.lock().unwrap().is_empty(), "its call is dropped");
    time.pass(seconds(1));
    while another.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1), (1, 1), (1, 2)]);
}

async fn event_that_was_not_marked_is_delivered_again<D: Database>() {
    let (mut database, time, desk) = begin::<D>(1).await;
    // The process ends when it is about to write that the event is delivered: its third verb.
    let breaks = Arc::new(Mutex::new(vec![(3, Break::Lost)]));
    let breaking = Breaking::new(database.store().clone(), breaks);
    let broken = Deliverer::new(breaking, time.clone(), Arc::new(Front(Arc::clone(&desk))));
    assert_eq!(broken.run_once().await, Ok(1));
    let another = deliverer(database.another(), &time, &desk);
    assert_eq!(another.run_once().await, Ok(0));
    drop(broken);
    database.kill();
    while another.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1), (1, 1), (1, 2)]);
    assert_eq!(desk.ids()[0], desk.ids()[1], "with the same id");
}

async fn killed_deliverer_leaves_its_events_to_others<D: Database>() {
    let (mut database, time, desk) = begin::<D>(1).await;
    desk.then(1, &[Does::Hang]);
    let killed = deliverer(database.store().clone(), &time, &desk);
    let task = tokio::spawn(async move { killed.run(std::future::pending()).await });
    desk.hangs.notified().await;
    task.abort();
    assert!(task.await.is_err_and(|error| error.is_cancelled()));
    database.kill();
    let is_busy = || !desk.busy.lock().unwrap().is_empty();
    // Tasks that are aborted end when the runtime comes to them.
    for _ in 0..1000 {
        if is_busy() {
            tokio::task::yield_now().await;
        }
    }
    assert!(!is_busy(), "its call has ended with it");
    // On a server, a claim ends with its lease alone.
    time.pass(seconds(61));
    let another = deliverer(database.another(), &time, &desk);
    while another.run_once().await.unwrap() > 0 {}
    assert_eq!(desk.seen(), [(1, 1), (1, 1), (1, 2)]);
}

async fn two_deliverers_share_the_events<D: Database>() {
    let (database, time, desk) = begin::<D>(40).await;
    let stores = [database.store().clone(), database.another()];
    let [one, two] = stores.map(|store| deliverer(store, &time, &desk));
    let drain = async |deliverer: &Deliverer| {
        let mut begun = 0;
        while desk.seen().len() < 80 {
            begun += deliverer.run_once().await.unwrap();
            tokio::task::yield_now().await;
        }
        begun
    };
    let (one, two) = tokio::join!(drain(&one), drain(&two));
    assert_eq!(one + two, 80, "each once");
    let ids: BTreeSet<EventId> = desk.ids().into_iter().collect();
    assert_eq!(ids.len(), 80);
    for payment in 1..=40 {
        let numbers: Vec<u32> =
            desk.seen().iter().filter(|it| it.0 == payment).map(|it| it.1).collect();
        assert_eq!(numbers, [1, 2]);
    }
}

async fn deliverer_stops_on_request<D: Database>() {
    let (database, time, desk) = begin::<D>(1).await;
    let deliverer = deliverer(database.store().clone(), &time, &desk);
    // It stops while the first event is handled, which is written down all the same.
    desk.then(1, &[Does::Hang]);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stops = async {
        desk.hangs.notified().await;
        drop(stop);
        time.pass(seconds(30));
    };
    let (ended, ()) = tokio::join!(deliverer.run(async { drop(stopped.await) }), stops);
    assert_eq!(ended, Ok(()));
    assert_eq!(desk.seen(), [(1, 1)]);
    time.pass(seconds(1));
    assert_eq!(database.store().undelivered(9, seconds(1)).await.unwrap()[0].tries, 1);
}
