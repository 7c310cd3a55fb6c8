//! From the configuration's table to a provider.

use crate::{
    assumptions::ASSUMPTIONS, envelope::Keys, profile::NAME, provider::Xendit,
    settings::XenditConfig,
};
use tulay_adapter::adapter;

/// Makes [`Xendit`] providers from configurations.
#[derive(Clone, Copy, Debug, Default)]
pub struct XenditAdapter;

adapter! {
    XenditAdapter(XenditConfig), NAME, ASSUMPTIONS, include_str!("config.schema.json"),
    |_, id, config, context| {
        let tokens = &config.callback_token;
        let keys = Keys::read(&context, &config.secret_key, "callback_token", tokens)?;
        Xendit::new(id, config.into(), keys, context)
    }
}
