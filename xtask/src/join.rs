//! The lines by which an adapter of this repository joins `tulay`, its command and the pages: each
//! beside the lines of another adapter.

use std::path::Path;

/// The forms of an adapter's name that stand in these lines.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// `pay-now`, of the crate and the configuration.
    pub(crate) plain: &'a str,
    /// `pay_now`, in Rust paths.
    pub(crate) snake: &'a str,
    /// `PayNow`, of types and in pages.
    pub(crate) camel: &'a str,
}

/// Where an entry goes.
struct Place {
    file: &'static str,
    /// The entries stand behind this text.
    behind: &'static str,
    /// How the first line of each entry begins.
    begins: &'static str,
    /// What the last line of each entry contains.
    contains: &'static str,
    /// Whether the entries are sorted; if not, a new one is the last.
    sorted: bool,
    entry: fn(Names<'_>) -> String,
}

const PLACES: &[Place] = &[
    Place {
        file: "Cargo.toml",
        behind: "[workspace.dependencies]",
        begins: "tulay-",
        contains: "path = ",
        sorted: true,
        entry: |n| {
            format!("tulay-{0} = {{ path = \"crates/tulay-{0}\", version = \"0.1.0\" }}", n.plain)
        },
    },
    Place {
        file: "crates/tulay/Cargo.toml",
        behind: "[features]",
        begins: "",
        contains: "[\"dep:tulay-",
        sorted: true,
        entry: |n| format!("{0} = [\"dep:tulay-{0}\"]", n.plain),
    },
    Place {
        file: "crates/tulay/Cargo.toml",
        behind: "[dependencies]",
        begins: "tulay-",
        contains: "workspace",
        sorted: true,
        entry: |n| format!("tulay-{} = {{ workspace = true, optional = true }}", n.plain),
    },
    Place {
        file: "crates/tulay/src/lib.rs",
        behind: "",
        begins: "#[cfg(feature = ",
        contains: "pub use tulay_",
        sorted: true,
        entry: |n| {
            let Names { plain, snake, .. } = n;
            format!("#[cfg(feature = \"{plain}\")]\npub use tulay_{snake} as {snake};")
        },
    },
    Place {
        file: "crates/tulay/src/builder.rs",
        behind: "",
        begins: "        #[cfg(feature = ",
        contains: "builder.adapter(tulay_",
        sorted: true,
        entry: |n| {
            let Names { plain, snake, camel } = n;
            format!(
                "        #[cfg(feature = \"{plain}\")]\n        \
                 let builder = builder.adapter(tulay_{snake}::{camel}Adapter);"
            )
        },
    },
    Place {
        file: "xtask/src/layers.rs",
        behind: "name: \"tulay\",",
        begins: "            \"tulay-",
        contains: ",",
        sorted: true,
        entry: |n| format!("            \"tulay-{}\",", n.plain),
    },
    Place {
        file: "README.md",
        behind: "| provider | payouts | collections |\n|---|---|---|\n",
        begins: "| [",
        contains: "docs/providers/",
        sorted: false,
        entry: |n| format!("| [{}](docs/providers/{}.md) | PH: banks | none |", n.camel, n.plain),
    },
    Place {
        file: "docs/SUMMARY.md",
        behind: "(providers/README.md)\n",
        begins: "  - [",
        contains: "](providers/",
        sorted: false,
        entry: |n| format!("  - [{}](providers/{}.md)", n.camel, n.plain),
    },
    Place {
        file: "docs/providers/README.md",
        behind: "",
        begins: "* [",
        contains: ".md): ",
        sorted: false,
        entry: |n| format!("* [{}]({}.md): the Philippines", n.camel, n.plain),
    },
];

/// The files with messages that list every adapter, and the text before such a list.
const LISTS: &[&str] = &[
    "crates/tulay/tests/it/snapshots/it__files__every_mistake_is_reported_with_its_place.snap",
    "docs/messages.md",
];
const BEFORE_A_LIST: &[&str] = &["adapter = \"…\", one of: ", "the name of an adapter: "];

/// Every file that changes, and its new text. Nothing is written.
pub(crate) fn joined(root: &Path, names: Names<'_>) -> Result<Vec<(&'static str, String)>, String> {
    let mut files: Vec<(&'static str, String)> = Vec::new();
    for place in PLACES {
        let known = files.iter().position(|(file, _)| *file == place.file);
        let text = match known {
            Some(index) => files.swap_remove(index).1,
            None => std::fs::read_to_string(root.join(place.file))
                .map_err(|error| format!("{}: {error}", place.file))?,
        };
        let text = inserted(&text, place, &(place.entry)(names)).ok_or_else(|| {
            format!("{}: no adapter stands there to put another beside", place.file)
        })?;
        files.push((place.file, text));
    }
    let manifest = files.iter_mut().find(|(file, _)| *file == "crates/tulay/Cargo.toml");
    let (_, text) = manifest.ok_or("crates/tulay/Cargo.toml does not change")?;
    *text = with_default_feature(text, names.plain)
        .ok_or("crates/tulay/Cargo.toml: there are no default features")?;
    for file in LISTS {
        let text = std::fs::read_to_string(root.join(file));
        let text = text.map_err(|error| format!("{file}: {error}"))?;
        files.push((file, listed(&text, names.plain)));
    }
    Ok(files)
}

/// The text with this name in every list of adapters, sorted.
fn listed(text: &str, name: &str) -> String {
    let line = |line: &str| {
        let found =
            BEFORE_A_LIST.iter().find_map(|before| Some((before, line.split_once(before)?)));
        let Some((before, (start, list))) = found else { return line.to_owned() };
        let mut adapters: Vec<&str> = list.split(", ").collect();
        adapters.push(name);
        adapters.sort_unstable();
        format!("{start}{before}{}", adapters.join(", "))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The text with one entry more.
fn inserted(text: &str, place: &Place, entry: &str) -> Option<String> {
    let from = text.find(place.behind)? + place.behind.len();
    let (before, rest) = text.split_at(from);
    let mut lines: Vec<&str> = rest.split('\n').collect();
    let height = entry.split('\n').count();
    let is_entry = |at: usize| {
        let first = lines.get(at).is_some_and(|line| line.starts_with(place.begins));
        let last = lines.get(at + height - 1).is_some_and(|line| line.contains(place.contains));
        first && last
    };
    let first = (0..lines.len()).find(|at| is_entry(*at))?;
    let mut at = first;
    while is_entry(at) {
        if place.sorted && lines.get(at).is_some_and(|line| *line > first_line(entry)) {
            break;
        }
        at += height;
    }
    lines.splice(at..at, entry.split('\n'));
    Some(format!("{before}{}", lines.join("\n")))
}

fn first_line(entry: &str) -> &str {
    entry.split('\n').next().unwrap_or_default()
}

/// The manifest whose default features include this one, sorted.
fn with_default_feature(text: &str, name: &str) -> Option<String> {
    const BEGIN: &str = "\ndefault = [";
    let (before, rest) = text.split_once(BEGIN)?;
    let (list, after) = rest.split_once(']')?;
    let mut features: Vec<String> = list.split(", ").map(str::to_owned).collect();
    features.push(format!("\"{name}\""));
    features.sort();
    Some(format!("{before}{BEGIN}{}]{after}", features.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KAYAK: Names<'_> = Names { plain: "pay-now", snake: "pay_now", camel: "PayNow" };

    #[test]
    fn an_adapter_joins_beside_the_others() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let files = joined(root, KAYAK).unwrap();
        let text = |file: &str| &files.iter().find(|(name, _)| *name == file).unwrap().1;
        for (file, expected) in [
            ("Cargo.toml", "tulay-pay-now = { path = \"crates/tulay-pay-now\", version"),
            ("crates/tulay/Cargo.toml", "\npay-now = [\"dep:tulay-pay-now\"]\n"),
            ("crates/tulay/Cargo.toml", "\ntulay-pay-now = { workspace = true, optional = true }"),
            ("crates/tulay/Cargo.toml", "\"pay-now\", \""),
            ("crates/tulay/src/lib.rs", "\npub use tulay_pay_now as pay_now;\n"),
            ("crates/tulay/src/builder.rs", "builder.adapter(tulay_pay_now::PayNowAdapter);\n"),
            ("xtask/src/layers.rs", "            \"tulay-pay-now\",\n"),
            ("README.md", "\n| [PayNow](docs/providers/pay-now.md) | PH: banks | none |\n"),
            ("docs/SUMMARY.md", "\n  - [PayNow](providers/pay-now.md)\n- [Comparison]"),
            ("docs/providers/README.md", "\n* [PayNow](pay-now.md): the Philippines\n"),
            ("docs/messages.md", "expected the name of an adapter: acme, pay-now, "),
        ] {
            assert_eq!(text(file).matches(expected).count(), 1, "{file}: {expected}");
        }
        for (file, new) in &files {
            let old = std::fs::read_to_string(root.join(file)).unwrap();
            let added = new.lines().count() - old.lines().count();
            let expected = if LISTS.contains(file) { 0..=0 } else { 1..=2 };
            assert!(expected.contains(&added), "{file} has {added} lines more");
        }
    }

    #[test]
    fn entries_stay_sorted() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let files = joined(root, KAYAK).unwrap();
        let (_, text) = files.iter().find(|(name, _)| *name == "Cargo.toml").unwrap();
        let is_entry = |line: &&str| line.starts_with("tulay-") && line.contains("path = ");
        let lines: Vec<&str> = text.lines().filter(is_entry).collect();
        assert!(lines.is_sorted(), "{lines:?}");
    }

    #[test]
    fn a_file_without_adapters_is_an_error() {
        assert_eq!(inserted("[workspace]\n", &PLACES[0], "x"), None);
    }
}
