//! What stands at the top of `tulay.toml`.

use crate::{http_settings::Http, routes::Route};
use serde::{
    Deserialize,
    de::{Error as _, IgnoredAny},
};
use toml::Spanned;
use tulay_core::{BaseUrl, Namespace};

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
}

impl Top {
    /// The address below which each provider has its own, without a trailing slash.
    pub(crate) fn public_url(&self) -> Option<String> {
        self.webhook.as_ref().map(|webhook| webhook.public_url.clone())
    }
}

const fn yes() -> bool {
    true
}

fn public_url<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match BaseUrl::new(&text) {
        Ok(url) => Ok(url.to_string()),
        Err(invalid) => Err(D::Error::custom(invalid.problem())),
    }
}
