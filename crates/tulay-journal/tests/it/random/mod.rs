//! Random payouts, one a world: two processes without leases, a network that loses and delays, two
//! providers with their books, edits of the configuration, clocks that are set, persons. Every step
//! is judged by the real rules, [`carry_out`](tulay_journal::record::carry_out), and compared with
//! the truth about the money. Then the world becomes quiet, and the payout has to end.
//!
//! An ordinary run takes the first seeds. A million of them:
//!
//! ```text
//! TULAY_SEEDS=0..1000000 cargo test -p tulay-journal --test it random:: -- --nocapture
//! ```
//!
//! A failure prints its seed, and the world without every step that the failure does not need.

mod books;
mod given;
mod judge;
mod life;
mod lost;
mod notified;
mod quiet;
mod stated;
mod world;

use life::Life;
use std::{
    ops::Range,
    panic::{self, AssertUnwindSafe},
    thread,
};
use world::World;

const SEEDS: Range<u64> = 0..150_000;
const THREADS: u64 = 2;

/// How many worlds ended how.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    succeeded: u64,
    failed: u64,
    other_ends: u64,
    parked: u64,
    ideal: u64,
    restored: u64,
    adopted: u64,
    steps: u64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.other_ends += other.other_ends;
        self.parked += other.parked;
        self.ideal += other.ideal;
        self.restored += other.restored;
        self.adopted += other.adopted;
        self.steps += other.steps;
    }
}

/// Lives through one world. The error is what must not be.
fn lived(world: &World) -> Result<Counts, String> {
    let mut life = Life::begin(world);
    for step in &world.steps {
        life.step(*step);
        judge::truth(&life)?;
    }
    let is_ideal = life.is_ideal();
    quiet::end(&mut life)?;
    judge::end(&life, is_ideal)?;
    Ok(life.counts(is_ideal))
}

/// The same, where a panic is a failure too.
fn survived(world: &World) -> Result<Counts, String> {
    panic::catch_unwind(AssertUnwindSafe(|| lived(world)))
        .unwrap_or_else(|_| Err("a panic, printed above".into()))
}

/// Leaves out every step that the failure does not need.
fn shrunk(mut world: World) -> (World, String) {
    let mut failure = survived(&world).unwrap_err();
    let mut place = world.steps.len();
    let mut has_shrunk = false;
    loop {
        if place == 0 {
            if !has_shrunk {
                return (world, failure);
            }
            (place, has_shrunk) = (world.steps.len(), false);
        }
        place = place.saturating_sub(1);
        let mut smaller = world.clone();
        if place < smaller.steps.len() {
            smaller.steps.remove(place);
            if let Err(same) = survived(&smaller) {
                (world, failure, has_shrunk) = (smaller, same, true);
            }
        }
    }
}

fn live_through(seeds: impl Iterator<Item = u64>) -> Counts {
    let mut counts = Counts::default();
    for seed in seeds {
        let world = World::of(seed);
        match survived(&world) {
            Ok(one) => counts.add(&one),
            Err(_) => {
                let (world, failure) = shrunk(world);
                panic!("seed {seed}: {failure}\n{world}");
            }
        }
    }
    counts
}

/// The seeds of the environment, or the first ones.
fn seeds() -> Range<u64> {
    #[expect(clippy::disallowed_methods, reason = "how many is a question of the run")]
    let text = std::env::var("TULAY_SEEDS").ok();
    let Some(text) = text else { return SEEDS };
    let (first, end) = text.split_once("..").unwrap();
    first.parse().unwrap()..end.parse().unwrap()
}

#[test]
fn random_payouts_are_paid_at_most_once() {
    let seeds = seeds();
    let mut counts = Counts::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let seeds = seeds.clone().filter(move |seed| seed % THREADS == thread);
                scope.spawn(move || live_through(seeds))
            })
            .collect();
        threads.into_iter().for_each(|thread| counts.add(&thread.join().unwrap()));
    });
    let payouts = counts.succeeded + counts.failed + counts.other_ends + counts.parked;
    println!("{payouts} payouts: {counts:?}");
    assert_eq!(payouts, seeds.end - seeds.start);
    // A world in which nothing happens would prove nothing.
    assert!(counts.succeeded * 4 > payouts && counts.failed * 50 > payouts, "{counts:?}");
    assert!(counts.ideal * 50 > payouts && counts.parked * 200 > payouts, "{counts:?}");
}

/// The judges see what is wrong: a lost answer that is taken for a request that never left.
#[test]
fn lie_about_a_sending_is_found() {
    let worlds = (0..20_000).map(|seed| World { lies: true, ..World::of(seed) });
    let mut lied = worlds.filter(|world| survived(world).is_err());
    let (world, failure) = shrunk(lied.next().unwrap());
    assert!(failure.starts_with("I7") || failure.starts_with("I8"), "{failure}");
    assert!(world.steps.len() <= 12, "{failure}\n{world}");
}
