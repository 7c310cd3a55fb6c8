//! `tulay serve` is killed while it takes notifications: all of them three times, late and out of
//! order, or none.

use crate::{
    PATIENCE,
    folder::{Folder, turn},
    judge::{Row, judge, spare, submit},
    kill,
    random::{self, Random},
};
use async_trait::async_trait;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{sync::Notify, time::sleep};
use tulay::journal::{EventKind, Handler, HandlerError, PaymentEvent};
use tulay_sandbox::kit::{Faults, NotificationRecord, NotificationState};

/// Notifications arrive within this time, in milliseconds.
const SCATTERED: u32 = 2_000;
/// A process is killed within this time of its start.
const LONGEST: u64 = 450_000;

#[tokio::test(flavor = "multi_thread")]
async fn notifications_survive_kills() {
    let faults = Faults { scatter_notifications: SCATTERED, ..Faults::default() };
    let folder = survive("TULAY_KILL_CYCLES", faults).await;
    let records = folder.sandbox.notifications();
    // Which of them find no process at each of their times is chance.
    let taken = records.iter().filter(|it| it.state == NotificationState::Acknowledged).count();
    assert!(taken * 2 > records.len(), "{taken} of {} were taken", records.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn payouts_end_without_notifications() {
    let faults = Faults { drop_notifications: u32::MAX, ..Faults::default() };
    let folder = survive("TULAY_KILL_CYCLES", faults).await;
    let records = folder.sandbox.notifications();
    assert!(records.iter().all(|record| record.state == NotificationState::Dropped));
}

async fn survive(cycles: &str, faults: Faults) -> Folder {
    let mut random = Random::from_environment();
    let cycles = random::number(cycles).unwrap_or(50);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = Folder::new(turn().await, &format!(
        "[webhook]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}/notify\"\n"
    ))
    .await;
    for provider in ["starpay", "regional"] {
        folder.sandbox.set_faults(provider, faults.clone()).unwrap();
    }
    let taken = Taken::default();
    // It works on no payout, and takes every event.
    let handles = folder.tulay.worker().only([]).on_event(taken.clone()).start().await.unwrap();
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..cycles {
        for _ in 0..random.below(8) {
            rows.push(submit(&folder.tulay, rows.len()).await);
        }
        let mut process = folder.serve();
        random.wait(LONGEST);
        spare(&folder).await;
        kill(&mut process);
    }
    let mut last = folder.serve();
    let judged = judge(&folder, &rows).await;
    // What no process took is sent again, later than its payout may have ended.
    let waits = Instant::now();
    let waiting = |it: &NotificationRecord| it.state == NotificationState::Waiting;
    while folder.sandbox.notifications().iter().any(waiting) && waits.elapsed() < PATIENCE {
        sleep(Duration::from_millis(20)).await;
    }
    kill(&mut last);
    taken.all_ends(rows.len()).await;
    handles.stop().await.unwrap();
    taken.judge(rows.len());
    println!("{cycles} processes killed (seed {}): {judged}", random.seed);
    folder
}

/// The events that the handler took.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<BTreeMap<String, (EventKind, String)>>>, Arc<Notify>);

#[async_trait]
impl Handler for Taken {
    async fn handle(&self, event: &PaymentEvent) -> Result<(), HandlerError> {
        let what = (event.what, event.payment.reference.to_string());
        let before = self.0.lock().unwrap().insert(event.id.to_string(), what.clone());
        assert!(before.is_none_or(|before| before == what), "an id is one event");
        self.1.notify_one();
        Ok(())
    }
}

impl Taken {
    /// Waits until the final status of each payout was delivered.
    async fn all_ends(&self, payouts: usize) {
        let delivered = async {
            loop {
                let next = self.1.notified();
                if self.ends().len() >= payouts {
                    return;
                }
                next.await;
            }
        };
        tokio::time::timeout(PATIENCE, delivered).await.unwrap();
    }

    /// The references of the events that made a payout final.
    fn ends(&self) -> Vec<String> {
        let is_end = |what: &EventKind| matches!(what, EventKind::Became(it) if it.is_final());
        let taken = self.0.lock().unwrap();
        let ends = taken.values().filter(|(what, _)| is_end(what));
        ends.map(|(_, reference)| reference.clone()).collect()
    }

    /// Each payout got its final status by one event.
    fn judge(&self, payouts: usize) {
        let ends = self.ends();
        let references: BTreeSet<&String> = ends.iter().collect();
        assert_eq!((ends.len(), references.len()), (payouts, payouts));
    }
}
