//! The provider: what an account is made of, and the roles that it has.

use crate::{client::Client, envelope::Keys, profile, settings::Settings};
use std::fmt;
use tulay_core::{
    AdapterContext, Capability, Invalid, MerchantAccount, Operation, Provider, ProviderId, Result,
    Roles,
};

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
        let account = MerchantAccount::new(profile::NAME, settings.environment, merchant);
        let payouts = profile::payouts(&settings);
        let client = Client { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, client })
    }

    /// Refuses what production must not use yet; the error is about the first operation.
    pub(crate) fn allow(&self, operations: &[Operation]) -> Result<()> {
        self.client.settings.policy().allow(operations, None)
    }
}

impl Provider for Kawayan {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self)
    }
}

impl fmt::Debug for Kawayan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kawayan({}, {})", self.id, self.account.masked())
    }
}
