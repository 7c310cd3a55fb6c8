//! Whose account at which provider.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// Which of a provider's worlds an account lives in.
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

/// Which account at which provider, whatever the configuration calls it. A payment belongs to
/// one for ever; everything durable is keyed by it.
///
/// ```
/// use tulay_core::{Environment, MerchantAccount};
/// let account = MerchantAccount::new("starpay", Environment::Sandbox, "101510000001");
/// assert_eq!(account.masked(), "1015…0001");
/// assert_eq!(format!("{account:?}"), "MerchantAccount(starpay, sandbox, 1015…0001)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MerchantAccount {
    /// The adapter's name, `starpay`.
    pub adapter: Cow<'static, str>,
    /// Which of the provider's worlds.
    pub environment: Environment,
    /// The provider's own id for the merchant.
    pub account: String,
}

impl MerchantAccount {
    /// Names an account.
    #[must_use]
    pub fn new(
        adapter: impl Into<Cow<'static, str>>,
        environment: Environment,
        account: impl Into<String>,
    ) -> Self {
        Self { adapter: adapter.into(), environment, account: account.into() }
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
        write!(f, "MerchantAccount({}, {}, {})", self.adapter, self.environment, self.masked())
    }
}
