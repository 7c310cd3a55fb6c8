//! The version that the command prints: in optimised builds of a git checkout, with the revision.
//! Other builds do without, so that a commit does not build the command anew.

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=TULAY_REVISION");
    let given = variable("TULAY_REVISION").filter(|revision| !revision.trim().is_empty());
    let optimised = variable("PROFILE").is_some_and(|profile| profile == "release");
    let revision = given.or_else(|| if optimised { of_checkout() } else { None });
    if let (Some(revision), Some(version)) = (revision, variable("CARGO_PKG_VERSION")) {
        println!("cargo:rustc-env=TULAY_VERSION={version} ({})", revision.trim());
    }
}

/// The revision of the checkout that this crate is a part of; none where it lies unpacked in some
/// other checkout, or where there is no git.
fn of_checkout() -> Option<String> {
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file])?;
        if Path::new(&path).exists() {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let folder = variable("CARGO_MANIFEST_DIR")?;
    let output = Command::new("git").args(arguments).current_dir(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by variables")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}
