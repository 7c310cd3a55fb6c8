//! What is configured apart from keys.

use crate::{assumptions, profile};
use tulay_core::{BaseUrl, Contract, Environment, Invalid, Operation};

/// What [`Kawayan::new`](crate::Kawayan::new) takes, beside the key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// As [`crate::KawayanConfig::environment`].
    pub environment: Environment,
    /// As [`crate::KawayanConfig::base_url`].
    pub base_url: String,
    /// As [`crate::KawayanConfig::merchant`].
    pub merchant: String,
    /// As [`crate::KawayanConfig::accept_unverified`].
    pub accept_unverified: Vec<Operation>,
    /// As [`crate::KawayanConfig::contract`].
    pub contract: Contract,
}

impl Settings {
    /// The settings of an account, all else by default.
    #[must_use]
    pub fn new(
        environment: Environment,
        base_url: impl Into<String>,
        merchant: impl Into<String>,
    ) -> Self {
        Self {
            environment,
            base_url: base_url.into(),
            merchant: merchant.into(),
            accept_unverified: Vec::new(),
            contract: profile::contract(),
        }
    }

    /// Refuses what cannot work. What remains is the address.
    pub(crate) fn checked(&self) -> Result<BaseUrl, Invalid> {
        let url = BaseUrl::new(&self.base_url)?;
        let live = profile::PRODUCTION_HOSTS.contains(&url.host());
        if live && self.environment != Environment::Production {
            let expected = "another host: this one is live, which is environment = \"production\"";
            return Err(Invalid::new("base_url", expected));
        }
        if self.environment == Environment::Sandbox && !url.is_loopback() {
            return Err(Invalid::new("base_url", "a simulator on this machine"));
        }
        if self.merchant.is_empty() {
            return Err(Invalid::new("merchant", "the merchant's id"));
        }
        self.contract.checked()?;
        Ok(url)
    }

    /// Why an operation may not be used in production yet.
    pub(crate) fn refuses(&self, operation: Operation) -> Option<String> {
        let production = self.environment == Environment::Production;
        let refused = production
            && assumptions::stands_on(operation)
            && !self.accept_unverified.contains(&operation);
        refused.then(|| {
            format!(
                "{operation} is known only by assumption; try it with the provider, then name it \
                 in accept_unverified to use it in production"
            )
        })
    }
}
