//! What a configuration says of simulated accounts; the rest is not this command's business.

use crate::{
    args::Global,
    error::CliError,
    keys,
    session::{environment, found_config},
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use tulay::{Environment, Namespace, Operation, adapter::KeySource};

/// The providers of a configuration, and where they notify.
pub(crate) struct Configured {
    pub(crate) file: PathBuf,
    content: Content,
}

#[derive(Deserialize)]
struct Content {
    namespace: Option<Text>,
    #[serde(default)]
    providers: BTreeMap<String, Account>,
    #[serde(default)]
    webhook: Webhook,
}

#[derive(Default, Deserialize)]
struct Webhook {
    public_url: Option<Text>,
}

#[derive(Deserialize)]
pub(crate) struct Account {
    pub(crate) adapter: String,
    environment: Text,
    base_url: Option<Text>,
    /// As each adapter calls it.
    #[serde(alias = "app_id", alias = "business_id", alias = "organization_id")]
    merchant_id: Option<Text>,
    pub(crate) private_key: Option<KeySource>,
    /// Where a provider knows an account by a text that both have.
    pub(crate) secret_key: Option<KeySource>,
}

/// A text, or the variable that contains it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Variable { env: String },
}

impl Text {
    fn get(&self) -> Option<String> {
        match self {
            Self::Plain(text) => Some(text.clone()),
            Self::Variable { env } => environment(env),
        }
    }
}

impl Configured {
    /// Reads the configuration, if there is one.
    pub(crate) fn read(global: &Global) -> Result<Option<Self>, CliError> {
        let Some(file) = found_config(global)? else { return Ok(None) };
        let text = keys::read(&file)?;
        let text = std::str::from_utf8(&text).unwrap_or_default();
        let content = toml::from_str(text).map_err(|error| {
            CliError::usage("configuration", format!("{}: {}", file.display(), error.message()))
        })?;
        Ok(Some(Self { file, content }))
    }

    /// The accounts that a simulator keeps.
    pub(crate) fn simulated(&self) -> impl Iterator<Item = &Account> {
        self.named().map(|(_, account)| account)
    }

    /// The same with their names.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&str, &Account)> {
        let sandbox = Environment::Sandbox.to_string();
        let accounts = self.content.providers.iter().map(|(name, account)| (&**name, account));
        accounts.filter(move |(_, account)| account.environment.get().as_ref() == Some(&sandbox))
    }

    /// The namespace that order ids are derived from.
    pub(crate) fn namespace(&self) -> Result<Namespace, CliError> {
        let text = self.content.namespace.as_ref().and_then(Text::get).unwrap_or_default();
        Namespace::new(text).map_err(|error| CliError::invalid("namespace", &error))
    }

    /// Where a provider notifies, without the secret part that an order's address may have.
    pub(crate) fn notify_url(&self, provider: &str, operation: Operation) -> Option<String> {
        let base = self.content.webhook.public_url.as_ref()?.get()?;
        Some(format!("{}/{provider}/{operation}", base.trim_end_matches('/')))
    }
}

impl Account {
    pub(crate) fn merchant_id(&self) -> Option<String> {
        self.merchant_id.as_ref()?.get()
    }

    /// Scheme, host and port of its address.
    pub(crate) fn origin(&self) -> Option<String> {
        let url: http::Uri = self.base_url.as_ref()?.get()?.parse().ok()?;
        Some(format!("{}://{}", url.scheme_str()?, url.authority()?))
    }
}
