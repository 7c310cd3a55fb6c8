//! What is asked and stated of a whole journal.

use super::{ActiveProcess, Actor, BackupError, Counts, Journal, JournalError, Violation};
use crate::Tulay;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

impl Tulay {
    /// States that the database was restored from a copy, or that something was sent under its namespace
    /// that it does not know. From now on each payout is looked up at every account before it is sent,
    /// until [`confirm_whole`](Self::confirm_whole). It is needed where a whole machine was restored,
    /// with all that [remembers](Self::journal_state) how far the journal was.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub async fn doubt(&self, by: &Actor, why: &str) -> Result<(), JournalError> {
        Ok(self.journal.get().await?.store.doubt(by.as_str(), why).await?)
    }

    /// The folder of what this machine remembers of the journal, away from the database; `None`: the
    /// user has no home folder, and `[journal] state` names none.
    #[must_use]
    pub fn journal_state(&self) -> Option<PathBuf> {
        self.journal.state()
    }

    /// When a journal that may not know every payment of its namespace begins to look payouts up at
    /// every account, and to send what it does not find; `None`: it knows every one.
    #[must_use]
    pub fn looks_up_from(&self, journal: &Journal) -> Option<Timestamp> {
        self.journal.looks_up_from(journal)
    }

    /// The processes that work on the journal: those that [run a worker](Self::worker) for any payout.
    ///
    /// # Errors
    /// When the journal cannot be opened or read.
    pub async fn processes(&self) -> Result<Vec<ActiveProcess>, JournalError> {
        Ok(self.journal.get().await?.store.processes().await?)
    }

    /// How many payments the journal has, by status.
    ///
    /// # Errors
    /// When the journal cannot be opened or read.
    pub async fn counts(&self) -> Result<Counts, JournalError> {
        Ok(self.journal.get().await?.store.counts().await?)
    }

    /// Checks every payment of the journal: its attempts, proofs and events. Returns what does not hold,
    /// which is nothing in a journal that only this library has written. It reads every row, a page at
    /// a time, while workers go on.
    ///
    /// # Errors
    /// When the journal cannot be opened or read. A row that cannot be read is a violation.
    pub async fn audit(&self) -> Result<Vec<Violation>, JournalError> {
        let journal = self.journal.get().await?;
        Ok(tulay_journal::audit::audit(&*journal.store, self.journal.policy()).await?)
    }

    /// Copies the journal of this moment into a new file, while workers go on. Keep the copy with the
    /// configuration and the keys, and not with [what this machine remembers](Self::journal_state).
    ///
    /// # Errors
    /// When the journal cannot be opened or copied. A journal on Postgres is copied by Postgres.
    pub async fn backup(&self, file: impl AsRef<Path>) -> Result<(), BackupError> {
        Ok(self.journal.get().await?.store.back_up(file.as_ref()).await?)
    }
}
