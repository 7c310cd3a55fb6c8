//! The provider: what an account is made of, and the roles that it has.

use crate::{
    client::Client,
    profile::{self, NAME},
    settings::Settings,
};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, header};
use tulay_adapter::{
    provider,
    request::{not_sent, send},
};
use tulay_core::{
    AccountKind, AdapterContext, Capability, Country, Currency, Error, ErrorKind, Health, Invalid,
    MerchantAccount, Operation, ProviderId, Result,
};
use tulay_crypto::Keys;

/// One merchant account at Starpay.
pub struct Starpay {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    pub(crate) payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) qr_codes: Capability,
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
        let qr_codes = profile::static_codes(&settings);
        let balances = profile::balances(&settings);
        let client = Client { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, collections, qr_codes, balances, client })
    }

    /// Refuses what production must not use yet; the error is about the first operation.
    pub(crate) fn allow(
        &self,
        operations: &[Operation],
        country: impl Into<Option<Country>>,
    ) -> Result<()> {
        self.client.settings.policy().allow(operations, country)
    }
}

provider! {
    Starpay {
        payouts,
        institutions,
        collections,
        collection_cancel if collections offers CollectionCancel,
        qr_codes,
        static_code_control if qr_codes offers CodeStatus,
        qr_inspection,
        balances,
        notifications,
        health,
    }
}

#[async_trait]
impl Health for Starpay {
    async fn check(&self) -> Result<()> {
        let operation = Operation::Health;
        let url = self.client.base_url.with(&self.client.settings.paths.health);
        let request = Request::get(url)
            .header(header::ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|cause| {
                not_sent(operation, "base_url and path make no address").because(cause)
            })?;
        let status = send(&self.client.context, operation, request).await?.status();
        if status.is_success() {
            return Ok(());
        }
        let message = format!("starpay's connection check answered HTTP {}", status.as_u16());
        Err(Error::new(operation, ErrorKind::Unavailable, message))
    }
}
