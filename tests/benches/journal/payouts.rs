//! Whole payouts: accepted, claimed, written down, sent, answered, written down.

use crate::{
    bare::Bare,
    measure::{Effort, at_least, disk, figure, median, rate, ratio, timed, title},
    provider::{Signatures, starpay, unsigned},
    world::{Clocks, World, acceptances},
};
use std::{sync::Arc, time::Duration};
use tulay::Provider;

const IN_FLIGHT: usize = 64;
/// A payout that is accepted is claimed, intended and answered.
const STEPS: usize = 3;

struct Measured {
    journal: Duration,
    bare: Duration,
    signatures: Duration,
    accepts_in_a_commit: usize,
    steps_in_a_commit: usize,
    disk: Duration,
}

pub(crate) fn run(effort: Effort) {
    let count = effort.scaled(4000);
    let provider = unsigned();
    let rounds: Vec<_> = (0..effort.rounds).map(|_| measure(&provider, None, count)).collect();
    report("whole payouts, 64 in flight, no signatures", count, &rounds);
    let ratios = rounds.iter().map(|round| ratio(round.bare, round.journal)).collect();
    at_least("÷ bare connection, as many commits", ratios, 700);

    let count = effort.scaled(1000);
    let references = acceptances(count).into_iter().map(|it| it.reference.to_string());
    let (provider, signatures) = starpay(references, Clocks::new());
    let rounds: Vec<_> =
        (0..effort.rounds).map(|_| measure(&provider, Some(&signatures), count)).collect();
    report("whole payouts, 64 in flight, starpay with RSA-2048", count, &rounds);
    let signatures = median(rounds.iter().map(|round| round.signatures).collect());
    figure("signing and verifying alone", &format!("{}/s", rate(count, signatures)));
    let floor = |round: &Measured| round.bare + round.signatures;
    let ratios = rounds.iter().map(|round| ratio(floor(round), round.journal)).collect();
    at_least("÷ signatures and bare connection together", ratios, 600);
}

fn measure(
    provider: &Arc<dyn Provider>,
    signatures: Option<&Signatures>,
    count: usize,
) -> Measured {
    let world = World::new(provider);
    let disk = disk(world.folder.path());
    let begun = world.commits();
    let accepted = world.accept(&acceptances(count), IN_FLIGHT);
    let middle = world.commits();
    let (paid, _) = world.pay(count, IN_FLIGHT);
    let accepts_in_a_commit = (count / (middle - begun)).max(1);
    let steps_in_a_commit = (STEPS * count / (world.commits() - middle)).max(1);

    let (rows, bare) = (world.rows(), world.bare());
    let of_bare = timed(|| {
        rows.chunks(accepts_in_a_commit).for_each(|group| bare.accept(group));
        rows.chunks(steps_in_a_commit).for_each(|group| bare.pay(group));
    });
    let folder = world.folder.path();
    let extent = |name: &str| Bare::extent(&folder.join(name));
    assert_eq!(extent("tulay.db"), extent("bare.db"), "the rows are the same");

    let signatures = signatures
        .map_or(Duration::ZERO, |signatures| timed(|| (0..count).for_each(|_| signatures.once())));
    Measured {
        journal: accepted + paid,
        bare: of_bare,
        signatures,
        accepts_in_a_commit,
        steps_in_a_commit,
        disk,
    }
}

fn report(name: &str, count: usize, rounds: &[Measured]) {
    title(name, Some(rounds.iter().map(|round| round.disk).collect()));
    let per_second = |times: Vec<Duration>| format!("{}/s", rate(count, median(times)));
    figure("journal", &per_second(rounds.iter().map(|round| round.journal).collect()));
    figure("bare connection", &per_second(rounds.iter().map(|round| round.bare).collect()));
    let accepts = median(rounds.iter().map(|round| round.accepts_in_a_commit).collect());
    let steps = median(rounds.iter().map(|round| round.steps_in_a_commit).collect());
    figure("in a commit", &format!("{accepts} acceptances, {steps} steps"));
}
