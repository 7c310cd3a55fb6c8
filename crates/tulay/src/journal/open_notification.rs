//! Notifications that no payout of the journal is about.

use super::open::Opened;
use jiff::Timestamp;
use serde::Serialize;
use tulay_core::{
    Authenticity, MerchantAccount, Notification, OrderId, ProviderId, ProviderReference,
};
use tulay_journal::store::Kept;

/// A genuine notification that waits for a person: a payment or an order that the journal does not
/// know, or the provider said something that this version cannot read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OpenNotification {
    /// Why it waits.
    pub reason: OpenReason,
    /// The account whose address it arrived at.
    #[serde(skip)]
    pub account: MerchantAccount,
    /// The name of the account in the configuration; `None`: it is not configured.
    pub provider: Option<ProviderId>,
    /// When it arrived first.
    pub received: Timestamp,
    /// How much it proves.
    pub authenticity: Authenticity,
    /// What it is about, such as `payout`.
    pub about: Option<&'static str>,
    /// The order id that it names.
    pub order_id: Option<OrderId>,
    /// The provider's id that it names.
    pub provider_reference: Option<ProviderReference>,
    /// The amount that it states, with each currency that it may be in.
    pub amount: Option<String>,
}

/// Why a notification waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum OpenReason {
    /// No payout of the journal is about it.
    Unmatched,
    /// It cannot be read.
    Unreadable,
}

impl OpenReason {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Unreadable => "unreadable",
        }
    }
}

impl OpenNotification {
    pub(super) fn of(journal: &Opened, kept: Kept) -> Self {
        let said = kept.said.as_ref();
        let read = said.and_then(|it| Notification::restore(it.text.as_bytes()).ok());
        let amount = read.as_ref().and_then(Notification::amount);
        let about = read.as_ref().and_then(Notification::about);
        Self {
            reason: match said {
                Some(_) => OpenReason::Unmatched,
                None => OpenReason::Unreadable,
            },
            provider: journal.name(&kept.merchant_account),
            received: kept.received,
            authenticity: kept.authenticity,
            about: about.map(|operation| operation.as_str()),
            order_id: said.and_then(|said| said.order_id.clone()),
            provider_reference: said.and_then(|said| said.provider_reference.clone()),
            amount: amount.map(ToString::to_string),
            account: kept.merchant_account,
        }
    }
}
