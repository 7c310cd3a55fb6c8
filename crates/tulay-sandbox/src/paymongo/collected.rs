//! What is kept of collections: intents, methods, what a payer was shown, payments, refunds.

use super::{kind::Kind, triggers::Trigger};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) type Metadata = BTreeMap<String, String>;

/// The merchant's id for an order that is described by metadata: `reference_number` as in the sample
/// of the documents, else `order_id`, else the first one.
pub(super) fn order_id(metadata: &Metadata, provider_id: &str) -> String {
    let named = ["reference_number", "order_id"].iter().find_map(|name| metadata.get(*name));
    let id = named.or_else(|| metadata.values().next());
    id.map_or_else(|| provider_id.to_owned(), Clone::clone)
}

/// A payment intent.
#[derive(Clone)]
pub(super) struct Intent {
    pub(super) id: String,
    /// The merchant's id for it.
    pub(super) order_id: String,
    /// In centavos.
    pub(super) amount: i64,
    pub(super) description: Option<String>,
    pub(super) statement_descriptor: Option<String>,
    pub(super) metadata: Metadata,
    pub(super) allowed: Vec<String>,
    pub(super) state: IntentState,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    /// All that its payers were shown, the newest last.
    pub(super) shown: Vec<Shown>,
    /// Its payments, failed ones too, the oldest first.
    pub(super) payments: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntentState {
    AwaitingMethod,
    AwaitingAction,
    Processing,
    Succeeded,
}

impl IntentState {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::AwaitingMethod => "awaiting_payment_method",
            Self::AwaitingAction => "awaiting_next_action",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
        }
    }
}

/// A payment method.
#[derive(Clone)]
pub(super) struct Method {
    pub(super) id: String,
    pub(super) kind: Kind,
    /// As it was sent.
    pub(super) billing: Value,
    pub(super) metadata: Metadata,
    pub(super) open_for: SignedDuration,
    pub(super) trigger: Trigger,
    pub(super) created: Timestamp,
}

/// What a payer was shown: a code, or a wallet's page.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) method: Method,
    /// The text of the code; of a page, its address.
    pub(super) text: String,
    /// What the answer says of it.
    pub(super) next_action: Value,
    pub(super) expires: Timestamp,
    pub(super) state: ShownState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownState {
    Open,
    Expired,
    Failed,
    Paid,
}

/// A payment that was made or failed.
#[derive(Clone)]
pub(super) struct Payment {
    pub(super) id: String,
    pub(super) intent: String,
    pub(super) order_id: String,
    pub(super) method: Method,
    /// In centavos.
    pub(super) amount: i64,
    pub(super) description: Option<String>,
    pub(super) statement_descriptor: Option<String>,
    pub(super) metadata: Metadata,
    pub(super) is_paid: bool,
    /// Six digits that the payer's receipt shows.
    pub(super) receipt: String,
    pub(super) at: Timestamp,
    /// Its refunds, the oldest first.
    pub(super) refunds: Vec<String>,
}

impl Payment {
    pub(super) fn fee(&self) -> i64 {
        self.amount.saturating_mul(self.method.kind.fee()) / 1000
    }
}

/// A refund.
#[derive(Clone)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) order_id: String,
    pub(super) payment: String,
    /// In centavos.
    pub(super) amount: i64,
    pub(super) reason: String,
    pub(super) notes: Option<String>,
    pub(super) metadata: Metadata,
    pub(super) state: RefundState,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundState {
    Pending,
    Processing,
    Succeeded,
    Failed,
}

impl RefundState {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}
