//! What is configured: the table of the configuration, and the same without keys.

use crate::{
    assumptions::ASSUMPTIONS,
    codes::NOT_FOUND,
    profile::{self, HOSTS, Profile},
};
use std::collections::BTreeMap;
use tulay_adapter::{defaults, hosts, settings};
use tulay_core::{
    BaseUrl, Channel, Country, Environment, InstitutionId, Invalid, SecretSource, SecretSources,
};

settings! {
    XenditConfig, Settings("https://api.xendit.co"),
    keys {
        /// The secret API key, which is of this account alone and of its mode: `xnd_development_…`
        /// for tests, `xnd_production_…` for real money.
        secret_key: SecretSource,
        /// The webhook verification token of the dashboard, which notifications carry; or a list,
        /// each of them valid.
        callback_token: SecretSources,
    }
    required {
        /// The business id of the dashboard account, which answers and notifications name.
        business_id: String,
        /// The country of the dashboard account, `PH` or `ID`: one account has one currency and one
        /// API key.
        country: Country,
    }
    optional {
        /// Paths that differ from the documented ones.
        paths: Paths = Paths::default(),
        /// `channel_code` spellings of payouts: neutral id → the provider's code for it.
        institutions: BTreeMap<InstitutionId, String> = BTreeMap::new(),
        /// The merchant's name that codes of this account show (59): a code with another is refused.
        qr_merchant: Option<String> = None,
    }
    guarantees: profile::guarantees,
    assumptions: ASSUMPTIONS,
    not_found: NOT_FOUND,
}

impl Settings {
    /// Refuses what cannot work. What remains is the base URL. Test and live have one host: the key
    /// tells them apart, and is checked where it is read.
    pub(crate) fn checked(&self) -> Result<BaseUrl, Invalid> {
        let (test, live) = match self.environment {
            Environment::Production => (&[][..], HOSTS),
            Environment::Sandbox | Environment::Uat => (HOSTS, &[][..]),
        };
        let url = hosts::base_url(self.environment, &self.base_url, test, live)?;
        let plain = self.business_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(1..=64).contains(&self.business_id.len()) || !plain {
            let expected = "1 to 64 letters and digits, as the dashboard shows it";
            return Err(Invalid::new("business_id", expected));
        }
        if Profile::of(self.country).is_none() {
            return Err(Invalid::new("country", "PH or ID"));
        }
        if self.guarantees.answers_signed {
            let expected = "false: this provider signs no answers";
            return Err(Invalid::new("guarantees.answers_signed", expected));
        }
        self.guarantees.checked()?;
        self.not_found().checked()?;
        Ok(url)
    }

    /// `channel_code` of a bank or wallet that is paid by this channel: as configured, else by
    /// default. A wallet is never paid as a bank, nor a bank as a wallet, whatever code it has.
    pub(crate) fn channel_code(&self, id: &InstitutionId, channel: Channel) -> Option<&str> {
        let profile = Profile::of(self.country)?;
        let by_default = profile.payout_channel(id);
        let paid_by = by_default.map(|row| row.channel).or_else(|| profile.paid_by(id));
        if paid_by.is_some_and(|paid_by| paid_by != channel) {
            return None;
        }
        let mut configured = self.institutions.iter();
        let configured = configured.find(|(other, _)| profile.are_one(other, id));
        configured.map(|(_, code)| code.as_str()).or_else(|| by_default.map(|row| row.code))
    }
}

defaults! {
    /// Paths below the base address.
    Paths {
        /// Create a payout; `/{id}` after it looks one up, `?reference_id=` lists.
        payout = "/v2/payouts",
        /// Create a payment request; `/{id}` after it looks one up.
        collection = "/v3/payment_requests",
        /// Create a refund; `/{id}` after it looks one up, `?payment_request_id=` lists.
        refund = "/refunds",
        /// Get balance.
        balance = "/balance",
    }
}
