//! The provider: what an account is made of, and the roles that it has.

use crate::{
    client::Client,
    profile::{self, NAME},
    settings::Settings,
};
use async_trait::async_trait;
use tulay_adapter::{provider, request::check_health};
use tulay_core::{
    AccountKind, AdapterContext, Capability, Country, Currency, Health, Invalid, MerchantAccount,
    ProviderId, Result,
};
use tulay_crypto::Keys;

/// One merchant account at Starpay.
pub struct Starpay {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    pub(crate) payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) static_codes: Capability,
    pub(crate) balances: Vec<(AccountKind, Country, Currency)>,
    pub(crate) client: Client,
}

impl Starpay {
    /// Makes the provider.
    ///
    /// # Errors
    /// When the settings do not fit each other, above all a test flag on a live host.
    pub fn new(
        id: ProviderId,
        settings: Settings,
        keys: Keys,
        context: AdapterContext,
    ) -> Result<Self, Invalid> {
        let base_url = settings.checked()?;
        let merchant = settings.merchant_id.clone();
        let account = context.merchant_account(NAME, settings.environment, merchant, &base_url);
        let payouts = profile::payouts(&settings);
        let collections = profile::collections(&settings);
        let static_codes = profile::static_codes(&settings);
        let balances = profile::balances(&settings);
        let client = Client { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, collections, static_codes, balances, client })
    }
}

provider! {
    Starpay {
        payouts,
        institutions,
        collections,
        collection_cancel if collections offers CollectionCancel,
        static_codes,
        static_code_control if static_codes offers StaticCodeStatus,
        qr_inspection,
        balances,
        webhooks,
        health,
    }
}

#[async_trait]
impl Health for Starpay {
    async fn check(&self) -> Result<()> {
        let url = self.client.base_url.with(&self.client.settings.paths.health);
        check_health(NAME, &self.client.context, url).await
    }
}
