//! What is configured: the table of the configuration, and the same without keys.

use crate::{
    assumptions::ASSUMPTIONS,
    codes::NOT_FOUND,
    profile::{PRODUCTION_HOSTS, UAT_HOSTS, guarantees},
};
use tulay_adapter::{hosts, settings};
use tulay_core::{BaseUrl, Invalid, SecretSource};

settings! {
    KawayanConfig, Settings("https://api.kawayan.example"),
    keys {
        /// The key that requests bear.
        api_key: SecretSource,
    }
    required {
        /// The merchant's id at the provider.
        merchant: String,
    }
    guarantees: |_| guarantees(),
    assumptions: ASSUMPTIONS,
    not_found: NOT_FOUND,
}

impl Settings {
    /// Refuses what cannot work. What remains is the base URL.
    pub(crate) fn checked(&self) -> Result<BaseUrl, Invalid> {
        if self.merchant.is_empty() {
            return Err(Invalid::new("merchant", "the merchant's id"));
        }
        self.guarantees.checked()?;
        self.not_found().checked()?;
        hosts::base_url(self.environment, &self.base_url, UAT_HOSTS, PRODUCTION_HOSTS)
    }
}
