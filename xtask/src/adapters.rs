//! Which crates are adapters, by what stands in them, and what each must have. There is no list to
//! be forgotten: a crate that implements a provider is one.

use crate::{adapter_files, files::rust_files, graph::Graph, layers};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

const CORE: &str = "tulay-core";

/// The adapters among the workspace's crates, by their packages' names.
pub(crate) fn find(root: &Path, graph: &Graph) -> io::Result<BTreeSet<String>> {
    let mut adapters = BTreeSet::new();
    for member in &graph.members {
        let uses_core = graph.edges.get(member).is_some_and(|edges| edges.contains(CORE));
        let source = folder(root, member).join("src");
        // The facade wraps the providers of adapters, and is none.
        let may_be_one = uses_core && source.is_dir() && !layers::has_layer(member);
        if may_be_one && any(&source, published, implements_a_provider)? {
            adapters.insert(member.clone());
        }
    }
    Ok(adapters)
}

pub(crate) fn complaints(root: &Path, adapters: &BTreeSet<String>) -> io::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for adapter in adapters {
        let tests = folder(root, adapter).join("tests");
        if !tests.is_dir() || !any(&tests, whole, runs_the_suite)? {
            complaints.push(format!("crates/{adapter}: an adapter without the conformance suite"));
        }
        let page = format!("docs/providers/{}.md", adapter.trim_start_matches("tulay-"));
        if !root.join(&page).is_file() {
            complaints.push(format!("crates/{adapter}: {page} is missing"));
        }
        let source = folder(root, adapter).join("src");
        complaints.extend(adapter_files::complaints(adapter, &source)?);
    }
    Ok(complaints)
}

fn folder(root: &Path, package: &str) -> PathBuf {
    root.join("crates").join(package)
}

fn any(
    folder: &Path,
    part: fn(&Path, &str) -> String,
    holds: fn(&str) -> bool,
) -> io::Result<bool> {
    for file in rust_files(folder)? {
        if holds(&part(&file, &fs::read_to_string(&file)?)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn whole(_: &Path, text: &str) -> String {
    text.to_owned()
}

/// What is not only for tests.
fn published(file: &Path, text: &str) -> String {
    let only_tests = file.file_name().is_some_and(|name| name == "tests.rs");
    let text = if only_tests { "" } else { text };
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

fn implements_a_provider(text: &str) -> bool {
    code_lines(text).any(|line| {
        let by_macro = line.starts_with("adapter! {") || line.starts_with("provider! {");
        let by_hand = [" Adapter for ", " Provider for "].iter().any(|t| line.contains(t));
        by_macro || by_hand && line.starts_with("impl")
    })
}

fn runs_the_suite(text: &str) -> bool {
    code_lines(text).any(|line| line.contains("conformance_suite!("))
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_implements_a_provider_is_an_adapter() {
        assert!(implements_a_provider("impl Adapter for Acme {"));
        assert!(implements_a_provider("    impl<T> Provider for Acme<T> {"));
        assert!(implements_a_provider("adapter! {") && implements_a_provider("provider! {"));
        assert!(!implements_a_provider("macro_rules! provider {"));
        assert!(!implements_a_provider("impl SimulatedProvider for Acme {"));
        assert!(!implements_a_provider("// impl Adapter for Acme {"));
        assert!(!implements_a_provider("impl Transport for Acme {"));
    }

    #[test]
    fn an_outline_for_tests_is_no_adapter() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\nimpl Provider for Outline {";
        assert!(!implements_a_provider(&published(Path::new("src/a.rs"), text)));
        assert!(!implements_a_provider(&published(Path::new("tests.rs"), "impl Provider for A {")));
    }

    #[test]
    fn a_suite_in_a_comment_is_none() {
        assert!(runs_the_suite("tulay_conformance::conformance_suite!(Acme, skips: []);"));
        assert!(!runs_the_suite("// tulay_conformance::conformance_suite!(Acme, skips: []);"));
    }

    #[test]
    fn an_adapter_without_the_suite_is_found() {
        let root = std::env::temp_dir().join(format!("tulay-adapters-{}", std::process::id()));
        let tests = root.join("crates/tulay-acme/tests/it");
        let source = root.join("crates/tulay-acme/src");
        fs::create_dir_all(&tests).unwrap();
        fs::create_dir_all(&source).unwrap();
        fs::create_dir_all(root.join("docs/providers")).unwrap();
        fs::write(source.join("lib.rs"), "impl Provider for Acme {}\n").unwrap();
        fs::write(root.join("docs/providers/acme.md"), "Acme").unwrap();
        let mut graph = Graph::default();
        graph.members.insert("tulay-acme".into());
        graph.edges.entry("tulay-acme".into()).or_default().insert(CORE.into());

        let adapters = find(&root, &graph).unwrap();
        let without = complaints(&root, &adapters).unwrap();
        fs::write(tests.join("main.rs"), "tulay_conformance::conformance_suite!(A, skips: []);")
            .unwrap();
        let with = complaints(&root, &adapters).unwrap();
        fs::remove_dir_all(&root).unwrap();
        let of_the_suite = |complaint: &String| complaint.contains("suite");
        assert_eq!(without.iter().filter(|c| of_the_suite(c)).count(), 1, "{without:?}");
        assert_eq!(with.iter().filter(|c| of_the_suite(c)).count(), 0, "{with:?}");
    }
}
