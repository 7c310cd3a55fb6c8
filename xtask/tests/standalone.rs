//! A generated adapter in a project of its own passes the suite, and its binary is the `tulay`
//! command with one provider more. So does the guide's other provider, Balsa, which differs from the
//! generated one in everything that an adapter decides.
//!
//! These tests build two projects. `cargo xtask standalone` runs them, `cargo test` does not.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{fs, path::Path, process::Command};
use support::{balsa, done, generated, root};

#[test]
fn a_project_of_its_own_passes_the_suite_and_its_command_shows_it() {
    let project = generated("kawayan", "standalone");
    let target = root().join("target");
    for file in [".gitignore", "rustfmt.toml", "Cargo.lock"] {
        assert!(project.join(file).is_file(), "{file}");
    }
    // The lock file is the project's own, and needs no package of another platform.
    done(Command::new("cargo").args(["tree", "--locked", "--offline"]).current_dir(&project));
    tested(&project);
    // The README's configuration is one that the command takes.
    let readme = fs::read_to_string(project.join("README.md")).unwrap();
    let (_, sample) = readme.split_once("```toml\n").unwrap();
    let (sample, _) = sample.split_once("```").unwrap();
    let configuration = format!("namespace = \"standalone\"\n\n{sample}");
    fs::write(project.join("tulay.toml"), configuration).unwrap();
    let tulay = target.join("debug/tulay-kawayan");
    let providers = done(
        Command::new(tulay)
            .args(["providers", "--json"])
            .env("KAWAYAN_KEY", "a key of a test")
            .current_dir(&project),
    );
    let providers = String::from_utf8(providers.stdout).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&providers).unwrap();
    let provider = &shown["providers"][0];
    assert_eq!(
        (&provider["provider"], &provider["adapter"]),
        (&"kawayan".into(), &"kawayan".into())
    );
    assert_eq!(provider["operations"][0]["operation"], "payout");
}

#[test]
fn a_signed_two_step_provider_that_names_nothing_passes_too() {
    let project = balsa("balsa");
    let tests = tested(&project);
    assert!(
        tests.contains("test conformance::token_notifications_are_not_evidence ... ok"),
        "{tests}"
    );
    done(Command::new("cargo").args(["fmt", "--check"]).current_dir(&project));
}

/// Runs a project's tests; what the workspace built already is used again.
fn tested(project: &Path) -> String {
    let tests = done(
        Command::new("cargo")
            .args(["test", "--offline"])
            .env("CARGO_TARGET_DIR", root().join("target"))
            .env("INSTA_UPDATE", "no")
            .current_dir(project),
    );
    let tests = String::from_utf8(tests.stdout).unwrap();
    assert!(tests.contains("test conformance::order_id_is_sent_verbatim ... ok"), "{tests}");
    tests
}
