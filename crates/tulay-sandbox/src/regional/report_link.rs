//! Links to reports that were given out.

use jiff::{Timestamp, civil::Date};
use tulay_core::Country;

/// A link that was given out.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) app_id: String,
    pub(super) kind: Kind,
    pub(super) country: Country,
    pub(super) day: Date,
    pub(super) until: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Payouts,
    Payments,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Payouts => "disbursement",
            Self::Payments => "payment",
        }
    }
}

impl Link {
    /// The name of the file behind the link.
    pub(super) fn file(&self) -> String {
        format!("{}_{}_{}.csv", self.kind.word(), self.country, self.day)
    }
}
