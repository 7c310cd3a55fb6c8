//! Accepting payouts, one a commit and many at once.

use crate::{
    measure::{
        Effort, at_least, bar, disk, figure, median, rate, ratio, thousandths, timed, title,
    },
    provider::unsigned,
    world::{World, acceptances},
};
use std::time::Duration;

/// From here on the disk decides, and groups have to pay.
const SLOW_COMMIT: Duration = Duration::from_micros(300);
const AT_ONCE: usize = 16;

/// How long one payout takes, and how many are in a commit.
struct Measured {
    journal: Duration,
    bare: Duration,
    commits: usize,
    disk: Duration,
}

pub(crate) fn run(effort: Effort) {
    let (few, many) = (effort.scaled(320), effort.scaled(3200));
    let mut single = Vec::new();
    let mut grouped = Vec::new();
    for _ in 0..effort.rounds {
        single.push(measure(few, 1));
        grouped.push(measure(many, AT_ONCE));
    }
    let against_bare = |rounds: &[Measured]| -> Vec<u128> {
        rounds.iter().map(|round| ratio(round.bare, round.journal)).collect()
    };
    report("one payout accepted in each commit", few, &single);
    at_least("÷ bare connection", against_bare(&single), 850);

    report("sixteen callers that each accept one after another", many, &grouped);
    let commits = median(grouped.iter().map(|round| round.commits).collect());
    figure("payouts in a commit", &(many / commits.max(1)).to_string());
    at_least("÷ bare connection, 16 in a transaction", against_bare(&grouped), 800);
    let each = |round: &Measured, count: usize| round.journal / u32::try_from(count).unwrap();
    let rounds = single.iter().zip(&grouped);
    let gains: Vec<u128> =
        rounds.map(|(one, group)| ratio(each(one, few), each(group, many))).collect();
    let commit =
        median(single.iter().map(|round| round.bare / u32::try_from(few).unwrap()).collect());
    match commit >= SLOW_COMMIT {
        true => at_least("÷ one in each commit", gains, 5000),
        false => {
            let gain = thousandths(median(gains));
            bar("÷ one in each commit", &gain, "no bar, a commit takes less than 0.3 ms", true);
        }
    }
}

fn measure(count: usize, callers: usize) -> Measured {
    let world = World::new(&unsigned());
    let disk = disk(world.folder.path());
    let before = world.commits();
    let journal = world.accept(&acceptances(count), callers);
    let commits = world.commits() - before;
    let (rows, bare) = (world.rows(), world.bare());
    assert_eq!(rows.len(), count);
    let bare = timed(|| rows.chunks(callers).for_each(|group| bare.accept(group)));
    Measured { journal, bare, commits, disk }
}

fn report(name: &str, count: usize, rounds: &[Measured]) {
    title(name, Some(rounds.iter().map(|round| round.disk).collect()));
    let per_second = |time: Vec<Duration>| format!("{}/s", rate(count, median(time)));
    figure("journal", &per_second(rounds.iter().map(|round| round.journal).collect()));
    figure("bare connection", &per_second(rounds.iter().map(|round| round.bare).collect()));
}
