//! The schema of the tables of the journal and its worker.

use serde_json::{Value, json};

pub(super) fn journal() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "Where accepted payouts are kept.",
        "properties": {
            "url": {
                "type": "string",
                "pattern": "^sqlite:",
                "default": "sqlite:tulay.db",
                "description": "The database; a path is relative to this file."
            },
            "state": {
                "type": "string",
                "description": "The folder of what this machine remembers of its journals, away \
                                from the database, so that a restored one is noticed."
            }
        }
    })
}

pub(super) fn worker() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "How payouts are worked on.",
        "properties": {
            "at_once": {
                "type": "integer",
                "minimum": 1,
                "default": 256,
                "description": "So many payouts are worked on at once in each process."
            }
        }
    })
}

pub(super) fn limits() -> Value {
    let in_flight = json!({
        "type": "integer",
        "minimum": 1,
        "description": "At most so many calls at once to each account, in each process."
    });
    let per_second = json!({
        "type": "integer",
        "minimum": 1,
        "description": "At most so many sendings a second through each account, in each process."
    });
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "Limits of every account, and of those of named providers.",
        "properties": {
            "in_flight": in_flight,
            "per_second": per_second,
            "providers": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": { "in_flight": in_flight, "per_second": per_second }
                }
            }
        }
    })
}

pub(super) fn time() -> Value {
    let duration = |description: &str| {
        json!({
            "type": "string",
            "description": format!("{description} A duration from 50ms to 24h.")
        })
    };
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "Shorter times than the default ones are for configurations whose accounts \
                        are all simulated.",
        "properties": {
            "lease": duration("How long a process may work on a payout without a step."),
            "longest_call": duration("How long a call to a provider takes at most."),
            "absence_window": duration("How long after a sending a look-up that finds no order \
                                        counts."),
            "schedule_per_mille": {
                "type": "integer",
                "minimum": 1,
                "maximum": 1000,
                "description": "How quickly payouts are looked up again; 1000 is the real schedule."
            }
        }
    })
}
