//! A proxy between client and server that loses the answer to a `COMMIT`, lets a `BEGIN` fail, holds
//! an answer back, or records what clients send.

mod commits;
mod frames;
mod link;
mod recording;

pub use recording::Recording;

use crate::Cluster;
use frames::Frame;
use link::Link;
use std::{
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};
use tempfile::TempDir;

/// How the answer to a `COMMIT` is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "tests name both")]
pub enum Loss {
    /// The server commits; then the connection is cut.
    Applied,
    /// The connection is cut before the server sees the `COMMIT`.
    NotApplied,
}

/// A Unix socket that leads to that of a server.
#[derive(Debug)]
pub struct Proxy {
    folder: TempDir,
    socket: PathBuf,
    state: Arc<State>,
    accepts: Option<JoinHandle<()>>,
}

/// What all connections share.
#[derive(Debug)]
struct State {
    server: PathBuf,
    is_over: AtomicBool,
    plan: Mutex<Plan>,
    /// An answer is held back while this is set.
    is_holding: Mutex<bool>,
    let_go: Condvar,
    recording: Mutex<Option<Recording>>,
    /// Both ends of every connection, to be cut at the end.
    open: Mutex<Vec<UnixStream>>,
}

#[derive(Debug, Default)]
struct Plan {
    commits: usize,
    loses: Option<(usize, Loss)>,
    breaks_begin: bool,
    holds: Option<Vec<u8>>,
}

impl Proxy {
    /// A proxy in front of a server.
    #[must_use]
    pub fn start(cluster: &Cluster) -> Self {
        let name = format!(".s.PGSQL.{}", cluster.port());
        let folder = tempfile::Builder::new().prefix("proxy").tempdir().unwrap();
        let socket = folder.path().join(&name);
        let listener = UnixListener::bind(&socket).unwrap();
        let state = Arc::new(State {
            server: cluster.folder().join(name),
            is_over: AtomicBool::new(false),
            plan: Mutex::default(),
            is_holding: Mutex::default(),
            let_go: Condvar::new(),
            recording: Mutex::default(),
            open: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        let accepts = Some(std::thread::spawn(move || accept(&listener, &shared)));
        Self { folder, socket, state, accepts }
    }

    /// Where its socket is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Loses the answer to one `COMMIT`: 1 is the next one. Another plan is forgotten.
    pub fn lose(&self, number: usize, loss: Loss) {
        let mut plan = self.state.plan.lock().unwrap();
        plan.loses = Some((plan.commits + number, loss));
    }

    /// Whether the answer that [`lose`](Self::lose) named was lost.
    #[must_use]
    pub fn has_lost(&self) -> bool {
        self.state.plan.lock().unwrap().loses.is_none()
    }

    /// Lets the next `BEGIN` fail. The connection goes on.
    pub fn break_begin(&self) {
        self.state.plan.lock().unwrap().breaks_begin = true;
    }

    /// Holds back all answers to the connection that next sends a statement with this text.
    pub fn hold(&self, text: &str) {
        self.state.plan.lock().unwrap().holds = Some(text.as_bytes().to_vec());
    }

    /// Whether an answer is held back.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        *self.state.is_holding.lock().unwrap()
    }

    /// Lets the answers go that are held back.
    pub fn let_go(&self) {
        *self.state.is_holding.lock().unwrap() = false;
        self.state.let_go.notify_all();
    }

    /// Records what clients send from now on.
    pub fn record(&self) {
        *self.state.recording.lock().unwrap() = Some(Recording::default());
    }

    /// Ends the recording. Every answer has to have come.
    #[must_use]
    pub fn recorded(&self) -> Recording {
        self.state.recording.lock().unwrap().take().unwrap_or_default()
    }

    /// How many times a `COMMIT` came.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.state.plan.lock().unwrap().commits
    }
}

impl State {
    /// A `COMMIT` comes. What happens to it.
    fn commit(&self) -> Option<Loss> {
        let mut plan = self.plan.lock().unwrap();
        plan.commits += 1;
        let (_, loss) = plan.loses.filter(|(number, _)| *number == plan.commits)?;
        plan.loses = None;
        Some(loss)
    }

    /// A `BEGIN` comes. Whether it is to fail.
    fn breaks_begin(&self) -> bool {
        std::mem::take(&mut self.plan.lock().unwrap().breaks_begin)
    }

    /// Whether the answers to a connection that sends this are to be held back.
    fn holds(&self, frame: &Frame) -> bool {
        let mut plan = self.plan.lock().unwrap();
        if !plan.holds.as_ref().is_some_and(|text| frame.contains(text)) {
            return false;
        }
        plan.holds = None;
        *self.is_holding.lock().unwrap() = true;
        true
    }

    fn wait_until_let_go(&self) {
        let holding = self.is_holding.lock().unwrap();
        drop(self.let_go.wait_while(holding, |is_holding| *is_holding).unwrap());
    }

    fn record(&self, record: impl FnOnce(&mut Recording)) {
        if let Some(recording) = &mut *self.recording.lock().unwrap() {
            record(recording);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        self.let_go();
        let _ = UnixStream::connect(&self.socket);
        if let Some(accepts) = self.accepts.take() {
            let _ = accepts.join();
        }
        for stream in self.state.open.lock().unwrap().iter() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }
}

fn accept(listener: &UnixListener, state: &Arc<State>) {
    while let Ok((client, _)) = listener.accept() {
        if state.is_over.load(Ordering::SeqCst) {
            return;
        }
        // A server that is down is seen by the client as a connection that ends.
        if let Ok(server) = UnixStream::connect(&state.server) {
            let mut open = state.open.lock().unwrap();
            open.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
            Link::start(open.len(), client, server, Arc::clone(state));
        }
    }
}
