//! A payout and how it goes.

use super::{channels::PayoutChannel, triggers::Trigger};
use jiff::Timestamp;
use std::fmt;
use tulay_core::Money;

/// A payout that was accepted.
#[derive(Clone, Debug)]
pub(super) struct Payout {
    pub(super) business_id: String,
    pub(super) id: String,
    /// The idempotency key that it was made under.
    pub(super) key: String,
    pub(super) reference_id: String,
    pub(super) channel: &'static PayoutChannel,
    pub(super) payee: Payee,
    pub(super) money: Money,
    pub(super) description: Option<String>,
    pub(super) status: Status,
    pub(super) failure: Option<&'static str>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) trigger: Trigger,
}

/// Who is paid: it is answered, and never printed.
#[derive(Clone)]
pub(super) struct Payee {
    pub(super) account: String,
    pub(super) name: String,
}

/// `status`: guide, "Payout Status Lifecycle".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Accepted,
    Requested,
    Assessed,
    ComplianceRejected,
    Succeeded,
    Failed,
    Cancelled,
    Reversed,
}

impl Status {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Requested => "REQUESTED",
            Self::Assessed => "PENDING_COMPLIANCE_ASSESSMENT",
            Self::ComplianceRejected => "COMPLIANCE_REJECTED",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Reversed => "REVERSED",
        }
    }

    /// The event that is notified: reference, "Payout Webhook". No other state has one.
    pub(super) const fn event(self) -> Option<&'static str> {
        match self {
            Self::Succeeded => Some("payout.succeeded"),
            Self::Failed => Some("payout.failed"),
            Self::Reversed => Some("payout.reversed"),
            _ => None,
        }
    }
}

impl Payout {
    /// Where it goes next, by what its account asks for and what the balance has. `None`: nowhere.
    pub(super) fn next(&self, balance: i64) -> Option<(Status, Option<&'static str>)> {
        match (self.status, self.trigger) {
            (Status::Accepted, Trigger::Stay) => None,
            (Status::Accepted, Trigger::Cancel) => Some((Status::Cancelled, None)),
            (Status::Accepted, Trigger::Assess | Trigger::RejectByCompliance) => {
                Some((Status::Assessed, None))
            }
            (Status::Accepted, _) => Some((Status::Requested, None)),
            (Status::Assessed, Trigger::RejectByCompliance) => {
                Some((Status::ComplianceRejected, None))
            }
            (Status::Assessed | Status::Requested, Trigger::Fail(code)) => {
                Some((Status::Failed, Some(code)))
            }
            (Status::Assessed | Status::Requested, _) if balance < self.money.minor() => {
                Some((Status::Failed, Some("INSUFFICIENT_BALANCE")))
            }
            (Status::Assessed | Status::Requested, _) => Some((Status::Succeeded, None)),
            (Status::Succeeded, Trigger::Reverse) => Some((Status::Reversed, None)),
            _ => None,
        }
    }
}

impl fmt::Debug for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payee(***)")
    }
}
