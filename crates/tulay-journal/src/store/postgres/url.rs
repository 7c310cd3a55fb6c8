//! Where a server is, and how the connection to it is protected. The password is never shown.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

/// A server that does not answer is given up after so long.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// What was sent and is not acknowledged for so long ends the connection.
const SILENCE: Duration = Duration::from_secs(20);

/// The database of a URL such as `postgres://user@db.example.com/tulay`. `Display` and `Debug` show
/// its host and its name alone.
#[derive(Clone)]
pub struct ServerUrl {
    pub(super) config: Config,
    pub(super) protection: Protection,
    /// The file of the authorities that sign the server's certificate; `None`: those of the system.
    pub(super) root: Option<PathBuf>,
    shown: String,
}

/// How a connection is protected, by the names of `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// Without TLS.
    Disable,
    /// Without TLS, unless the server refuses that.
    Allow,
    /// With TLS, unless the server has none.
    Prefer,
    /// With TLS.
    Require,
    /// With TLS, and a certificate that an authority signed.
    VerifyCa,
    /// With TLS, and a certificate that an authority signed for this host.
    VerifyFull,
}

/// Why a URL names no server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUrl {
    /// It is no URL of Postgres, or a part of it cannot be read.
    #[error(
        "expected a URL such as \"postgres://user@db.example.com:5432/tulay?sslmode=verify-full\", \
         with special characters of the password as %XX"
    )]
    Form,
    /// It names no host.
    #[error(
        "expected a host, such as \"postgres://user@db.example.com/tulay\", or for a socket \
         \"postgres://user@/tulay?host=/run/postgresql\""
    )]
    Host,
    /// The value of `sslmode` is not known.
    #[error(
        "expected sslmode to be disable, allow, prefer, require, verify-ca or verify-full; \
         verify-full is the safest"
    )]
    SslMode,
}

impl FromStr for ServerUrl {
    type Err = InvalidUrl;

    fn from_str(url: &str) -> Result<Self, InvalidUrl> {
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|it| url.starts_with(it));
        if !is_postgres {
            return Err(InvalidUrl::Form);
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut given, mut root, mut others) = (None, None, Vec::new());
        for parameter in query.split('&').filter(|it| !it.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", mode)) => {
                    given = Some(Protection::of(mode).ok_or(InvalidUrl::SslMode)?);
                }
                Some(("sslrootcert", "system")) => root = None,
                Some(("sslrootcert", file)) => {
                    root = Some(PathBuf::from(decoded(file).ok_or(InvalidUrl::Form)?));
                }
                _ => others.push(parameter),
            }
        }
        let rest = format!("{base}?{}", others.join("&"));
        let mut config: Config = rest.parse().map_err(|_| InvalidUrl::Form)?;
        if config.get_hosts().is_empty() {
            return Err(InvalidUrl::Host);
        }
        let is_socket = |host: &Host| !matches!(host, Host::Tcp(_));
        let is_all_sockets = config.get_hosts().iter().all(is_socket);
        let is_local = config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => is_loopback(name),
            #[cfg(unix)]
            Host::Unix(_) => true,
        });
        let default = if is_local { Protection::Prefer } else { Protection::VerifyFull };
        let protection = match given {
            // A socket has no TLS.
            _ if is_all_sockets => Protection::Disable,
            given => given.unwrap_or(default),
        };
        config.ssl_mode(protection.first_try()).tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("tulay");
        }
        let shown = shown(&config);
        Ok(Self { config, protection, root, shown })
    }
}

impl ServerUrl {
    /// The user that the server knows.
    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or("of this process")
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Protection {
    fn of(name: &str) -> Option<Self> {
        match name {
            "disable" => Some(Self::Disable),
            "allow" => Some(Self::Allow),
            "prefer" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify-ca" => Some(Self::VerifyCa),
            "verify-full" => Some(Self::VerifyFull),
            _ => None,
        }
    }

    const fn first_try(self) -> SslMode {
        match self {
            Self::Disable | Self::Allow => SslMode::Disable,
            Self::Prefer => SslMode::Prefer,
            Self::Require | Self::VerifyCa | Self::VerifyFull => SslMode::Require,
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn shown(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) if name.contains(':') => format!("[{name}]"),
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => String::new(),
    };
    let name = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("postgres://{host}/{name}")
}

/// A text of a URL, in which `%2F` is `/`.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        let digits = std::str::from_utf8(&digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> ServerUrl {
        url.parse().unwrap()
    }

    #[test]
    fn password_is_never_shown() {
        let url = read("postgresql://ana:s3cret@db.example.com:5433/tulay?sslmode=require");
        assert_eq!(format!("{url} {url:?}"), ["postgres://db.example.com/tulay"; 2].join(" "));
        for url in ["postgres://ana:s3cret@db:port/tulay", "postgres://ana:s3cret@/tulay"] {
            let error = url.parse::<ServerUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn remote_servers_are_verified_by_default() {
        for (url, protection) in [
            ("postgres://db.example.com/tulay", Protection::VerifyFull),
            ("postgres://203.0.113.7/tulay", Protection::VerifyFull),
            ("postgres://localhost,db.example.com/tulay", Protection::VerifyFull),
            ("postgres://db.example.com/tulay?sslmode=require", Protection::Require),
            ("postgres://localhost/tulay", Protection::Prefer),
            ("postgres://127.0.0.1/tulay", Protection::Prefer),
            ("postgres://[::1]/tulay", Protection::Prefer),
            ("postgres://localhost/tulay?sslmode=verify-ca", Protection::VerifyCa),
            ("postgres:///tulay?host=/run/postgresql", Protection::Disable),
            ("postgres://%2Frun%2Fpostgresql/tulay?sslmode=require", Protection::Disable),
        ] {
            assert_eq!(read(url).protection, protection, "{url}");
        }
    }

    #[test]
    fn root_is_a_file_or_the_system() {
        let url = "postgres://db.example.com/tulay?sslrootcert=%2Fetc%2Froot%20ca.pem";
        assert_eq!(read(url).root, Some("/etc/root ca.pem".into()));
        assert_eq!(read("postgres://db.example.com/tulay?sslrootcert=system").root, None);
    }

    #[test]
    fn other_urls_are_refused() {
        for (url, error) in [
            ("", InvalidUrl::Form),
            ("mysql://db.example.com/tulay", InvalidUrl::Form),
            ("postgres://db.example.com:port/tulay", InvalidUrl::Form),
            ("postgres://db.example.com/tulay?colour=red", InvalidUrl::Form),
            ("postgres://db.example.com/tulay?sslrootcert=%2", InvalidUrl::Form),
            ("postgres://db.example.com/tulay?sslrootcert=%ff", InvalidUrl::Form),
            ("postgres:///tulay", InvalidUrl::Host),
            ("postgres://db.example.com/tulay?sslmode=no", InvalidUrl::SslMode),
        ] {
            assert_eq!(url.parse::<ServerUrl>().unwrap_err(), error, "{url}");
        }
    }
}
