//! Which file a database is: a name may come to mean another one while the database is open.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The file that a name meant when the database was opened.
#[derive(Debug)]
pub(super) struct OpenFile {
    path: PathBuf,
    id: Option<(u64, u64)>,
}

impl OpenFile {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.into(), id: id(path)? })
    }

    /// Whether the name still means this file.
    pub(super) fn is_there(&self) -> bool {
        id(&self.path).is_ok_and(|id| id == self.id)
    }
}

/// Device and inode. It is `None` where the system has none.
#[cfg(unix)]
fn id(path: &Path) -> io::Result<Option<(u64, u64)>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(path)?;
    Ok(Some((metadata.dev(), metadata.ino())))
}

#[cfg(not(unix))]
fn id(path: &Path) -> io::Result<Option<(u64, u64)>> {
    fs::metadata(path).map(|_| None)
}

/// Whether the file has another name as well: SQLite keeps its write-ahead log by the name, so two
/// names of one file make two journals of it.
#[cfg(unix)]
pub(super) fn has_two_names(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(path)?.nlink() > 1)
}

#[cfg(not(unix))]
pub(super) fn has_two_names(_path: &Path) -> io::Result<bool> {
    Ok(false)
}
