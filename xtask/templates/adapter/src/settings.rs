//! What is configured apart from keys.

use crate::{
    assumptions::ASSUMPTIONS,
    profile::{self, PRODUCTION_HOSTS, UAT_HOSTS},
};
use tulay_adapter::{hosts, policy::Policy};
use tulay_core::{BaseUrl, Contract, Environment, Invalid, Operation};

/// What [`Kawayan::new`](crate::Kawayan::new) takes, beside the keys.
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

    /// Refuses what cannot work. What remains is the base URL.
    pub(crate) fn checked(&self) -> Result<BaseUrl, Invalid> {
        let url =
            hosts::base_url(self.environment, &self.base_url, UAT_HOSTS, PRODUCTION_HOSTS)?;
        if self.merchant.is_empty() {
            return Err(Invalid::new("merchant", "the merchant's id"));
        }
        self.contract.checked()?;
        Ok(url)
    }

    /// Which operations this account may use.
    pub(crate) fn policy(&self) -> Policy<'_> {
        Policy::new(self.environment, &self.accept_unverified, ASSUMPTIONS)
    }
}
