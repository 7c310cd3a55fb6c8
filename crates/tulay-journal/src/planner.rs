//! Which account takes a payment next: the journal knows no rule and no route.

use crate::record::{Reason, Record};
use jiff::Timestamp;
use std::{fmt, sync::Arc};
use tulay_core::{ErrorKind, MerchantAccount, Operation, Provider};

/// Says which account of a payment's plan takes it next. Whether a sending is safe is not its
/// question.
pub trait Planner: fmt::Debug + Send + Sync + 'static {
    /// The next account of the payment's frozen plan, by what is configured and known now.
    ///
    /// The account of an unsent attempt, or of one that was rejected for a transient reason, is a
    /// candidate again.
    fn plan(&self, record: &Record, now: Timestamp) -> Planned;

    /// The provider of an account; `None`: the account is not configured.
    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>>;

    /// How a sending through an account ended: `None` if the provider took it, else why not; a lost
    /// answer is [`ErrorKind::Unavailable`]. Circuits open and close by it.
    fn answered(
        &self,
        account: &MerchantAccount,
        operation: Operation,
        why: Option<ErrorKind>,
        now: Timestamp,
    );
}

/// The answer of a [`Planner`].
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a worker must handle each")]
pub enum Planned {
    /// This provider can take it now.
    Now(Arc<dyn Provider>),
    /// One can take it later. What fitted at acceptance and does not fit now is later.
    Later {
        /// Why not now.
        reason: Reason,
        /// When to ask again.
        until: Timestamp,
    },
    /// The plan is used up.
    None {
        /// Why.
        reason: Reason,
    },
}
