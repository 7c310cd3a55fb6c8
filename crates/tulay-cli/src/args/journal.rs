//! The arguments of `tulay journal`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Whether it is whole, what is paused, who works on it, and how many payouts it has.
    Status,
    /// What was done to the whole journal: pauses, doubts, confirmations, by whom and why.
    History,
    /// Check every payout: its attempts, proofs and events. Ends with 1 where something does not hold.
    Audit,
    /// Bring the tables of its database to the form of this version, while workers go on.
    Migrate(MigrateArgs),
    /// Copy it into a new file, while workers go on.
    Backup(BackupArgs),
    /// State that the database was restored: from now on each payout is looked up before it is sent.
    Restored(RestoredArgs),
}

#[derive(Args, Debug)]
pub(crate) struct MigrateArgs {
    /// Only show what would be done. Ends with 1 where the database has to be migrated.
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    /// The file to make; nothing is overwritten.
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct RestoredArgs {
    /// Why; it is written to the journal.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}
