//! Why a server is not used. Each says what to do, and none shows a password.

use super::url::ServerUrl;
use crate::store::{StateError, StoreError};
use jiff::Timestamp;
use std::{error::Error as _, io};
use tokio_postgres::{Error, error::SqlState};
use tokio_rustls::rustls::{self, CertificateError};

/// Why a database on a server was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The server does not answer.
    #[error(
        "{database}: the server cannot be reached ({why}); check that it runs, and the host and port \
         in [journal] url"
    )]
    Unreachable {
        /// Host and name of the database.
        database: String,
        /// Why.
        why: String,
    },
    /// What this machine remembers of the journal cannot be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// The server does not let the user in.
    #[error(
        "{database}: the server refuses user {user} ({why}); check the user and password in [journal] \
         url, and the server's pg_hba.conf"
    )]
    Refused {
        /// Host and name of the database.
        database: String,
        /// The user.
        user: String,
        /// Why.
        why: &'static str,
    },
    /// There is no database of this name.
    #[error("{database}: the database does not exist; create it with `createdb`")]
    NoDatabase {
        /// Host and name of the database.
        database: String,
    },
    /// The user lacks a right.
    #[error(
        "{database}: user {user} may not use or make the schema `tulay`; grant it CREATE on the \
         database, or the rights on the schema"
    )]
    NoRight {
        /// Host and name of the database.
        database: String,
        /// The user.
        user: String,
    },
    /// The server has no TLS.
    #[error(
        "{database}: the server does not offer TLS, and sslmode asks for it; turn on `ssl` on the \
         server, or set another sslmode in [journal] url"
    )]
    NoTls {
        /// Host and name of the database.
        database: String,
    },
    /// The certificate of the server does not hold.
    #[error(
        "{database}: the server's certificate is not valid for it ({why}); check the host in [journal] \
         url, and name the authority with sslrootcert"
    )]
    Certificate {
        /// Host and name of the database.
        database: String,
        /// Why.
        why: String,
    },
    /// The authorities cannot be read.
    #[error("{database}: the authorities of sslrootcert cannot be read ({why}); name a PEM file")]
    NoAuthorities {
        /// Host and name of the database.
        database: String,
        /// Why.
        why: String,
    },
    /// The server is too old.
    #[error("{database}: the server is Postgres {found}; use version 13 or later")]
    OldServer {
        /// Host and name of the database.
        database: String,
        /// Its version.
        found: i64,
    },
    /// The server copies another one.
    #[error(
        "{database}: the server is a replica and takes no writes; name the primary in [journal] url"
    )]
    Replica {
        /// Host and name of the database.
        database: String,
    },
    /// A setting lets the server lose a commit.
    #[error(
        "{database}: the server has {setting} = {found} and may lose a commit; set {setting} = \
         {expected} there"
    )]
    Setting {
        /// Host and name of the database.
        database: String,
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The value that it needs.
        expected: &'static str,
    },
    /// The database cannot hold every text.
    #[error("{database}: the database has the encoding {found}; create it with encoding UTF8")]
    Encoding {
        /// Host and name of the database.
        database: String,
        /// Its encoding.
        found: String,
    },
    /// The schema `tulay` is another program's.
    #[error(
        "{database}: the schema `tulay` is not a journal; name another database in [journal] url"
    )]
    NotJournal {
        /// Host and name of the database.
        database: String,
    },
    /// The journal was written by a newer version.
    #[error("{database}: a newer version wrote this journal (form {schema}); use that version")]
    Newer {
        /// Host and name of the database.
        database: String,
        /// Its form.
        schema: i64,
    },
    /// The journal was written by an older version.
    #[error(
        "{database}: an older version wrote this journal (form {schema}); run `tulay journal migrate`; \
         its processes may go on meanwhile"
    )]
    Older {
        /// Host and name of the database.
        database: String,
        /// Its form.
        schema: i64,
    },
    /// The journal is another namespace's.
    #[error(
        "{database}: this is the journal of namespace {found}, and the configuration says \
         {configured}; change one of them"
    )]
    OtherNamespace {
        /// Host and name of the database.
        database: String,
        /// The namespace of the database.
        found: String,
        /// The namespace of the configuration.
        configured: String,
    },
    /// Another journal stands where the process found the first one.
    #[error("{database}: the database has another journal than before; start this process again")]
    OtherJournal {
        /// Host and name of the database.
        database: String,
    },
    /// The clocks differ.
    #[error(
        "{database}: the server's clock says {server}, and this machine's {machine}; set the one that \
         is wrong"
    )]
    Clocks {
        /// Host and name of the database.
        database: String,
        /// The server's clock.
        server: Timestamp,
        /// This machine's clock.
        machine: Timestamp,
    },
    /// The server's clock is behind the last event.
    #[error(
        "{database}: the server's clock says {now}, and the last event was written at {last}; set the \
         server's clock"
    )]
    ClockBehind {
        /// Host and name of the database.
        database: String,
        /// The server's clock.
        now: Timestamp,
        /// The last event.
        last: Timestamp,
    },
    /// Anything else.
    #[error("{database}: {error}")]
    Failed {
        /// Host and name of the database.
        database: String,
        /// What.
        error: StoreError,
    },
}

impl ServerError {
    /// Whether a person has to change the configuration or the server. Otherwise the server may
    /// answer at the next try.
    #[must_use]
    pub const fn is_of_configuration(&self) -> bool {
        !matches!(
            self,
            Self::Unreachable { .. }
                | Self::Clocks { .. }
                | Self::ClockBehind { .. }
                | Self::OtherJournal { .. }
                | Self::Failed { .. }
        )
    }

    /// Why no connection was made.
    pub(super) fn of_connect(url: &ServerUrl, error: &Error) -> Self {
        let (database, user) = (url.to_string(), url.user().to_owned());
        if let Some(server) = error.as_db_error() {
            return match server.code().code() {
                "28P01" => Self::Refused { database, user, why: "wrong password" },
                code if code.starts_with("28") => {
                    Self::Refused { database, user, why: "no entry admits it" }
                }
                "3D000" => Self::NoDatabase { database },
                "42501" => Self::NoRight { database, user },
                "53300" => {
                    Self::Unreachable { database, why: "it has too many connections".into() }
                }
                "57P03" => Self::Unreachable { database, why: "it is starting or stopping".into() },
                code => Self::Unreachable { database, why: format!("error {code}") },
            };
        }
        let mut cause = error.source();
        while let Some(error) = cause {
            if let Some(why) = certificate(error) {
                return Self::Certificate { database, why };
            }
            if error.to_string() == "server does not support TLS" {
                return Self::NoTls { database };
            }
            if error.to_string() == "password missing" {
                return Self::Refused { database, user, why: "it asks for a password" };
            }
            if let Some(error) = error.downcast_ref::<io::Error>() {
                return Self::Unreachable { database, why: error.kind().to_string() };
            }
            cause = error.source();
        }
        Self::Unreachable { database, why: "it answers otherwise than Postgres".into() }
    }

    /// Why the first statements failed.
    pub(super) fn of_statement(url: &ServerUrl, error: &Error) -> Self {
        let (database, user) = (url.to_string(), url.user().to_owned());
        match error.code() {
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
                Self::NoRight { database, user }
            }
            _ => Self::Failed { database, error: super::trouble::store_error(error) },
        }
    }
}

/// What is wrong with the certificate that a handshake failed for.
fn certificate(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let inner = error.downcast_ref::<io::Error>()?.get_ref()?;
    match inner.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(why) => Some(match why {
            CertificateError::UnknownIssuer => "no known authority signed it".into(),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "it is for another host".into()
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "it has expired".into()
            }
            CertificateError::Other(_) => "it signed itself, or is not a server's".into(),
            other => other.to_string(),
        }),
        other => Some(other.to_string()),
    }
}
