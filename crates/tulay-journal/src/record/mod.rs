//! What the journal keeps of a payment, and how it changes.
//!
//! A store loads a [`Record`], lets [`carry_out`] judge and apply a [`Write`], and saves the result
//! with its events, all in one transaction. The rules are here, once, for every store.

mod begin;
mod collecting;
mod collection;
mod context;
mod decide;
mod digest;
mod event;
mod link;
mod news;
mod notified;
mod original;
mod play;
mod policy;
mod preview;
mod refund;
mod replay;
mod search;
mod status;
mod step;

pub use collection::{Collecting, Surprise};
pub use context::Context;
pub use decide::{Done, accept, carry_out};
pub(crate) use decide::{Spacing, named, share};
pub use digest::Digest;
pub use event::{
    Adoption, Beginning, Change, Declaration, Ending, Event, Finding, Place, Reason, ReasonKind,
    Search, Sighting, Source,
};
pub(crate) use link::link;
pub use news::{News, NotificationId};
pub(crate) use notified::{FirstSending, Notified};
pub use original::Original;
pub use policy::{Configured, Doubt, Policy};
pub use preview::{Preview, preview};
pub(crate) use refund::{may_leave, may_refund};
pub(crate) use replay::begun_by;
pub(crate) use search::Needed;
pub use status::Status;
pub use step::{Hit, Intent, Notice, Refused, Seen, Step, Write};

use crate::machine::{Attempt, ReviewReason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};
use tulay_core::{
    Country, ErrorKind, Guarantees, Invalid, MerchantAccount, Money, Operation, OrderId,
    PayoutRequest, ProviderReference, Reference,
};

/// The key of a payment in one journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub i64);

/// A payment: a payout, a refund or a collection, its attempts, and what follows from their facts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Its key.
    pub id: RecordId,
    /// Payout, refund or collection.
    pub operation: Operation,
    /// The application's name for it.
    pub reference: Reference,
    /// The amount.
    pub amount: Money,
    /// The country that the money goes to.
    pub country: Country,
    /// The stored request.
    pub request: Personal,
    /// The accounts that may be tried, as the planner wrote them down at acceptance.
    pub plan: String,
    /// A digest of whom it is paid to.
    pub payee: Option<Digest>,
    /// The payment in whose place it was accepted.
    pub replaces: Option<RecordId>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// How many events it has.
    pub version: u32,
    /// Its status.
    pub status: Status,
    /// Why a person has to look.
    pub reviews: BTreeSet<ReviewReason>,
    /// When it is due; `None`: never again.
    pub next_at: Option<Timestamp>,
    /// The process that works on it.
    pub lease: Option<Lease>,
    /// What else follows from its events.
    pub progress: Progress,
    /// Its attempts, in order.
    pub attempts: Vec<AttemptRecord>,
}

impl Record {
    /// When a sending was written down; `None`: there is no such sending.
    #[must_use]
    pub fn sent_at(&self, attempt: u8, sending: u32) -> Option<Timestamp> {
        let attempt = self.attempts.iter().find(|it| it.attempt.number == attempt)?;
        let sending = attempt.attempt.sendings.get(usize::try_from(sending).ok()?)?;
        Some(sending.at)
    }

    /// The first field in which a request differs from the one that was accepted; `None`: it is the
    /// same payout. Both are compared as requests, since the stored form may grow.
    ///
    /// # Errors
    /// When the stored request cannot be read.
    pub fn difference(&self, request: &PayoutRequest) -> Result<Option<&'static str>, Invalid> {
        let accepted = PayoutRequest::restore(self.request.expose().as_bytes())?;
        Ok(accepted.difference(request))
    }
}

/// One attempt of a payment, and what it was sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptRecord {
    /// The account that it is sent through.
    pub merchant_account: MerchantAccount,
    /// The id that its order has.
    pub order_id: OrderId,
    /// The stored prepared request.
    pub prepared: Personal,
    /// The stored way to pay, of an order of a collection.
    pub instructions: Option<Personal>,
    /// Its digest.
    pub digest: Digest,
    /// What the provider guaranteed when it was first sent.
    pub guarantees: Guarantees,
    /// The provider's id of the order, which look-ups carry.
    pub provider_reference: Option<ProviderReference>,
    /// The number of the event that closed it.
    pub proof: Option<u32>,
    /// Sendings and facts.
    pub attempt: Attempt,
}

impl AttemptRecord {
    /// Why it was not sent or was rejected, the last time that is known; `None`: it was neither.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.attempt.last_kind()
    }
}

/// What follows from the events of a payment, beside its attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Progress {
    /// When the last event was written.
    pub last_at: Timestamp,
    /// It fails, with proof, when nothing was sent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_by: Option<Timestamp>,
    /// The payment that a refund gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// What is known of a collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collecting: Option<Box<Collecting>>,
    /// How it ended without having been paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Why it is as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Until when it is not tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
    /// A message that names an order id of it names another amount or currency.
    #[serde(default)]
    pub is_mismatched: bool,
    /// A search that no sending and no end has used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Why a person has to look at orders that a search found. They never clear.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub found: BTreeSet<ReviewReason>,
    /// Why a person has to look at a payment that replaces it, or that it replaces.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub linked: BTreeSet<ReviewReason>,
    /// Every account was asked about it once more, a day after it was paid or had failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_checked: bool,
    /// How often it was tried since its last attempt stands where it stands: looked up, or sent
    /// again without a look-up.
    #[serde(default)]
    pub lookups: u32,
    /// The last try was a look-up, and nothing was sent since.
    #[serde(default)]
    pub is_looked_up: bool,
    /// When it is due by its schedule, while a notification makes it due beside that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled: Option<Timestamp>,
}

impl Progress {
    fn new(at: Timestamp, operation: Operation) -> Self {
        let collecting = (operation == Operation::Collection).then(Box::default);
        Self {
            last_at: at,
            send_by: None,
            original: None,
            collecting,
            ending: None,
            reason: None,
            waits_until: None,
            is_mismatched: false,
            search: None,
            found: BTreeSet::new(),
            linked: BTreeSet::new(),
            is_checked: false,
            lookups: 0,
            is_looked_up: false,
            scheduled: None,
        }
    }
}

/// Who works on a payment. It is also the token that shows that a step belongs to this claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The process, by its number.
    pub owner: u32,
    /// When the lease ends. Nothing may leave after this.
    pub until: Timestamp,
}

impl Lease {
    /// A lease.
    #[must_use]
    pub const fn new(owner: u32, until: Timestamp) -> Self {
        Self { owner, until }
    }
}

/// Stored text that has personal data. `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Personal(String);

impl Personal {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
