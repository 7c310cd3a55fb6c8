//! The inbox: notifications of providers that verified. Each is kept once, and applied in a later
//! transaction, when what it is about is known.

use super::error::StoreError;
use crate::record::{NotificationId, RecordId};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use std::fmt;
use tulay_core::{
    Authenticity, MerchantAccount, Notification, OrderId, ProviderReference, Verified,
};

/// Keeps notifications. What a verb returned is durable.
#[async_trait]
pub trait Notifications: Send + Sync {
    /// Keeps notifications. Returns of each whether it is new; one that is known changes nothing.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn receive(&self, group: Vec<Incoming>) -> Result<Vec<bool>, StoreError>;

    /// Notifications that are to be applied now, at most so many, the oldest first. One that is applied
    /// by [`Step::Notify`](crate::record::Step::Notify) is not among them any more.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn unapplied(&self, most: usize) -> Result<Vec<Unapplied>, StoreError>;

    /// Lets notifications wait that cannot be applied now. One that was matched with nothing, and is
    /// with an attempt by now, stays due.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn set_aside(&self, group: Vec<Aside>) -> Result<(), StoreError>;

    /// One page of notifications, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn notifications(&self, filter: NotificationFilter) -> Result<Vec<Kept>, StoreError>;

    /// Notifications that could not be read when they arrived, at most so many after this one, the
    /// oldest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn unreadable(
        &self,
        after: Option<NotificationId>,
        most: usize,
    ) -> Result<Vec<Unreadable>, StoreError>;

    /// Keeps what notifications say that could not be read before, and lets them be applied.
    ///
    /// # Errors
    /// As [`StoreError`].
    async fn read_again(&self, group: Vec<(NotificationId, Said)>) -> Result<(), StoreError>;
}

/// What a notification says, as far as it is read. It has no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a receiver states all of it")]
pub struct Said {
    /// The stored notification: [`Notification::store`](tulay_core::Notification::store).
    pub text: String,
    /// The order id that it names.
    pub order_id: Option<OrderId>,
    /// The provider's id that it names.
    pub provider_reference: Option<ProviderReference>,
    /// It states the amount of an order. Without that it proves nothing by itself.
    pub states_amount: bool,
}

/// A notification that verified, to be kept.
#[derive(Clone)]
#[expect(clippy::exhaustive_structs, reason = "a receiver states all of it")]
pub struct Incoming {
    /// The account whose address it arrived at.
    pub merchant_account: MerchantAccount,
    /// Two notifications of one account with the same key are one.
    pub dedupe_key: [u8; 32],
    /// How much it proves.
    pub authenticity: Authenticity,
    /// What it says; `None`: it cannot be read.
    pub said: Option<Said>,
    /// The path of its request.
    pub target: String,
    /// Its bytes. They have personal data.
    pub body: Bytes,
}

/// A notification in the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// Its key.
    pub id: NotificationId,
    /// The account whose address it arrived at.
    pub merchant_account: MerchantAccount,
    /// How much it proves.
    pub authenticity: Authenticity,
    /// What it says; `None`: it cannot be read.
    pub said: Option<Said>,
    /// When it arrived first, by the journal's clock.
    pub received: Timestamp,
    /// The payment that it was applied to.
    pub payment: Option<RecordId>,
}

/// A notification that is to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unapplied {
    /// The notification.
    pub notification: Kept,
    /// The payment and the attempt that it names; `None`: none is known.
    pub about: Option<(RecordId, u8)>,
    /// Now, by the journal's clock.
    pub now: Timestamp,
}

/// How a notification waits that cannot be applied now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Aside {
    /// The notification.
    pub id: NotificationId,
    /// Until when; `None`: until an attempt has its order id or the provider's id.
    pub until: Option<Timestamp>,
    /// A payment is known that it is about.
    pub is_matched: bool,
}

/// A notification that could not be read when it arrived.
#[derive(Clone)]
#[non_exhaustive]
pub struct Unreadable {
    /// Its key.
    pub id: NotificationId,
    /// The account whose address it arrived at.
    pub merchant_account: MerchantAccount,
    /// The path of its request.
    pub target: String,
    /// Its bytes. They have personal data.
    pub body: Bytes,
}

/// Which notifications to list.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct NotificationFilter {
    /// Those that were applied to this payment; `None`: those that were applied to none.
    pub payment: Option<RecordId>,
    /// Only those that arrived before this time.
    pub received_before: Option<Timestamp>,
    /// Only those after this one.
    pub after: Option<NotificationId>,
    /// At most so many; 0: 100.
    pub most: usize,
}

impl Incoming {
    /// The notifications of a message as they are kept. The body is the whole of its request.
    #[must_use]
    pub fn all(
        merchant_account: &MerchantAccount,
        message: &Verified<Vec<Notification>>,
        target: &str,
        body: &Bytes,
    ) -> Vec<Self> {
        let authenticity = message.authenticity();
        let one = |(notification, dedupe_key)| {
            let (merchant_account, said) = (merchant_account.clone(), Said::of(notification));
            let (target, body) = (target.to_owned(), body.clone());
            Self { merchant_account, dedupe_key, authenticity, said, target, body }
        };
        message.get().iter().zip(message.dedupe_keys()).map(one).collect()
    }

    /// Whether it is signed, and states the amount of an order.
    pub(super) fn is_complete(&self) -> bool {
        self.authenticity.is_evidence() && self.said.as_ref().is_some_and(|it| it.states_amount)
    }
}

impl Said {
    /// What a notification says; `None`: it cannot be read.
    #[must_use]
    pub fn of(notification: &Notification) -> Option<Self> {
        if matches!(notification, Notification::Unreadable) {
            return None;
        }
        Some(Self {
            text: String::from_utf8_lossy(&notification.store()).into_owned(),
            order_id: notification.order_id().cloned(),
            provider_reference: notification.provider_reference().cloned(),
            states_amount: notification.about().is_some() && notification.amount().is_some(),
        })
    }
}

impl NotificationFilter {
    /// Those that were applied to a payment.
    #[must_use]
    pub const fn of(payment: RecordId) -> Self {
        Self { payment: Some(payment), received_before: None, after: None, most: 0 }
    }

    /// Those that were applied to none, and arrived before this time.
    #[must_use]
    pub const fn open(received_before: Timestamp) -> Self {
        let received_before = Some(received_before);
        Self { payment: None, received_before, after: None, most: 0 }
    }

    /// The number of notifications on a page.
    #[must_use]
    pub const fn page(&self) -> usize {
        if self.most == 0 { 100 } else { self.most }
    }
}

impl Kept {
    pub(crate) const fn new(
        id: NotificationId,
        merchant_account: MerchantAccount,
        authenticity: Authenticity,
        said: Option<Said>,
        received: Timestamp,
        payment: Option<RecordId>,
    ) -> Self {
        Self { id, merchant_account, authenticity, said, received, payment }
    }
}

impl Unapplied {
    pub(crate) const fn new(
        notification: Kept,
        about: Option<(RecordId, u8)>,
        now: Timestamp,
    ) -> Self {
        Self { notification, about, now }
    }
}

impl Unreadable {
    pub(crate) const fn new(
        id: NotificationId,
        merchant_account: MerchantAccount,
        target: String,
        body: Bytes,
    ) -> Self {
        Self { id, merchant_account, target, body }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (account, length) = (&self.merchant_account, self.body.len());
        write!(f, "Incoming({account:?}, {:?}, {length} bytes)", self.authenticity)
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (account, length) = (&self.merchant_account, self.body.len());
        write!(f, "Unreadable({:?}, {account:?}, {length} bytes)", self.id)
    }
}
