//! Why an account cannot take a payment now, and until when.

use crate::facts::PaymentFacts;
use jiff::Timestamp;
use std::fmt;
use tulay_core::{ErrorKind, InstitutionId, MerchantAccount, Money, Operation};

/// A merchant account that cannot take payments for now.
///
/// An unavailability with [`WaitReason::PayeeSpacing`] concerns one beneficiary. Add it only to the
/// [`Conditions`](crate::Conditions) of payments to that beneficiary: the router does not know the
/// beneficiary of a payment.
///
/// ```
/// use tulay_core::{Environment, MerchantAccount, Operation};
/// use tulay_router::{Unavailability, WaitReason};
/// let account = MerchantAccount::new("starpay", Environment::Sandbox, "101510000001", "127.0.0.1");
/// let until = Some("2026-11-20T10:00:00Z".parse()?);
/// let mut maintenance = Unavailability::new(account, WaitReason::Maintenance { until });
/// maintenance.operation = Some(Operation::Payout);
/// assert_eq!(maintenance.reason.to_string(), "under maintenance until 2026-11-20T10:00:00Z");
/// # Ok::<_, jiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unavailability {
    /// The merchant account.
    pub account: MerchantAccount,
    /// The operation; `None`: every operation.
    pub operation: Option<Operation>,
    /// The bank or wallet at the other end, by any of its names; `None`: every institution.
    pub institution: Option<InstitutionId>,
    /// Why, and until when.
    pub reason: WaitReason,
}

impl Unavailability {
    /// An account that is unavailable for everything; set the other fields to narrow it.
    #[must_use]
    pub const fn new(account: MerchantAccount, reason: WaitReason) -> Self {
        Self { account, operation: None, institution: None, reason }
    }

    /// Whether it keeps a payment from an account now.
    pub(crate) fn applies(
        &self,
        facts: &PaymentFacts<'_>,
        account: &MerchantAccount,
        now: Timestamp,
    ) -> bool {
        let payment = facts.payment;
        self.operation.is_none_or(|operation| operation == payment.operation)
            && self.reason.lasts(payment.amount, now)
            && self.account == *account
            && self.institution.as_ref().is_none_or(|institution| facts.is_to(institution))
    }
}

/// What a payment waits for: a time, or a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// Several payments in a row failed for one transient reason, and the circuit is open.
    Circuit {
        /// Why the latest one failed.
        kind: ErrorKind,
        /// When the circuit lets one payment through again.
        until: Timestamp,
    },
    /// The provider, or the institution there, is under maintenance.
    Maintenance {
        /// The end; `None` where the provider does not say it.
        until: Option<Timestamp>,
    },
    /// The same beneficiary was paid a moment ago, and the provider requires an interval. Only for
    /// the conditions of a payment to that beneficiary.
    PayeeSpacing {
        /// When the beneficiary may be paid again.
        until: Timestamp,
    },
    /// The provider limits the rate of requests.
    RateLimited {
        /// When the provider accepts requests again.
        until: Timestamp,
    },
    /// The payment would leave less on the account than its floor. Payments in another currency
    /// than the balance are not affected. A floor in another currency than the balance cannot be
    /// compared, and keeps back every payment in the balance's currency.
    Float {
        /// The balance of the account.
        available: Money,
        /// The least balance that has to remain.
        floor: Money,
    },
    /// The payment was accepted for the account, and the configuration does not allow it now: the
    /// account is not configured, or its corridors do not fit. Such a payment waits until the
    /// configuration allows it again.
    NotConfigured {
        /// What is missing, in a sentence for people.
        missing: String,
    },
}

impl WaitReason {
    /// When the wait ends; `None` if it ends with a condition instead of a time.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Circuit { until, .. }
            | Self::PayeeSpacing { until }
            | Self::RateLimited { until } => Some(*until),
            Self::Maintenance { until } => *until,
            Self::Float { .. } | Self::NotConfigured { .. } => None,
        }
    }

    /// Whether it lasts longer than another. A wait without a time lasts longest.
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
        let amount = amount.unwrap_or(Money::from_minor(0, available.currency()));
        if amount.currency() != available.currency() {
            return false;
        }
        if floor.currency() != available.currency() {
            return true;
        }
        let left = i128::from(available.minor()) - i128::from(amount.minor());
        left < i128::from(floor.minor())
    }
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Circuit { kind, until } => {
                let meaning = kind.meaning();
                write!(f, "several payments failed: {meaning}; the next try is at {until}")
            }
            Self::Maintenance { until: Some(until) } => {
                write!(f, "under maintenance until {until}")
            }
            Self::Maintenance { until: None } => f.write_str("under maintenance"),
            Self::PayeeSpacing { until } => {
                write!(f, "this beneficiary was paid there recently; possible again from {until}")
            }
            Self::RateLimited { until } => {
                write!(f, "its rate limit was reached; possible again from {until}")
            }
            Self::Float { available, floor } if floor.minor() == 0 => {
                write!(f, "its balance of {available} is too low")
            }
            Self::Float { available, floor } => {
                write!(f, "its balance of {available} is too low: {floor} must remain")
            }
            Self::NotConfigured { missing } => {
                write!(f, "the configuration does not allow it now: {missing}")
            }
        }
    }
}
