//! What stands at the top of `tulay.toml`.

use crate::{
    document::Document,
    error::ConfigError,
    http_settings::Http,
    journal::{JournalTable, LimitsTable, TimeTable, WorkerTable},
    routes::Route,
};
use serde::{
    Deserialize,
    de::{Error as _, IgnoredAny},
};
use std::{fmt, net::SocketAddr};
use toml::Spanned;
use tulay_core::{BaseUrl, Namespace, Secret, SecretSource, Secrets};

/// What stands at the top of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Top {
    pub(crate) namespace: Namespace,
    #[serde(default = "yes")]
    pub(crate) confirm_production: bool,
    pub(crate) webhook: Option<Webhook>,
    #[serde(default)]
    pub(crate) http: Http,
    #[serde(default)]
    pub(crate) journal: JournalTable,
    #[serde(default)]
    pub(crate) worker: WorkerTable,
    #[serde(default)]
    pub(crate) limits: LimitsTable,
    #[serde(default)]
    pub(crate) time: TimeTable,
    #[serde(default)]
    pub(crate) routes: Vec<Spanned<Route>>,
    /// Read apart, each by its adapter.
    #[expect(dead_code, reason = "so that serde lists the key among those it knows")]
    providers: IgnoredAny,
}

/// Where notifications arrive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    #[serde(deserialize_with = "public_url")]
    public_url: String,
    #[serde(default, deserialize_with = "listen")]
    listen: Option<SocketAddr>,
    key: Option<Spanned<SecretSource>>,
}

/// The shortest webhook key, in characters: what `openssl rand -hex 16` prints.
const SHORTEST_KEY: usize = 32;

impl Top {
    /// The address below which each provider has its own, without a trailing slash.
    pub(crate) fn public_url(&self) -> Option<String> {
        self.webhook.as_ref().map(|webhook| webhook.public_url.clone())
    }

    /// Where a process of ours takes notifications.
    pub(crate) fn webhook_listen(&self) -> Option<SocketAddr> {
        self.webhook.as_ref().and_then(|webhook| webhook.listen)
    }

    /// What makes each order's own part of its notification address, where the file names a key.
    pub(crate) fn notify_key(
        &self,
        document: &Document<'_>,
        secrets: &dyn Secrets,
    ) -> Result<Option<Secret>, ConfigError> {
        let Some(source) = self.webhook.as_ref().and_then(|webhook| webhook.key.as_ref()) else {
            return Ok(None);
        };
        let fail = |message: &dyn fmt::Display| {
            document.error("webhook.key".to_owned(), Some(&source.span()), message)
        };
        let key = secrets.read(source.get_ref()).map_err(|invalid| fail(invalid.problem()))?;
        let key = key.expose().trim();
        if key.chars().count() < SHORTEST_KEY {
            let message = "expected a key of at least 32 characters, as `openssl rand -hex 32` \
                           prints one";
            return Err(fail(&message));
        }
        Secret::new(key).map(Some).map_err(|invalid| fail(invalid.problem()))
    }
}

const fn yes() -> bool {
    true
}

fn listen<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let expected = "expected an address of this machine and a port, such as \"127.0.0.1:8300\"";
    text.parse().map(Some).map_err(|_| D::Error::custom(expected))
}

fn public_url<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match BaseUrl::new(&text) {
        Ok(url) => Ok(url.to_string()),
        Err(invalid) => Err(D::Error::custom(invalid.problem())),
    }
}
