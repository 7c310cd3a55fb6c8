//! What `cargo xtask new-adapter` writes, and the guide that quotes it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{fs, path::Path, process::Command};
use support::{balsa, done, generated, root};

#[test]
fn the_guide_s_code_is_what_was_generated() {
    let projects = [generated("kawayan", "guide"), balsa("guide-balsa")];
    let guide = fs::read_to_string(root().join("docs/guides/new-adapter.md")).unwrap();
    let mut compared = 0;
    let mut rest = guide.as_str();
    // A block names its file after the language: ```rust src/map.rs, or ```rust balsa:src/map.rs
    while let Some((_, block)) = rest.split_once("\n```") {
        let (info, text) = block.split_once('\n').unwrap();
        let (code, after) = text.split_once("\n```").unwrap();
        if let Some((_, file)) = info.split_once(' ') {
            let (project, file) = match file.strip_prefix("balsa:") {
                Some(file) => (&projects[1], file),
                None => (&projects[0], file),
            };
            let generated = fs::read_to_string(project.join(file)).unwrap();
            assert!(generated.contains(code), "{file} does not hold:\n{code}");
            compared += 1;
        }
        rest = after;
    }
    assert!(compared >= 16, "only {compared} blocks of the guide name their file");
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
