//! The command in a folder of its own, and simulated providers beside it.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

pub(crate) struct Folder(TempDir);

/// How a command ended and what it said.
pub(crate) struct Ended {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err))
    }

    /// The one line of JSON that an error is.
    pub(crate) fn error(&self) -> Value {
        let line = self.err.lines().last().unwrap();
        let error: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        error["error"].clone()
    }
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with a configuration and keys, as `tulay init` writes them.
    pub(crate) fn initialised() -> Self {
        let folder = Self::new();
        assert_eq!(folder.run(&["init"]).exit, 0);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Whether nothing was written here.
    pub(crate) fn is_empty(&self) -> bool {
        std::fs::read_dir(self.path()).unwrap().next().is_none()
    }

    /// Removes the journal, as if its disk was lost.
    pub(crate) fn remove_journal(&self) {
        for entry in std::fs::read_dir(self.path()).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().starts_with("tulay.db") {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn read_bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    /// Changes the configuration.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let config = self.read("tulay.toml");
        assert!(config.contains(from), "{config}");
        self.write("tulay.toml", config.replace(from, to));
    }

    /// Removes the # signs from the second provider that `tulay init` proposes.
    pub(crate) fn with_second_provider(self) -> Self {
        let config = self.read("tulay.toml");
        let (first, second) = config.split_once("# [providers.regional]").unwrap();
        let (second, more) = second.split_once("#\n# More providers").unwrap();
        let second = format!("[providers.regional]{}", uncommented(second));
        self.write("tulay.toml", format!("{first}{second}\n# More providers{more}"));
        self
    }

    /// Removes the # signs from the third and fourth provider that `tulay init` proposes.
    pub(crate) fn with_more_providers(self) -> Self {
        let config = self.read("tulay.toml");
        let (first, more) = config.split_once("# [providers.xendit]").unwrap();
        self.write("tulay.toml", format!("{first}[providers.xendit]{}\n", uncommented(more)));
        self
    }

    /// Makes the first provider one of production, on this machine and with keys of its own.
    pub(crate) fn goes_live(&self) {
        self.edit("environment = \"sandbox\" ", "environment = \"production\" ");
        self.edit("keys/starpay.simulator.pub.pem", "keys/theirs.pub.pem");
        let config = self.read("tulay.toml");
        let base_url = config.lines().find(|line| line.starts_with("base_url")).unwrap();
        let live = config.replacen(base_url, "base_url = \"https://127.0.0.1:9/starpay\"", 1);
        self.write("tulay.toml", live);
        assert_eq!(self.run(&["keygen", "--out", "keys/theirs"]).exit, 0);
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A command that reads nothing may have ended before this is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tulay"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_remove("TULAY_ACTOR")
            .env_remove("TULAY_CONFIG")
            .env_remove("TULAY_LOG")
            .env_remove("STATE_DIRECTORY")
            .env("XDG_STATE_HOME", self.path().join("state"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `tulay sandbox` here until dropped, and points the configuration at it.
    pub(crate) fn sandbox(&self) -> RunningSandbox {
        self.sandbox_with(&[])
    }

    /// The same with more options.
    pub(crate) fn sandbox_with(&self, options: &[&str]) -> RunningSandbox {
        let arguments =
            [&["sandbox", "--listen", "127.0.0.1:0", "--number-above", "0"], options].concat();
        let mut child = self.command(&arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let origin = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        let origin = origin.trim_end_matches(';').to_owned();
        let config = self.read("tulay.toml");
        self.write("tulay.toml", config.replace("http://127.0.0.1:8400", &origin));
        RunningSandbox { child, origin }
    }
}

fn uncommented(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches(['#', ' ']));
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) struct RunningSandbox {
    child: Child,
    pub(crate) origin: String,
}

impl RunningSandbox {
    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How often money moved in a sandbox. It never moves twice for one payout.
pub(crate) fn movements(folder: &Folder, sandbox: &RunningSandbox) -> usize {
    let ledger = folder.run(&["sandbox", "ledger", "--json", "--at", &sandbox.origin]).json();
    assert_eq!(ledger["paid_more_than_once"], Value::Array(Vec::new()), "{ledger}");
    ledger["movements"].as_array().unwrap().len()
}

/// A payout to an account, as JSON.
pub(crate) fn payout(reference: &str, amount: &str, account: &str) -> String {
    format!(
        r#"{{"reference":"{reference}","country":"PH","amount":"{amount}","currency":"PHP",
            "channel":"bank","institution":"BOPIPHMM","account":"{account}",
            "given_name":"Maria","family_name":"Dela Cruz"}}"#
    )
}
