//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, envelope::Keys, profile::NAME, provider::Kawayan,
    settings::KawayanConfig,
};
use tulay_adapter::adapter;

/// Makes [`Kawayan`] providers from configurations.
#[derive(Clone, Copy, Debug, Default)]
pub struct KawayanAdapter;

adapter! {
    KawayanAdapter(KawayanConfig), NAME, ASSUMPTIONS, include_str!("config.schema.json"),
    |_, id, config, context| {
        let api_key = context.secrets.read(&config.api_key).map_err(|e| e.with_field("api_key"))?;
        Kawayan::new(id, config.into(), Keys { api_key }, context)
    }
}
