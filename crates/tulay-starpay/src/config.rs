//! From the configuration's table to a provider.

use crate::{assumptions::ASSUMPTIONS, profile::NAME, provider::Starpay, settings::StarpayConfig};
use tulay_adapter::{adapter, signing_adapter};

signing_adapter! {
    /// Makes [`Starpay`] providers from configurations.
    StarpayAdapter
}

adapter! {
    StarpayAdapter(StarpayConfig), NAME, ASSUMPTIONS, include_str!("config.schema.json"),
    |adapter, id, config, context| {
        let StarpayConfig { private_key, platform_key, .. } = &config;
        let keys = adapter.signers.read_keys(private_key, platform_key, &context)?;
        Starpay::new(id, config.into(), keys, context)
    }
}
