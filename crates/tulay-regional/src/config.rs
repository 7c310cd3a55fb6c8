//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, profile::NAME, provider::Regional, settings::RegionalConfig,
};
use std::sync::Arc;
use tulay_adapter::{adapter, keys::Signers};
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

adapter! {
    RegionalAdapter(RegionalConfig), NAME, ASSUMPTIONS, include_str!("config.schema.json"),
    |adapter, id, config, context| {
        let RegionalConfig { private_key, platform_key, .. } = &config;
        let keys = adapter.signers.read_keys(private_key, platform_key, &context)?;
        Regional::new(id, config.into(), keys, context)
    }
}
