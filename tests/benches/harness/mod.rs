//! How every bench here measures: CPU time of this thread, which other programs disturb little;
//! all cases side by side in one run; medians, and medians of the rounds' own ratios.
//!
//! criterion measures each case and keeps its history (`--save-baseline`, `--baseline`). What is
//! compared is measured again in rounds: each visits every case once, and begins at another one,
//! so that a busy machine disturbs all alike.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a bench may stop")]

use cpu_time::ThreadTime;
use criterion::Criterion;
use std::time::Duration;

/// Something to be measured: carries itself out so many times.
pub(crate) struct Case<'c> {
    name: &'static str,
    run: Box<dyn FnMut(u64) + 'c>,
    /// How often a round carries it out.
    batch: u64,
}

impl<'c> Case<'c> {
    pub(crate) fn new(name: &'static str, batch: u64, run: impl FnMut(u64) + 'c) -> Self {
        Self { name, run: Box::new(run), batch }
    }

    fn cpu_time(&mut self, times: u64) -> Duration {
        let start = ThreadTime::now();
        (self.run)(times);
        start.elapsed()
    }
}

/// Measures the cases. Returns the ratio of each to the first, in millionths; none where the cases
/// are only tried.
pub(crate) fn compare(
    criterion: &mut Criterion,
    title: &str,
    mut cases: Vec<Case<'_>>,
) -> Vec<u128> {
    // `cargo test --benches` runs this without the flag: there it need only work.
    if !std::env::args().any(|argument| argument == "--bench") {
        for case in &mut cases {
            (case.run)(1);
        }
        return Vec::new();
    }
    let mut group = criterion.benchmark_group(title);
    for case in &mut cases {
        group.bench_function(case.name, |b| b.iter_custom(|times| case.cpu_time(times)));
    }
    group.finish();
    let nanoseconds = rounds(&mut cases);
    let first = nanoseconds[0].iter();
    let ratio = |times: &Vec<u128>| {
        median(times.iter().zip(first.clone()).map(|(own, first)| own * 1_000_000 / first))
    };
    let ratios: Vec<u128> = nanoseconds.iter().map(ratio).collect();
    print(title, &cases.iter().map(|case| case.name).collect::<Vec<_>>(), &nanoseconds, &ratios);
    ratios
}

const ROUNDS: usize = 101;

/// Nanoseconds for one, by case and round.
fn rounds(cases: &mut [Case<'_>]) -> Vec<Vec<u128>> {
    let mut nanoseconds = vec![Vec::new(); cases.len()];
    for round in 0..ROUNDS {
        for turn in 0..cases.len() {
            let at = (round + turn) % cases.len();
            let batch = cases[at].batch;
            nanoseconds[at].push(cases[at].cpu_time(batch).as_nanos() / u128::from(batch));
        }
    }
    nanoseconds
}

fn print(title: &str, names: &[&str], nanoseconds: &[Vec<u128>], ratios: &[u128]) {
    println!("\n{title:<44}{:>12}{:>12}", "µs CPU", "÷ first");
    for ((name, times), ratio) in names.iter().zip(nanoseconds).zip(ratios) {
        println!(
            "  {name:<42}{:>12}{:>12}",
            thousandths(median(times.iter().copied())),
            thousandths(ratio / 1000)
        );
    }
    println!();
}

fn median(values: impl Iterator<Item = u128>) -> u128 {
    let mut sorted: Vec<_> = values.collect();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}

fn thousandths(value: u128) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}
