//! A folder with a configuration, its keys and its journal, and the simulators that it leads to.

use std::{
    fmt::Display,
    fs::{self, File},
    path::Path,
    process::{Child, Command, Stdio},
    sync::LazyLock,
    thread::available_parallelism,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};
use tulay::{Tulay, journal::Actor};
use tulay_sandbox::{Sandbox, regional, starpay};

/// A simulated provider answers too late where more tests run processes than there are processors.
static PROCESSORS: LazyLock<(u32, Semaphore)> = LazyLock::new(|| {
    let count = available_parallelism().map_or(1, usize::from);
    (u32::try_from(count).unwrap(), Semaphore::new(count))
});

/// What a test may keep busy.
pub(crate) type Turn = SemaphorePermit<'static>;

/// A processor of its own.
pub(crate) async fn turn() -> Turn {
    PROCESSORS.1.acquire().await.unwrap()
}

/// All of them: no other test runs meanwhile.
pub(crate) async fn turn_alone() -> Turn {
    PROCESSORS.1.acquire_many(PROCESSORS.0).await.unwrap()
}

pub(crate) struct Folder {
    _turn: Turn,
    folder: TempDir,
    pub(crate) sandbox: Sandbox,
    /// The journal as this process sees it. It runs no worker.
    pub(crate) tulay: Tulay,
}

impl Folder {
    /// `more` is added to the configuration.
    pub(crate) async fn new(turn: Turn, more: &str) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("starpay.pem", starpay::DEMO_MERCHANT_PRIVATE_KEY);
        write("starpay.pub.pem", &sandbox.platform_key("starpay").unwrap());
        write("regional.pem", regional::DEMO_MERCHANT_PRIVATE_KEY);
        write("regional.pub.pem", &sandbox.platform_key("regional").unwrap());
        let text = format!(
            r#"namespace = "killed"
{more}
[[routes]]
operation = "payout"
country = "PH"
use = ["starpay", "regional"]

[[routes]]
operation = "payout"
country = "ID"
use = ["regional"]

[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "{}"
merchant_id = "{}"
private_key = {{ file = "starpay.pem" }}
platform_key = {{ file = "starpay.pub.pem" }}

[providers.regional]
adapter = "regional"
environment = "sandbox"
base_url = "{}"
app_id = "{}"
countries = ["ID", "PH"]
private_key = {{ file = "regional.pem" }}
platform_key = {{ file = "regional.pub.pem" }}
"#,
            sandbox.base_url("starpay").unwrap(),
            starpay::DEMO_MERCHANT_ID,
            sandbox.base_url("regional").unwrap(),
            regional::DEMO_APP_ID,
        );
        write("tulay.toml", &text);
        let tulay = Tulay::open(folder.path().join("tulay.toml")).await.unwrap();
        let actor = Actor::new("test").unwrap();
        tulay.confirm_whole(&actor, "the namespace is new").await.unwrap();
        Self { _turn: turn, folder, sandbox, tulay }
    }

    /// Starts a process that works on the journal.
    pub(crate) fn worker(&self) -> Child {
        self.process(&["serve", "--only", "worker"])
    }

    /// Starts one that takes notifications too.
    pub(crate) fn serve(&self) -> Child {
        self.process(&["serve"])
    }

    fn process(&self, arguments: &[&str]) -> Child {
        let log = self.folder.path().join("log");
        let log = File::options().create(true).append(true).open(log).unwrap();
        Self::command(self.path())
            .args(arguments)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    /// The command in this folder, or one that is like it.
    pub(crate) fn command(folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tulay"));
        command.args(["--config", "tulay.toml"]).current_dir(folder).stdin(Stdio::null());
        command
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A folder with the same files, as on another machine.
    pub(crate) fn of_another_machine(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(self.path()).unwrap() {
            let entry = entry.unwrap();
            // What a machine remembers is its own.
            if entry.path().is_dir() {
                continue;
            }
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        folder
    }

    /// What the processes said last.
    pub(crate) fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// Tries again while the server is down or starts.
pub(crate) async fn again<T, E: Display>(verb: impl AsyncFn() -> Result<T, E>) -> T {
    let began = Instant::now();
    loop {
        match verb().await {
            Ok(done) => return done,
            Err(error) => assert!(began.elapsed() < crate::PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
