//! `[http]` of the file: through what, by whose certificates, and how patiently requests are sent.

use crate::{document::Document, error::ConfigError};
use jiff::SignedDuration;
use serde::{Deserialize, de::Error as _};
use std::{fs, path::Path, time::Duration};
use toml::Spanned;
use tulay_core::{SecretSource, Secrets};
use tulay_http::HttpSettings;

/// The table `[http]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    proxy: Option<Spanned<Proxy>>,
    ca_file: Option<Spanned<String>>,
    connect_timeout: Option<Spanned<Timeout>>,
    timeout: Option<Spanned<Timeout>>,
}

/// The proxy's address, or where it is read from: an address with a password is a secret.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected an address such as \"http://proxy.example:3128\", or { env = \"…\" }"
)]
enum Proxy {
    Address(String),
    Source(SecretSource),
}

/// A time-out, from a tenth of a second to ten minutes.
#[derive(Clone, Copy)]
struct Timeout(Duration);

impl<'de> Deserialize<'de> for Timeout {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = text.parse::<SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
        let allowed = Duration::from_millis(100)..=Duration::from_secs(600);
        let read = read.filter(|duration| allowed.contains(duration));
        let expected = "expected a duration from 100ms to 10m, such as \"30s\"";
        read.map(Self).ok_or_else(|| D::Error::custom(expected))
    }
}

impl Http {
    /// The settings; a mistake has its place. The certificates are read from beside the file.
    pub(crate) fn settings(
        &self,
        document: &Document<'_>,
        folder: &Path,
        secrets: &dyn Secrets,
    ) -> Result<HttpSettings, ConfigError> {
        let mut settings = HttpSettings::default();
        if let Some(timeout) = &self.timeout {
            settings.total_timeout = timeout.get_ref().0;
        }
        if let Some(timeout) = &self.connect_timeout {
            settings.connect_timeout = timeout.get_ref().0;
        }
        if settings.connect_timeout > settings.total_timeout {
            let (key, at) = match &self.timeout {
                Some(timeout) => ("http.timeout", Some(timeout.span())),
                None => ("http.connect_timeout", self.connect_timeout.as_ref().map(Spanned::span)),
            };
            let message = format!(
                "expected a timeout that is not shorter than connect_timeout ({:?} and {:?})",
                settings.total_timeout, settings.connect_timeout
            );
            return Err(document.error(key.into(), at.as_ref(), message));
        }
        if let Some(proxy) = &self.proxy {
            let refused =
                |message: &str| document.error("http.proxy".into(), Some(&proxy.span()), message);
            settings.proxy = Some(proxy.get_ref().address(secrets).map_err(|m| refused(&m))?);
        }
        if let Some(file) = &self.ca_file {
            let path = folder.join(file.get_ref());
            let pem = fs::read(&path).map_err(|cause| cause.to_string()).and_then(|pem| {
                let begins = b"-----BEGIN CERTIFICATE-----";
                let has_one = pem.windows(begins.len()).any(|part| part == begins);
                has_one.then_some(pem).ok_or_else(|| "there is none".to_owned())
            });
            let pem = pem.map_err(|cause| {
                let message =
                    format!("expected certificates in PEM at {}: {cause}", path.display());
                document.error("http.ca_file".into(), Some(&file.span()), message)
            })?;
            settings.only_roots = Some(pem);
        }
        Ok(settings)
    }
}

impl Proxy {
    /// The address. No message repeats it, as it may contain a password.
    fn address(&self, secrets: &dyn Secrets) -> Result<http::Uri, String> {
        let (text, is_secret) = match self {
            Self::Address(text) => (text.clone(), false),
            Self::Source(source) => {
                let secret =
                    secrets.read(source).map_err(|invalid| invalid.problem().to_string())?;
                (secret.expose().trim().to_owned(), true)
            }
        };
        let form = || "expected an address such as http://proxy.example:3128".to_owned();
        let uri: http::Uri = text.parse().map_err(|_| form())?;
        let authority = uri.authority().ok_or_else(form)?;
        if authority.as_str().contains('@') && !is_secret {
            let message = "a password never stands here: write proxy = { env = \"…\" }, and put \
                           the whole address into that variable";
            return Err(message.into());
        }
        let has_path = !matches!(uri.path(), "" | "/") || uri.query().is_some();
        if !matches!(uri.scheme_str(), Some("http" | "https")) || has_path {
            return Err(form());
        }
        Ok(uri)
    }
}
