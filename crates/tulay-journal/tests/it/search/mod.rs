//! Searches for a schedule that pays twice, calls a paid payout failed, or hangs in silence.
//!
//! * [`model`]: every interleaving of small worlds, breadth first, by the machine's own functions.
//!   The rules of [`tulay_journal::record`] are not a part of it: a record has its history in it, so
//!   that hardly two schedules meet in one state. [`model::known`] says what is kept instead.
//! * [`broken`]: the same search with one rule broken finds a violation. [`masked`] pins the rules
//!   that another one covers.

mod broken;
mod late;
mod masked;
mod model;
mod product;
mod several;
mod turns;
mod worlds;

use model::{Found, Sought, Violation, decisions::TRUE, search, world::World};
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// So many states are searched in a world that has more.
const MOST_STATES: usize = 300_000;
/// Every so many-th state is followed to a quiet end.
const SAMPLE: u64 = 256;
const LEAST_STATES: usize = 5_000_000;

/// Works on two at a time.
fn at_once<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((place, item)) = {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    items.get(place).map(|item| (place, item))
                } {
                    let result = work(item);
                    done.lock().unwrap().push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn searched(world: &World) -> Found {
    search(world, &TRUE, Sought { states: MOST_STATES, sample: SAMPLE })
}

#[test]
fn no_schedule_pays_twice_or_hangs() {
    let worlds = worlds::honest();
    let mut states = 0;
    let mut complete = 0;
    for (world, found) in worlds.iter().zip(at_once(&worlds, searched)) {
        println!(
            "{:>8} states{} {}: ends {:?}",
            found.states,
            if found.is_complete { ", all," } else { "" },
            world.name,
            found.ends
        );
        assert!(found.violation.is_none(), "{}: {:#?}", world.name, found.violation);
        assert!(found.ends.terminal > 0, "{}: nothing ends", world.name);
        states += found.states;
        complete += usize::from(found.is_complete);
    }
    println!("{states} states in {} worlds, {complete} of them whole", worlds.len());
    assert!(states >= LEAST_STATES, "{states} states");
}

#[test]
fn every_broken_rule_is_found() {
    let table = broken::table();
    let results = at_once(&table, |broken| {
        let sample = if broken.hangs { 1 } else { u64::MAX };
        let sought = Sought { states: broken.states, sample };
        let honest = search(&broken.world, &TRUE, sought);
        (honest, search(&broken.world, &broken.decisions, sought))
    });
    let mut caught = 0;
    let mut missed = Vec::new();
    for (broken, (honest, found)) in table.iter().zip(results) {
        let (name, world) = (broken.name, broken.world.name);
        assert!(honest.violation.is_none(), "{name}, not broken: {:#?}", honest.violation);
        match found.violation {
            Some(Violation { what, steps, .. }) => {
                println!("{name}: {what}, {} steps, {} states, {world}", steps.len(), found.states);
                caught += 1;
            }
            None => missed.push((name, world, found.states)),
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    println!("{caught} broken rules are found");
    assert!(caught >= 25, "{caught}");
}
