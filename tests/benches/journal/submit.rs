//! How long a caller waits for `submit` at 500 payouts a second.

use crate::{
    bare::Bare,
    measure::{Effort, bar, disk, figure, median, p99, title},
    row::{self, Row},
    world::{folder, runtime},
};
use std::{
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tulay::{SecretFiles, Tulay};
use tulay_sandbox::starpay::{DEMO_MERCHANT_ID, DEMO_MERCHANT_PRIVATE_KEY};
use tulay_tests::payout;

const INTERVAL: Duration = Duration::from_millis(2);
/// What is quick enough on any disk.
const ALLOWED: Duration = Duration::from_millis(20);
const PLATFORM_KEY: &[u8] =
    include_bytes!("../../../crates/tulay-crypto/tests/data/rsa2048.spki.der");

pub(crate) fn run(effort: Effort) {
    let count = effort.scaled(1500);
    let (mut ours, mut bare, mut of_disk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        let folder = folder();
        of_disk.push(disk(folder.path()));
        ours.push(p99(submit(folder.path(), count)));
        let rows = row::read(&folder.path().join("tulay.db"));
        assert_eq!(rows.len(), count);
        bare.push(p99(commit(&folder.path().join("bare.db"), &rows)));
    }
    title("submit, 500 a second", Some(of_disk));
    judge("p99 of submit", ours, bare);
}

/// Compares how long callers waited with bare commits at the same rate.
pub(crate) fn judge(name: &str, ours: Vec<Duration>, bare: Vec<Duration>) {
    let (ours, bare) = (median(ours), median(bare));
    figure("p99 of a bare commit at that rate", &micros(bare));
    let longest = ALLOWED.max(bare * 4);
    let text = format!("at most {} µs", longest.as_micros());
    bar(name, &micros(ours), &text, ours <= longest);
}

/// How long each caller waited, from the moment that it was due.
pub(crate) fn submit(folder: &Path, count: usize) -> Vec<Duration> {
    let tulay = Arc::new(configured(folder, ""));
    let runtime = runtime();
    let submitted = |number: usize, due: Instant| {
        let tulay = Arc::clone(&tulay);
        async move {
            let reference = format!("PAY-2026-{number:07}");
            let request = payout(&reference, &format!("{number:012}"));
            tulay.payouts().submit(request).await.unwrap();
            due.elapsed()
        }
    };
    // The first one opens the journal.
    runtime.block_on(submitted(0, Instant::now()));
    let mut running = JoinSet::new();
    let start = Instant::now();
    for number in 1..count {
        let due = await_turn(start, number);
        running.spawn_on(submitted(number, due), runtime.handle());
    }
    runtime.block_on(running.join_all())
}

/// The same by a bare connection, one in each commit.
pub(crate) fn commit(path: &Path, rows: &[Row]) -> Vec<Duration> {
    let bare = Bare::create(path);
    let start = Instant::now();
    let one = |(number, row)| {
        let due = await_turn(start, number);
        bare.accept(std::slice::from_ref(row));
        due.elapsed()
    };
    rows.iter().enumerate().map(one).collect()
}

pub(crate) fn await_turn(start: Instant, number: usize) -> Instant {
    let due = start + INTERVAL * u32::try_from(number).unwrap();
    thread::sleep(due.saturating_duration_since(Instant::now()));
    due
}

pub(crate) fn configured(folder: &Path, more: &str) -> Tulay {
    let text = format!(
        r#"
namespace = "acme-ph"
{more}
[[routes]]
operation = "payout"
country = "PH"
use = ["starpay"]

[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "http://127.0.0.1:1"
merchant_id = "{DEMO_MERCHANT_ID}"
private_key = {{ env = "OURS" }}
platform_key = {{ env = "THEIRS" }}
"#
    );
    let theirs = tulay_crypto::PublicKey::parse(PLATFORM_KEY).unwrap().to_spki_pem();
    let secrets = SecretFiles::beside("").environment(move |name| {
        Some(match name {
            "OURS" => DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
            _ => theirs.clone(),
        })
    });
    let file = folder.join("tulay.toml");
    Tulay::builder().secrets(Arc::new(secrets)).read(file.to_str().unwrap(), &text).unwrap()
}

fn micros(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}
