//! One connection: a thread for each direction.

use super::{Loss, State, commits::Commits, frames::Frame};
use std::{
    io::{self, BufReader, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// The answers to a connection are counted by their last message, *ready for query*: one for the
/// start, one for each query and each `Sync`.
pub(super) struct Link {
    number: usize,
    client: UnixStream,
    server: UnixStream,
    state: Arc<State>,
    /// The number of the answer that is lost.
    lost: AtomicUsize,
    is_held: AtomicBool,
}

const NONE: usize = usize::MAX;

impl Link {
    pub(super) fn start(number: usize, client: UnixStream, server: UnixStream, state: Arc<State>) {
        let (lost, is_held) = (AtomicUsize::new(NONE), AtomicBool::new(false));
        let link = Arc::new(Self { number, client, server, state, lost, is_held });
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

    /// From client to server. What the client sent at once is sent at once.
    fn requests(&self) -> io::Result<()> {
        let mut client = BufReader::with_capacity(1 << 20, &self.client);
        let mut first = Frame::read_first(&mut client)?;
        while first.asks_for_encryption() {
            (&self.client).write_all(b"N")?;
            first = Frame::read_first(&mut client)?;
        }
        self.forward(&[first])?;
        let mut commits = Commits::default();
        let (mut asked, mut frames, mut found) = (1, Vec::new(), 0);
        loop {
            let mut frame = Frame::read(&mut client)?;
            if frame.begins() && self.state.breaks_begin() {
                frame.body = b"BREAK\0".to_vec();
            }
            if self.state.holds(&frame) {
                self.is_held.store(true, Ordering::SeqCst);
            }
            if commits.read(&frame) {
                found += 1;
                match self.state.commit() {
                    Some(Loss::NotApplied) => {
                        self.forward(&frames)?;
                        return Err(io::ErrorKind::ConnectionAborted.into());
                    }
                    Some(Loss::Applied) => self.lost.store(asked + 1, Ordering::SeqCst),
                    None => {}
                }
            }
            asked += usize::from(frame.is_answered());
            frames.push(frame);
            if client.buffer().is_empty() {
                self.state.record(|recording| recording.sent(self.number, &frames, found));
                self.forward(&frames)?;
                (frames, found) = (Vec::new(), 0);
            }
        }
    }

    fn forward(&self, frames: &[Frame]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for frame in frames {
            frame.write(&mut bytes)?;
        }
        (&self.server).write_all(&bytes)
    }

    /// From server to client.
    fn answers(&self) -> io::Result<()> {
        let mut server = BufReader::with_capacity(1 << 20, &self.server);
        let (mut answer, mut bytes) = (1, Vec::new());
        loop {
            let frame = Frame::read(&mut server)?;
            let is_last = frame.kind == Some(b'Z');
            if self.lost.load(Ordering::SeqCst) == answer && (is_last || ends_transaction(&frame)) {
                return (&self.client).write_all(&bytes);
            }
            frame.write(&mut bytes)?;
            if is_last && answer > 1 {
                self.state.record(|recording| recording.answered(self.number, &frame));
            }
            if self.is_held.swap(false, Ordering::SeqCst) {
                self.state.wait_until_let_go();
            }
            if server.buffer().is_empty() {
                (&self.client).write_all(&bytes)?;
                bytes.clear();
            }
            answer += usize::from(is_last);
        }
    }
}

/// Whether the server says that a transaction was committed, or rolled back instead.
fn ends_transaction(frame: &Frame) -> bool {
    let tag = frame.texts().next().unwrap_or_default();
    frame.kind == Some(b'C') && (tag == "COMMIT" || tag == "ROLLBACK")
}
