//! Who cannot be sent to now, and until when.

use crate::{institution::is_same, payment::Payment, situation::Situation};
use jiff::Timestamp;
use std::fmt;
use tulay_core::{InstitutionId, MerchantAccount, Money, Operation};

/// Something that keeps payments from an account for now. One whose wait is
/// [`Wait::PayeeSpacing`] is about one payee: it belongs among the holds of that payee's payments
/// alone, since a router does not know who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hold {
    /// Whose account.
    pub account: MerchantAccount,
    /// Which operation; `None`: all.
    pub operation: Option<Operation>,
    /// Which bank or wallet at the other end, by any of its names; `None`: all.
    pub institution: Option<InstitutionId>,
    /// What it waits for.
    pub wait: Wait,
}

impl Hold {
    /// A hold on all that an account does; the rest is set after.
    #[must_use]
    pub const fn new(account: MerchantAccount, wait: Wait) -> Self {
        Self { account, operation: None, institution: None, wait }
    }

    pub(crate) fn keeps(
        &self,
        payment: &Payment<'_>,
        account: &MerchantAccount,
        situation: &Situation<'_>,
    ) -> bool {
        let ours = |own: &InstitutionId| {
            payment.institution.is_some_and(|id| is_same(payment.country, own, id))
        };
        self.operation.is_none_or(|own| own == payment.operation)
            && self.wait.lasts(payment.amount, situation.now)
            && self.account == *account
            && self.institution.as_ref().is_none_or(ours)
    }
}

/// What a payment waits for: a time, or a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// It could not be reached several times; its circuit is open.
    Circuit {
        /// When it is tried again.
        until: Timestamp,
    },
    /// The provider, or the bank there, is under maintenance.
    Maintenance {
        /// Its end, where it is told.
        until: Option<Timestamp>,
    },
    /// The same beneficiary was paid a moment ago, and the provider wants a time between. Only in
    /// the situation of a payment to that very beneficiary: it would keep every other one too.
    PayeeSpacing {
        /// When it may be paid again.
        until: Timestamp,
    },
    /// The provider asked for fewer requests.
    RateLimited {
        /// When it takes more.
        until: Timestamp,
    },
    /// What is on the account would fall below its floor. Only of payments in its own currency; a
    /// floor in another keeps them all, since nobody can compare the two.
    Float {
        /// What is on it.
        available: Money,
        /// What has to stay there.
        floor: Money,
    },
}

impl Wait {
    /// Until when; `None` where only a condition ends it.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Circuit { until }
            | Self::PayeeSpacing { until }
            | Self::RateLimited { until } => Some(*until),
            Self::Maintenance { until } => *until,
            Self::Float { .. } => None,
        }
    }

    /// Whether it lasts longer than another: what only a condition ends, the longest.
    pub(crate) fn outlasts(&self, other: &Self) -> bool {
        match (self.until(), other.until()) {
            (Some(own), Some(other)) => own > other,
            (own, other) => own.is_none() && other.is_some(),
        }
    }

    fn lasts(&self, amount: Option<Money>, now: Timestamp) -> bool {
        let Self::Float { available, floor } = self else {
            return self.until().is_none_or(|until| now < until);
        };
        let none = Money::from_minor(0, available.currency());
        let asked = amount.unwrap_or(none);
        if asked.currency() != available.currency() {
            return false;
        }
        if floor.currency() != available.currency() {
            return true;
        }
        let left = i128::from(available.minor()) - i128::from(asked.minor());
        left < i128::from(floor.minor())
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Circuit { until } => {
                write!(f, "it gave no answer several times; it is tried again from {until}")
            }
            Self::Maintenance { until: Some(until) } => {
                write!(f, "under maintenance until {until}")
            }
            Self::Maintenance { until: None } => f.write_str("under maintenance"),
            Self::PayeeSpacing { until } => {
                write!(f, "this beneficiary was paid there a moment ago; again from {until}")
            }
            Self::RateLimited { until } => {
                write!(f, "it asked for fewer requests; more from {until}")
            }
            Self::Float { available, floor } if floor.minor() == 0 => {
                write!(f, "its account holds {available}, which does not suffice")
            }
            Self::Float { available, floor } => {
                write!(f, "its account holds {available}, of which {floor} have to stay")
            }
        }
    }
}
