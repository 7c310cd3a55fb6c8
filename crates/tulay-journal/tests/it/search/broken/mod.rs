//! Rules that are broken on purpose, each in a world in which the true rules hold.

mod others;
mod standings;

use super::model::{
    decisions::Decisions,
    world::{BASE, REPLAYS, World},
};
use tulay_core::FindBy;

/// A broken rule.
pub(super) struct Broken {
    pub(super) name: &'static str,
    pub(super) decisions: Decisions,
    pub(super) world: World,
    /// At most so many states are searched.
    pub(super) states: usize,
    /// What is found is that a payout hangs, and not that money is wrong.
    pub(super) hangs: bool,
}

/// Every broken rule.
pub(super) fn table() -> Vec<Broken> {
    let mut table = standings::table();
    table.extend(others::table());
    table
}

fn broken(name: &'static str, world: World, decisions: Decisions) -> Broken {
    Broken { name, decisions, world, states: 250_000, hangs: false }
}

fn hanging(name: &'static str, world: World, decisions: Decisions) -> Broken {
    Broken { hangs: true, ..broken(name, world, decisions) }
}

/// One worker, few disturbances.
const SMALL: World = World {
    name: "one worker",
    workers: 1,
    refusals: 0,
    balance_changes: 0,
    orders_fail: false,
    answers_late: false,
    ..BASE
};

const FLAPS: World =
    World { name: "look-ups say failed too early", flaps: 2, sendings: 1, ..SMALL };

/// A front end repeats a request at once: A2 is false. Look-ups are prompt.
const REPEATED: World = World {
    name: "a front end repeats a request, look-ups are prompt",
    twins: 1,
    twins_at_once: true,
    dedupes_first: false,
    lags: false,
    balance_changes: 2,
    kills: 0,
    losses: 0,
    workers: 2,
    plan: [true, false],
    answers_late: true,
    ends: false,
    ..SMALL
};

/// A front end repeats a request, and the order cannot be looked up by our id.
const SEEN_BEFORE: World = World {
    name: "a front end repeats a request, nothing is found",
    finds: [FindBy::None, FindBy::OrderId],
    twins: 1,
    twins_at_once: true,
    ends: false,
    ..SMALL
};

/// A duplicate may be answered by a permanent rejection: A4 is false. Copies are prompt.
const REJECTED_TWICE: World = World {
    name: "duplicates are rejected, copies are prompt",
    duplicates_are_rejected: true,
    life: 1,
    leases: true,
    plan: [true, false],
    ends: false,
    ..SMALL
};

const DECLARED: World =
    World { name: "a person speaks", declarations: 1, refusals: 1, leases: true, ..SMALL };

const LOST: World = World {
    name: "a provider loses an order, a person speaks",
    lost_orders: 1,
    declarations: 1,
    leases: true,
    ends: false,
    ..SMALL
};

const REFUSED: World = World {
    name: "connections are refused",
    refusals: 3,
    sendings: 4,
    resend_for: 2,
    leases: true,
    end: 5,
    ..SMALL
};

/// Order ids are forgotten after twice the time for sending them again.
const FORGOTTEN: World = World {
    name: "order ids are forgotten",
    forgets: true,
    resend_for: 2,
    life: 2,
    leases: true,
    end: 6,
    plan: [true, false],
    ..SMALL
};

/// One account that replays.
const KEYS: World = World {
    name: "keys are kept for a time",
    workers: 1,
    refusals: 0,
    balance_changes: 0,
    orders_fail: false,
    answers_late: false,
    plan: [true, false],
    ..REPLAYS
};

const HINTS: World = World { name: "a hint is forged", hints: 1, ..SMALL };
