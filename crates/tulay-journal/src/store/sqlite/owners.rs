//! The processes that use one database. Each holds a lock on a file of its own beside it, so that
//! the claims of a process that was killed are free at once.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// More processes than this do not use one database.
const MOST_PROCESSES: u32 = 1000;

/// Takes the first number that no living process has. The lock ends with the file.
pub(super) fn take(database: &Path) -> io::Result<(u32, File)> {
    for owner in 1..=MOST_PROCESSES {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path(database, owner))?;
        match file.try_lock() {
            Ok(()) => return Ok((owner, file)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::other("too many processes use the database"))
}

/// The lock of a process that has ended: as long as it is held, no other process takes the number.
/// `None`: the process lives, or that it does not is not known.
pub(super) fn ended(database: &Path, owner: u32) -> Option<File> {
    let file = OpenOptions::new().write(true).open(path(database, owner)).ok()?;
    file.try_lock().is_ok().then_some(file)
}

fn path(database: &Path, owner: u32) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(format!("-process-{owner}"));
    path.into()
}
