//! How money moves.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// To or from a bank account.
    Bank,
    /// To or from a wallet.
    Wallet,
    /// To a proxy that the rail resolves.
    Proxy,
    /// By QR code.
    Qr,
    /// Between accounts at the provider.
    ProviderAccount,
    /// Into a virtual account.
    VirtualAccount,
    /// On a page the payer is sent to.
    Redirect,
    /// Inside a wallet's own browser.
    InApp,
}

impl Channel {
    /// The name in configurations, files and JSON: `bank`, `virtual_account`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Wallet => "wallet",
            Self::Proxy => "proxy",
            Self::Qr => "qr",
            Self::ProviderAccount => "provider_account",
            Self::VirtualAccount => "virtual_account",
            Self::Redirect => "redirect",
            Self::InApp => "in_app",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
