//! The provider: what an account is made of, and the roles that it has.

use crate::{
    client::Client,
    envelope::{Keys, LIVE_KEYS, TEST_KEYS},
    profile::{self, NAME},
    settings::Settings,
};
use tulay_adapter::provider;
use tulay_core::{
    AccountKind, AdapterContext, Capability, Country, Currency, Invalid, MerchantAccount,
    ProviderId,
};

/// One organization at PayMongo, in one mode: test or live.
pub struct Paymongo {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    pub(crate) payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) refunds: Capability,
    pub(crate) balances: Vec<(AccountKind, Country, Currency)>,
    pub(crate) client: Client,
}

impl Paymongo {
    /// Makes the provider.
    ///
    /// # Errors
    /// When the settings do not fit each other, above all a key of the other mode.
    pub fn new(
        id: ProviderId,
        settings: Settings,
        keys: Keys,
        context: AdapterContext,
    ) -> Result<Self, Invalid> {
        let base_url = settings.checked()?;
        // Live and test have one host, so only the key would say that a test moves money.
        keys.check_mode(settings.environment, TEST_KEYS, LIVE_KEYS)?;
        let organization = settings.organization_id.clone();
        let account = context.merchant_account(NAME, settings.environment, organization, &base_url);
        let payouts = profile::payouts(&settings);
        let collections = profile::collections(&settings);
        let refunds = profile::refunds(&settings);
        let balances = profile::balances(&settings);
        let client = Client { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, collections, refunds, balances, client })
    }
}

provider! {
    Paymongo {
        payouts,
        institutions,
        collections,
        refunds,
        balances,
        webhooks,
    }
}
