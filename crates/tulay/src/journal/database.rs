//! `url` of `[journal]`: where the database is.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use tulay_core::{SecretSource, Secrets};
#[cfg(feature = "postgres")]
use tulay_journal::store::ServerUrl;

const EXPECTED: &str = "expected \"sqlite:\" and the path of a file, such as \"sqlite:tulay.db\", or \
                        the URL of a server, such as \"postgres://user@db.example.com/tulay\"";

/// The URL, or where it is read from: a URL with a password is a secret.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a URL such as \"sqlite:tulay.db\" or \"postgres://user@db.example.com/tulay\", \
                 or { env = \"…\" }"
)]
pub(crate) enum Url {
    Text(String),
    Source(SecretSource),
}

/// Where the database is.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// In a file.
    File(PathBuf),
    /// On a server.
    #[cfg(feature = "postgres")]
    Server(Box<ServerUrl>),
    /// In a variable that was not read, as no secret was.
    NotRead,
}

impl Database {
    /// The file, which need not exist yet.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file),
            _ => None,
        }
    }
}

impl Url {
    /// The database, and its name in messages. `folder` is that of the configuration. No error
    /// repeats a URL, which may have a password. `None`: no secret is read.
    pub(super) fn database(
        &self,
        folder: &Path,
        secrets: Option<&dyn Secrets>,
    ) -> Result<(String, Database), String> {
        match self {
            Self::Text(text) => {
                if has_password(text) {
                    let message = "a password never stands here: write url = { env = \"…\" }, and put \
                                   the whole URL into that variable";
                    return Err(message.into());
                }
                read(text, folder)
            }
            Self::Source(source) => {
                let Some(secrets) = secrets else {
                    return Ok(("a variable".into(), Database::NotRead));
                };
                let secret = secrets.read(source);
                let secret = secret.map_err(|invalid| invalid.problem().to_string())?;
                read(secret.expose().trim(), folder)
            }
        }
    }
}

fn read(url: &str, folder: &Path) -> Result<(String, Database), String> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return server(url);
    }
    Ok((url.to_owned(), Database::File(file(url, folder)?)))
}

#[cfg(feature = "postgres")]
fn server(url: &str) -> Result<(String, Database), String> {
    let url: ServerUrl = url.parse().map_err(|error| format!("{error}"))?;
    Ok((url.to_string(), Database::Server(Box::new(url))))
}

#[cfg(not(feature = "postgres"))]
fn server(_: &str) -> Result<(String, Database), String> {
    Err("this program was built without Postgres; build it with the feature `postgres`, or name a \
         file, such as \"sqlite:tulay.db\""
        .into())
}

/// The file of a URL such as `sqlite:tulay.db`, relative to the folder of the configuration.
fn file(url: &str, folder: &Path) -> Result<PathBuf, &'static str> {
    let path = url.strip_prefix("sqlite:").ok_or(EXPECTED)?;
    // SQLite itself would read these as something other than a file.
    let is_file = !path.is_empty() && !path.starts_with([':', '?']) && !path.ends_with('/');
    if !is_file || path.contains('\0') {
        return Err(EXPECTED);
    }
    Ok(folder.join(path.strip_prefix("//").unwrap_or(path)))
}

/// Whether a password stands between the user and the host, or among the parameters.
fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    let parameters = rest.split_once('?').map_or("", |(_, parameters)| parameters);
    user.contains(':') || parameters.split('&').any(|it| it.starts_with("password="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::{Invalid, Secret};

    #[test]
    fn files_are_beside_the_configuration() {
        let folder = Path::new("/etc/acme");
        for (url, path) in [
            ("sqlite:tulay.db", "/etc/acme/tulay.db"),
            ("sqlite:data/a.db", "/etc/acme/data/a.db"),
            ("sqlite:/var/lib/a.db", "/var/lib/a.db"),
            ("sqlite:///var/lib/a.db", "/var/lib/a.db"),
        ] {
            assert_eq!(file(url, folder), Ok(path.into()), "{url}");
        }
        for url in ["", "tulay.db", "mysql://db", "sqlite:", "sqlite::memory:", "sqlite:a/"] {
            assert!(file(url, folder).is_err(), "{url}");
        }
    }

    #[derive(Debug)]
    struct Variable(&'static str);

    impl Secrets for Variable {
        fn read(&self, _: &SecretSource) -> Result<Secret, Invalid> {
            Secret::new(self.0.to_owned())
        }
    }

    fn of_variable(text: &'static str) -> Result<(String, Database), String> {
        let source = Url::Source(SecretSource::Env("DATABASE_URL".into()));
        source.database(Path::new("/etc/acme"), Some(&Variable(text)))
    }

    #[test]
    fn variable_may_have_a_password_and_is_not_shown() {
        let (url, database) = of_variable("sqlite:tulay.db").unwrap();
        assert_eq!((url.as_str(), database.file().is_some()), ("sqlite:tulay.db", true));
        let server = of_variable("postgres://ana:s3cret@db.example.com/tulay");
        let shown = format!("{server:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
        assert_eq!(server.is_ok(), cfg!(feature = "postgres"), "{shown}");
        assert!(shown.contains("postgres"), "{shown}");
    }

    #[test]
    fn password_never_stands_in_the_file() {
        for url in [
            "postgres://ana:s3cret@db.example.com/tulay",
            "postgres://db.example.com/tulay?user=ana&password=s3cret",
        ] {
            let read = Url::Text(url.into()).database(Path::new(""), Some(&Variable("")));
            let error = read.unwrap_err();
            assert!(error.starts_with("a password never stands here"), "{error}");
        }
    }
}
