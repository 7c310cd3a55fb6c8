//! The arrows of the house: which room may use which. Dependencies of tests do not count, as a
//! test may look into every room.

use crate::graph::Graph;
use std::collections::BTreeSet;

/// A room, the rooms it may use, and packages it must not be built with, however indirectly.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    never: &'static [&'static str],
}

const RUNTIME: &[&str] = &["tokio", "hyper", "reqwest", "axum", "sqlx"];

const ROOMS: &[Room] = &[
    // 1
    Room { name: "tulay-core", may_use: &[], never: RUNTIME },
    Room { name: "tulay-crypto", may_use: &[], never: RUNTIME },
    Room { name: "tulay-qr", may_use: &[], never: RUNTIME },
    // 2
    Room { name: "tulay-http", may_use: &["tulay-core"], never: &["axum", "sqlx"] },
    Room { name: "tulay-adapter", may_use: &["tulay-core", "tulay-crypto"], never: RUNTIME },
    Room { name: "tulay-router", may_use: &["tulay-core"], never: RUNTIME },
    Room { name: "tulay-journal", may_use: &["tulay-core"], never: &["reqwest", "axum"] },
    Room { name: "tulay-conformance", may_use: &["tulay-core"], never: &["reqwest", "sqlx"] },
    // 3
    // (and every adapter, which needs no line here)
    Room { name: "tulay-webhook", may_use: &["tulay-core"], never: &["reqwest", "sqlx"] },
    Room {
        name: "tulay-sandbox",
        may_use: &["tulay-core", "tulay-qr"],
        never: &["reqwest", "aws-lc-rs", "sqlx"],
    },
    // 4
    Room {
        name: "tulay",
        may_use: &[
            "tulay-core",
            "tulay-crypto",
            "tulay-http",
            "tulay-journal",
            "tulay-qr",
            "tulay-regional",
            "tulay-router",
            "tulay-starpay",
            "tulay-webhook",
        ],
        never: &["tulay-sandbox", "tulay-conformance"],
    },
    // 5
    Room {
        name: "tulay-cli",
        may_use: &["tulay", "tulay-crypto", "tulay-qr", "tulay-sandbox"],
        never: &["tulay-conformance"],
    },
    // On top, and beside.
    Room { name: "tulay-examples", may_use: &["tulay", "tulay-sandbox"], never: &[] },
    Room { name: "tulay-tests", may_use: ANYTHING, never: &[] },
    Room { name: "xtask", may_use: &[], never: RUNTIME },
];

/// The room of every adapter, however it is called. Only adapters may use `tulay-adapter`:
/// simulators and the suite judge adapters, and share no reading code with them.
const AN_ADAPTER: Room = Room {
    name: "an adapter",
    may_use: &["tulay-adapter", "tulay-core", "tulay-crypto", "tulay-qr"],
    never: &["tokio", "hyper", "reqwest", "axum", "sqlx", "tulay-http"],
};

const ANYTHING: &[&str] = &["*"];

pub(crate) fn complaints(graph: &Graph, adapters: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for member in &graph.members {
        let adapter = adapters.contains(member).then_some(&AN_ADAPTER);
        let Some(room) = adapter.or_else(|| ROOMS.iter().find(|room| room.name == member)) else {
            complaints.push(format!("{member}: a room that the plan does not have (arrows.rs)"));
            continue;
        };
        for used in graph.edges.get(member).into_iter().flatten() {
            let allowed = room.may_use == ANYTHING || room.may_use.contains(&used.as_str());
            if graph.members.contains(used) && !allowed {
                complaints.push(format!("{member} → {used}: no such arrow in the plan"));
            }
        }
        let reached = graph.reach(member);
        for forbidden in room.never.iter().filter(|forbidden| reached.contains(**forbidden)) {
            complaints.push(format!("{member}: is built with {forbidden}, which it must not know"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in edges {
            for end in [from, to].into_iter().filter(|end| end.starts_with("tulay")) {
                graph.members.insert((*end).to_owned());
            }
            graph.edges.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    }

    fn adapters() -> BTreeSet<String> {
        BTreeSet::from(["tulay-starpay".to_owned()])
    }

    #[test]
    fn arrows_of_the_plan_are_fine() {
        let graph =
            graph(&[("tulay-cli", "tulay"), ("tulay", "tulay-core"), ("tulay-http", "reqwest")]);
        assert_eq!(complaints(&graph, &adapters()), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_runs_upward_is_found() {
        let graph = graph(&[("tulay-core", "tulay-http")]);
        assert_eq!(
            complaints(&graph, &adapters()),
            ["tulay-core → tulay-http: no such arrow in the plan"]
        );
    }

    #[test]
    fn only_adapters_use_the_adapter_kit() {
        let graph = graph(&[
            ("tulay-starpay", "tulay-adapter"),
            ("tulay-sandbox", "tulay-adapter"),
            ("tulay-conformance", "tulay-adapter"),
        ]);
        assert_eq!(
            complaints(&graph, &adapters()),
            [
                "tulay-conformance → tulay-adapter: no such arrow in the plan",
                "tulay-sandbox → tulay-adapter: no such arrow in the plan"
            ]
        );
    }

    #[test]
    fn what_a_room_must_not_know_is_found_however_deep() {
        let graph = graph(&[("tulay-starpay", "helper"), ("helper", "reqwest")]);
        assert_eq!(
            complaints(&graph, &adapters()),
            ["tulay-starpay: is built with reqwest, which it must not know"]
        );
    }

    #[test]
    fn a_room_the_plan_does_not_have_is_found() {
        let graph = graph(&[("tulay-attic", "tulay-core")]);
        assert_eq!(complaints(&graph, &adapters()).len(), 1);
    }
}
