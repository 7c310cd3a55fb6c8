//! Files of one crate that import each other, directly or through others. Two ideas that know each
//! other are one idea, or one too many; test modules do not count.

use crate::modules::Modules;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Files of one crate that may import each other, and why.
struct Allowed {
    folder: &'static str,
    files: &'static [&'static str],
    reason: &'static str,
}

/// Cycles that are right as they are.
const ALLOWED: &[Allowed] = &[
    Allowed {
        folder: "crates/tulay-core",
        files: &[
            "institution/id.rs",
            "institution/mod.rs",
            "institution/my.rs",
            "institution/ph.rs",
            "institution/th.rs",
        ],
        reason: "a type, and the module that lists its values by country",
    },
    Allowed {
        folder: "crates/tulay-regional",
        files: &[
            "profile/fields.rs",
            "profile/id.rs",
            "profile/mod.rs",
            "profile/my.rs",
            "profile/ph.rs",
            "profile/ru.rs",
            "profile/th.rs",
        ],
        reason: "a type, and the module that lists its values by country",
    },
    Allowed {
        folder: "crates/tulay-xendit",
        files: &["profile/id.rs", "profile/mod.rs", "profile/ph.rs"],
        reason: "a type, and the module that lists its values by country",
    },
    Allowed {
        folder: "crates/tulay-sandbox",
        files: &["kit/notifier.rs", "kit/provider.rs", "kit/world.rs"],
        reason: "a provider is given its world, and the world's notifier asks the provider",
    },
];

/// Complaints about the crates in these folders.
pub(crate) fn complaints(root: &Path, folders: &[String]) -> Result<Vec<String>, String> {
    let mut cycles = BTreeSet::new();
    for folder in folders {
        let src = root.join(folder).join("src");
        if src.is_dir() {
            let modules = Modules::read(&src).map_err(|error| format!("{folder}/src/{error}"))?;
            cycles.extend(of_crate(&modules).into_iter().map(|files| (folder.clone(), files)));
        }
    }
    Ok(against(&cycles, &ALLOWED.iter().collect::<Vec<_>>()))
}

/// Cycles that are not allowed, and allowed ones that are gone.
fn against(found: &BTreeSet<(String, Vec<String>)>, allowed: &[&Allowed]) -> Vec<String> {
    let is = |allowed: &Allowed, folder: &str, files: &[String]| {
        allowed.folder == folder && allowed.files.iter().eq(files)
    };
    let new = found.iter().filter(|(folder, files)| !allowed.iter().any(|a| is(a, folder, files)));
    let gone = allowed.iter().filter(|a| !found.iter().any(|(folder, files)| is(a, folder, files)));
    let new = new.map(|(folder, files)| {
        format!("{folder}/src: these files import each other: {}", files.join(", "))
    });
    let gone = gone.map(|Allowed { folder, files, reason }| {
        format!("cycles.rs: {folder} has no cycle of {} ({reason})", files.join(", "))
    });
    new.chain(gone).collect()
}

/// The groups of files that can all be reached from each other, each in order.
fn of_crate(modules: &Modules) -> BTreeSet<Vec<String>> {
    let uses = modules.uses();
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        uses.keys().map(|file| (*file, reached(file, &uses))).collect();
    let reaches = |from: &str, to: &str| reach.get(from).is_some_and(|files| files.contains(to));
    let in_cycles = reach.keys().filter(|file| reaches(file, file));
    in_cycles
        .map(|file| {
            let group = reach.keys().filter(|other| reaches(file, other) && reaches(other, file));
            group.map(|other| (*other).to_owned()).collect()
        })
        .collect()
}

fn reached<'f>(from: &'f str, uses: &BTreeMap<&'f str, BTreeSet<&'f str>>) -> BTreeSet<&'f str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        open.extend(uses.get(next).into_iter().flatten().filter(|file| reached.insert(**file)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let mut modules = Modules::default();
        for (name, text) in files {
            modules.add(name, text).unwrap();
        }
        of_crate(&modules).into_iter().collect()
    }

    #[test]
    fn files_that_use_each_other_are_found() {
        for text in [
            "use crate::b::B;",
            "use super::{b::B as C};",
            "fn f() { crate::b::g(); }",
            "use crate::{b}; fn f() { b::g(); }",
            "use crate::B;",
            "pub use crate::B;",
        ] {
            let found = cycles(&[
                ("lib.rs", "mod a; mod b; pub use b::B;"),
                ("a.rs", text),
                ("b.rs", "use crate::a::A; pub struct B;"),
            ]);
            assert_eq!(found, [["a.rs", "b.rs"]], "{text}");
        }
    }

    #[test]
    fn a_longer_way_round_is_found() {
        let found = cycles(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B;"),
            ("b/mod.rs", "mod d; use d::D;"),
            ("b/d.rs", "use super::super::c::C;"),
            ("c.rs", "pub use crate::a::A;"),
        ]);
        assert_eq!(found, [["a.rs", "b/d.rs", "b/mod.rs", "c.rs"]]);
    }

    #[test]
    fn every_import_of_a_name_counts() {
        let found = cycles(&[
            (
                "main.rs",
                "mod a; mod b; mod c; #[cfg(x)] use a::A as X; #[cfg(not(x))] use b::B as X;",
            ),
            ("a.rs", "pub struct A;"),
            ("b.rs", "use crate::c::C; pub struct B;"),
            ("c.rs", "use crate::X; pub struct C;"),
        ]);
        assert_eq!(found, [["b.rs", "c.rs"]]);
    }

    #[test]
    fn one_way_is_no_cycle() {
        let found = cycles(&[
            ("lib.rs", "mod a; mod b; pub use a::A; #[cfg(test)] mod tests { use super::a; }"),
            // A module passes the name of its own part on, and its part uses it.
            ("a/mod.rs", "mod part; pub use part::Part; pub struct A;"),
            ("a/part.rs", "use super::A; /// See [`crate::b`].\n#[cfg(test)] use crate::b::B;"),
            ("b.rs", "use crate::A; use a::other::Crate; // crate::lib"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_cycle_is_new_or_listed_or_gone() {
        let found = BTreeSet::from([("crates/a".to_owned(), vec!["x.rs".into(), "y.rs".into()])]);
        let listed = Allowed { folder: "crates/a", files: &["x.rs", "y.rs"], reason: "a pair" };
        assert_eq!(
            against(&found, &[]),
            ["crates/a/src: these files import each other: x.rs, y.rs"]
        );
        assert_eq!(against(&found, &[&listed]), [""; 0]);
        assert_eq!(
            against(&BTreeSet::new(), &[&listed]),
            ["cycles.rs: crates/a has no cycle of x.rs, y.rs (a pair)"]
        );
    }
}
