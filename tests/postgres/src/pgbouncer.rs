//! pgbouncer in front of a cluster.

use crate::{Cluster, cluster, guard::Guard, programs};
use std::{
    fs,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Ends the pooler and removes its folder.
const RUN: &str = r#""$1" -q "$2/pgbouncer.ini" 2>"$2/log" & read _; kill $!; wait; rm -rf "$2""#;

/// A pooler that gives a session of the server for one transaction at a time.
#[derive(Debug)]
pub struct Pooler {
    folder: PathBuf,
    _guard: Guard,
}

impl Pooler {
    /// A pooler in front of the server, with few sessions, so that clients share them.
    #[must_use]
    pub fn start(cluster: &Cluster) -> Option<Self> {
        let program = programs::pgbouncer()?;
        let folder = cluster::folder("bouncer");
        let (port, own, behind) = (cluster.port(), folder.display(), cluster.folder().display());
        let users = folder.join("users");
        fs::write(&users, "\"postgres\" \"\"\n").unwrap();
        let configuration = folder.join("pgbouncer.ini");
        let text = format!(
            "[databases]\n\
             * = host={behind} port={port}\n\
             [pgbouncer]\n\
             listen_port = {port}\n\
             unix_socket_dir = {own}\n\
             auth_type = trust\n\
             auth_file = {own}/users\n\
             pool_mode = transaction\n\
             max_client_conn = 500\n\
             default_pool_size = 5\n"
        );
        fs::write(&configuration, text).unwrap();
        programs::give(&folder);
        let guard = Guard::run(RUN, &[program.as_os_str(), folder.as_os_str()]);
        let pooler = Self { folder, _guard: guard };
        pooler.wait(port);
        Some(pooler)
    }

    /// Where its socket is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn wait(&self, port: u16) {
        let socket = self.folder.join(format!(".s.PGSQL.{port}"));
        let began = Instant::now();
        while UnixStream::connect(&socket).is_err() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(20), "no pgbouncer: {}", log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
