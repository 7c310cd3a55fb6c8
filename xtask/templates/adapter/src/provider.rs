//! The provider: what an account is made of, and the roles that it has.

use crate::{
    client::Client,
    envelope::Keys,
    profile::{self, NAME},
    settings::Settings,
};
use tulay_adapter::provider;
use tulay_core::{AdapterContext, Capability, Invalid, MerchantAccount, ProviderId};

/// One merchant account at Kawayan.
pub struct Kawayan {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    pub(crate) payouts: Capability,
    pub(crate) client: Client,
}

impl Kawayan {
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
        let merchant = settings.merchant.clone();
        let account = context.merchant_account(NAME, settings.environment, merchant, &base_url);
        let payouts = profile::payouts(&settings.policy(), settings.guarantees.clone());
        let client = Client { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, client })
    }
}

provider! {
    Kawayan {
        payouts,
    }
}
