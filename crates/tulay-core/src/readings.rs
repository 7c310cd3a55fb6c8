//! The results of calls that make no order: inspections, balances, reports, institutions.

use crate::{
    channel::Channel, error::ProviderResponse, ids::InstitutionId, money::Money, party::Party,
    sensitive::Secret, stated::ProviderTime,
};

/// A QR code as the provider reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The kind of code, in the provider's terms.
    pub kind: String,
    /// The payee.
    pub payee: Party,
    /// The amount in the code; `None` where the payer chooses.
    pub amount: Option<Money>,
    /// The response it was read from.
    pub response: ProviderResponse,
}

impl Inspection {
    /// A code of which only the kind is known.
    #[must_use]
    pub fn new(kind: impl Into<String>, response: ProviderResponse) -> Self {
        Self { kind: kind.into(), payee: Party::default(), amount: None, response }
    }
}

/// Which of a merchant's balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountKind {
    /// The one that payouts are paid from.
    Payout,
    /// The one collections arrive on.
    Collection,
    /// The only one, where a provider keeps one for both.
    Single,
    /// What belongs to the merchant and cannot be spent yet.
    Held,
}

impl AccountKind {
    /// The name in JSON: `payout`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payout => "payout",
            Self::Collection => "collection",
            Self::Single => "single",
            Self::Held => "held",
        }
    }
}

/// The balance of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Balance {
    /// Which account.
    pub account: AccountKind,
    /// The amount that can be spent, in minor units; negative when overdrawn.
    pub available: Money,
    /// The response it was read from.
    pub response: ProviderResponse,
}

impl Balance {
    /// A balance.
    #[must_use]
    pub fn new(account: AccountKind, available: Money, response: ProviderResponse) -> Self {
        Self { account, available, response }
    }
}

/// The address of a report. It is a secret: it gives access to the report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportLink {
    /// The address.
    pub url: Secret,
    /// The file's name, where the provider gives one.
    pub file_name: Option<String>,
}

impl ReportLink {
    /// A link without a file name.
    #[must_use]
    pub fn new(url: Secret) -> Self {
        Self { url, file_name: None }
    }
}

/// A bank or wallet as a provider lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstitutionEntry {
    /// Its neutral id; `None`: not in our directory yet.
    pub id: Option<InstitutionId>,
    /// The provider's own code for it.
    pub code: String,
    /// Its name, as the provider writes it.
    pub name: String,
    /// Bank or wallet.
    pub channel: Channel,
    /// Whether it accepts no payments now.
    pub closed: bool,
    /// The period in which it accepts no payments.
    pub maintenance: Option<(ProviderTime, ProviderTime)>,
}

impl InstitutionEntry {
    /// An open institution that is not in our directory.
    #[must_use]
    pub fn new(code: impl Into<String>, name: impl Into<String>, channel: Channel) -> Self {
        Self {
            id: None,
            code: code.into(),
            name: name.into(),
            channel,
            closed: false,
            maintenance: None,
        }
    }
}
