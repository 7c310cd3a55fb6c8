//! What clients sent through a proxy, to be sent again without them.

use super::frames::Frame;
use crate::{Cluster, Database};
use std::{
    collections::BTreeMap,
    io::{BufReader, Write as _},
    os::unix::net::UnixStream,
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
    /// How many trips were answered before this one was.
    ended_as: Option<usize>,
    /// No transaction is open after it.
    ends_transaction: bool,
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

    /// Sends the same to another database over one connection, one transaction after the other, in
    /// the order in which they ended. Returns how long it took.
    ///
    /// # Panics
    /// If the server answers with an error.
    #[must_use]
    pub fn replay(&self, cluster: &Cluster, database: &Database<'_>) -> Duration {
        let mut client = Client::connect(cluster, database);
        let transactions = self.transactions();
        let began = Instant::now();
        for trip in transactions.into_iter().flatten() {
            client.send(&trip.bytes, trip.answers);
        }
        began.elapsed()
    }

    fn transactions(&self) -> Vec<Vec<&Trip>> {
        let mut ended: Vec<&Trip> = self.trips.iter().filter(|it| it.ended_as.is_some()).collect();
        ended.sort_by_key(|trip| trip.ended_as);
        let mut open: BTreeMap<usize, Vec<&Trip>> = BTreeMap::new();
        let mut transactions = Vec::new();
        for trip in ended {
            let connection = open.entry(trip.connection).or_default();
            connection.push(trip);
            if trip.ends_transaction {
                transactions.push(std::mem::take(connection));
            }
        }
        transactions
    }

    pub(super) fn sent(&mut self, connection: usize, frames: &[Frame], commits: usize) {
        let mut bytes = Vec::new();
        for frame in frames {
            // A vector takes everything.
            let _ = frame.write(&mut bytes);
        }
        let answers = frames.iter().filter(|frame| frame.is_answered()).count();
        self.trips.push(Trip {
            connection,
            bytes,
            answers,
            answered: 0,
            ended_as: None,
            ends_transaction: false,
            commits,
        });
    }

    /// The server is ready again on a connection, and says in its message whether a transaction is
    /// open.
    pub(super) fn answered(&mut self, connection: usize, ready: &Frame) {
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
            trip.ends_transaction = ready.body.first() == Some(&b'I');
            self.ended += 1;
        }
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
