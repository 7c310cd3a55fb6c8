//! The provider: what an account is made of, and the roles that it has.

use crate::{
    client::Client,
    profile::{self, NAME},
    settings::Settings,
};
use tulay_adapter::provider;
use tulay_core::{
    AccountKind, AdapterContext, Capability, Country, Currency, Invalid, MerchantAccount,
    ProviderId, Result,
};
use tulay_crypto::Keys;

/// One merchant account at the regional platform, in the countries it is configured for.
pub struct Regional {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    pub(crate) payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) static_codes: Capability,
    pub(crate) refunds: Capability,
    pub(crate) balances: Vec<(AccountKind, Country, Currency)>,
    pub(crate) client: Client,
}

impl Regional {
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
        let merchant = settings.app_id.clone();
        let account = context.merchant_account(NAME, settings.environment, merchant, &base_url);
        let payouts = profile::payouts(&settings);
        let collections = profile::collections(&settings);
        let static_codes = profile::static_codes(&settings);
        let refunds = profile::refunds(&settings, &collections);
        let balances = profile::balances(&settings);
        let client = Client { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, collections, static_codes, refunds, balances, client })
    }
}

provider! {
    Regional {
        payouts,
        collections,
        static_codes,
        static_code_payments if static_codes offers StaticCodePayments,
        static_code_control if static_codes offers StaticCodeStatus,
        refunds,
        refund_list if refunds offers RefundFind,
        balances,
        reports,
        webhooks,
    }
}
