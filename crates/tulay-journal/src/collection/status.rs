//! Where a collection stands.

use super::{
    facts::{Collected, Said},
    payments::Payment,
    terms::Terms,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a collection stands. A payment that arrives later changes every other status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "code that ships goods must handle each")]
pub enum Status {
    /// Its code is being made, or the payer has not paid yet, or not the whole amount.
    Waiting,
    /// The payments reach the amount.
    Paid,
    /// It is over, and the payments do not reach the amount.
    Closed,
    /// No code could be shown, or the provider says that it failed.
    Failed,
    /// It was paid, and the provider took every payment back.
    Reversed,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Paid, Self::Closed, Self::Failed, Self::Reversed];

    /// The name in the database and in JSON: `waiting`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Paid => "paid",
            Self::Closed => "closed",
            Self::Failed => "failed",
            Self::Reversed => "reversed",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a collection stands. The first row that matches decides.
///
/// | row | facts | status |
/// |---|---|---|
/// | 1 | the payments that count reach the amount | paid |
/// | 2 | there are payments that were not given back, and all of them are reversed | reversed |
/// | 3 | the application withdrew it, or the journal closed it | closed |
/// | 4 | the journal ended it without a code | failed |
/// | 5 | the last look-up of the shown order says closed, or failed | closed, or failed |
/// | 6 | the shown order was looked up after expiry and grace | closed |
/// | 7 | otherwise | waiting |
///
/// A reversal is said by one look-up, and taken back by one: the last that was asked counts. It lowers
/// what may be given back at once, and nothing is paid again because of it. [`due`](super::due) asks
/// again ten minutes later.
#[must_use]
pub fn status(facts: &Collected, terms: &Terms) -> Status {
    let payments = facts.payments();
    if is_reached(&payments, terms) {
        return Status::Paid;
    }
    let mut kept = payments.iter().filter(|payment| !payment.is_given_back).peekable();
    if kept.peek().is_some() && kept.all(|payment| payment.is_reversed) {
        return Status::Reversed;
    }
    if facts.cancelled_at.is_some() || facts.closed_at.is_some() {
        return Status::Closed;
    }
    if facts.failed_at.is_some() {
        return Status::Failed;
    }
    match facts.shown().and_then(|(_, order)| order.said) {
        Some((_, Said::Closed)) => Status::Closed,
        Some((_, Said::Failed)) => Status::Failed,
        Some((asked, _)) if asked >= terms.graced(facts.expiry(terms)) => Status::Closed,
        _ => Status::Waiting,
    }
}

fn is_reached(payments: &[Payment], terms: &Terms) -> bool {
    let counted: Vec<_> =
        payments.iter().filter(|payment| payment.counts(terms.amount.currency())).collect();
    let sum: i128 = counted.iter().map(|payment| i128::from(payment.amount.minor())).sum();
    !counted.is_empty() && sum >= i128::from(terms.amount.minor())
}

impl Collected {
    /// When it can be paid no more: its expiry, or the provider's word where that is earlier.
    pub(super) fn expiry(&self, terms: &Terms) -> Timestamp {
        let said = self.shown().and_then(|(_, order)| order.expired_first);
        said.map_or(terms.expiry(), |said| said.min(terms.expiry()))
    }
}
