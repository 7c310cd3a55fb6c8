//! What a corridor may ask a request for.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A field that a corridor may require.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// A name, whole or in parts.
    Name,
    /// A name in parts, unless it is an organization's.
    FamilyName,
    /// A mobile number.
    Mobile,
    /// An address for mail.
    Email,
    /// A tax, identity or registration number.
    TaxId,
    /// Person or organization.
    Kind,
    /// A bank or wallet.
    Institution,
    /// A terminal: a checkout counter or shop window.
    Terminal,
    /// Where the payer's browser returns to.
    ReturnUrl,
    /// The address of the payer's device.
    Ip,
    /// The payer's WeChat id.
    OpenId,
    /// A remark.
    Remark,
}

impl Field {
    /// The name in files and JSON: `family_name`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FamilyName => "family_name",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::TaxId => "tax_id",
            Self::Kind => "kind",
            Self::Institution => "institution",
            Self::Terminal => "terminal",
            Self::ReturnUrl => "return_url",
            Self::Ip => "ip",
            Self::OpenId => "open_id",
            Self::Remark => "remark",
        }
    }
}

impl Field {
    /// What a request must hold then, to be read after "expected".
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Name => "a name",
            Self::FamilyName => "given_name and family_name (an organization may have one name)",
            Self::Mobile => "a mobile number",
            Self::Email => "an email address",
            Self::TaxId => "a tax or identity number",
            Self::Kind => "person or organization",
            Self::Institution => "a bank or wallet",
            Self::Terminal => "a terminal",
            Self::ReturnUrl => "an address to return to",
            Self::Ip => "the address of the payer's device",
            Self::OpenId => "the payer's WeChat id",
            Self::Remark => "a remark",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
