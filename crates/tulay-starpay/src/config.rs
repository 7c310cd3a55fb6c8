//! From the configuration's table to a provider.

use crate::{assumptions::ASSUMPTIONS, profile::NAME, provider::Starpay, settings::StarpayConfig};
use std::sync::Arc;
use tulay_adapter::keys::Signers;
use tulay_core::{Adapter, AdapterContext, Assumption, Invalid, Provider, ProviderId};
use tulay_crypto::Signer;

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
        config: StarpayConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        let StarpayConfig { private_key, platform_key, .. } = &config;
        let keys = self.signers.read_keys(private_key, platform_key, &context)?;
        Ok(Arc::new(Starpay::new(id, config.into(), keys, context)?))
    }
}
