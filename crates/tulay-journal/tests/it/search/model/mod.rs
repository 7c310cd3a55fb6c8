//! One payout, two workers without leases, a network that loses and delays, two providers with their
//! orders, and coarse time: every interleaving, breadth first.

pub(crate) mod decisions;
mod known;
mod outside;
mod provider;
mod quiet;
mod state;
mod steps;
pub(crate) mod world;

use decisions::Decisions;
use known::Known;
use provider::Order;
use quiet::End;
use state::{Ending, State};
use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hash, Hasher},
};
use tulay_journal::machine::Standing;
use world::World;

/// How far a search goes.
#[derive(Clone, Copy)]
pub(crate) struct Sought {
    /// At most so many states.
    pub(crate) states: usize,
    /// Every so many-th state is followed to a quiet end.
    pub(crate) sample: u64,
}

/// What a search found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) states: usize,
    /// Whether the world has no other state.
    pub(crate) is_complete: bool,
    pub(crate) violation: Option<Violation>,
    pub(crate) ends: Ends,
}

/// A schedule that ends in what must never be.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) what: &'static str,
    pub(crate) steps: Vec<&'static str>,
    /// The attempts in the last state, for a person.
    #[expect(dead_code, reason = "printed")]
    pub(crate) state: String,
}

/// How many quiet ends there are of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ends {
    pub(crate) terminal: usize,
    pub(crate) parked: usize,
    pub(crate) late: usize,
    pub(crate) last_attempt: usize,
    pub(crate) paused: usize,
}

/// A world, and the decisions that are made in it.
struct Model {
    world: World,
    decisions: Decisions,
    known: Known,
}

/// Searches a world, breadth first, until the first violation.
pub(crate) fn search(world: &World, decisions: &Decisions, sought: Sought) -> Found {
    let known = Known::new(world, decisions);
    let mut model = Model { world: *world, decisions: *decisions, known };
    let first = State::first(world);
    let mut seen = HashSet::<u128, BuildHasherDefault<Taken>>::default();
    seen.insert(hash(&first));
    // Each with the place of the state before it, and the step between them.
    let mut states: Vec<(State, usize, &'static str)> = vec![(first, 0, "")];
    let mut found = Found { states: 0, is_complete: true, violation: None, ends: Ends::default() };
    let mut next = Vec::new();
    let mut place = 0;
    'search: while let Some((state, ..)) = states.get(place).copied() {
        model.next(&state, &mut next);
        for (step, after) in next.drain(..) {
            let hash = hash(&after);
            if !seen.insert(hash) {
                continue;
            }
            states.push((after, place, step));
            let what = model.violation(&after).or_else(|| {
                let is_sampled = u64::try_from(hash >> 64).unwrap().is_multiple_of(sought.sample);
                if is_sampled { model.followed(&after, &mut found.ends) } else { None }
            });
            if let Some(what) = what {
                found.violation = Some(model.schedule(&states, what));
                break 'search;
            }
            if states.len() >= sought.states {
                found.is_complete = false;
                break 'search;
            }
        }
        place += 1;
    }
    found.states = states.len();
    found
}

impl Model {
    /// What must never be.
    fn violation(&self, state: &State) -> Option<&'static str> {
        let more: u8 = state.orders.iter().map(|entry| entry.more).sum();
        let alive = state.orders.iter().filter(|entry| entry.order.is_alive()).count();
        if alive > 1 || more > 0 {
            return Some("paid twice");
        }
        if state.ending != Ending::None && alive > 0 {
            return Some("failed, and paid");
        }
        if state.was_sent_while_paused {
            return Some("sent while paused");
        }
        for place in state.places() {
            let number = state.attempts[place];
            let order = state.orders[place].order;
            match self.known.standing(number) {
                Standing::Succeeded if !matches!(order, Order::Paid | Order::Reversed) => {
                    return Some("succeeded, and not paid");
                }
                Standing::Reversed if order == Order::Paid => {
                    return Some("reversed, and paid");
                }
                _ => {}
            }
            let is_last = place + 1 == usize::from(state.count);
            let must_be_closed = !is_last || state.ending != Ending::None;
            if self.known.attempt(number).closed_as.is_some() != must_be_closed {
                return Some("an attempt is closed by no transaction");
            }
        }
        state.has_failed_for_now.then_some("failed for a reason that time removes")
    }

    /// Follows a state to a quiet end.
    fn followed(&mut self, state: &State, ends: &mut Ends) -> Option<&'static str> {
        let must_end = self.world.ends;
        match self.end(state) {
            End::Terminal => ends.terminal += 1,
            End::Late => ends.late += 1,
            End::LastAttempt => ends.last_attempt += 1,
            End::Silent => return Some("it hangs in silence"),
            End::NoWayOut => return Some("no evidence ends it"),
            End::Paused if must_end => return Some("an account is paused for nothing"),
            End::Paused => ends.paused += 1,
            End::Parked if must_end => return Some("it waits for a person for nothing"),
            End::Parked => ends.parked += 1,
        }
        None
    }

    fn schedule(&self, states: &[(State, usize, &'static str)], what: &'static str) -> Violation {
        let mut steps = Vec::new();
        let mut place = states.len() - 1;
        let last = &states[place].0;
        let attempts: Vec<_> = last
            .places()
            .map(|it| (self.known.attempt(last.attempts[it]), last.orders[it]))
            .collect();
        let state = format!("{attempts:?} {last:?}");
        while place > 0 {
            steps.push(states[place].2);
            place = states[place].1;
        }
        steps.reverse();
        Violation { what, steps, state }
    }
}

/// A hash of 128 bits, so that two states are never taken for one.
fn hash(state: &State) -> u128 {
    let mut lanes = Lanes::default();
    state.hash(&mut lanes);
    u128::from(mixed(lanes.one)) << 64 | u128::from(mixed(lanes.other))
}

/// Two hashes at once.
#[derive(Default)]
pub(super) struct Lanes {
    one: u64,
    other: u64,
}

/// The maps of a search.
pub(super) type Hashed = BuildHasherDefault<Lanes>;

impl Hasher for Lanes {
    fn finish(&self) -> u64 {
        mixed(self.one)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(u64::try_from(value).unwrap());
    }
    fn write_isize(&mut self, value: isize) {
        self.write_u64(u64::try_from(value).unwrap());
    }
    fn write_u64(&mut self, value: u64) {
        self.one = (self.one.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.other = (self.other ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(31);
    }
}

fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ hash >> 29
}

/// The hash of a state, taken as it is.
#[derive(Default)]
struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u128(&mut self, hash: u128) {
        self.0 = u64::try_from(hash & u128::from(u64::MAX)).unwrap();
    }
}
