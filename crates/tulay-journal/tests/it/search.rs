//! Every schedule of small worlds, breadth first: no payout is paid twice, and none that is called
//! failed is paid. A broken rule is found.

use crate::world::{Broken, State, World};
use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

/// So many states are searched in a world that has more.
const MOST_STATES: usize = 60_000;

const HONEST: World = World {
    name: "two accounts that find orders",
    finds: [true; 2],
    replays: [false; 2],
    rejects: [false; 2],
    attempts: 2,
    sendings: 2,
    workers: 2,
    losses: 1,
    kills: 1,
    balance_changes: 1,
    refusals: 1,
    orders_fail: true,
    lags: true,
    flaps: true,
    life: 1,
    resend_for: 4,
    end: 6,
    broken: Broken::Nothing,
};

fn worlds() -> Vec<World> {
    let base = HONEST;
    vec![
        base,
        World { name: "content is rejected", rejects: [true, false], ..base },
        World { name: "one worker, more sendings", workers: 1, sendings: 3, losses: 3, ..base },
        World { name: "balance comes and goes", balance_changes: 3, orders_fail: false, ..base },
        World { name: "the first account finds nothing", finds: [false, true], ..base },
        World {
            name: "the first account replays",
            finds: [false, true],
            replays: [true, false],
            balance_changes: 2,
            ..base
        },
        World {
            name: "the first account replays and rejects",
            finds: [false, true],
            replays: [true, false],
            rejects: [true, false],
            ..base
        },
        World { name: "both reject", rejects: [true; 2], orders_fail: false, ..base },
        World { name: "look-ups never lag", lags: false, losses: 2, kills: 0, ..base },
        World { name: "connections are refused", refusals: 3, losses: 0, kills: 0, ..base },
    ]
}

struct Searched {
    states: usize,
    violation: Option<(&'static str, usize)>,
    has_paid_end: bool,
}

fn search(world: &World) -> Searched {
    let first = State::first(world);
    let mut seen = HashSet::from([hash(&first)]);
    let mut waiting = VecDeque::from([(first, 0_usize)]);
    let mut has_paid_end = false;
    while let Some((state, steps)) = waiting.pop_front() {
        if let Some(violation) = state.violation(world) {
            return Searched {
                states: seen.len(),
                violation: Some((violation, steps)),
                has_paid_end,
            };
        }
        has_paid_end |= state.has_ended(world);
        if seen.len() >= MOST_STATES {
            continue;
        }
        for next in state.next(world) {
            if seen.insert(hash(&next)) {
                waiting.push_back((next, steps + 1));
            }
        }
    }
    Searched { states: seen.len(), violation: None, has_paid_end }
}

fn hash(state: &State) -> u64 {
    let mut hasher = DefaultHasher::new();
    state.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn no_schedule_pays_twice() {
    let mut states = 0;
    for world in worlds() {
        let searched = search(&world);
        states += searched.states;
        assert_eq!(searched.violation, None, "{}", world.name);
        assert!(searched.has_paid_end, "{}: nothing ends", world.name);
    }
    println!("{states} states");
    assert!(states > 400_000, "{states} states");
}

#[test]
fn every_broken_rule_is_found() {
    let base = HONEST;
    let small = World { workers: 1, orders_fail: false, lags: false, refusals: 0, ..base };
    for (broken, world) in [
        (Broken::LostIsUnsent, small),
        (Broken::NextWhileInDoubt, small),
        (
            Broken::AnyRejectionKills,
            World { attempts: 1, kills: 0, balance_changes: 2, end: 2, ..small },
        ),
        (Broken::AbsenceIsProof, small),
        (Broken::OneLookupFails, World { attempts: 1, sendings: 1, ..base }),
        (
            Broken::ResendForEver,
            World {
                finds: [false, true],
                replays: [true, false],
                resend_for: 1,
                attempts: 1,
                sendings: 3,
                ..small
            },
        ),
    ] {
        let honest = search(&world);
        assert_eq!(honest.violation, None, "the true rules, in the world of {broken:?}");
        let searched = search(&World { broken, ..world });
        assert!(searched.violation.is_some(), "{broken:?}: {} states", searched.states);
    }
}
