//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, envelope::Keys, profile, provider::Kawayan, settings::Settings,
};
use serde::Deserialize;
use std::sync::Arc;
use tulay_core::{
    Adapter, AdapterContext, Assumption, Contract, Environment, Invalid, Operation, Provider,
    ProviderId, SecretSource,
};

/// A provider's table in the configuration, beside `adapter = "kawayan"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KawayanConfig {
    /// Which of the provider's systems `base_url` leads to.
    pub environment: Environment,
    /// Where the API begins, without a trailing slash.
    pub base_url: String,
    /// The merchant's id at the provider.
    pub merchant: String,
    /// The key that requests bear.
    pub api_key: SecretSource,
    /// Operations known only by assumption that production may use all the same.
    #[serde(default)]
    pub accept_unverified: Vec<Operation>,
    /// How far the provider's word goes. A table given here replaces the adapter's own whole:
    /// what it leaves out is not trusted.
    pub contract: Option<Contract>,
}

/// Makes [`Kawayan`] providers from configurations.
#[derive(Clone, Copy, Debug, Default)]
pub struct KawayanAdapter;

impl Adapter for KawayanAdapter {
    type Config = KawayanConfig;

    fn name(&self) -> &'static str {
        profile::NAME
    }

    fn config_schema(&self) -> String {
        include_str!("config.schema.json").to_owned()
    }

    fn assumptions(&self) -> &'static [Assumption] {
        ASSUMPTIONS
    }

    fn build(
        &self,
        id: ProviderId,
        config: KawayanConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        let api_key = context.secrets.read(&config.api_key).map_err(|e| e.at("api_key"))?;
        let mut settings = Settings::new(config.environment, config.base_url, config.merchant);
        settings.accept_unverified = config.accept_unverified;
        if let Some(contract) = config.contract {
            settings.contract = contract;
        }
        Ok(Arc::new(Kawayan::new(id, settings, Keys { api_key }, context)?))
    }
}
