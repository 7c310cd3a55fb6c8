//! One transaction. What is sent at once takes one round trip.

use super::{
    statement::Statement,
    trouble::{LOST, Trouble},
};
use futures_util::future::{self, join_all};
use std::{sync::Arc, time::Duration};
use tokio_postgres::{Client, Row};

/// A server that is silent for so long is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a transaction begins. It waits for a row of another one for ten seconds.
const BEGIN: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = 10000";
const BEGIN_SNAPSHOT: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE; SET LOCAL lock_timeout = 10000";
const BEGIN_READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A transaction, until it is committed. It is rolled back by the connection that began it.
pub(super) struct Transaction {
    client: Arc<Client>,
    begin: Option<&'static str>,
    state: State,
}

/// What a connection has to do after a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: it never began, or it has ended.
    Ended,
    /// It has to be rolled back.
    Open,
    /// The server was silent.
    Silent,
}

impl Transaction {
    pub(super) const fn new(client: Arc<Client>) -> Self {
        Self { client, begin: Some(BEGIN), state: State::Ended }
    }

    /// Everything is read as it is at the first statement. A row that another transaction changed
    /// since cannot be locked: the transaction has to be repeated. Called before any statement.
    pub(super) const fn of_one_moment(&mut self) {
        self.begin = Some(BEGIN_SNAPSHOT);
    }

    pub(super) const fn state(&self) -> State {
        self.state
    }

    /// Runs statements, in order. The transaction goes on.
    pub(super) async fn run(&mut self, statements: &[Statement]) -> Result<Vec<Vec<Row>>, Trouble> {
        self.send(statements, false).await
    }

    /// Runs the last statements and commits.
    pub(super) async fn commit(
        &mut self,
        statements: &[Statement],
    ) -> Result<Vec<Vec<Row>>, Trouble> {
        self.send(statements, true).await
    }

    /// Reads what there is at one moment, in a transaction of its own.
    pub(super) async fn read(
        &mut self,
        statements: &[Statement],
    ) -> Result<Vec<Vec<Row>>, Trouble> {
        self.begin = Some(BEGIN_READING);
        let read = self.send(statements, true).await;
        // There is no outcome of a transaction that only reads.
        read.map_err(|trouble| match trouble {
            Trouble::Unknown(why) => Trouble::Undone(crate::store::StoreError::Failed(why)),
            other => other,
        })
    }

    async fn send(
        &mut self,
        statements: &[Statement],
        commits: bool,
    ) -> Result<Vec<Vec<Row>>, Trouble> {
        if self.client.is_closed() {
            return Err(Trouble::lost());
        }
        let client = Arc::clone(&self.client);
        let mut begin = self.begin.take();
        self.state = State::Open;
        // The server takes each statement for itself: after a BEGIN that failed, it would carry out
        // those that were sent with it, and commit each.
        if let Some(text) = begin.take_if(|_| statements.iter().any(Statement::may_write)) {
            let Ok(begun) = tokio::time::timeout(PATIENCE, client.batch_execute(text)).await else {
                self.state = State::Silent;
                return Err(Trouble::lost());
            };
            begun.map_err(|error| Trouble::of_statement(&error))?;
        }
        let control = |text: Option<&'static str>| {
            let client = &client;
            async move {
                match text {
                    Some(text) => client.batch_execute(text).await,
                    None => Ok(()),
                }
            }
        };
        let parameters: Vec<_> = statements.iter().map(Statement::parameters).collect();
        let texts = statements.iter().map(|statement| statement.text.as_str());
        let work = texts.zip(&parameters).map(|(text, values)| client.query_typed(text, values));
        // They are polled, and so sent, in this order.
        let all =
            future::join3(control(begin), join_all(work), control(commits.then_some("COMMIT")));
        let Ok((begun, rows, committed)) = tokio::time::timeout(PATIENCE, all).await else {
            self.state = State::Silent;
            return Err(if commits { Trouble::Unknown(LOST.into()) } else { Trouble::lost() });
        };
        let results = begun.map(|()| Vec::new());
        let results: Result<Vec<_>, _> = std::iter::once(results).chain(rows).collect();
        let rows = match (results, commits) {
            (Ok(rows), _) => rows,
            (Err(error), true) => {
                self.state = State::Ended;
                return Err(Trouble::of_statement_with_commit(&error));
            }
            (Err(error), false) => return Err(Trouble::of_statement(&error)),
        };
        if commits {
            self.state = State::Ended;
            committed.map_err(|error| Trouble::of_commit(&error))?;
        }
        Ok(rows.into_iter().skip(1).collect())
    }
}
