//! A proxy between client and server that loses the answer to a `COMMIT`, lets a `BEGIN` fail, or
//! records what clients send.

mod commits;
mod frames;
mod link;
mod recording;

pub use recording::Recording;

use crate::Cluster;
use link::Link;
use std::{
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
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
    recording: Mutex<Option<Recording>>,
    /// Both ends of every connection, to be cut at the end.
    open: Mutex<Vec<UnixStream>>,
}

#[derive(Debug, Default)]
struct Plan {
    commits: usize,
    loses: Option<(usize, Loss)>,
    breaks_begin: bool,
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

    fn record(&self, record: impl FnOnce(&mut Recording)) {
        if let Some(recording) = &mut *self.recording.lock().unwrap() {
            record(recording);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
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
