//! What `cargo xtask new-adapter` writes, and the guide that quotes it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{fs, path::Path, process::Command};
use support::{balsa, done, generated, paraw, root};

/// The pages of the guide.
const PAGES: [&str; 2] = ["docs/guides/new-adapter.md", "docs/guides/other-providers.md"];

#[test]
fn the_guide_s_code_is_what_was_generated() {
    let kawayan = generated("kawayan", "guide");
    let (balsa, paraw) = (balsa("guide-balsa"), paraw("guide-paraw"));
    let mut compared = 0;
    for page in PAGES {
        let guide = fs::read_to_string(root().join(page)).unwrap();
        let mut rest = guide.as_str();
        // A block names its file after the language: ```rust src/map.rs, or ```rust balsa:src/map.rs
        while let Some((_, block)) = rest.split_once("\n```") {
            let (info, text) = block.split_once('\n').unwrap();
            let (code, after) = text.split_once("\n```").unwrap();
            if let Some((_, file)) = info.split_once(' ') {
                let (project, file) = match file.split_once(':') {
                    Some(("balsa", file)) => (&balsa, file),
                    Some(("paraw", file)) => (&paraw, file),
                    _ => (&kawayan, file),
                };
                let generated = fs::read_to_string(project.join(file)).unwrap();
                assert!(generated.contains(code), "{file} does not hold:\n{code}");
                compared += 1;
            }
            rest = after;
        }
    }
    assert!(compared >= 28, "only {compared} blocks of the guide name their file");
}

/// The enums whose variants the guide's prose names, and the files that declare them.
const ENUMS: &[(&str, &str)] = &[
    ("Echo", "crates/tulay-core/src/guarantees.rs"),
    ("Effect", "crates/tulay-core/src/effect.rs"),
    ("ErrorKind", "crates/tulay-core/src/effect.rs"),
    ("FindBy", "crates/tulay-core/src/guarantees.rs"),
    ("Notification", "crates/tulay-core/src/notification.rs"),
    ("Operation", "crates/tulay-core/src/operation.rs"),
    ("Proves", "crates/tulay-conformance/src/harness.rs"),
    ("Repeats", "crates/tulay-conformance/src/case.rs"),
    ("Says", "crates/tulay-conformance/src/case.rs"),
    ("Sealed", "crates/tulay-conformance/src/harness.rs"),
    ("Verdict", "crates/tulay-adapter/src/codes.rs"),
];

#[test]
fn the_guide_names_variants_that_exist() {
    let pages = PAGES.map(|page| fs::read_to_string(root().join(page)).unwrap());
    // Between the fences, prose and blocks alternate; between backticks, words and code do.
    let prose: String = pages.iter().flat_map(|page| page.split("\n```").step_by(2)).collect();
    let mut compared = 0;
    for code in prose.split('`').skip(1).step_by(2) {
        let paths = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        for (path, variant) in paths.filter_map(|path| path.rsplit_once("::")) {
            let declared = ENUMS.iter().find(|(name, _)| path.rsplit("::").next() == Some(*name));
            // What begins in lower case is a method.
            let Some((name, file)) = declared.filter(|_| variant.starts_with(char::is_uppercase))
            else {
                continue;
            };
            let source = fs::read_to_string(root().join(file)).unwrap();
            let (_, body) = source.split_once(&format!("pub enum {name} {{\n")).unwrap();
            let (body, _) = body.split_once("\n}").unwrap();
            let mut lines = body.lines().map(str::trim_start);
            let found = lines.any(|line| line.split([',', '(', ' ']).next() == Some(variant));
            assert!(found, "{file} declares no {name}::{variant}");
            compared += 1;
        }
    }
    assert!(compared >= 10, "only {compared} variants are named");
}

#[test]
fn what_is_no_name_is_refused_and_nothing_is_written() {
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused");
    let refused = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["new-adapter", "../kawayan", "--standalone"])
        .arg(&project)
        .output()
        .unwrap();
    assert!(!refused.status.success() && !project.exists());
}

#[test]
fn what_is_generated_is_formatted_whatever_the_name() {
    let project = generated("a-very-long-provider", "formatted");
    done(Command::new("cargo").args(["fmt", "--check"]).current_dir(&project));
}
