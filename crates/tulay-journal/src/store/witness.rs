//! What a machine remembers of a journal, away from its database: a database that was restored from
//! a copy, or is another one, does not know everything that was sent.

use super::OpenError;
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// More processes than this do not use one folder.
const MOST_PROCESSES: u32 = 1000;
/// How long opening waits for another process that opens the same journal.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);
/// A line is read again so often while its process writes it.
const READINGS: usize = 20;

/// A folder in which the processes of one machine remember how far the journal of one namespace was.
///
/// Each process has a file of its own, which it has locked, so that none lowers what another one
/// remembers. A process that opens the journal compares it with all of them.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    file: File,
    kept: Option<Seen>,
    /// Until the journal is compared.
    opening: Option<Opening>,
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

/// What is held while a journal is opened.
#[derive(Debug)]
struct Opening {
    remembered: Vec<Seen>,
    /// The files of processes that have ended, each locked.
    ended: Vec<(PathBuf, File)>,
    /// One process of the machine opens the journal at a time.
    _lock: File,
}

impl Witness {
    /// Reads what the processes of this machine remember, and makes the folder if there is none. It
    /// blocks until no other process opens the same journal.
    ///
    /// A file that is damaged may have remembered anything.
    ///
    /// # Errors
    /// [`OpenError::State`] when the folder cannot be read or written.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let folder = folder.into();
        let opened = make_folder(&folder).and_then(|()| Self::open_in(&folder));
        opened.map_err(|error| OpenError::State { folder, why: error.to_string() })
    }

    /// Whether this machine remembers nothing: it has not used the journal yet, or the folder is
    /// another one than before.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.opening.as_ref().is_some_and(|opening| opening.remembered.is_empty())
            && self.kept.is_none()
    }

    /// Whether a journal that is so far knows everything that is remembered.
    pub(crate) fn is_known_to(&self, journal: &Seen) -> bool {
        let remembered = self.opening.iter().flat_map(|opening| &opening.remembered);
        remembered.chain(&self.kept).all(|kept| kept.is_known_to(journal))
    }

    /// Remembers how far the journal is, after what it says is durable. The first call ends the
    /// opening.
    pub(crate) fn keep(&mut self, seen: Seen) -> io::Result<()> {
        // Whether it can be written or not, other processes may open the journal now.
        let opening = self.opening.take();
        if self.kept.as_ref() != Some(&seen) {
            let lines = seen.lines();
            let length = u64::try_from(lines.len()).unwrap_or(u64::MAX);
            self.file.rewind()?;
            // In one block from the second time on, so that a power failure leaves the one or the
            // other.
            self.file.write_all(lines.as_bytes())?;
            if self.file.metadata()?.len() != length {
                self.file.set_len(length)?;
            }
            if self.kept.is_none() {
                self.file.sync_all()?;
                File::open(&self.folder)?.sync_all()?;
            }
            self.kept = Some(seen);
        }
        for (path, _locked) in opening.into_iter().flat_map(|opening| opening.ended) {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    /// The error of a folder that cannot be written any more.
    pub(crate) fn failed(&self, error: &io::Error) -> OpenError {
        OpenError::State { folder: self.folder.clone(), why: error.to_string() }
    }

    fn open_in(folder: &Path) -> io::Result<Self> {
        let lock = lock(&folder.join("opening"))?;
        let (number, mut file) = take(folder)?;
        let kept = read(&mut file)?;
        let (mut remembered, mut ended) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if number_of(&path).is_none_or(|other| other == number) {
                continue;
            }
            let mut other = OpenOptions::new().read(true).write(true).open(&path)?;
            remembered.extend(read(&mut other)?);
            if other.try_lock().is_ok() {
                ended.push((path, other));
            }
        }
        let opening = Some(Opening { remembered, ended, _lock: lock });
        Ok(Self { folder: folder.to_owned(), file, kept, opening })
    }
}

impl Seen {
    /// Of another journal, nothing is known.
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

fn lock(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    let end = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other(
                    "another process has been opening the journal for long",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
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
        first.keep(seen("a", 1, 10)).unwrap();
        let mut second = open();
        assert!(!second.is_blank());
        second.keep(seen("a", 1, 10)).unwrap();
        first.keep(seen("a", 1, 30)).unwrap();
        drop(first);
        second.keep(seen("a", 1, 20)).unwrap();
        drop(second);
        let third = open();
        assert!(!third.is_known_to(&seen("a", 1, 29)));
        assert!(third.is_known_to(&seen("a", 1, 30)));
    }

    #[test]
    fn files_of_ended_processes_are_removed_once_they_are_compared() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Witness::open(folder.path()).unwrap();
        let mut all: Vec<Witness> = Vec::new();
        for _ in 0..5 {
            let mut witness = open();
            witness.keep(seen("a", 1, 10)).unwrap();
            all.push(witness);
        }
        all.drain(1..);
        // One that opens and does not compare forgets nothing.
        drop(open());
        let files = || fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files(), 6);
        open().keep(seen("a", 1, 11)).unwrap();
        assert_eq!(files(), 3, "the lock, and the files of two processes");
    }
}
