//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, envelope::Keys, profile::NAME, provider::Paymongo,
    settings::PaymongoConfig,
};
use tulay_adapter::adapter;

/// Makes [`Paymongo`] providers from configurations.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaymongoAdapter;

adapter! {
    PaymongoAdapter(PaymongoConfig), NAME, ASSUMPTIONS, include_str!("config.schema.json"),
    |_, id, config, context| {
        let secrets = config.webhook_secret.iter().flatten();
        let keys = Keys::read(&context, &config.secret_key, "webhook_secret", secrets)?;
        Paymongo::new(id, config.into(), keys, context)
    }
}
