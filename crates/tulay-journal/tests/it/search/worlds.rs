//! Worlds in which no assumption is false.

use super::model::world::{BASE, REPLAYS, World};
use tulay_core::FindBy;

const OURS: FindBy = FindBy::OrderId;
const THEIRS: FindBy = FindBy::ProviderReference;
const NOT: FindBy = FindBy::None;

/// Worlds in which no assumption is false.
pub(super) fn honest() -> Vec<World> {
    let mut worlds = vec![];
    worlds.extend(found_by_our_id());
    worlds.extend(replaying());
    worlds.extend(disturbed());
    worlds.extend(whole());
    worlds
}

fn found_by_our_id() -> [World; 13] {
    let one = World { plan: [true, false], ..BASE };
    [
        World { name: "two accounts", ..BASE },
        World {
            name: "two accounts, windows of two ticks",
            window: 2,
            end: 5,
            resend_for: 5,
            ..BASE
        },
        World { name: "two accounts check before they dedupe", dedupes_first: false, ..BASE },
        World { name: "three attempts", attempts: 3, balance_changes: 2, kills: 0, ..BASE },
        World { name: "three sendings", sendings: 3, refusals: 0, ..one },
        World { name: "content is rejected at one", rejects: [true, false], sendings: 3, ..BASE },
        World { name: "content is rejected at both", rejects: [true; 2], ..BASE },
        World {
            name: "content is rejected, checks first",
            rejects: [true, false],
            dedupes_first: false,
            ..BASE
        },
        World { name: "balance comes and goes", balance_changes: 3, orders_fail: false, ..BASE },
        World {
            name: "rejections use ids up",
            uses_up: true,
            balance_changes: 2,
            ends: false,
            ..BASE
        },
        World {
            name: "rejections use ids up, checks first",
            uses_up: true,
            dedupes_first: false,
            ends: false,
            ..BASE
        },
        World {
            name: "order ids are forgotten",
            forgets: true,
            resend_for: 2,
            life: 2,
            end: 6,
            leases: true,
            ..one
        },
        World { name: "losses and no kills", losses: 3, kills: 0, lags: false, ..BASE },
    ]
}

fn replaying() -> [World; 10] {
    let one = World { plan: [true, false], attempts: 2, ..REPLAYS };
    [
        World { name: "the first replays", ..REPLAYS },
        World { name: "the first replays and rejects", rejects: [true, false], ..REPLAYS },
        World {
            name: "the first replays, balance comes and goes",
            balance_changes: 3,
            kills: 0,
            ..REPLAYS
        },
        World { name: "the first replays, three sendings", sendings: 3, kills: 0, ..one },
        World {
            name: "both replay",
            finds: [THEIRS; 2],
            replays: [true; 2],
            orders_fail: false,
            ..REPLAYS
        },
        World { name: "the first replays and is found by our id", finds: [OURS; 2], ..REPLAYS },
        World {
            name: "both replay and are found by our id",
            finds: [OURS; 2],
            replays: [true; 2],
            rejects: [true, false],
            ..REPLAYS
        },
        World {
            name: "the first remembers no rejections",
            remembers_rejections: false,
            balance_changes: 2,
            ends: false,
            ..REPLAYS
        },
        World {
            name: "the first remembers no rejections and rejects for good",
            remembers_rejections: false,
            rejects: [true, false],
            ends: false,
            ..REPLAYS
        },
        World { name: "replays without leases", leases: false, life: 1, ..one },
    ]
}

fn disturbed() -> [World; 16] {
    let calm = World { balance_changes: 0, refusals: 0, kills: 0, ..BASE };
    [
        World { name: "the first finds by its own id", finds: [THEIRS, OURS], ends: false, ..BASE },
        World { name: "the first finds nothing", finds: [NOT, OURS], ends: false, ..BASE },
        World {
            name: "none finds anything, content is rejected",
            finds: [NOT; 2],
            rejects: [true, false],
            ends: false,
            ..BASE
        },
        World { name: "look-ups say failed too early", flaps: 2, sendings: 1, end: 4, ..calm },
        World {
            name: "payments come back",
            flaps: 2,
            returns: 1,
            sendings: 1,
            attempts: 1,
            notifications: 1,
            end: 4,
            ..calm
        },
        World { name: "notifications are evidence", notifications: 2, flaps: 1, ..calm },
        World { name: "hints are forged", hints: 2, rejects: [true, false], ..calm },
        World { name: "hints are forged where keys are kept", hints: 2, ..REPLAYS },
        World {
            name: "a person speaks",
            declarations: 2,
            leases: true,
            returns: 1,
            end: 4,
            ..calm
        },
        World {
            name: "a person speaks where nothing is found",
            finds: [NOT, OURS],
            declarations: 2,
            leases: true,
            kills: 1,
            ends: false,
            ..calm
        },
        World { name: "the kill switch is turned", switches: 2, resend_for: 4, ..calm },
        World { name: "the kill switch is turned where keys are kept", switches: 2, ..REPLAYS },
        World { name: "the configuration changes", edits: 2, sendings: 3, ..calm },
        World {
            name: "a provider loses orders",
            lost_orders: 1,
            declarations: 1,
            leases: true,
            ends: false,
            end: 5,
            ..calm
        },
        World {
            name: "connections are refused",
            refusals: 3,
            sendings: 4,
            losses: 0,
            kills: 0,
            balance_changes: 0,
            end: 5,
            leases: true,
            resend_for: 2,
            ..BASE
        },
        World {
            name: "a front end repeats requests, ids are used up",
            twins: 1,
            uses_up: true,
            balance_changes: 2,
            ends: false,
            ..calm
        },
    ]
}

/// Small enough to be searched whole.
fn whole() -> [World; 5] {
    let small = World {
        workers: 1,
        attempts: 1,
        refusals: 0,
        kills: 0,
        answers_late: false,
        plan: [true, false],
        ..BASE
    };
    [
        World { name: "small: one account, one worker", ..small },
        World { name: "small: two accounts", attempts: 2, plan: [true; 2], end: 2, ..small },
        World { name: "small: two workers", workers: 2, end: 2, ..small },
        World { name: "small: content is rejected", rejects: [true; 2], sendings: 3, ..small },
        World {
            name: "small: replays",
            finds: [THEIRS; 2],
            replays: [true; 2],
            forgets: true,
            life: 2,
            resend_for: 2,
            leases: true,
            end: 5,
            sendings: 3,
            ..small
        },
    ]
}
