//! Workers on one Postgres server, which stops at random moments too.

use crate::{
    LONGEST,
    folder::{Folder, again},
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

#[tokio::test(flavor = "multi_thread")]
async fn payouts_survive_kills_of_workers_and_server() {
    let Some(cluster) = Cluster::with(&[]) else { return };
    let mut random = Random::from_environment();
    let cycles = random::number("TULAY_KILL_CYCLES").unwrap_or(100);
    let url = cluster.database().url();
    let settings = format!("[journal]\nurl = \"{url}\"\n[time]\nlease = \"400ms\"\n");
    let folder = Folder::new(&settings).await;
    let mut workers: Vec<Worker> = (0..WORKERS).map(|_| Worker::start(&folder)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut stops = 0;
    for cycle in 0..cycles {
        for _ in 0..random.below(11) {
            rows.push(submit(&folder.tulay, rows.len()).await);
        }
        random.wait(LONGEST);
        spare(&folder, &rows).await;
        let place = usize::try_from(random.below(4)).unwrap();
        workers[place].disturb(&folder, random.below(4) == 0);
        if (cycle + 1) * STOPS / cycles > stops {
            cluster.stop_immediate();
            cluster.start();
            stops += 1;
        }
    }
    workers.iter_mut().for_each(Worker::go_on);
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

    fn disturb(&mut self, folder: &Folder, stops: bool) {
        if self.is_stopped {
            self.go_on();
        } else if stops {
            signal(&self.child, Signal::STOP);
            self.is_stopped = true;
            self.stops += 1;
        } else {
            kill(&mut self.child);
            self.child = folder.worker();
            self.kills += 1;
        }
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
