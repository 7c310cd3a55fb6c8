//! The payment that a refund gives back.

use jiff::Timestamp;
use tulay_core::{Lookup, Money, ProviderId};

/// The payment that a refund gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refundable {
    pub(super) provider: ProviderId,
    pub(super) payment: Lookup,
    pub(super) paid: Money,
    pub(super) paid_at: Option<Timestamp>,
    pub(super) is_stated: bool,
}

impl Refundable {
    /// A payment at this provider that the journal did not see come in. Its look-up carries the
    /// provider's own reference. What was paid is stated by the caller, and is written down as stated.
    /// All refunds of one payment have to state the same.
    #[must_use]
    pub const fn stated(provider: ProviderId, payment: Lookup, paid: Money) -> Self {
        Self { provider, payment, paid, paid_at: None, is_stated: true }
    }

    /// A payment of a collection, which the journal saw come in.
    pub(super) const fn seen(
        provider: ProviderId,
        payment: Lookup,
        paid: Money,
        paid_at: Option<Timestamp>,
    ) -> Self {
        Self { provider, payment, paid, paid_at, is_stated: false }
    }

    /// When it was paid. Some providers give back for a limited time.
    #[must_use]
    pub const fn paid_at(mut self, at: Timestamp) -> Self {
        self.paid_at = Some(at);
        self
    }
}
