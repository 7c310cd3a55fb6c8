//! The operations of providers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An operation at a provider, or a message from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Pay money out.
    Payout,
    /// Ask what became of a payout.
    PayoutFind,
    /// List banks and wallets.
    Institutions,
    /// Ask a payer for money, once.
    Collection,
    /// Ask what became of a collection.
    CollectionFind,
    /// Withdraw a collection that is not paid yet.
    CollectionCancel,
    /// Make a code that is paid again and again.
    StaticCode,
    /// Ask for the state of a static code.
    StaticCodeFind,
    /// List the payments of a static code.
    StaticCodePayments,
    /// Enable, disable or cancel a static code.
    StaticCodeStatus,
    /// Ask the provider to read a QR code.
    QrInspection,
    /// Give collected money back.
    Refund,
    /// Ask what became of a refund.
    RefundFind,
    /// Ask for a balance.
    Balance,
    /// Ask for a day's report.
    Report,
    /// Ask whether the provider is there.
    Health,
    /// Take what the provider sends on its own.
    Notification,
}

impl Operation {
    /// Whether a call can change anything at the provider.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::Payout
                | Self::Refund
                | Self::Collection
                | Self::CollectionCancel
                | Self::StaticCode
                | Self::StaticCodeStatus
        )
    }

    /// The name in configurations, addresses and JSON: `payout`, `static_code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payout => "payout",
            Self::PayoutFind => "payout_find",
            Self::Institutions => "institutions",
            Self::Collection => "collection",
            Self::CollectionFind => "collection_find",
            Self::CollectionCancel => "collection_cancel",
            Self::StaticCode => "static_code",
            Self::StaticCodeFind => "static_code_find",
            Self::StaticCodePayments => "static_code_payments",
            Self::StaticCodeStatus => "static_code_status",
            Self::QrInspection => "qr_inspection",
            Self::Refund => "refund",
            Self::RefundFind => "refund_find",
            Self::Balance => "balance",
            Self::Report => "report",
            Self::Health => "health",
            Self::Notification => "notification",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_text_use_one_name() {
        for operation in [
            Operation::Payout,
            Operation::StaticCode,
            Operation::QrInspection,
            Operation::StaticCodeStatus,
        ] {
            let json = serde_json::to_string(&operation).unwrap();
            assert_eq!(json, format!("\"{operation}\""));
        }
    }
}
