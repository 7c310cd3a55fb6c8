//! Workers on one Postgres server, which stops at random moments too.

use crate::{
    folder::{Folder, again, turn},
    judge::{Row, judge, spare, submit},
    kill,
    random::{self, Random},
    signal,
};
use rustix::process::Signal;
use std::process::Child;
use tulay::journal::Filter;
use tulay_tests_postgres::Cluster;

const WORKERS: usize = 4;
/// How often the server is stopped.
const STOPS: u64 = 10;
/// At least so many payouts for each kill.
const PAYOUTS: u64 = 5;
/// A process is killed within this time of the one before.
const LONGEST: u64 = 300_000;

#[tokio::test(flavor = "multi_thread")]
async fn payouts_survive_kills_of_workers_and_server() {
    // The server is killed, the machine is not: what was written need not be made durable file by file.
    let settings = [("recovery_init_sync_method", "syncfs")];
    let Some(cluster) = Cluster::with(&settings) else { return };
    let mut random = Random::from_environment();
    let cycles = random::number("TULAY_KILL_CYCLES").unwrap_or(100);
    let url = cluster.database().url();
    let settings = format!("[journal]\nurl = \"{url}\"\n[time]\nlease = \"400ms\"\n");
    let folder = Folder::new(turn().await, &settings).await;
    let mut workers: Vec<Worker> = (0..WORKERS).map(|_| Worker::start(&folder)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut stops = 0;
    for cycle in 0..cycles {
        for _ in 0..random.below(11) {
            rows.push(submit(&folder.tulay, rows.len()).await);
        }
        random.wait(LONGEST);
        spare(&folder).await;
        let place = usize::try_from(random.below(4)).unwrap();
        workers[place].kill(&folder);
        let place = usize::try_from(random.below(8)).unwrap();
        if let Some(worker) = workers.get_mut(place) {
            worker.stop_or_go_on();
        }
        if (cycle + 1) * STOPS / cycles > stops {
            cluster.stop_immediate();
            cluster.start();
            stops += 1;
        }
    }
    workers.iter_mut().for_each(Worker::go_on);
    while u64::try_from(rows.len()).unwrap() < PAYOUTS * cycles {
        rows.push(submit(&folder.tulay, rows.len()).await);
    }
    let judged = judge(&folder, &rows).await;
    let payouts = folder.tulay.payouts();
    let listed = again(async || payouts.list(Filter::default()).await?.all().await).await;
    assert_eq!(listed.len(), rows.len());
    let counts = Worker::counts(&workers);
    workers.iter_mut().for_each(|worker| kill(&mut worker.child));
    println!("{counts}, the server {stops} times (seed {}): {judged}", random.seed);
}

/// A process that is killed, or stopped for longer than its lease.
struct Worker {
    child: Child,
    is_stopped: bool,
    kills: usize,
    stops: usize,
}

impl Worker {
    fn start(folder: &Folder) -> Self {
        Self { child: folder.worker(), is_stopped: false, kills: 0, stops: 0 }
    }

    fn kill(&mut self, folder: &Folder) {
        kill(&mut self.child);
        self.child = folder.worker();
        self.is_stopped = false;
        self.kills += 1;
    }

    fn stop_or_go_on(&mut self) {
        if self.is_stopped {
            return self.go_on();
        }
        signal(&self.child, Signal::STOP);
        self.is_stopped = true;
        self.stops += 1;
    }

    fn go_on(&mut self) {
        if self.is_stopped {
            signal(&self.child, Signal::CONT);
            self.is_stopped = false;
        }
    }

    fn counts(workers: &[Self]) -> String {
        let kills: usize = workers.iter().map(|it| it.kills).sum();
        let stops: usize = workers.iter().map(|it| it.stops).sum();
        format!("{WORKERS} workers killed {kills} times and stopped {stops} times")
    }
}
