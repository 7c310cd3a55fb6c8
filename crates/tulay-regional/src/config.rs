//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS,
    channels::Channels,
    profile,
    provider::Regional,
    settings::{Paths, PayMethods, Settings},
};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};
use tulay_adapter::keys::Signers;
use tulay_core::{
    Adapter, AdapterContext, Assumption, Contract, Country, Environment, InstitutionId, Invalid,
    KeySource, Operation, Provider, ProviderId, SecretSource,
};
use tulay_crypto::Signer;

/// A provider's table in the configuration, beside `adapter = "regional"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RegionalConfig {
    /// Which of the provider's worlds `base_url` leads to; a live host with a test flag, or the
    /// other way round, is refused.
    pub environment: Environment,
    /// Where the API lives, without a trailing slash: `https://globalapi-dev.paycools.com:8902`.
    pub base_url: String,
    /// `appId`, as the provider gave it (published examples are 32 or 33 hexadecimal digits).
    pub app_id: String,
    /// The countries that the account is open in: `["PH", "ID"]`. A notification names no
    /// currency, so its amount is read once for each of them.
    pub countries: Vec<Country>,
    /// The merchant's private key, or a registered signer.
    pub private_key: KeySource,
    /// The platform's public key, which notifications verify under.
    pub platform_key: SecretSource,
    /// Operations known only by assumption that production may use all the same.
    #[serde(default)]
    pub accept_unverified: Vec<Operation>,
    /// Paths that differ from the known ones.
    #[serde(default)]
    pub paths: Paths,
    /// `payMethodCode` values that differ from the known ones.
    #[serde(default)]
    pub pay_methods: PayMethods,
    /// `transferCode` spellings by country: neutral id → the provider's code for it.
    #[serde(default)]
    pub institutions: BTreeMap<Country, BTreeMap<InstitutionId, String>>,
    /// `channelCode` spellings by country, for collections and static codes.
    #[serde(default)]
    pub channels: BTreeMap<Country, Channels>,
    /// The offset of times that name none; `+08:00` unless it is given. Their text is kept beside
    /// it.
    pub utc_offset: Option<String>,
    /// How far the provider's word goes. A table given here replaces the adapter's own whole:
    /// what it leaves out is not trusted.
    pub contract: Option<Contract>,
}

/// Makes [`Regional`] providers from configurations.
#[derive(Clone, Debug, Default)]
pub struct RegionalAdapter {
    signers: Signers,
}

impl RegionalAdapter {
    /// An adapter that knows no signers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a signer that configurations name by `private_key = { signer = "…" }`.
    #[must_use]
    pub fn signer(mut self, name: impl Into<String>, signer: Arc<dyn Signer>) -> Self {
        self.signers = self.signers.with(name, signer);
        self
    }
}

impl Adapter for RegionalAdapter {
    type Config = RegionalConfig;

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
        config: RegionalConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        let RegionalConfig { private_key, platform_key, .. } = &config;
        let keys = self.signers.read_keys(private_key, platform_key, &context)?;
        let RegionalConfig { environment, base_url, app_id, countries, .. } = config;
        let mut settings = Settings::new(environment, base_url, app_id, countries);
        settings.accept_unverified = config.accept_unverified;
        settings.paths = config.paths;
        settings.pay_methods = config.pay_methods;
        settings.institutions = config.institutions;
        settings.channels = config.channels;
        if config.utc_offset.is_some() {
            settings.utc_offset = config.utc_offset;
        }
        if let Some(contract) = config.contract {
            settings.contract = contract;
        }
        Ok(Arc::new(Regional::new(id, settings, keys, context)?))
    }
}
