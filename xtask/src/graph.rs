//! Who depends on whom, in normal builds, as cargo sees it.

use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

/// The normal dependencies of every package, by name.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) members: BTreeSet<String>,
    pub(crate) edges: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Everything a package is built with.
    pub(crate) fn reach(&self, package: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![package];
        while let Some(next) = open.pop() {
            for dependency in self.edges.get(next).into_iter().flatten() {
                if reached.insert(dependency.as_str()) {
                    open.push(dependency);
                }
            }
        }
        reached
    }
}

pub(crate) fn read(root: &Path) -> Result<Graph, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        // What other platforms need may not be on this machine.
        .args(host().into_iter().flat_map(|host| ["--filter-platform".to_owned(), host]))
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    Ok(parse(metadata))
}

/// The platform of this machine, as rustc names it.
pub(crate) fn host() -> Option<String> {
    let output = Command::new("rustc").args(["--print", "host-tuple"]).output().ok()?;
    let host = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !host.is_empty()).then_some(host)
}

fn parse(metadata: Metadata) -> Graph {
    let names: BTreeMap<String, String> =
        metadata.packages.into_iter().map(|package| (package.id, package.name)).collect();
    let name = |id: &String| names.get(id).cloned().unwrap_or_default();

    let mut graph = Graph {
        members: metadata.workspace_members.iter().map(name).collect(),
        ..Graph::default()
    };
    for node in metadata.resolve.nodes {
        let normal = node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|k| k.kind.is_none()));
        let edges = graph.edges.entry(name(&node.id)).or_default();
        edges.extend(normal.map(|dependency| name(&dependency.pkg)));
    }
    graph
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

/// `null` is a normal dependency; `dev` and `build` are the others.
#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}
