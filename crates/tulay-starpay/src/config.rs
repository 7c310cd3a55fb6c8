//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS,
    profile,
    provider::Starpay,
    settings::{NameSplit, Paths, Services, Settings, TerminalRule},
};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};
use tulay_adapter::keys::Signers;
use tulay_core::{
    Adapter, AdapterContext, Assumption, Contract, Environment, InstitutionId, Invalid, KeySource,
    Operation, Provider, ProviderId, SecretSource, Terminal,
};
use tulay_crypto::Signer;

/// A provider's table in the configuration, beside `adapter = "starpay"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StarpayConfig {
    /// Which of the provider's worlds `base_url` leads to; a live host with a test flag, or the
    /// other way round, is refused.
    pub environment: Environment,
    /// Where the API lives, without a trailing slash:
    /// `https://financeapi-uat.wallyt.net/finance-payment-service`.
    pub base_url: String,
    /// `mchId`: 12 digits (section 6.2).
    pub merchant_id: String,
    /// The merchant's private key, or a registered signer.
    pub private_key: KeySource,
    /// Starpay's public key; test and production have different ones.
    pub platform_key: SecretSource,
    /// Operations known only by assumption that production may use all the same.
    #[serde(default)]
    pub accept_unverified: Vec<Operation>,
    /// Paths that differ from the documented ones.
    #[serde(default)]
    pub paths: Paths,
    /// `service` values that differ from the known ones.
    #[serde(default)]
    pub services: Services,
    /// `receivingBank` spellings: neutral id → the provider's name for it.
    #[serde(default)]
    pub institutions: BTreeMap<InstitutionId, String>,
    /// What to do with a name that does not come in parts.
    #[serde(default)]
    pub name_split: NameSplit,
    /// The member that holds the balance in the answer of 5.6.
    pub balance_member: Option<String>,
    /// Which terminal a collection gets that names none: `per-order`, unless `terminals` is given.
    pub terminal: Option<TerminalRule>,
    /// The terminals that share the collections which name none, at most 8 characters each.
    #[serde(default)]
    pub terminals: Vec<Terminal>,
    /// The merchant id that codes of this account carry (28.03), such as `MRCHNT-AB12C`: a code
    /// with another is refused. It is not `merchant_id`.
    pub qr_merchant: Option<String>,
    /// How far the provider's word goes. A table given here replaces the adapter's own whole:
    /// what it leaves out is not trusted.
    pub contract: Option<Contract>,
}

/// Makes [`Starpay`] providers from configurations.
#[derive(Clone, Debug, Default)]
pub struct StarpayAdapter {
    signers: Signers,
}

impl StarpayAdapter {
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

impl Adapter for StarpayAdapter {
    type Config = StarpayConfig;

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
        config: StarpayConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        let StarpayConfig { private_key, platform_key, .. } = &config;
        let keys = self.signers.read_keys(private_key, platform_key, &context)?;
        let mut settings = Settings::new(config.environment, config.base_url, config.merchant_id);
        settings.accept_unverified = config.accept_unverified;
        settings.paths = config.paths;
        settings.services = config.services;
        settings.institutions = config.institutions;
        settings.name_split = config.name_split;
        if let Some(member) = config.balance_member {
            settings.balance_member = member;
        }
        settings.terminal = config.terminal;
        settings.terminals = config.terminals;
        settings.qr_merchant = config.qr_merchant;
        if let Some(contract) = config.contract {
            settings.contract = contract;
        }
        Ok(Arc::new(Starpay::new(id, settings, keys, context)?))
    }
}
