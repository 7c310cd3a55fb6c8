//! What a machine remembers of a journal, away from its database: a database that was restored from
//! a copy, or is another one, does not know everything that was sent.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Why a journal is doubted that is behind what a machine remembers.
pub(crate) const DOUBTED: &str =
    "it is behind what this machine remembers of it, or it is another journal";

/// More processes than this do not use one folder.
const MOST_PROCESSES: u32 = 1000;
/// A file is read again so often while its process writes it.
const READINGS: usize = 20;
const PAUSE: Duration = Duration::from_millis(10);

/// A folder in which the processes of one machine remember how far the journal of one namespace was.
///
/// Each process has a file of its own, which it has locked, so that none lowers what another one
/// remembers. A process that opens the journal compares it with all of them.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    file: File,
    kept: Option<Seen>,
    /// What the files of other processes remember, until the journal is compared.
    others: Vec<(PathBuf, Seen)>,
}

/// Why what a machine remembers of a journal cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{folder}: the folder of what this machine remembers of the journal cannot be used ({why}); check \
     its permissions, or name another one in [journal] state"
)]
#[non_exhaustive]
pub struct StateError {
    /// The folder.
    pub folder: PathBuf,
    /// Why.
    pub why: String,
}

/// How far a journal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The lineage of the journal.
    pub(crate) lineage: String,
    /// When it was made or last doubted, in microseconds. The doubt covers what was remembered
    /// before it.
    pub(crate) doubted_at: i64,
    /// The events that were written: those of payments, and those of the whole journal.
    pub(crate) events: i64,
}

impl Witness {
    /// Reads what the processes of this machine remember, and makes the folder if there is none.
    ///
    /// It is read before the journal is: what another process writes meanwhile, the journal knows. A
    /// file that is damaged may have remembered anything.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, StateError> {
        let folder = folder.into();
        let opened = make_folder(&folder).and_then(|()| Self::open_in(&folder));
        opened.map_err(|error| StateError { folder, why: error.to_string() })
    }

    /// Whether this machine remembers nothing: it has not used the journal yet, or the folder is
    /// another one than before.
    #[must_use]
    pub const fn is_blank(&self) -> bool {
        self.others.is_empty() && self.kept.is_none()
    }

    /// What is remembered now. A journal has to know all of it that is read after this: meanwhile,
    /// others may remember more.
    pub(crate) fn remembered(&self) -> Remembered {
        let others = self.others.iter().map(|(_, seen)| seen);
        Remembered(others.chain(&self.kept).cloned().collect())
    }

    /// Remembers how far the journal is, after what it says is durable. What is less than it remembers
    /// changes nothing.
    pub(crate) fn keep(&mut self, seen: &Seen) -> io::Result<()> {
        if self.kept.as_ref().is_none_or(|kept| !seen.is_known_to(kept)) {
            write(&mut self.file, seen)?;
            if self.kept.is_none() {
                self.file.sync_all()?;
            }
            self.kept = Some(seen.clone());
        }
        // The journal was doubted for what these remember, and need not be so again.
        for (path, doubted) in std::mem::take(&mut self.others) {
            if !doubted.is_known_to(seen) {
                forget(&path, &doubted, seen)?;
            }
        }
        Ok(())
    }

    /// The error of a folder that cannot be written any more.
    pub(crate) fn failed(&self, error: &io::Error) -> StateError {
        StateError { folder: self.folder.clone(), why: error.to_string() }
    }

    fn open_in(folder: &Path) -> io::Result<Self> {
        let (number, mut file) = take(folder)?;
        let kept = read(&mut file)?;
        let mut others = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if number_of(&path).is_none_or(|other| other == number) {
                continue;
            }
            if let Some(seen) = read(&mut File::open(&path)?)? {
                others.push((path, seen));
            }
        }
        Ok(Self { folder: folder.to_owned(), file, kept, others })
    }
}

/// What was remembered at one moment.
#[derive(Debug)]
pub(crate) struct Remembered(Vec<Seen>);

impl Remembered {
    /// Whether a journal that is so far knows all of it.
    pub(crate) fn is_known_to(&self, journal: &Seen) -> bool {
        self.0.iter().all(|seen| seen.is_known_to(journal))
    }
}

impl Seen {
    /// Whether a journal that is so far knows all of it. Another journal knows nothing of it.
    fn is_known_to(&self, journal: &Self) -> bool {
        let far = |seen: &Self| (seen.doubted_at, seen.events);
        self.lineage == journal.lineage && far(self) <= far(journal)
    }

    /// The same line twice: a reader notices when it is being written.
    fn lines(&self) -> String {
        let line = format!("{} {:020} {:020}\n", self.lineage, self.doubted_at, self.events);
        line.repeat(2)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (first, second) = text.split_at_checked(text.len() / 2)?;
        let mut words = first.strip_suffix('\n')?.split(' ');
        let lineage = words.next()?.to_owned();
        let (doubted_at, events) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let is_whole = first == second && words.next().is_none();
        is_whole.then_some(Self { lineage, doubted_at, events })
    }

    /// Known to no journal.
    const fn of_damaged() -> Self {
        Self { lineage: String::new(), doubted_at: i64::MAX, events: i64::MAX }
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes the first number that no living process has. The lock ends with the file.
fn take(folder: &Path) -> io::Result<(u32, File)> {
    for number in 1..=MOST_PROCESSES {
        let path = folder.join(format!("process-{number}"));
        let file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => return Ok((number, file)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::other("too many processes use it"))
}

fn number_of(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.strip_prefix("process-")?.parse().ok()
}

/// Lets the file of a process that has ended remember what the journal is now. That of a process that
/// lives on with another journal is left as it is.
fn forget(path: &Path, doubted: &Seen, seen: &Seen) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    if file.try_lock().is_ok() && read(&mut file)?.as_ref() == Some(doubted) {
        write(&mut file, seen)?;
    }
    Ok(())
}

/// In one block from the second time on, so that a power failure leaves the one or the other.
fn write(file: &mut File, seen: &Seen) -> io::Result<()> {
    let lines = seen.lines();
    let length = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    file.rewind()?;
    file.write_all(lines.as_bytes())?;
    if file.metadata()?.len() != length {
        file.set_len(length)?;
    }
    Ok(())
}

/// What a file remembers; `None`: it is empty.
fn read(file: &mut File) -> io::Result<Option<Seen>> {
    for reading in 0..READINGS {
        if reading > 0 {
            thread::sleep(PAUSE);
        }
        let mut text = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut text)?;
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(seen) = Seen::parse(&text) {
            return Ok(Some(seen));
        }
    }
    Ok(Some(Seen::of_damaged()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(lineage: &str, doubted_at: i64, events: i64) -> Seen {
        Seen { lineage: lineage.into(), doubted_at, events }
    }

    #[test]
    fn what_is_kept_is_read() {
        for it in [seen("a", 0, 0), seen("0f", 1_767_578_400_000_000, i64::MAX)] {
            assert_eq!(Seen::parse(it.lines().as_bytes()), Some(it));
        }
        let torn = "a 00000000000000000001 00000000000000000009\n\
                    a 00000000000000000001 00000000000000000010\n";
        for text in ["x", "\n\n", "a 1 2\n", "a 1 2 3\na 1 2 3\n", "a b c\na b c\n", torn] {
            assert_eq!(Seen::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_doubt_covers_what_was_remembered_before_it() {
        let kept = seen("a", 5, 100);
        for (journal, is_known) in [
            (seen("a", 5, 100), true),
            (seen("a", 5, 99), false),
            (seen("a", 6, 40), true),
            (seen("a", 4, 400), false),
            (seen("b", 9, 400), false),
        ] {
            assert_eq!(kept.is_known_to(&journal), is_known, "{journal:?}");
        }
        assert!(!Seen::of_damaged().is_known_to(&kept));
    }

    #[test]
    fn no_process_lowers_what_another_one_remembers() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Witness::open(folder.path()).unwrap();
        let mut first = open();
        assert!(first.is_blank());
        first.keep(&seen("a", 1, 10)).unwrap();
        let mut second = open();
        assert!(!second.is_blank());
        second.keep(&seen("a", 1, 10)).unwrap();
        first.keep(&seen("a", 1, 30)).unwrap();
        drop(first);
        second.keep(&seen("a", 1, 20)).unwrap();
        second.keep(&seen("a", 1, 19)).unwrap();
        drop(second);
        assert!(!open().remembered().is_known_to(&seen("a", 1, 19)));
        let third = open();
        assert!(!third.remembered().is_known_to(&seen("a", 1, 29)));
        assert!(third.remembered().is_known_to(&seen("a", 1, 30)));
    }

    #[test]
    fn ended_processes_are_doubted_for_once() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Witness::open(folder.path()).unwrap();
        let old = seen("a", 1, 10);
        let mut all: Vec<Witness> = Vec::new();
        for _ in 0..4 {
            let mut witness = open();
            witness.keep(&old).unwrap();
            all.push(witness);
        }
        all.drain(1..);
        // One that opens and does not compare forgets nothing.
        drop(open());
        let new = seen("b", 2, 3);
        let mut opened = open();
        assert!(!opened.remembered().is_known_to(&new));
        opened.keep(&new).unwrap();
        // The first one goes on with the other journal.
        let third = open();
        assert!(!third.remembered().is_known_to(&new));
        drop((all, third));
        let mut last = open();
        assert!(!last.remembered().is_known_to(&new));
        last.keep(&new).unwrap();
        assert!(open().remembered().is_known_to(&new));
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 4, "files are used again");
    }
}
