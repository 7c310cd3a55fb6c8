//! What a machine remembers of a journal, away from its database: a database that was restored from
//! a copy, or made anew, does not know everything that was sent.

use rusqlite::Connection;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::Path,
};

/// A file that remembers how far a journal was.
#[derive(Debug)]
pub(super) struct Witness {
    file: File,
    kept: Option<Seen>,
}

/// How far a journal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// The lineage of the journal.
    pub(super) lineage: String,
    /// The last event that was written.
    pub(super) event: i64,
}

impl Witness {
    /// Opens the file, and makes it if there is none.
    ///
    /// One that is damaged may have remembered anything.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let damaged = || Seen { lineage: String::new(), event: i64::MAX };
        let kept = (!text.is_empty()).then(|| Seen::parse(&text).unwrap_or_else(damaged));
        Ok(Self { file, kept })
    }

    /// Whether a journal that is so far knows everything that is remembered.
    pub(super) fn is_known_to(&self, journal: &Seen) -> bool {
        self.kept
            .as_ref()
            .is_none_or(|kept| kept.lineage == journal.lineage && kept.event <= journal.event)
    }

    /// Remembers how far the journal is. The line has one length and is shorter than a sector, so
    /// it is replaced whole.
    pub(super) fn keep(&mut self, seen: Seen) -> io::Result<()> {
        if self.kept.as_ref() == Some(&seen) {
            return Ok(());
        }
        self.file.rewind()?;
        let line = seen.line();
        self.file.write_all(line.as_bytes())?;
        self.file.set_len(u64::try_from(line.len()).unwrap_or(u64::MAX))?;
        self.kept = Some(seen);
        Ok(())
    }
}

impl Seen {
    /// How far a database is.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let text = "SELECT lineage, (SELECT coalesce(max(seq), 0) FROM event) FROM journal";
        connection
            .prepare_cached(text)?
            .query_row([], |row| Ok(Self { lineage: row.get(0)?, event: row.get(1)? }))
    }

    fn line(&self) -> String {
        format!("{} {:020}\n", self.lineage, self.event)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (lineage, event) = text.trim_end().split_once(' ')?;
        Some(Self { lineage: lineage.into(), event: event.parse().ok()? })
    }
}
