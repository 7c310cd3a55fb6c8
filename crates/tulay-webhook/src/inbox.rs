//! Where notifications are kept.

use async_trait::async_trait;
use bytes::Bytes;
use std::{borrow::Cow, fmt};
use tulay_core::{MerchantAccount, Notification, Verified};

/// Stores verified messages durably.
///
/// ```
/// use std::{collections::BTreeSet, sync::Mutex};
/// use tulay_webhook::{Inbox, InboxError, Kept, Received};
///
/// /// Forgets everything when the process ends: for tests.
/// #[derive(Debug, Default)]
/// struct Memory(Mutex<BTreeSet<String>>);
///
/// #[async_trait::async_trait]
/// impl Inbox for Memory {
///     async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
///         let mut keys = self.0.lock().map_err(|_| InboxError::new("the lock is poisoned"))?;
///         let notifications = received.verified.get().iter();
///         let new = notifications.filter(|notification| keys.insert(notification.key()));
///         Ok(if new.count() > 0 { Kept::New } else { Kept::Known })
///     }
/// }
/// ```
#[async_trait]
pub trait Inbox: fmt::Debug + Send + Sync + 'static {
    /// Stores a message, and returns after it is durable. Only then is it acknowledged, and the
    /// provider forgets it. Work that can be done later belongs behind the return.
    ///
    /// A message whose sender goes away is stored all the same: the call runs to its end.
    ///
    /// # Errors
    /// [`InboxError`] when it is not stored now. The response asks the provider to send it again.
    async fn keep(&self, received: Received) -> Result<Kept, InboxError>;
}

/// A message that verified. `Debug` shows nothing that it says.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The account of the provider that the path names.
    pub account: MerchantAccount,
    /// What the message says, and how much it proves.
    pub verified: Verified<Vec<Notification>>,
    /// The path and query that it arrived at. No signature covers them.
    pub target: http::Uri,
    /// The bytes that were verified. They hold personal data.
    pub body: Bytes,
}

impl Received {
    /// A message that verified.
    #[must_use]
    pub const fn new(
        account: MerchantAccount,
        verified: Verified<Vec<Notification>>,
        target: http::Uri,
        body: Bytes,
    ) -> Self {
        Self { account, verified, target, body }
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, verified, body, .. } = self;
        let (count, authenticity) = (verified.get().len(), verified.authenticity());
        let bytes = body.len();
        write!(f, "Received({account:?}, {count} notifications, {authenticity:?}, {bytes} bytes)")
    }
}

/// Whether a message was stored before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Kept {
    /// Something in it is new.
    New,
    /// All of it was stored before. Nothing was written.
    Known,
}

/// Why a message is not stored now. It must hold no personal data, as it is logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the notification is not stored: {0}")]
pub struct InboxError(Cow<'static, str>);

impl InboxError {
    /// An error with its reason: `the database is locked`.
    #[must_use]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}
