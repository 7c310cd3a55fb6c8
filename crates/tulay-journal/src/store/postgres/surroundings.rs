//! What holds for every payment in a transaction.

use super::{
    process::Process,
    rows::{self, Result},
    schema::SCHEMA,
    statement::Statement,
};
use crate::{
    record::{Context, Doubt},
    store::{Scope, StoreError},
};
use jiff::Timestamp;
use tokio_postgres::Row;

/// How long nothing else may change the journal's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hold {
    /// It may change at any time.
    Free,
    /// Until the end of the transaction, no pause is written. Other transactions may hold it too.
    Shared,
    /// Until the end of the transaction, nothing that needs `Shared` goes on.
    Alone,
}

impl Hold {
    /// Where the journal's row is read from. A row that is shared can be shared by ever more transactions,
    /// so that one that needs it alone might wait for ever. The lock before it has a queue.
    pub(super) const fn journal(self) -> &'static str {
        match self {
            Self::Free => "FROM tulay.journal",
            Self::Shared => {
                "FROM pg_advisory_xact_lock_shared(7840318414) AS turn, tulay.journal \
                 FOR SHARE OF journal"
            }
            Self::Alone => {
                "FROM pg_advisory_xact_lock(7840318414) AS turn, tulay.journal \
                 FOR UPDATE OF journal"
            }
        }
    }
}

/// The statements of [`Surroundings`] that come first in a transaction. The last one, [`clock`],
/// comes after what waits for other transactions.
pub(super) fn journal(hold: Hold) -> [Statement; 3] {
    [journal_row(hold), Statement::new(rows::PAUSES), Statement::new(rows::ACCOUNTS)]
}

/// The row of the journal.
pub(super) fn journal_row(hold: Hold) -> Statement {
    let columns = "doubted_at, whole_since, lineage, oldest_schema";
    Statement::new(format!("SELECT {columns} {}", hold.journal()))
}

/// The time of a transaction, and whether its commit is durable: a pooler may give it a session that
/// another program has set otherwise.
pub(super) fn clock(process: &Process) -> Statement {
    let text = format!("SELECT {}, current_setting('synchronous_commit')", rows::NOW);
    Statement::new(text).with(process.clock.given())
}

/// What holds for every payment in a transaction.
pub(super) struct Surroundings {
    pub(super) now: Timestamp,
    pub(super) pauses: Vec<Scope>,
    pub(super) doubt: Option<Doubt>,
}

impl Surroundings {
    /// Reads the rows of [`journal`] and [`clock`].
    pub(super) fn read(
        process: &Process,
        journal: &[Row],
        pauses: &[Row],
        accounts: &[Row],
        clock: &[Row],
    ) -> Result<Self> {
        let pauses = rows::pauses(pauses)?.into_iter().map(|pause| pause.scope).collect();
        let now = rows::time(rows::only(clock)?)?;
        check(process, journal, clock)?;
        Ok(Self { now, pauses, doubt: doubt(journal, accounts)? })
    }

    pub(super) fn of<'a>(&'a self, process: &'a Process) -> Context<'a> {
        Context {
            now: self.now,
            policy: &process.policy,
            owner: process.owner,
            pauses: &self.pauses,
            doubt: self.doubt.as_ref(),
        }
    }
}

/// Refuses a session that may lose a commit, a journal that took the place of the one that was opened,
/// and one whose form this version may not write any more: all of it happens while a process runs. The
/// rows are those of [`journal`] and [`clock`].
pub(super) fn check(process: &Process, journal: &[Row], clock: &[Row]) -> Result<()> {
    let synchronous: String = clock.first().map_or(Ok(String::new()), |row| rows::get(row, 1))?;
    if synchronous == "off" {
        let why = "the server has synchronous_commit = off and may lose a commit";
        return Err(StoreError::Failed(why.into()));
    }
    let row = journal.first().ok_or(StoreError::Damaged("a journal without its row"))?;
    if rows::get::<String>(row, 2)? != *process.lineage {
        return Err(StoreError::OtherJournal);
    }
    match rows::get::<i64>(row, 3)? > SCHEMA {
        true => Err(StoreError::Newer),
        false => Ok(()),
    }
}

/// Why the journal may not know every payment; `None`: it does.
pub(super) fn doubt(journal: &[Row], accounts: &[Row]) -> Result<Option<Doubt>> {
    let row = journal.first().ok_or(StoreError::Damaged("a journal without its row"))?;
    if rows::get::<Option<i64>>(row, 1)?.is_some() {
        return Ok(None);
    }
    let since = rows::time(rows::get(row, 0)?)?;
    let accounts = accounts.iter().map(|row| rows::account(row, 0)).collect::<Result<_>>()?;
    Ok(Some(Doubt { since, accounts }))
}
