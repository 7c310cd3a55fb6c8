//! `demo --crash`: the process that sends is killed in the middle, and another one goes on.
//!
//! The parent has the simulated providers and reads the journal. A child is the worker. When it is
//! killed is decided by what the journal says, and never by a clock.

use super::following::{Following, is_under_way};
use crate::{
    args::Global,
    error::CliError,
    exit::Exit,
    session,
    simulator::{Configuration, Simulator},
};
use std::{
    fs, io,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::sync::oneshot;
use tulay::{Builder, Tulay, journal::PaymentRecord};

/// How often a worker is killed: when a third of the payouts was sent, and when two thirds were.
const KILLS: usize = 2;

/// How soon the journal is read again while a worker is still to be killed.
const INTERVAL: Duration = Duration::from_millis(5);

/// Lets a worker pay what the journal has, kills it in the middle, and lets another one go on.
pub(super) async fn pay(
    global: &Global,
    simulator: &Simulator,
    configuration: Configuration,
    tulay: &Tulay,
) -> Result<Vec<PaymentRecord>, CliError> {
    let mut following = Following::begin(tulay).await?;
    let total = following.records.len();
    // A worker that has all of them at once has sent all before the first look at it.
    let at_once = format!("at_once = {}", (total / 15).max(1));
    let workers = Workers::new(global, simulator, &configuration.or_table("worker", &at_once))?;
    for kill in 1..=KILLS {
        let mut worker = workers.start()?;
        let began_at = events(&following.records);
        // Each worker does something before it is killed.
        while sent(&following.records) * (KILLS + 1) < total * kill
            || events(&following.records) == began_at
        {
            worker.must_run()?;
            if following.is_over() {
                return Ok(following.records);
            }
            tokio::time::sleep(INTERVAL).await;
            following.read().await?;
        }
        drop(worker);
        following.read().await?;
        global.say(&format!(
            "killed the worker: {} of {total} payouts were sent, {} of them are under way; another \
             worker goes on",
            sent(&following.records),
            following.records.iter().filter(|record| is_under_way(record)).count()
        ));
    }
    let mut worker = workers.start()?;
    tokio::select! {
        records = following.finish() => records,
        ended = worker.ended() => Err(ended),
    }
}

/// The child: works until the parent kills it, or has ended itself.
pub(super) async fn work(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    let file = session::config_file(global)?;
    let folder = file.parent().map(Simulator::journal).unwrap_or_default();
    let tulay = session::read(global, builder.journal(folder))?;
    let mut worker = tulay.worker().start().await?;
    let (ended, parent) = oneshot::channel::<()>();
    // A thread of its own: reading cannot be ended when the worker has.
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        drop(ended);
    });
    tokio::select! {
        ended = worker.ended() => ended?,
        _ = parent => {}
    }
    Ok(Exit::Done)
}

/// How workers are started.
struct Workers {
    configuration: PathBuf,
    secrets: Vec<(&'static str, String)>,
    is_quiet: bool,
}

impl Workers {
    fn new(
        global: &Global,
        simulator: &Simulator,
        configuration: &Configuration,
    ) -> Result<Self, CliError> {
        let file = simulator.folder().join("tulay.toml");
        let written = fs::write(&file, &configuration.text);
        written.map_err(|error| CliError::could_not_run("worker", error.to_string()))?;
        let secrets = simulator.secrets()?;
        Ok(Self { configuration: file, secrets, is_quiet: global.quiet })
    }

    /// Starts this command as a worker.
    fn start(&self) -> Result<Worker, CliError> {
        let start = || {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["demo", "--worker", "--config"]).arg(&self.configuration);
            if self.is_quiet {
                command.arg("--quiet");
            }
            let secrets = self.secrets.iter().map(|(name, secret)| (name, secret));
            command.envs(secrets).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()
        };
        start().map(Worker).map_err(|error| {
            CliError::could_not_run("worker", format!("no worker can be started: {error}"))
        })
    }
}

/// A process that works. Dropping it kills it.
struct Worker(Child);

impl Worker {
    fn must_run(&mut self) -> Result<(), CliError> {
        match self.0.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(CliError::could_not_run(
                "worker",
                format!("the worker ended by itself: {status}"),
            )),
            Err(error) => Err(CliError::could_not_run("worker", error.to_string())),
        }
    }

    /// Returns when it has ended, and never while it runs.
    async fn ended(&mut self) -> CliError {
        loop {
            if let Err(ended) = self.must_run() {
                return ended;
            }
            tokio::time::sleep(10 * INTERVAL).await;
        }
    }
}

impl Drop for Worker {
    /// On Unix by SIGKILL.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn events(records: &[PaymentRecord]) -> u64 {
    records.iter().map(|record| u64::from(record.version)).sum()
}

fn sent(records: &[PaymentRecord]) -> usize {
    records.iter().filter(|record| !record.attempts.is_empty()).count()
}
