//! The layers: which crate may depend on which. Dependencies of tests do not count, as a test may
//! use every crate.

use crate::graph::Graph;
use std::collections::BTreeSet;

/// A crate, the crates it may depend on, and packages it must not be built with, however
/// indirectly.
struct Crate {
    name: &'static str,
    may_use: &'static [&'static str],
    never: &'static [&'static str],
}

const RUNTIME: &[&str] = &["tokio", "hyper", "reqwest", "axum", "rusqlite"];

const CRATES: &[Crate] = &[
    // 1
    Crate { name: "tulay-core", may_use: &[], never: RUNTIME },
    Crate { name: "tulay-crypto", may_use: &[], never: RUNTIME },
    Crate { name: "tulay-qr", may_use: &[], never: RUNTIME },
    // 2
    Crate { name: "tulay-http", may_use: &["tulay-core"], never: &["axum", "rusqlite"] },
    Crate { name: "tulay-adapter", may_use: &["tulay-core", "tulay-crypto"], never: RUNTIME },
    Crate { name: "tulay-router", may_use: &["tulay-core"], never: RUNTIME },
    Crate { name: "tulay-journal", may_use: &["tulay-core"], never: &["reqwest", "axum"] },
    Crate { name: "tulay-conformance", may_use: &["tulay-core"], never: &["reqwest", "rusqlite"] },
    // 3
    // (and every adapter, which needs no line here)
    Crate { name: "tulay-webhook", may_use: &["tulay-core"], never: &["reqwest", "rusqlite"] },
    Crate {
        name: "tulay-sandbox",
        may_use: &["tulay-core", "tulay-qr"],
        never: &["reqwest", "aws-lc-rs", "rusqlite"],
    },
    // 4
    Crate {
        name: "tulay",
        may_use: &[
            "tulay-core",
            "tulay-crypto",
            "tulay-http",
            "tulay-journal",
            "tulay-paymongo",
            "tulay-qr",
            "tulay-regional",
            "tulay-router",
            "tulay-starpay",
            "tulay-webhook",
            "tulay-xendit",
        ],
        never: &["tulay-sandbox", "tulay-conformance"],
    },
    // 5
    Crate {
        name: "tulay-cli",
        may_use: &["tulay", "tulay-crypto", "tulay-qr", "tulay-sandbox"],
        never: &["tulay-conformance"],
    },
    // On top, and beside.
    Crate { name: "tulay-examples", may_use: &["tulay", "tulay-sandbox"], never: &[] },
    Crate { name: "tulay-tests", may_use: ANYTHING, never: &[] },
    Crate { name: "tulay-tests-postgres", may_use: &[], never: RUNTIME },
    Crate { name: "xtask", may_use: &[], never: RUNTIME },
];

/// What holds for every adapter, whatever its name. Only adapters may use `tulay-adapter`:
/// simulators and the suite judge adapters, and share no reading code with them.
const ADAPTER: Crate = Crate {
    name: "an adapter",
    may_use: &["tulay-adapter", "tulay-core", "tulay-crypto", "tulay-qr"],
    never: &["tokio", "hyper", "reqwest", "axum", "rusqlite", "tulay-http"],
};

const ANYTHING: &[&str] = &["*"];

/// Whether a crate has a layer of its own, as no adapter has.
pub(crate) fn has_layer(name: &str) -> bool {
    CRATES.iter().any(|known| known.name == name)
}

pub(crate) fn complaints(graph: &Graph, adapters: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for member in &graph.members {
        let adapter = adapters.contains(member).then_some(&ADAPTER);
        let Some(layer) = adapter.or_else(|| CRATES.iter().find(|known| known.name == member))
        else {
            complaints.push(format!("{member}: a crate without a layer; add it to layers.rs"));
            continue;
        };
        for used in graph.edges.get(member).into_iter().flatten() {
            let allowed = layer.may_use == ANYTHING || layer.may_use.contains(&used.as_str());
            if graph.members.contains(used) && !allowed {
                complaints
                    .push(format!("{member} → {used}: its layer does not allow this dependency"));
            }
        }
        let reached = graph.reach(member);
        for forbidden in layer.never.iter().filter(|forbidden| reached.contains(**forbidden)) {
            complaints
                .push(format!("{member}: is built with {forbidden}, which its layer forbids"));
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
    fn allowed_dependencies_are_fine() {
        let graph =
            graph(&[("tulay-cli", "tulay"), ("tulay", "tulay-core"), ("tulay-http", "reqwest")]);
        assert_eq!(complaints(&graph, &adapters()), Vec::<String>::new());
    }

    #[test]
    fn a_dependency_on_a_higher_layer_is_found() {
        let graph = graph(&[("tulay-core", "tulay-http")]);
        assert_eq!(
            complaints(&graph, &adapters()),
            ["tulay-core → tulay-http: its layer does not allow this dependency"]
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
                "tulay-conformance → tulay-adapter: its layer does not allow this dependency",
                "tulay-sandbox → tulay-adapter: its layer does not allow this dependency"
            ]
        );
    }

    #[test]
    fn a_forbidden_package_is_found_however_deep() {
        let graph = graph(&[("tulay-starpay", "helper"), ("helper", "reqwest")]);
        assert_eq!(
            complaints(&graph, &adapters()),
            ["tulay-starpay: is built with reqwest, which its layer forbids"]
        );
    }

    #[test]
    fn a_crate_without_a_layer_is_found() {
        let graph = graph(&[("tulay-attic", "tulay-core")]);
        assert_eq!(complaints(&graph, &adapters()).len(), 1);
    }
}
