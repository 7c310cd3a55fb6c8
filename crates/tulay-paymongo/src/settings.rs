//! What is configured apart from keys.

use crate::{
    assumptions::ASSUMPTIONS,
    codes::NOT_FOUND,
    profile::{self, HOSTS, KEYS_LIVE_FOR},
};
use jiff::SignedDuration;
use serde::Deserialize;
use std::{borrow::Cow, collections::BTreeMap, fmt};
use tulay_adapter::{codes::configured, defaults, hosts, settings};
use tulay_core::{
    BaseUrl, Country, Directory, Environment, InstitutionId, Invalid, SecretSource, SecretSources,
};

settings! {
    PaymongoConfig, Settings("https://api.paymongo.com"),
    keys {
        /// The secret API key of the mode: `sk_test_…` or `sk_live_…`.
        secret_key: SecretSource,
        /// The secret of the webhook, or several that are valid at once; without one no notification
        /// is opened.
        webhook_secret: Option<SecretSources>,
    }
    required {
        /// The id of the organization, `org_…`, as answers about transfers name it.
        organization_id: String,
    }
    optional {
        /// Paths that differ from the known ones.
        paths: Paths = Paths::default(),
        /// The wallet's account that transfers are paid from; without one nothing is paid out.
        source_account: Option<SourceAccount> = None,
        /// The wallet whose balance is read: `wallet_…`.
        wallet_id: Option<String> = None,
        /// `bic` of banks and wallets: neutral id → the provider's code for it.
        institutions: BTreeMap<InstitutionId, String> = BTreeMap::new(),
        /// The merchant's name that codes of this account show (59): a code with another is refused.
        /// Production collects by code only where it is set.
        qr_merchant: Option<String> = None,
        /// Whether codes of the test mode are shown. They are live: paying one moves real money.
        show_test_codes: bool = false,
        /// How far `t` of a notification may be from the time of its arrival; no limit by default.
        notifications_within: Option<SignedDuration> = None,
    }
    guarantees: profile::guarantees,
    assumptions: ASSUMPTIONS,
    not_found: NOT_FOUND,
}

/// An account at PayMongo that transfers are paid from. `Debug` prints `***`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SourceAccount {
    /// Its number.
    pub number: String,
    /// Its name, as the wallet has it.
    pub name: String,
    /// PayMongo's own code, unless it is given.
    #[serde(default = "paymongo_bic")]
    pub bic: String,
}

impl SourceAccount {
    /// An account under PayMongo's own code.
    #[must_use]
    pub fn new(number: impl Into<String>, name: impl Into<String>) -> Self {
        Self { number: number.into(), name: name.into(), bic: paymongo_bic() }
    }
}

impl fmt::Debug for SourceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceAccount(***)")
    }
}

/// PayMongo's code (reference/wallet-transaction-resource).
fn paymongo_bic() -> String {
    "PAEYPHM2XXX".into()
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
        let is_id = |text: &str, prefix: &str| {
            let rest = text.strip_prefix(prefix).unwrap_or_default();
            (1..=64).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !is_id(&self.organization_id, "org_") {
            return Err(Invalid::new("organization_id", "org_ and 1 to 64 letters and digits"));
        }
        if self.wallet_id.as_ref().is_some_and(|id| !is_id(id, "wallet_")) {
            return Err(Invalid::new("wallet_id", "wallet_ and 1 to 64 letters and digits"));
        }
        if let Some(account) = &self.source_account
            && [&account.number, &account.name, &account.bic].iter().any(|text| text.is_empty())
        {
            return Err(Invalid::new("source_account", "a number, a name and a bic"));
        }
        if self.notifications_within.is_some_and(|within| within <= SignedDuration::ZERO) {
            return Err(Invalid::new("notifications_within", "longer than nothing, such as 5m"));
        }
        if self.guarantees.answers_signed {
            let expected = "false: this provider signs no answers";
            return Err(Invalid::new("guarantees.answers_signed", expected));
        }
        if self.guarantees.replays_for.is_some_and(|time| time > KEYS_LIVE_FOR) {
            let expected = "at most 24h: after about a day the same key pays again";
            return Err(Invalid::new("guarantees.replays_for", expected));
        }
        self.guarantees.checked()?;
        self.not_found().checked()?;
        Ok(url)
    }

    /// Whether messages of this account have to be of the live mode.
    pub(crate) fn is_live(&self) -> bool {
        self.environment == Environment::Production
    }

    /// Whether codes may be shown: in production only those whose merchant can be compared.
    pub(crate) fn may_show_codes(&self) -> bool {
        !self.is_live() || self.qr_merchant.is_some()
    }

    /// `bic` of a bank or wallet: as configured, else the directory's BIC8 with `XXX`.
    pub(crate) fn bic(&self, id: &InstitutionId) -> Option<Cow<'_, str>> {
        if let Some(configured) = configured(Country::PH, &self.institutions, id) {
            return Some(Cow::Borrowed(configured));
        }
        let bic8 = Directory::of(Country::PH)?.get(id)?.bic?;
        Some(Cow::Owned(format!("{bic8}XXX")))
    }
}

defaults! {
    /// Paths below the base address.
    Paths {
        /// Create an intent; `/{id}` looks it up, `/{id}/attach` makes it payable.
        intents = "/v1/payment_intents",
        /// Create a payment method.
        methods = "/v1/payment_methods",
        /// Create a refund; `/{id}` looks it up.
        refunds = "/v1/refunds",
        /// Create transfers.
        transfers = "/v2/batch_transfers",
        /// `/{id}` looks a transfer up (assumption).
        transfer_find = "/v2/transfers",
        /// `/{id}` reads a wallet.
        wallets = "/v2/wallets",
        /// List banks and wallets of a rail.
        institutions = "/v2/transfers/receiving_institutions",
    }
}
