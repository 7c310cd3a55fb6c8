//! A copy of a database, made by SQLite while other processes write.

use super::open;
use crate::store::BackupError;
use rusqlite::{Connection, backup::Backup};
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// All pages at once: one moment of the database, and writers go on meanwhile.
const PAGES: i32 = i32::MAX;
/// How long it waits where another process holds the whole database.
const PAUSE: Duration = Duration::from_millis(50);

/// Copies a database into a new file.
pub(super) fn copy(database: &Path, file: &Path) -> Result<(), BackupError> {
    // The name is taken first, so that nothing is overwritten, and has the copy once it is whole.
    let reserved = new_file(file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { file: file.into() },
        _ => unwritable(file, &error),
    });
    reserved?;
    let part = part(file);
    let copied = fill(database, &part).and_then(|()| {
        let renamed = fs::rename(&part, file).and_then(|()| sync_folder(file));
        renamed.map_err(|error| unwritable(file, &error))
    });
    if copied.is_err() {
        let _ = fs::remove_file(&part);
        let _ = fs::remove_file(file);
    }
    copied
}

fn fill(database: &Path, part: &Path) -> Result<(), BackupError> {
    let unwritable = |error: io::Error| unwritable(part, &error);
    let damaged = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => unwritable(io::ErrorKind::StorageFull.into()),
        Some(code) => BackupError::Damaged(format!("SQLite: {code:?}")),
        None => BackupError::Damaged("SQLite does not take a statement".into()),
    };
    // That of an earlier run which was killed.
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
        _ => {}
    }
    new_file(part).map_err(unwritable)?;
    let source = open::reader(database).map_err(|error| BackupError::Damaged(error.to_string()))?;
    let mut copy = Connection::open(part).map_err(damaged)?;
    Backup::new(&source, &mut copy)
        .and_then(|backup| backup.run_to_completion(PAGES, PAUSE, None))
        .map_err(damaged)?;
    // One file, without a log beside it.
    copy.pragma_update(None, "journal_mode", "delete").map_err(damaged)?;
    copy.pragma_update(None, open::USER_VERSION, open::COPY).map_err(damaged)?;
    let checked: String =
        copy.query_row("PRAGMA quick_check", [], |row| row.get(0)).map_err(damaged)?;
    if checked != "ok" {
        return Err(BackupError::Damaged("SQLite finds an error in the copy".into()));
    }
    copy.close().map_err(|(_, error)| damaged(error))?;
    File::open(part).and_then(|file| file.sync_all()).map_err(unwritable)
}

/// It has personal data: the file is made for this user alone.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn part(file: &Path) -> PathBuf {
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

fn unwritable(file: &Path, error: &io::Error) -> BackupError {
    BackupError::Unwritable { file: file.into(), why: error.to_string() }
}
