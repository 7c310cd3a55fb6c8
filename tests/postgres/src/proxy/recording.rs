//! What clients sent through a proxy, to be sent again without them.

use super::frames::Frame;
use crate::{Cluster, Database};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufReader, Write as _},
    os::unix::net::UnixStream,
    sync::{Condvar, Mutex},
    time::{Duration, Instant},
};

/// What clients sent in one round trip after the other.
#[derive(Debug, Default)]
pub struct Recording {
    trips: Vec<Trip>,
    ended: usize,
}

/// What a client sent at once.
#[derive(Debug)]
struct Trip {
    connection: usize,
    bytes: Vec<u8>,
    /// How often the server says that it is ready, before all of it is answered.
    answers: usize,
    answered: usize,
    /// How many trips were answered before, and how many before this one was.
    begins_after: usize,
    ended_as: Option<usize>,
    commits: usize,
}

impl Recording {
    /// How many transactions were committed.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.trips.iter().map(|trip| trip.commits).sum()
    }

    /// How many round trips there were.
    #[must_use]
    pub fn trips(&self) -> usize {
        self.trips.len()
    }

    /// Sends the same to another database, over as many connections. A trip begins once all those
    /// are answered that were answered before it was recorded. Returns how long it took.
    ///
    /// # Panics
    /// If the server answers with an error.
    #[must_use]
    pub fn replay(&self, cluster: &Cluster, database: &Database<'_>) -> Duration {
        let mut connections: BTreeMap<usize, Vec<&Trip>> = BTreeMap::new();
        for trip in &self.trips {
            connections.entry(trip.connection).or_default().push(trip);
        }
        let clients: Vec<(Client, Vec<&Trip>)> = connections
            .into_values()
            .map(|trips| (Client::connect(cluster, database), trips))
            .collect();
        let ended = Ended::default();
        let began = Instant::now();
        std::thread::scope(|scope| {
            for (mut client, trips) in clients {
                let ended = &ended;
                scope.spawn(move || {
                    for trip in trips {
                        let Some(turn) = ended.wait(trip.begins_after) else { return };
                        client.send(&trip.bytes, trip.answers);
                        turn.end(trip.ended_as);
                    }
                });
            }
        });
        began.elapsed()
    }

    pub(super) fn sent(&mut self, connection: usize, frames: &[Frame], commits: usize) {
        let mut bytes = Vec::new();
        for frame in frames {
            // A vector takes everything.
            let _ = frame.write(&mut bytes);
        }
        let answers = frames.iter().filter(|frame| frame.is_answered()).count();
        let begins_after = self.ended;
        let (answered, ended_as) = (0, None);
        let trip = Trip { connection, bytes, answers, answered, begins_after, ended_as, commits };
        self.trips.push(trip);
    }

    /// The server is ready again on a connection.
    pub(super) fn answered(&mut self, connection: usize) {
        let is_open =
            |trip: &&mut Trip| trip.connection == connection && trip.answered < trip.answers;
        // Connections have few open trips, and those are the last.
        let first = self
            .trips
            .iter()
            .rposition(|trip| trip.connection == connection && trip.answered == trip.answers);
        let begin = first.map_or(0, |place| place + 1);
        let Some(trip) = self.trips.iter_mut().skip(begin).find(is_open) else { return };
        trip.answered += 1;
        if trip.answered == trip.answers {
            trip.ended_as = Some(self.ended);
            self.ended += 1;
        }
    }
}

/// Which trips are answered, by their places in the recording.
#[derive(Default)]
struct Ended {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// So many of the first ones are answered.
    first: usize,
    later: BTreeSet<usize>,
    has_failed: bool,
}

/// A trip that may begin. Where it fails, no other one begins.
struct Turn<'e> {
    ended: &'e Ended,
    is_over: bool,
}

impl Ended {
    /// Until the first ones, so many, are answered; `None`: one has failed.
    fn wait(&self, count: usize) -> Option<Turn<'_>> {
        let state = self.state.lock().unwrap();
        let waits = |state: &mut State| state.first < count && !state.has_failed;
        let state = self.changed.wait_while(state, waits).unwrap();
        (!state.has_failed).then_some(Turn { ended: self, is_over: false })
    }
}

impl Turn<'_> {
    fn end(mut self, place: Option<usize>) {
        self.is_over = true;
        let mut state = self.ended.state.lock().unwrap();
        state.later.extend(place);
        while let Some(first) = state.later.first().copied().filter(|it| *it == state.first) {
            state.later.remove(&first);
            state.first += 1;
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.ended.state.lock().unwrap().has_failed = true;
        }
        self.ended.changed.notify_all();
    }
}

/// A connection that sends bytes.
struct Client(BufReader<UnixStream>);

impl Client {
    fn connect(cluster: &Cluster, database: &Database<'_>) -> Self {
        let socket = cluster.folder().join(format!(".s.PGSQL.{}", cluster.port()));
        let mut client = Self(BufReader::new(UnixStream::connect(socket).unwrap()));
        let mut body = vec![0, 3, 0, 0];
        for text in ["user", "postgres", "database", database.name(), ""] {
            body.extend(text.as_bytes());
            body.push(0);
        }
        let mut bytes = Vec::new();
        Frame { kind: None, body }.write(&mut bytes).unwrap();
        client.send(&bytes, 1);
        client
    }

    fn send(&mut self, bytes: &[u8], answers: usize) {
        self.0.get_mut().write_all(bytes).unwrap();
        let mut answered = 0;
        while answered < answers {
            let frame = Frame::read(&mut self.0).unwrap();
            let text = || frame.texts().collect::<Vec<_>>().join(" ");
            assert_ne!(frame.kind, Some(b'E'), "{}", text());
            answered += usize::from(frame.kind == Some(b'Z'));
        }
    }
}
