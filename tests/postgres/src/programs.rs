//! The programs of Postgres, and the user that runs them.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Once,
};

/// Where the programs of Postgres are.
pub(crate) fn postgres() -> Option<PathBuf> {
    let found = newest_of_debian().or_else(|| on_path("initdb"));
    if found.is_none() {
        static ONCE: Once = Once::new();
        skip("Postgres", &ONCE);
    }
    found
}

/// Where pgbouncer is.
pub(crate) fn pgbouncer() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/sbin");
    let found = debian.join("pgbouncer").is_file().then_some(debian);
    let found = found.or_else(|| on_path("pgbouncer")).map(|folder| folder.join("pgbouncer"));
    if found.is_none() {
        static ONCE: Once = Once::new();
        skip("pgbouncer", &ONCE);
    }
    found
}

/// A command of the user `postgres` where this process is root, as servers refuse to run as root.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = match is_root() {
        true => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        }
        false => Command::new(program),
    };
    // The current folder may be closed to that user.
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// Runs a command to its end, and fails the test with what it wrote if it fails.
pub(crate) fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
}

/// Gives a folder or file to the user that runs the servers.
pub(crate) fn give(path: &Path) {
    if is_root() {
        run(Command::new("chown").arg("-R").arg("postgres:postgres").arg(path));
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Debian keeps each version in a folder of its own, and none of them on the path.
fn newest_of_debian() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let versions = versions.filter_map(|entry| Some(entry.ok()?.path()));
    let mut versions: Vec<PathBuf> =
        versions.filter(|path| path.join("bin/initdb").is_file()).collect();
    versions.sort_by_key(number);
    Some(versions.pop()?.join("bin"))
}

#[expect(clippy::disallowed_methods, reason = "the machine says where its programs are")]
fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| folder.join(program).is_file())
}

#[expect(clippy::disallowed_methods, reason = "the run decides whether a test may be left out")]
fn skip(program: &str, once: &Once) {
    let is_forbidden = std::env::var_os("TULAY_FORBID_SKIPS").is_some();
    assert!(!is_forbidden, "no {program} found, and TULAY_FORBID_SKIPS is set: install it");
    once.call_once(|| eprintln!("skipped: no {program} found"));
}
