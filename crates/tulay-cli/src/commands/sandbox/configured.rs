//! What a configuration says of simulated accounts; the rest is not this command's business.

use crate::{
    args::Global,
    error::CliError,
    keys,
    session::{environment, found_config},
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use tulay::{Environment, adapter::KeySource};

/// The providers of a configuration.
pub(super) struct Configured {
    pub(super) file: PathBuf,
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
struct Providers {
    #[serde(default)]
    providers: BTreeMap<String, Account>,
}

#[derive(Deserialize)]
pub(super) struct Account {
    pub(super) adapter: String,
    environment: Text,
    base_url: Option<Text>,
    /// As each adapter calls it.
    #[serde(alias = "app_id", alias = "business_id", alias = "organization_id")]
    merchant_id: Option<Text>,
    pub(super) private_key: Option<KeySource>,
    /// Where a provider knows an account by a text that both have.
    pub(super) secret_key: Option<KeySource>,
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
    pub(super) fn read(global: &Global) -> Result<Option<Self>, CliError> {
        let Some(file) = found_config(global)? else { return Ok(None) };
        let text = keys::read(&file)?;
        let text = std::str::from_utf8(&text).unwrap_or_default();
        let read: Providers = toml::from_str(text).map_err(|error| {
            CliError::usage("configuration", format!("{}: {}", file.display(), error.message()))
        })?;
        Ok(Some(Self { file, accounts: read.providers.into_values().collect() }))
    }

    /// The accounts that a simulator keeps.
    pub(super) fn simulated(&self) -> impl Iterator<Item = &Account> {
        let sandbox = Environment::Sandbox.to_string();
        self.accounts
            .iter()
            .filter(move |account| account.environment.get().as_ref() == Some(&sandbox))
    }
}

impl Account {
    pub(super) fn merchant_id(&self) -> Option<String> {
        self.merchant_id.as_ref()?.get()
    }

    /// Scheme, host and port of its address.
    pub(super) fn origin(&self) -> Option<String> {
        let url: http::Uri = self.base_url.as_ref()?.get()?.parse().ok()?;
        Some(format!("{}://{}", url.scheme_str()?, url.authority()?))
    }
}
