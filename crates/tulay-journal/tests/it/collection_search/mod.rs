//! Searches for a schedule in which a collection is called paid and was not, reports a payment twice or
//! never, shows two codes, or hangs.
//!
//! * [`model`]: every interleaving of small worlds, breadth first, by the functions of
//!   [`tulay_journal::collection`]: one collection and its orders, two workers, a network that loses and
//!   delays, a provider with its orders, a payer, and a ledger of what was really paid.
//! * [`quiet`]: what becomes of a state when nothing goes wrong any more.
//! * [`broken`]: the same search with one rule broken finds a violation.

mod broken;
mod decisions;
mod laws;
mod model;
mod quiet;
mod state;
mod steps;
mod world;

use decisions::TRUE;
use model::{Sought, search};

/// So many states are searched in a world that has more.
const MOST_STATES: usize = 50_000;
/// Every so many-th state is followed to a quiet end.
const SAMPLE: u64 = 16;
const LEAST_STATES: usize = 500_000;

#[test]
fn what_was_paid_is_reported_once() {
    let worlds = world::honest();
    let sought = Sought { states: MOST_STATES, sample: SAMPLE };
    let mut states = 0;
    for world in &worlds {
        let found = search(world, &TRUE, sought);
        println!(
            "{:>8} states{} {}: quiet ends {:?}",
            found.states,
            if found.is_complete { ", all," } else { "" },
            world.name,
            found.ends
        );
        assert!(found.violation.is_none(), "{}: {:#?}", world.name, found.violation);
        assert!(found.ends.values().sum::<usize>() > 0, "{}: nothing ends", world.name);
        states += found.states;
    }
    println!("{states} states in {} worlds", worlds.len());
    assert!(states >= LEAST_STATES, "{states} states");
}

#[test]
fn every_broken_rule_of_collections_is_found() {
    let table = broken::table();
    for broken in &table {
        let (name, world) = (broken.name, broken.world.name);
        let sought = Sought { states: MOST_STATES, sample: 1 };
        let found = search(&broken.world, &broken.decisions, sought);
        // The true rules hold in the same states, and in as many more.
        let honest = search(&broken.world, &TRUE, Sought { states: 2 * found.states, ..sought });
        assert!(honest.violation.is_none(), "{name}, not broken: {:#?}", honest.violation);
        let violation = found.violation.unwrap_or_else(|| panic!("{name} is not found, {world}"));
        let steps = violation.steps.len();
        println!("{name}: {}, {steps} steps, {} states, {world}", violation.what, found.states);
    }
    println!("{} broken rules are found", table.len());
    assert!(table.len() >= 12);
}
