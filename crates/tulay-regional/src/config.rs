//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, profile::NAME, provider::Regional, settings::RegionalConfig,
};
use std::sync::Arc;
use tulay_adapter::keys::Signers;
use tulay_core::{Adapter, AdapterContext, Assumption, Invalid, Provider, ProviderId};
use tulay_crypto::Signer;

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
        NAME
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
        Ok(Arc::new(Regional::new(id, config.into(), keys, context)?))
    }
}
