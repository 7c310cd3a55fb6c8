//! What is kept of transfers.

use super::{
    collected::Metadata,
    triggers::{Failure, Trigger},
};
use http::{StatusCode, Uri};
use jiff::Timestamp;
use serde_json::Value;

/// What a transfer by InstaPay or PESONet costs, in centavos (Send money: PHP 10.00).
const FEE: i64 = 1_000;

/// A transfer of a batch.
#[derive(Clone)]
pub(super) struct Transfer {
    pub(super) id: String,
    pub(super) batch: String,
    /// The merchant's id for it.
    pub(super) order_id: String,
    pub(super) source: Value,
    pub(super) destination: Value,
    /// In centavos.
    pub(super) amount: i64,
    /// `instapay`
    pub(super) rail: String,
    pub(super) provider_reference: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) purpose: Option<String>,
    pub(super) description: Option<String>,
    pub(super) callback: Option<Uri>,
    pub(super) metadata: Metadata,
    pub(super) state: TransferState,
    pub(super) failure: Option<Failure>,
    pub(super) trigger: Trigger,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransferState {
    Pending,
    Succeeded,
    Failed,
}

impl TransferState {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// What is known of an `Idempotency-Key`.
#[derive(Clone)]
pub(super) struct Remembered {
    /// When it was used first.
    pub(super) at: Timestamp,
    /// The first response. `None` while the first request is in progress.
    pub(super) first: Option<FirstResponse>,
}

/// A response that is given again.
#[derive(Clone)]
pub(super) struct FirstResponse {
    /// When it is out. Before that the request is in progress.
    pub(super) at: Timestamp,
    pub(super) status: StatusCode,
    pub(super) text: String,
}

impl Transfer {
    pub(super) fn fee(&self) -> i64 {
        if self.rail == "paymongo" { 0 } else { FEE }
    }

    /// Takes it to its next state, and the wallet with it. Whether anything changed.
    pub(super) fn settle(&mut self, wallet: &mut i64, now: Timestamp) -> bool {
        let cost = self.amount.saturating_add(self.fee());
        match (self.state, self.trigger) {
            (TransferState::Pending, trigger) => {
                self.failure = match trigger {
                    Trigger::FailTransfer(failure) => Some(failure),
                    _ if cost > *wallet => Some(Failure::BALANCE),
                    _ => None,
                };
                self.state = if self.failure.is_some() {
                    TransferState::Failed
                } else {
                    *wallet = wallet.saturating_sub(cost);
                    TransferState::Succeeded
                };
            }
            (TransferState::Succeeded, Trigger::Return) => {
                *wallet = wallet.saturating_add(cost);
                (self.state, self.failure) = (TransferState::Failed, Some(Failure::NOT_FOUND));
            }
            _ => return false,
        }
        self.updated = now;
        true
    }
}
