//! Why a journal was not copied.

use std::path::PathBuf;

/// Why a journal was not copied. It says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file is there.
    #[error("{file}: the file exists, and a backup overwrites nothing; name another file")]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The copy cannot be written.
    #[error("{file}: the backup cannot be written ({why}); check the folder and its free space")]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// The journal cannot be read, or the copy of it is not whole.
    #[error("the journal cannot be copied ({0}); check its disk, and keep the earlier backups")]
    Damaged(String),
    /// The database is no file.
    #[error(
        "only a journal in an SQLite file is copied by this command; on Postgres, run \
         `pg_dump --format=custom --file=FILE` for its database, or set up point-in-time recovery"
    )]
    Unsupported,
}
