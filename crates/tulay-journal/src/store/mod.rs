//! Where payments are kept: the interface of every database.
//!
//! Each verb takes a group and is one transaction or less: a group is written whole or not at all.
//! A step that the rules refuse is an answer, not an error; the others of its group are written.

mod backup;
mod error;
mod examined;
mod form;
mod history;
mod inbox;
mod memory;
mod outbox;
mod overview;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod witness;

pub use backup::BackupError;
pub use error::StoreError;
pub use examined::Examined;
pub use form::Form;
pub use history::{JournalChange, JournalEvent, Pause, Resumption, Scope};
pub use inbox::{
    Aside, Incoming, Kept, NotificationFilter, Notifications, Said, Unapplied, Unreadable,
};
pub use memory::Memory;
pub use outbox::{Delivery, EventId, PaymentEvent};
pub use overview::{ActiveProcess, Beat, Counts};
#[cfg(feature = "postgres")]
pub use postgres::{InvalidUrl, Postgres, ServerError, ServerUrl};
pub use sqlite::{OpenError, Sqlite};
pub use witness::{StateError, Witness};

use crate::{
    machine::ReviewReason,
    record::{Doubt, Event, Lease, Original, Personal, Record, RecordId, Refused, Status, Write},
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::{fmt, path::Path};
use tulay_core::{
    CollectionRequest, Country, Destination, MerchantAccount, Money, Operation, PayoutRequest,
    Reference, RefundRequest,
};

/// Keeps payments. What a verb returned is durable.
#[async_trait]
pub trait Store: Notifications + fmt::Debug + Send + Sync + 'static {
    /// Accepts payments. The reference of one that is known returns that one; the caller compares
    /// the requests.
    ///
    /// # Errors
    /// As [`StoreError`]. Each answer is [`Refused::NotAllowed`] for a payment that replaces one
    /// which may have been paid, or which another one replaces; [`Refused::MoreThanPaid`] for a
    /// refund of more than is left of its payment; [`Refused::OtherPaid`] where an earlier one states
    /// that another amount was paid.
    async fn accept(
        &self,
        group: Vec<Acceptance>,
    ) -> Result<Vec<Result<Accepted, Refused>>, StoreError>;

    /// Takes payments that are due and that no living process works on, the longest due first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn claim(&self, claim: Claim) -> Result<Claimed, StoreError>;

    /// Writes steps down. Returns each payment as it is after its step.
    ///
    /// # Errors
    /// As [`StoreError`]. After [`StoreError::OutcomeUnknown`] of an intent, nothing may leave
    /// unless [`get`](Self::get) shows its sending.
    async fn write(&self, group: Vec<Write>) -> Result<Vec<Result<Record, Refused>>, StoreError>;

    /// Gives claims back without a step. One that is over is left alone.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn release(&self, group: Vec<(RecordId, Lease)>) -> Result<(), StoreError>;

    /// Makes payments due, if they are due at some later time.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn refresh(&self, group: Vec<RecordId>) -> Result<(), StoreError>;

    /// Stops every sending in a scope, the first and further ones. Look-ups go on.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn pause(&self, pause: Vec<Pause>) -> Result<(), StoreError>;

    /// Ends pauses.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn resume(&self, group: Vec<Resumption>) -> Result<(), StoreError>;

    /// Takes a person's word that nothing was sent under the namespace that the journal does not
    /// know. What waited for it is due at once.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn confirm_whole(&self, by: &str, why: &str) -> Result<(), StoreError>;

    /// Takes a person's word that the journal may not know every payment of its namespace: it was
    /// restored.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn doubt(&self, by: &str, why: &str) -> Result<(), StoreError>;

    /// The payments of these references.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn find(
        &self,
        operation: Operation,
        references: Vec<Reference>,
    ) -> Result<Vec<Option<Record>>, StoreError>;

    /// The payments of these keys.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn get(&self, ids: Vec<RecordId>) -> Result<Vec<Option<Record>>, StoreError>;

    /// The refunds of a payment, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn refunds(&self, original: &Original) -> Result<Vec<Record>, StoreError>;

    /// One page of payments, the newest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn list(&self, filter: Filter) -> Result<Vec<Record>, StoreError>;

    /// Why people have to look at payments, and at how many.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn count_reviews(&self) -> Result<Vec<ReviewCount>, StoreError>;

    /// The events of a payment, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn timeline(&self, id: RecordId) -> Result<Vec<Event>, StoreError>;

    /// The rows of one page of payments, the oldest first, after this one. A payment that cannot be
    /// read does not hide the others.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn examine(
        &self,
        after: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<Examined>, StoreError>;

    /// What holds for the whole journal.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn journal(&self) -> Result<Journal, StoreError>;

    /// What was done to the whole journal, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn history(&self) -> Result<Vec<JournalEvent>, StoreError>;

    /// The events of all payments after this one, at most so many, the oldest first. None that is
    /// written later stands before one that was returned.
    ///
    /// # Errors
    /// [`StoreError::NoSuchEvent`]; else as [`StoreError`].
    async fn events(
        &self,
        after: Option<EventId>,
        most: usize,
    ) -> Result<Vec<PaymentEvent>, StoreError>;

    /// Lets every event be delivered from now on: it is put into the outbox in the transaction that
    /// writes it. The first time, the events that there are are put into it too.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn subscribe(&self) -> Result<(), StoreError>;

    /// Claims events of the outbox that are due, at most so many: the oldest of each payment, unless
    /// another claim of it holds. A claim ends with its lease, or with its process.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn undelivered(
        &self,
        most: usize,
        lease: SignedDuration,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Takes events out of the outbox. One whose claim is over is left in it.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn delivered(&self, group: Vec<(EventId, Lease)>) -> Result<(), StoreError>;

    /// Gives claims back, and lets each event, and those after it of the same payment, wait for so
    /// long. One whose claim is over is left as it is.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn not_delivered(
        &self,
        group: Vec<(EventId, Lease, SignedDuration)>,
    ) -> Result<(), StoreError>;
    /// States that this process works on the journal. It is one row, and no event.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn beat(&self, beat: Beat) -> Result<(), StoreError>;

    /// States that this process does not work on the journal any more.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn leave(&self) -> Result<(), StoreError>;

    /// The processes that work on the journal. One that was killed may still be among them, and was
    /// seen last before that.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn processes(&self) -> Result<Vec<ActiveProcess>, StoreError>;

    /// How many payments there are.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// Copies the journal of one moment into a new file, while processes work on it. A database that
    /// is no file has tools of its own for that.
    ///
    /// # Errors
    /// As [`BackupError`].
    async fn back_up(&self, file: &Path) -> Result<(), BackupError> {
        let _ = file;
        Err(BackupError::Unsupported)
    }
}

/// A payment to be accepted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Acceptance {
    /// Payout or refund.
    pub operation: Operation,
    /// The application's name for it.
    pub reference: Reference,
    /// The amount.
    pub amount: Money,
    /// The country that the money goes to.
    pub country: Country,
    /// The stored request.
    pub request: Personal,
    /// The accounts that may be tried, in the planner's own form. It has no personal data.
    pub plan: String,
    /// The accounts of the plan. A journal that is not known to be whole sends nothing while one of
    /// them is not configured.
    pub accounts: Vec<MerchantAccount>,
    /// Whom it is paid to. The journal keeps a digest of it.
    pub payee: Option<Destination>,
    /// The payment that a refund gives back.
    pub original: Option<Original>,
    /// The payment in whose place it is accepted.
    pub replaces: Option<RecordId>,
    /// It fails, with proof, when nothing was sent until then.
    pub send_by: Option<Timestamp>,
    /// Until when a collection can be paid, as it was requested.
    pub expires: Option<Timestamp>,
    /// The person who submitted it.
    pub actor: Option<String>,
}

impl Acceptance {
    /// A payment that replaces no other and may be sent at any time.
    #[must_use]
    pub fn new(
        operation: Operation,
        reference: Reference,
        amount: Money,
        country: Country,
        request: Personal,
        plan: impl Into<String>,
    ) -> Self {
        Self {
            operation,
            reference,
            amount,
            country,
            request,
            plan: plan.into(),
            accounts: Vec::new(),
            payee: None,
            original: None,
            replaces: None,
            send_by: None,
            expires: None,
            actor: None,
        }
    }

    /// Names the accounts of the plan.
    #[must_use]
    pub fn with_accounts(mut self, accounts: Vec<MerchantAccount>) -> Self {
        self.accounts = accounts;
        self
    }
}

impl Acceptance {
    /// A payout. The plan is in the planner's own form and has no personal data.
    #[must_use]
    pub fn payout(request: &PayoutRequest, plan: impl Into<String>) -> Self {
        let stored = Personal::new(String::from_utf8_lossy(&request.store()));
        let PayoutRequest { reference, amount, country, .. } = request;
        let (operation, payee) = (Operation::Payout, Some(request.destination.clone()));
        Self { payee, ..Self::new(operation, reference.clone(), *amount, *country, stored, plan) }
    }
}

impl Acceptance {
    /// A refund, which goes to the account of the payment.
    #[must_use]
    pub fn refund(request: &RefundRequest, original: Original) -> Self {
        let stored = Personal::new(String::from_utf8_lossy(&request.store()));
        let RefundRequest { reference, amount, .. } = request;
        let (operation, country) = (Operation::Refund, request.original.country);
        // There is nothing to choose: the plan is the account of the payment.
        let acceptance = Self::new(operation, reference.clone(), *amount, country, stored, "");
        let accounts = vec![original.merchant_account.clone()];
        Self { accounts, original: Some(original), ..acceptance }
    }
}

impl Acceptance {
    /// A collection. The plan is in the planner's own form and has no personal data.
    #[must_use]
    pub fn collection(request: &CollectionRequest, plan: impl Into<String>) -> Self {
        let stored = Personal::new(String::from_utf8_lossy(&request.store()));
        let CollectionRequest { reference, amount, country, expires, .. } = request;
        let operation = Operation::Collection;
        let acceptance = Self::new(operation, reference.clone(), *amount, *country, stored, plan);
        Self { expires: *expires, ..acceptance }
    }
}

/// What became of an acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Accepted {
    /// It is accepted.
    New(Record),
    /// There is a payment of this reference. Its request may be another one.
    Known(Record),
}

/// Which payments to claim.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Claim {
    /// At most so many.
    pub most: usize,
    /// These alone; empty: any.
    pub only: Vec<RecordId>,
}

impl Claim {
    /// Any that are due, at most so many.
    #[must_use]
    pub const fn due(most: usize) -> Self {
        Self { most, only: Vec::new() }
    }

    /// Those of these that are due.
    #[must_use]
    pub fn only(only: Vec<RecordId>) -> Self {
        Self { most: only.len(), only }
    }
}

/// Payments that were claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claimed {
    /// When, by the journal's clock. A look-up that follows counts as asked at this time.
    pub at: Timestamp,
    /// Why the journal may not know every payment of its namespace; `None`: it does.
    pub doubt: Option<Doubt>,
    /// The payments, each with its lease.
    pub records: Vec<Record>,
    /// Payments that are due and whose rows this version cannot read. They are claimed too, so that they
    /// hinder no other.
    pub unreadable: Vec<RecordId>,
}

/// Which payments to list.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Filter {
    /// Only payouts, or only refunds; `None`: both.
    pub operation: Option<Operation>,
    /// Of this status.
    pub status: Option<Status>,
    /// Only those that a person has to look at.
    pub in_review: bool,
    /// Only those that a person has to look at for this reason.
    pub reason: Option<ReviewReason>,
    /// Only those that have an attempt at this account.
    pub account: Option<MerchantAccount>,
    /// Only those that were accepted before this time.
    pub accepted_before: Option<Timestamp>,
    /// Only those that are older than this one.
    pub before: Option<RecordId>,
    /// At most so many; 0: 100.
    pub most: usize,
}

impl Filter {
    /// The number of payments on a page.
    #[must_use]
    pub const fn page(&self) -> usize {
        if self.most == 0 { 100 } else { self.most }
    }
}

/// Of how many payments a person has to look at for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReviewCount {
    /// The reason.
    pub reason: ReviewReason,
    /// The account of their last attempt; `None`: they have no attempt.
    pub account: Option<MerchantAccount>,
    /// How many.
    pub payments: u64,
    /// When the oldest was accepted.
    pub oldest: Timestamp,
}

/// What holds for the whole journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journal {
    /// The namespace of its references.
    pub namespace: String,
    /// Drawn when it was made: another journal has another one.
    pub lineage: String,
    /// When it was made, or was last found to be restored.
    pub doubted_at: Timestamp,
    /// Since when it is known that nothing was sent under the namespace that the journal does not
    /// know; `None`: it is not known.
    pub whole_since: Option<Timestamp>,
    /// The last event before it was doubted: what a restored copy knows ends there. `None`: it is
    /// whole, or it was empty.
    pub known_until: Option<Timestamp>,
    /// What is paused.
    pub pauses: Vec<Pause>,
}

/// Databases keep microseconds, so the journal's clock has no more.
fn whole_micros(now: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
