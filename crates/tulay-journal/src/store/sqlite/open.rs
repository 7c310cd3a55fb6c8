//! Opening a database: its settings are written, and read back on every connection.

use super::{
    file::{self, OpenFile},
    owners, rows, threads,
};
use crate::{
    Time,
    store::{Form, JournalEvent, StateError, StoreError, Witness, witness::DOUBTED},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags, params, types::Value};
use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tulay_core::Namespace;

/// The form of the database that this version writes.
pub(super) const SCHEMA: i64 = 5;
/// The oldest form whose programs may still use it.
const OLDEST_SCHEMA: i64 = 2;
/// A new database.
const SCHEMA_TEXTS: [&str; 4] = [include_str!("schema.sql"), INBOX, REFUNDS, COLLECTIONS];
/// What makes a database of form 1 one of form 2, and so on.
const MIGRATIONS: [&str; 4] = [include_str!("to_2.sql"), INBOX, REFUNDS, COLLECTIONS];
const INBOX: &str = include_str!("inbox.sql");
const REFUNDS: &str = include_str!("refunds.sql");
const COLLECTIONS: &str = include_str!("collections.sql");
/// SQLite 3.51.3 is the first without a race that could lose a commit of its write-ahead log
/// (<https://sqlite.org/wal.html>, "The WAL-Reset Bug").
const OLDEST_SQLITE: i32 = 3_051_003;
const READERS: usize = 2;
/// How long a transaction waits for that of another process.
const PATIENCE: Duration = Duration::from_secs(10);
/// A clock may be set back by so much without a word.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(1);

/// Why a database was not opened. It says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The folder of the file does not exist.
    #[error("{path}: the folder does not exist; create it, or change [journal] url")]
    NoFolder {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened or made.
    #[error("{path}: the file cannot be opened ({why}); check its path and permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The file cannot be written.
    #[error("{path}: the file is read-only; give this user the permission to write it")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file has two names.
    #[error(
        "{path}: the file has another name too (a hard link), so two journals could be made of it; \
         remove the other name"
    )]
    TwoNames {
        /// The file.
        path: PathBuf,
    },
    /// The file is no SQLite database.
    #[error("{path}: the file is not an SQLite database; name another file in [journal] url")]
    NotSqlite {
        /// The file.
        path: PathBuf,
    },
    /// The database is another program's.
    #[error("{path}: the database is not a journal; name another file in [journal] url")]
    NotJournal {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer version.
    #[error("{path}: a newer version wrote this journal (form {schema}); use that version")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its form.
        schema: i64,
    },
    /// The database is another namespace's.
    #[error(
        "{path}: this is the journal of namespace {found}, and the configuration says {configured}; change one of them"
    )]
    OtherNamespace {
        /// The file.
        path: PathBuf,
        /// The namespace of the database.
        found: String,
        /// The namespace of the configuration.
        configured: String,
    },
    /// A setting does not have the value that was written.
    #[error(
        "{path}: SQLite keeps {setting} = {found}, and {expected} was set; put the file on a local disk"
    )]
    Setting {
        /// The file.
        path: PathBuf,
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The value that was set.
        expected: &'static str,
    },
    /// SQLite itself is too old.
    #[error("SQLite {found} may lose a commit; build with version 3.51.3 or later")]
    OldSqlite {
        /// Its version.
        found: &'static str,
    },
    /// The clock is behind the last event.
    #[error(
        "{path}: the clock says {now}, and the last event was written at {last}; set the clock"
    )]
    Clock {
        /// The file.
        path: PathBuf,
        /// The clock.
        now: Timestamp,
        /// The last event.
        last: Timestamp,
    },
    /// The database on a server.
    #[cfg(feature = "postgres")]
    #[error(transparent)]
    Server(#[from] crate::store::ServerError),
    /// What this machine remembers of the journal cannot be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// Anything else.
    #[error("{path}: {error}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What.
        error: StoreError,
    },
}

/// A database that is open.
pub(super) struct Opened {
    pub(super) owner: u32,
    pub(super) writer: threads::Queue,
    pub(super) readers: threads::Queue,
}

/// A number that SQLite keeps in each file and gives no meaning: 0, or [`COPY`].
pub(super) const USER_VERSION: &str = "user_version";
/// The file is a copy, and was not opened yet. What was written after it was made is missing in it,
/// also where no process of this machine remembers the journal.
pub(super) const COPY: i64 = 1;

/// Opens a database, and makes it if there is none. `witness` remembers how far it was.
pub(super) fn open(
    path: &Path,
    mut witness: Option<Witness>,
    namespace: &Namespace,
    time: &Arc<dyn Time>,
) -> Result<Opened, OpenError> {
    let now = time.now();
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::OldSqlite { found: rusqlite::version() });
    }
    if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(OpenError::NoFolder { path: path.into() });
    }
    let unreadable =
        |error: std::io::Error| OpenError::Unreadable { path: path.into(), why: error.to_string() };
    make_file(path).map_err(unreadable)?;
    if file::has_two_names(path).map_err(unreadable)? {
        return Err(OpenError::TwoNames { path: path.into() });
    }
    let opened = OpenFile::of(path).map_err(unreadable)?;
    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if writer.is_readonly(MAIN_DB).map_err(|error| failed(path, error))? {
        return Err(OpenError::ReadOnly { path: path.into() });
    }
    // Before any setting: some of them change the file.
    is_new(path, &writer)?;
    set(path, &writer, &SETTINGS)?;
    writer.execute_batch("BEGIN IMMEDIATE").map_err(|error| failed(path, error))?;
    begin(path, &writer, namespace, now)?;
    let (owner, lock) = owners::take(path).map_err(unreadable)?;
    let seen = rows::seen(&writer).map_err(|error| of_store(path, error))?;
    let is_behind = |witness: &Witness| !witness.remembered().is_known_to(&seen);
    if is_copy(&writer).map_err(|error| failed(path, error))?
        || witness.as_ref().is_some_and(is_behind)
    {
        let doubted = rows::doubt(&writer, &JournalEvent::doubted(now, None, DOUBTED));
        doubted.map_err(|error| of_store(path, error))?;
    }
    // This number was another process's, which has ended.
    writer
        .execute("UPDATE payout SET owner = NULL, lease_until = NULL WHERE owner = ?1", [owner])
        .and_then(|_| {
            let free = "UPDATE outbox SET owner = NULL, lease_until = NULL WHERE owner = ?1";
            writer.execute(free, [owner])
        })
        .and_then(|_| writer.execute("DELETE FROM process WHERE owner = ?1", [owner]))
        .and_then(|_| writer.execute_batch("COMMIT"))
        .map_err(|error| failed(path, error))?;
    if let Some(witness) = &mut witness {
        let seen = rows::seen(&writer).map_err(|error| of_store(path, error))?;
        witness.keep(&seen).map_err(|error| witness.failed(&error))?;
    }
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(reader(path)?);
    }
    Ok(Opened {
        owner,
        writer: threads::writer(writer, opened, lock, witness, time).map_err(unreadable)?,
        readers: threads::readers(readers).map_err(unreadable)?,
    })
}

/// Whether it is a copy that is opened for the first time. It is not from now on.
fn is_copy(connection: &Connection) -> rusqlite::Result<bool> {
    let number: i64 = connection.pragma_query_value(None, USER_VERSION, |row| row.get(0))?;
    let is_copy = number == COPY;
    if is_copy {
        connection.pragma_update(None, USER_VERSION, 0)?;
    }
    Ok(is_copy)
}

/// The form of a database. It changes nothing, and makes no file.
pub(super) fn form(path: &Path, namespace: &Namespace) -> Result<Form, OpenError> {
    let mut form = Form { found: None, current: SCHEMA, oldest: OLDEST_SCHEMA };
    if path.exists() {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if !is_new(path, &connection)? {
            form.found = Some(find(path, &connection, namespace)?);
        }
    }
    Ok(form)
}

/// A connection that reads.
pub(super) fn reader(path: &Path) -> Result<Connection, OpenError> {
    let reader = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let [_, settings @ ..] = &SETTINGS;
    set(path, &reader, settings)?;
    Ok(reader)
}

/// The database has personal data: the file is made for this user alone.
fn make_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // SQLite says later that it is read-only.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => File::open(path),
        opened => opened,
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| failed(path, error))?;
    connection.busy_timeout(PATIENCE).map_err(|error| failed(path, error))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A setting, how it is set, and how it is read back. The first is kept in the file.
const SETTINGS: [(&str, &str, &str); 4] = [
    ("journal_mode", "PRAGMA journal_mode = WAL", "wal"),
    ("synchronous", "PRAGMA synchronous = FULL", "2"),
    ("foreign_keys", "PRAGMA foreign_keys = ON", "1"),
    ("trusted_schema", "PRAGMA trusted_schema = OFF", "0"),
];

fn set(
    path: &Path,
    connection: &Connection,
    settings: &[(&'static str, &str, &'static str)],
) -> Result<(), OpenError> {
    for (setting, text, expected) in settings {
        connection.execute_batch(text).map_err(|error| failed(path, error))?;
        let found = connection
            .pragma_query_value(None, setting, |row| row.get(0))
            .map_err(|error| failed(path, error))?;
        let found = match found {
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            _ => String::new(),
        };
        if found != *expected {
            return Err(OpenError::Setting { path: path.into(), setting, found, expected });
        }
    }
    Ok(())
}

/// Whether the database has no tables yet. One with other tables is another program's.
fn is_new(path: &Path, connection: &Connection) -> Result<bool, OpenError> {
    let tables = "SELECT COUNT(*), COUNT(*) FILTER (WHERE name = 'journal') FROM sqlite_schema \
                  WHERE type = 'table'";
    let tables = connection.query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)));
    match tables.map_err(|error| failed(path, error))? {
        (0_i64, _) => Ok(true),
        (_, 1_i64) => Ok(false),
        _ => Err(OpenError::NotJournal { path: path.into() }),
    }
}

/// Makes the tables, or checks that they are of this namespace and form.
fn begin(
    path: &Path,
    connection: &Connection,
    namespace: &Namespace,
    now: Timestamp,
) -> Result<(), OpenError> {
    let failed = |error| failed(path, error);
    if is_new(path, connection)? {
        SCHEMA_TEXTS.iter().try_for_each(|text| connection.execute_batch(text)).map_err(failed)?;
        let text = "INSERT INTO journal (one, schema, oldest_schema, namespace, lineage, doubted_at) \
                    VALUES (1, ?1, ?2, ?3, lower(hex(randomblob(16))), ?4)";
        let parameters = params![SCHEMA, OLDEST_SCHEMA, namespace.as_str(), rows::micros(now)];
        connection.execute(text, parameters).map_err(failed)?;
        return Ok(());
    }
    let schema = find(path, connection, namespace)?;
    migrate(connection, schema).map_err(failed)?;
    let last = "SELECT MAX(at) FROM (SELECT at FROM event ORDER BY seq DESC LIMIT 1)";
    let last: Option<i64> = connection.query_row(last, [], |row| row.get(0)).map_err(failed)?;
    let last = last.map(rows::time).transpose();
    let last = last.map_err(|error| of_store(path, error))?;
    match last {
        Some(last) if last.duration_since(now) > CLOCK_SLACK => {
            Err(OpenError::Clock { path: path.into(), now, last })
        }
        _ => Ok(()),
    }
}

/// The form of a journal that this version may use or migrate.
fn find(path: &Path, connection: &Connection, namespace: &Namespace) -> Result<i64, OpenError> {
    let text = "SELECT schema, oldest_schema, namespace FROM journal";
    let row = connection.query_row(text, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let Ok((schema, oldest, found)) = row else {
        return Err(OpenError::NotJournal { path: path.into() });
    };
    let (schema, oldest, found): (i64, i64, String) = (schema, oldest, found);
    if oldest > SCHEMA {
        return Err(OpenError::Newer { path: path.into(), schema });
    }
    if found != namespace.as_str() {
        let configured = namespace.to_string();
        return Err(OpenError::OtherNamespace { path: path.into(), found, configured });
    }
    Ok(schema)
}

/// Brings a database to the form of this version, in the transaction of the caller. One of a newer
/// form is left as it is.
fn migrate(connection: &Connection, schema: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(schema.max(1) - 1).unwrap_or(MIGRATIONS.len());
    MIGRATIONS.iter().skip(done).try_for_each(|text| connection.execute_batch(text))?;
    let text = "UPDATE journal SET schema = ?1, oldest_schema = ?2 WHERE schema < ?1";
    connection.execute(text, [SCHEMA, OLDEST_SCHEMA]).map(drop)
}

fn of_store(path: &Path, error: StoreError) -> OpenError {
    OpenError::Failed { path: path.into(), error }
}

fn failed(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.into();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotSqlite { path },
        Some(ErrorCode::ReadOnly) => OpenError::ReadOnly { path },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            let why = "SQLite cannot open it".into();
            OpenError::Unreadable { path, why }
        }
        _ => OpenError::Failed { path, error: error.into() },
    }
}
