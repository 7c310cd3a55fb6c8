//! Merchant accounts at providers.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// The system of a provider that an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "a fourth kind would have to be thought about everywhere"
)]
pub enum Environment {
    /// A simulator: no money, no provider.
    Sandbox,
    /// The provider's own test system.
    Uat,
    /// Real money.
    Production,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Uat => "uat",
            Self::Production => "production",
        })
    }
}

/// One account at one provider, whatever its name in the configuration. A payment belongs to one
/// account for ever; everything durable is keyed by it.
///
/// The host is part of it: the same account number at another host is another provider's. Hosts
/// that keep the same books are named as such in the configuration (`same_books`), and then the
/// first of them stands here: see
/// [`AdapterContext::merchant_account`](crate::AdapterContext::merchant_account).
///
/// ```
/// use tulay_core::{Environment, MerchantAccount};
/// let account =
///     MerchantAccount::new("starpay", Environment::Uat, "101510000001", "API.example.com");
/// assert_eq!((account.masked().as_str(), account.host.as_str()), ("1015…0001", "api.example.com"));
/// assert_eq!(
///     format!("{account:?}"),
///     "MerchantAccount(starpay, uat, 1015…0001, api.example.com)"
/// );
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MerchantAccount {
    /// The adapter's name, `starpay`.
    pub adapter: Cow<'static, str>,
    /// The provider's system.
    pub environment: Environment,
    /// The provider's own id for the merchant.
    pub account: String,
    /// The host that keeps the account's books, in small letters, without port.
    pub host: String,
}

impl MerchantAccount {
    /// Names an account. The host is written in small letters.
    #[must_use]
    pub fn new(
        adapter: impl Into<Cow<'static, str>>,
        environment: Environment,
        account: impl Into<String>,
        host: impl Into<String>,
    ) -> Self {
        let mut host = host.into();
        host.make_ascii_lowercase();
        Self { adapter: adapter.into(), environment, account: account.into(), host }
    }

    /// The account with all but its first and last four characters left out.
    #[must_use]
    pub fn masked(&self) -> String {
        let characters: Vec<char> = self.account.chars().collect();
        match (characters.first_chunk::<4>(), characters.last_chunk::<4>()) {
            (Some(first), Some(last)) if characters.len() > 8 => {
                format!("{}…{}", String::from_iter(first), String::from_iter(last))
            }
            _ => self.account.clone(),
        }
    }
}

impl fmt::Debug for MerchantAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { adapter, environment, host, .. } = self;
        write!(f, "MerchantAccount({adapter}, {environment}, {}, {host})", self.masked())
    }
}
