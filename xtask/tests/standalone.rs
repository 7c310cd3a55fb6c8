//! A generated adapter in a project of its own passes the suite, and its binary is the `tulay`
//! command with one provider more. So do the guide's other providers, Balsa and Paraw, which differ
//! from the generated one in everything that an adapter decides. In this repository, a generated
//! adapter is built in at once.
//!
//! These tests build four projects. `cargo xtask standalone` runs them, `cargo test` does not.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use support::{balsa, copied, done, generated, paraw, root};

#[test]
fn a_project_of_its_own_passes_the_suite_and_its_command_shows_it() {
    let project = generated("kawayan", "standalone");
    let target = root().join("target");
    for file in [".gitignore", "rustfmt.toml", "clippy.toml", "Cargo.lock"] {
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

#[test]
fn a_provider_with_more_roles_passes_too() {
    let project = paraw("paraw");
    let tests = tested(&project);
    for role in ["refunds_identify_their_payment", "payment_instructions_are_returned"] {
        assert!(tests.contains(&format!("test conformance::{role} ... ok")), "{tests}");
    }
    done(Command::new("cargo").args(["fmt", "--check"]).current_dir(&project));
}

#[test]
fn an_adapter_of_this_repository_is_built_in() {
    let copy = copied("built-in");
    // What is optimised there for the tests of the workspace is not run here.
    let manifest = copy.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("tulay-journal = { opt-level"));
    fs::write(manifest, lines.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    // Cargo names artifacts by paths within a workspace, so those of a copy would take the place of
    // the workspace's own.
    let target = copy.with_file_name("built-in-target");
    copy_dependencies(&root().join("target/debug"), &target.join("debug"));
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).env("CARGO_TARGET_DIR", &target).current_dir(&copy);
        cargo.env("CARGO_NET_OFFLINE", "true").env("INSTA_UPDATE", "no");
        String::from_utf8(done(&mut cargo).stdout).unwrap()
    };
    cargo(&["xtask", "new-adapter", "kawayan"]);
    let tests = cargo(&["test", "--package", "tulay-kawayan"]);
    assert!(tests.contains("test conformance::order_id_is_sent_verbatim ... ok"), "{tests}");
    cargo(&["xtask", "tidy"]);
    cargo(&["fmt", "--all", "--check"]);
    let page = fs::read_to_string(copy.join("docs/capabilities.md")).unwrap();
    let (_, kawayan) = page.split_once("## kawayan\n").unwrap();
    assert!(kawayan.contains("| payout | PH | PHP | bank | - | to 50000.00 |"), "{kawayan}");
}

/// Copies the libraries that the workspace built, so that they are not built again. Cargo compares
/// times, which `cp` keeps.
fn copy_dependencies(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to.join("deps")).unwrap();
    for part in [".fingerprint", "build"] {
        done(Command::new("cp").arg("-a").arg(from.join(part)).arg(to));
    }
    let files = fs::read_dir(from.join("deps")).unwrap().map(|entry| entry.unwrap().path());
    let is_library = |path: &PathBuf| {
        let extension = path.extension().and_then(|it| it.to_str());
        matches!(extension, Some("rlib" | "rmeta" | "so" | "d"))
    };
    let libraries: Vec<PathBuf> = files.filter(is_library).collect();
    done(Command::new("cp").arg("-a").args(libraries).arg(to.join("deps")));
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
