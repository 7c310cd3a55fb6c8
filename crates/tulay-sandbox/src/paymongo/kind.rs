//! Payment methods, and what differs between them.

use jiff::SignedDuration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    QrPh,
    Gcash,
    Maya,
    GrabPay,
}

/// What an intent may allow. Assumption: the list is not complete; only four of them are simulated.
pub(super) const ALLOWED: [&str; 10] = [
    "billease",
    "brankas_bdo",
    "brankas_metrobank",
    "card",
    "dob",
    "gcash",
    "grab_pay",
    "paymaya",
    "qrph",
    "shopee_pay",
];

impl Kind {
    const ALL: [Self; 4] = [Self::QrPh, Self::Gcash, Self::Maya, Self::GrabPay];

    pub(super) const WORDS: [&str; 4] = ["qrph", "gcash", "paymaya", "grab_pay"];

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::QrPh => "qrph",
            Self::Gcash => "gcash",
            Self::Maya => "paymaya",
            Self::GrabPay => "grab_pay",
        }
    }

    /// How long it can be paid from the attachment on, unless the method says so itself (Statuses,
    /// Messages, Webhook Events: Expiry).
    pub(super) const fn open_for(self) -> SignedDuration {
        match self {
            Self::QrPh | Self::Maya => SignedDuration::from_mins(30),
            Self::Gcash => SignedDuration::from_hours(4),
            Self::GrabPay => SignedDuration::from_mins(15),
        }
    }

    /// For how many days a payment can be refunded (Refunding transactions). `None`: never.
    pub(super) const fn refundable_days(self) -> Option<i64> {
        match self {
            Self::QrPh => None,
            Self::Gcash => Some(180),
            Self::Maya => Some(365),
            Self::GrabPay => Some(90),
        }
    }

    /// Whether parts can be refunded (Refunding transactions: "Partial refunds are not applicable to
    /// GrabPay and PayMaya transactions").
    pub(super) const fn refunds_parts(self) -> bool {
        matches!(self, Self::Gcash)
    }

    /// The fee, in tenths of a percent. Assumption, but for QR Ph.
    pub(super) const fn fee(self) -> i64 {
        match self {
            Self::QrPh => 15,
            Self::Gcash => 25,
            Self::Maya => 20,
            Self::GrabPay => 22,
        }
    }

    /// Code and message of a payment that failed. Assumption, but for QR Ph (QR Ph errors).
    pub(super) const fn failure(self) -> (&'static str, &'static str) {
        match self {
            Self::QrPh => ("RJCT", "unknown_processing_error"),
            _ => ("payment_failed", "The payment was not authorized."),
        }
    }
}
