//! The threads that hold the connections. What waits for the writer goes into one transaction.

use super::{
    file::OpenFile,
    rows::{self, Result},
};
use crate::{
    Time,
    store::{JournalEvent, StoreError, Witness, witness::DOUBTED},
};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};
use std::{
    fs::File,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// At most so many jobs are one transaction.
const LARGEST_GROUP: usize = 256;

/// Work on a connection, and who waits for it.
trait Job: Send {
    /// Does the work. It may be done again when its transaction was rolled back.
    fn run(&mut self, connection: &Connection) -> Result<()>;
    /// Answers, once the work is durable or has failed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Work<T, F> {
    work: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&Connection) -> Result<T> + Send> Job for Work<T, F> {
    fn run(&mut self, connection: &Connection) -> Result<()> {
        self.done = Some((self.work)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let Self { done, reply, .. } = *self;
        // A caller that went away reads the outcome later, as after a crash.
        let _ = reply.send(committed.and_then(|()| done.ok_or(StoreError::Closed)));
    }
}

/// Sends work to the threads of one kind. Dropping it waits until all of it is done.
pub(super) struct Queue {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has answered with `Closed`.
            let _ = thread.join();
        }
    }
}

impl Queue {
    /// Does work on one of the threads, and waits until it is durable.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { work, done: None, reply });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

/// Starts the writer. It ends with its queue, and holds the lock of the process until then.
pub(super) fn writer(
    connection: Connection,
    file: OpenFile,
    lock: File,
    mut witness: Option<Witness>,
    time: &Arc<dyn Time>,
) -> std::io::Result<Queue> {
    let (sender, jobs) = mpsc::channel::<Box<dyn Job>>();
    let time = Arc::clone(time);
    let thread = thread::Builder::new().name("journal-writer".into()).spawn(move || {
        let _lock = lock;
        let mut writer = Writer {
            connection,
            file,
            jobs,
            waiting: Vec::new(),
            answered: 0,
            commit: Duration::ZERO,
        };
        while let Some(group) = writer.gather() {
            if !writer.write(group) {
                break;
            }
            remember(&writer.connection, witness.as_mut(), time.now());
        }
    })?;
    Ok(Queue { jobs: Some(sender), threads: vec![thread] })
}

/// Starts the readers, one for each connection.
pub(super) fn readers(connections: Vec<Connection>) -> std::io::Result<Queue> {
    let (sender, jobs) = mpsc::channel::<Box<dyn Job>>();
    let jobs = Arc::new(Mutex::new(jobs));
    let mut threads = Vec::new();
    for connection in connections {
        let jobs = Arc::clone(&jobs);
        let thread = thread::Builder::new().name("journal-reader".into()).spawn(move || {
            loop {
                let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(mut job) = next else { break };
                let done = read(&connection, job.as_mut());
                job.answer(done);
            }
        })?;
        threads.push(thread);
    }
    Ok(Queue { jobs: Some(sender), threads })
}

/// Remembers how far the journal is. One that is behind what was remembered was restored under this
/// process. What is not remembered is noticed less, and harms nothing else.
fn remember(connection: &Connection, witness: Option<&mut Witness>, now: Timestamp) {
    let Some(witness) = witness else { return };
    let Ok(mut seen) = rows::seen(connection) else { return };
    if !witness.remembered().is_known_to(&seen) {
        let doubted = rows::doubt(connection, &JournalEvent::doubted(now, None, DOUBTED));
        match doubted.and_then(|()| rows::seen(connection)) {
            Ok(doubted) => seen = doubted,
            Err(_) => return,
        }
    }
    let _ = witness.keep(&seen);
}

struct Writer {
    connection: Connection,
    file: OpenFile,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    /// Those that came while the last group was written.
    waiting: Vec<Box<dyn Job>>,
    /// How many the last group had.
    answered: usize,
    /// How long the last commit took.
    commit: Duration,
}

impl Writer {
    /// Waits for the next group. Callers who were just answered are often about to come back: a part
    /// of a commit is waited for them, since otherwise they have to wait for a whole one.
    fn gather(&mut self) -> Option<Vec<Box<dyn Job>>> {
        let mut group = std::mem::take(&mut self.waiting);
        let expected = group.len().saturating_add(self.answered).min(LARGEST_GROUP);
        if group.is_empty() {
            group.push(self.jobs.recv().ok()?);
        }
        let end = Instant::now() + self.commit / 4;
        group.extend(self.jobs.try_iter().take(LARGEST_GROUP.saturating_sub(group.len())));
        while group.len() < expected {
            let patience = end.saturating_duration_since(Instant::now());
            let Ok(job) = self.jobs.recv_timeout(patience) else { break };
            group.push(job);
        }
        Some(group)
    }

    /// Writes a group in one transaction, or each of it alone if the group cannot be written.
    /// Returns whether the connection can still be relied on.
    fn write(&mut self, mut group: Vec<Box<dyn Job>>) -> bool {
        // Another process may have made a new journal under the name, which knows nothing of this one.
        if !self.file.is_there() {
            group.into_iter().for_each(|job| job.answer(Err(StoreError::Replaced)));
            return false;
        }
        let result = transaction(&self.connection, &mut group);
        // A job that cannot be written must not take the others with it.
        if let Err(Failed::Undone(_)) = &result
            && group.len() > 1
        {
            return group.into_iter().all(|job| self.write(vec![job]));
        }
        // Before anyone is answered: those who come back are counted by `answered`.
        let free = LARGEST_GROUP.saturating_sub(self.waiting.len());
        self.waiting.extend(self.jobs.try_iter().take(free));
        self.answered = group.len();
        let is_reliable = !matches!(result, Err(Failed::Broken(_)));
        let result = match result {
            Ok(commit) => {
                self.commit = commit;
                Ok(())
            }
            Err(Failed::Undone(error)) => Err(error),
            Err(Failed::Commit(why) | Failed::Broken(why)) => Err(StoreError::OutcomeUnknown(why)),
        };
        group.into_iter().for_each(|job| job.answer(result.clone()));
        is_reliable
    }
}

/// How a transaction failed.
enum Failed {
    /// Nothing of it is written.
    Undone(StoreError),
    /// Its commit failed, and the connection works on.
    Commit(String),
    /// The same, and what the disk reports from here on proves nothing.
    Broken(String),
}

/// Writes a group. Returns how long the commit took.
fn transaction(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<Duration, Failed> {
    let undone = |error: rusqlite::Error| Failed::Undone(error.into());
    let run = |text: &str| connection.prepare_cached(text)?.execute([]);
    run("BEGIN IMMEDIATE").map_err(undone)?;
    if let Err(error) = group.iter_mut().try_for_each(|job| job.run(connection)) {
        roll_back(connection).map_err(Failed::Broken)?;
        return Err(Failed::Undone(error));
    }
    let began = Instant::now();
    let Err(error) = run("COMMIT") else { return Ok(began.elapsed()) };
    roll_back(connection).map_err(Failed::Broken)?;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Err(Failed::Commit("the disk is full".into())),
        _ => Err(Failed::Broken(StoreError::from(error).to_string())),
    }
}

/// Ends a transaction, unless its error has ended it already.
fn roll_back(connection: &Connection) -> Result<(), String> {
    if connection.is_autocommit() {
        return Ok(());
    }
    let rolled_back = connection.prepare_cached("ROLLBACK").and_then(|mut it| it.execute([]));
    rolled_back.map(drop).map_err(|error| StoreError::from(error).to_string())
}

/// Reads in one transaction, so that a payment and its attempts are of one moment.
fn read(connection: &Connection, job: &mut dyn Job) -> Result<()> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let done = job.run(connection);
    roll_back(connection).map_err(StoreError::Failed)?;
    done
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            // SQLite's message may quote a value of a constraint's row; its code does not.
            Some(code) => Self::Failed(format!("SQLite: {code:?}; check the disk")),
            None => match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..) => {
                    Self::Damaged("a column of another type")
                }
                _ => Self::Failed("SQLite does not take a statement".into()),
            },
        }
    }
}
