//! One connection: a thread for each direction.

use super::{Loss, State, commits::Commits, frames::Frame};
use std::{
    io,
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The answers to a connection are counted by their last message, *ready for query*: one for the
/// start, one for each query and each `Sync`.
pub(super) struct Link {
    client: UnixStream,
    server: UnixStream,
    state: Arc<State>,
    /// The number of the answer that is lost.
    lost: AtomicUsize,
}

const NONE: usize = usize::MAX;

impl Link {
    pub(super) fn start(client: UnixStream, server: UnixStream, state: Arc<State>) {
        let link = Arc::new(Self { client, server, state, lost: AtomicUsize::new(NONE) });
        let other = Arc::clone(&link);
        std::thread::spawn(move || {
            // Either end may close it at any time.
            if link.requests().is_err() {
                link.cut();
            }
        });
        std::thread::spawn(move || {
            let _ = other.answers();
            other.cut();
        });
    }

    fn cut(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }

    /// From client to server.
    fn requests(&self) -> io::Result<()> {
        let (mut client, mut server) = (&self.client, &self.server);
        let mut first = Frame::read_first(&mut client)?;
        while first.asks_for_encryption() {
            io::Write::write_all(&mut client, b"N")?;
            first = Frame::read_first(&mut client)?;
        }
        first.write(&mut server)?;
        let mut commits = Commits::default();
        let mut asked = 1;
        loop {
            let frame = Frame::read(&mut client)?;
            if commits.read(&frame) {
                match self.state.commit() {
                    Some(Loss::NotApplied) => return Err(io::ErrorKind::ConnectionAborted.into()),
                    Some(Loss::Applied) => self.lost.store(asked + 1, Ordering::SeqCst),
                    None => {}
                }
            }
            asked += usize::from(matches!(frame.kind, Some(b'Q' | b'S')));
            frame.write(&mut server)?;
        }
    }

    /// From server to client.
    fn answers(&self) -> io::Result<()> {
        let (mut client, mut server) = (&self.client, &self.server);
        let mut answer = 1;
        loop {
            let frame = Frame::read(&mut server)?;
            let is_last = frame.kind == Some(b'Z');
            if self.lost.load(Ordering::SeqCst) == answer && (is_last || ends_transaction(&frame)) {
                return Ok(());
            }
            frame.write(&mut client)?;
            answer += usize::from(is_last);
        }
    }
}

/// Whether the server says that a transaction was committed, or rolled back instead.
fn ends_transaction(frame: &Frame) -> bool {
    let tag = frame.texts().next().unwrap_or_default();
    frame.kind == Some(b'C') && (tag == "COMMIT" || tag == "ROLLBACK")
}
