//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, profile::NAME, provider::Regional, settings::RegionalConfig,
};
use tulay_adapter::{adapter, signing_adapter};

signing_adapter! {
    /// Makes [`Regional`] providers from configurations.
    RegionalAdapter
}

adapter! {
    RegionalAdapter(RegionalConfig), NAME, ASSUMPTIONS, include_str!("config.schema.json"),
    |adapter, id, config, context| {
        let RegionalConfig { private_key, platform_key, .. } = &config;
        let keys = adapter.signers.read_keys(private_key, platform_key, &context)?;
        Regional::new(id, config.into(), keys, context)
    }
}
