//! Workers that are killed and stopped at random moments: `tulay serve --only worker`, with simulated
//! providers and their ledger in this process.
//!
//! 500 cycles by default. Ten thousand take about half an hour:
//! `TULAY_KILL_CYCLES=10000 cargo test -p tulay-cli --test kill -- --nocapture`
//! On Postgres, four workers are killed and stopped, and so is the server; 100 cycles by default.
//! Ten thousand payouts take two thousand:
//! `TULAY_KILL_CYCLES=2000 cargo test --release -p tulay-cli --test kill postgres -- --nocapture`
//! Every run prints its seed; `TULAY_KILL_SEED` repeats its moments.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[cfg(feature = "postgres")]
mod a_hundred_processes;
mod folder;
mod judge;
mod notified;
#[cfg(feature = "postgres")]
mod postgres;
mod random;
mod sales;

use folder::{Folder, turn};
use judge::{Row, judge, spare, submit, submit_refund};
use random::Random;
use std::{process::Child, time::Duration};

/// The simulators ask for an address that they can notify. Nothing listens at this one.
const NOTIFIED: &str = "[webhook]\npublic_url = \"http://127.0.0.1:9/notify\"\n";

/// A process is killed within this time of its start.
const LONGEST: u64 = 450_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_loses_no_payment() {
    let mut random = Random::from_environment();
    let cycles = random::number("TULAY_KILL_CYCLES").unwrap_or(500);
    let folder = Folder::new(turn().await, NOTIFIED).await;
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..cycles {
        for _ in 0..random.below(4) {
            rows.push(match random.below(8) {
                0 => submit_refund(&folder, rows.len()).await,
                _ => submit(&folder.tulay, rows.len()).await,
            });
        }
        let mut worker = folder.worker();
        random.wait(LONGEST);
        spare(&folder).await;
        kill(&mut worker);
    }
    let mut last = folder.worker();
    let judged = judge(&folder, &rows).await;
    kill(&mut last);
    println!("{cycles} processes killed (seed {}): {judged}", random.seed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_stopped_beyond_its_lease_sends_nothing() {
    let mut random = Random::from_environment();
    let folder = Folder::new(turn().await, "[time]\nlease = \"300ms\"\n").await;
    let mut rows: Vec<Row> = Vec::new();
    let mut workers = [folder.worker(), folder.worker()];
    for cycle in 0..50 {
        for _ in 0..random.below(6) {
            rows.push(submit(&folder.tulay, rows.len()).await);
        }
        let worker = &mut workers[cycle % 2];
        random.wait(LONGEST);
        signal(worker, rustix::process::Signal::STOP);
        random.wait_from(300_000, 600_000);
        signal(worker, rustix::process::Signal::CONT);
        if random.below(4) == 0 {
            kill(worker);
            *worker = folder.worker();
        }
    }
    let judged = judge(&folder, &rows).await;
    workers.iter_mut().for_each(kill);
    println!("50 workers stopped beyond their lease (seed {}): {judged}", random.seed);
}

fn kill(worker: &mut Child) {
    worker.kill().unwrap();
    worker.wait().unwrap();
}

fn signal(worker: &Child, signal: rustix::process::Signal) {
    let id = i32::try_from(worker.id()).unwrap();
    let id = rustix::process::Pid::from_raw(id).unwrap();
    rustix::process::kill_process(id, signal).unwrap();
}

/// How long payouts may take once the last worker is left alone.
const PATIENCE: Duration = Duration::from_secs(90);
