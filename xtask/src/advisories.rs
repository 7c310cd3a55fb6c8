//! `cargo xtask advisories`: every lock file of the repository, against the advisory database. For
//! maintainers and their scheduled jobs: a finding may appear without any change here.

use std::{
    path::Path,
    process::{Command, ExitCode},
};

/// The status where the database could not be fetched, so that nothing was checked.
const NOT_CHECKED: u8 = 3;

/// Checks the workspace whole, and the lock file of the fuzz targets.
pub(crate) fn check(root: &Path) -> ExitCode {
    if !deny(root, &["fetch", "db"]) {
        println!("advisories: not checked here (cargo-deny is missing, or has no database)");
        return ExitCode::from(NOT_CHECKED);
    }
    let workspace = deny(root, &["check"]);
    // What the workspace accepts with a reason need not occur there too.
    let config = root.join("deny.toml").display().to_string();
    let fuzz = ["--manifest-path", "fuzz/Cargo.toml", "check", "--config", &config];
    let fuzz =
        deny(root, &[&fuzz[..], &["--allow", "advisory-not-detected", "advisories"]].concat());
    match workspace && fuzz {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn deny(root: &Path, arguments: &[&str]) -> bool {
    let status = Command::new("cargo").arg("deny").args(arguments).current_dir(root).status();
    status.is_ok_and(|status| status.success())
}
