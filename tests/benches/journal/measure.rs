//! Rounds, medians, and the lines that are printed.

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

/// How much is done.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    divisor: usize,
}

impl Effort {
    /// Without `--bench`, as `cargo test --benches` runs it, it need only work.
    pub(crate) fn of(arguments: &[String]) -> Self {
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        match (has("--bench"), has("--quick")) {
            (true, false) => Self { rounds: 5, divisor: 1 },
            (true, true) => Self { rounds: 1, divisor: 10 },
            (false, _) => Self { rounds: 1, divisor: 100 },
        }
    }

    /// So much of it, in multiples of 64.
    pub(crate) fn scaled(self, count: usize) -> usize {
        (count / self.divisor).next_multiple_of(64)
    }
}

/// The value in the middle.
pub(crate) fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

/// The value that 99 of 100 do not exceed.
pub(crate) fn p99(mut values: Vec<Duration>) -> Duration {
    values.sort_unstable();
    values[(values.len() * 99).div_ceil(100) - 1]
}

/// How long one takes.
pub(crate) fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// `part` in thousandths of `whole`.
pub(crate) fn ratio(part: Duration, whole: Duration) -> u128 {
    part.as_nanos() * 1000 / whole.as_nanos()
}

/// So many in this time, a second.
pub(crate) fn rate(count: usize, time: Duration) -> u128 {
    u128::try_from(count).unwrap() * 1_000_000_000 / time.as_nanos()
}

pub(crate) fn thousandths(value: u128) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}

/// How long the disk takes to make 4 KiB at the end of a file durable: what no commit is faster
/// than.
pub(crate) fn disk(folder: &Path) -> Duration {
    const COMMITS: u32 = 25;
    let path = folder.join("disk");
    let mut file = File::create(&path).unwrap();
    let time = timed(|| {
        for _ in 0..COMMITS {
            file.write_all(&[b'd'; 4096]).unwrap();
            file.sync_data().unwrap();
        }
    });
    std::fs::remove_file(path).unwrap();
    time / COMMITS
}

/// Prints what was measured, and how fast the disk was.
pub(crate) fn title(text: &str, disk: Option<Vec<Duration>>) {
    match disk {
        Some(disk) => println!("\n{text} (the disk alone: {} commits/s)", rate(1, median(disk))),
        None => println!("\n{text}"),
    }
}

pub(crate) fn figure(name: &str, value: &str) {
    println!("  {name:<52} {value}");
}

/// Prints a figure that has a bar.
pub(crate) fn bar(name: &str, value: &str, bar: &str, is_met: bool) {
    let word = if is_met { "met" } else { "MISSED" };
    println!("  {name:<52} {value:<12} {bar}: {word}");
}

/// Prints a ratio that has to be at least so many thousandths.
pub(crate) fn at_least(name: &str, ratios: Vec<u128>, least: u128) {
    let ratio = median(ratios);
    let text = format!("at least {}", thousandths(least));
    bar(name, &thousandths(ratio), &text, ratio >= least);
}
