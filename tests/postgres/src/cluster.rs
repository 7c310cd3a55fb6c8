//! A Postgres server with its folder.

use crate::{Database, certificate, guard::Guard, programs};
use std::{
    fmt::Write as _,
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The password of the user `postgres`. Sockets are trusted, TCP asks for it.
pub const PASSWORD: &str = "correct-horse";

/// What a path of a Unix socket may have, less the socket's name.
const LONGEST_FOLDER: usize = 80;

/// Ends the server and removes its folder.
const END: &str = r#"read _; "$1" stop -D "$2/data" -m immediate; rm -rf "$2""#;

/// A server that keeps its data and its socket in a temporary folder.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicUsize,
    _guard: Guard,
}

impl Cluster {
    /// The server that all tests of this process share. A test must not stop it.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(|| Self::with(&[])).as_ref()
    }

    /// A server with settings of `postgresql.conf`, stopped when this is dropped. It listens on TCP
    /// where `listen_addresses` is set; `ssl` set to `on` gives it a certificate for `localhost`.
    #[must_use]
    pub fn with(settings: &[(&str, &str)]) -> Option<Self> {
        let programs = programs::postgres()?;
        let folder = folder("pg");
        // The guard first: whatever follows may be interrupted.
        let pg_ctl = programs.join("pg_ctl");
        let guard = Guard::run(END, &[pg_ctl.as_os_str(), folder.as_os_str()]);
        let port = free_port();
        let cluster =
            Self { programs, folder, port, databases: AtomicUsize::new(0), _guard: guard };
        cluster.init(settings);
        cluster.start();
        Some(cluster)
    }

    /// A new, empty database.
    pub fn database(&self) -> Database<'_> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        let mut command = self.command("createdb");
        command.arg("--host").arg(&self.folder).args(["--port", &self.port.to_string()]);
        programs::run(command.args(["--username", "postgres", &name]));
        Database::new(self, name)
    }

    /// Stops the server at once, as a loss of power does.
    pub fn stop_immediate(&self) {
        self.control(&["stop", "-m", "immediate"]);
    }

    /// Starts the server, and waits until it answers.
    pub fn start(&self) {
        let log = self.folder.join("log");
        self.control(&["start", "-l", log.to_str().unwrap()]);
    }

    /// Where its socket is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The number in the name of its socket, and its port on TCP.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of a server with `ssl`, which signed itself.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("server.crt")
    }

    /// A program of this Postgres, as the user that runs the server: `psql`, `pg_basebackup`.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        programs::command(&self.programs.join(program))
    }

    /// What the server logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn init(&self, settings: &[(&str, &str)]) {
        let data = self.folder.join("data");
        let password = self.folder.join("password");
        fs::write(&password, PASSWORD).unwrap();
        programs::give(&password);
        let mut command = self.command("initdb");
        command.arg("--pgdata").arg(&data).arg("--pwfile").arg(&password);
        command.args(["--username", "postgres", "--no-sync", "--encoding", "UTF8", "--no-locale"]);
        command.args(["--auth-local", "trust", "--auth-host", "scram-sha-256"]);
        programs::run(&mut command);
        let is_tls = settings.contains(&("ssl", "on"));
        if is_tls {
            certificate::write(&self.folder);
        }
        let configuration = data.join("postgresql.conf");
        let mut text = fs::read_to_string(&configuration).unwrap();
        for (name, value) in self.defaults(is_tls).iter().map(pair).chain(settings.iter().copied())
        {
            // The last line of a name counts.
            writeln!(text, "{name} = '{value}'").unwrap();
        }
        fs::write(configuration, text).unwrap();
    }

    fn defaults(&self, is_tls: bool) -> Vec<(&'static str, String)> {
        let folder = self.folder.display().to_string();
        let mut defaults = vec![
            ("listen_addresses", String::new()),
            ("port", self.port.to_string()),
            ("unix_socket_directories", folder.clone()),
            ("max_connections", "500".into()),
            ("shared_buffers", "32MB".into()),
            ("jit", "off".into()),
            // It would start a process ten times a second for hundreds of databases.
            ("autovacuum", "off".into()),
            ("fsync", "on".into()),
        ];
        if is_tls {
            defaults.push(("ssl_cert_file", format!("{folder}/server.crt")));
            defaults.push(("ssl_key_file", format!("{folder}/server.key")));
        }
        defaults
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = self.command("pg_ctl");
        command.arg("-D").arg(self.folder.join("data")).args(["-s", "-w", "-t", "60"]);
        // The server keeps what it inherits, so its output must not be a pipe that is read to its end.
        command.args(arguments).stdout(std::process::Stdio::null());
        let status = command.stderr(std::process::Stdio::null()).status().unwrap();
        assert!(status.success(), "{command:?}: {status}\n{}", self.log());
    }
}

/// A temporary folder of the user that runs the servers. A guard removes it.
pub(crate) fn folder(prefix: &str) -> PathBuf {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(prefix);
    let folder = match memory() {
        Some(memory) => builder.tempdir_in(memory),
        None => builder.tempdir(),
    };
    let folder = folder.unwrap().keep();
    let length = folder.as_os_str().len();
    assert!(length <= LONGEST_FOLDER, "{folder:?} is too long for a Unix socket: set TMPDIR");
    programs::give(&folder);
    folder
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn pair<'a>((name, value): &'a (&'static str, String)) -> (&'a str, &'a str) {
    (name, value)
}

/// A file system in memory with enough free space: a disk makes tests wait for each commit.
fn memory() -> Option<&'static Path> {
    const LEAST_KIB: u64 = 2 << 20;
    let memory = Path::new("/dev/shm");
    let free = Command::new("df").args(["--output=avail", "-k"]).arg(memory).output().ok()?;
    let free = String::from_utf8(free.stdout).ok()?;
    let free: u64 = free.lines().last()?.trim().parse().ok()?;
    (free >= LEAST_KIB).then_some(memory)
}
