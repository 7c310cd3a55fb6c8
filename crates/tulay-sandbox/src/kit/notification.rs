//! Notifications and what became of them.

use bytes::Bytes;
use http::{HeaderMap, Uri};
use jiff::Timestamp;
use serde::Serialize;
use std::fmt;
use tulay_core::Invalid;

/// A signed message to a merchant, ready to be sent. It goes by POST, as JSON, and only to a
/// loopback address, whatever its URL says.
#[derive(Clone)]
pub struct Notification {
    /// The merchant's id for the order it is about.
    pub order_id: String,
    /// What it says in one word: `SUCCESS`.
    pub event: String,
    /// Where it goes.
    pub url: Uri,
    /// What is sent beside the content type, or in its place: a signature or token, where that
    /// stands in a header.
    pub headers: HeaderMap,
    /// What is sent, byte for byte.
    pub body: Bytes,
}

/// A notification that a person asks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sample {
    /// The merchant that is notified.
    pub merchant: String,
    /// What happened: `payout.succeeded`.
    pub event: String,
    /// The merchant's id for the order.
    pub order_id: String,
    /// Whether it is about a payout that was never requested.
    pub made_up: bool,
    /// Where it goes; `None`: where those of the order or the merchant go.
    pub url: Option<Uri>,
}

impl Sample {
    /// A notification of an event about an order that a merchant made.
    #[must_use]
    pub fn new(
        merchant: impl Into<String>,
        event: impl Into<String>,
        order_id: impl Into<String>,
    ) -> Self {
        Self {
            merchant: merchant.into(),
            event: event.into(),
            order_id: order_id.into(),
            made_up: false,
            url: None,
        }
    }

    /// Where it goes, or what to do about that.
    pub(crate) fn address<'u>(
        &self,
        usual: impl IntoIterator<Item = Option<&'u Uri>>,
    ) -> Result<Uri, Invalid> {
        let usual = usual.into_iter().flatten().next();
        let expected = "an address: neither the order nor the merchant has one";
        self.url.as_ref().or(usual).cloned().ok_or_else(|| Invalid::new("url", expected))
    }

    /// Why there is none of an event.
    pub(crate) fn unknown_event(events: &str) -> Invalid {
        Invalid::new("event", format!("one of {events}"))
    }

    /// Why there is none for a merchant.
    pub(crate) fn unknown_merchant() -> Invalid {
        Invalid::new("merchant", "a merchant that is registered")
    }

    /// Why there is none about an order.
    pub(crate) fn unknown_order() -> Invalid {
        Invalid::new("order_id", "that of an order that was made; only a payout can be made up")
    }

    /// Refuses to make an order up where an order that was made is meant.
    pub(crate) fn may_make_up(&self) -> Result<(), Invalid> {
        if self.made_up { Ok(()) } else { Err(Self::unknown_order()) }
    }
}

/// A notification and what became of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotificationRecord {
    /// Its number in this sandbox, in the order in which they were made.
    pub id: u64,
    /// The simulated provider's name.
    pub provider: &'static str,
    /// The merchant's id for the order it is about.
    pub order_id: String,
    /// What it says in one word: `SUCCESS`.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// How far it is.
    pub state: NotificationState,
    /// Every time it was sent, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// How far a notification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotificationState {
    /// To be sent, for the first time or again.
    Waiting,
    /// Kept back by [`Faults::hold_notifications`](super::Faults::hold_notifications).
    Held,
    /// Acknowledged.
    Acknowledged,
    /// Sent as often as the schedule says, and never acknowledged.
    Abandoned,
    /// Never sent, by [`Faults::drop_notifications`](super::Faults::drop_notifications).
    Dropped,
}

/// One sending of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Delivery {
    /// When it began, by the sandbox's clock.
    pub at: Timestamp,
    /// What the merchant made of it.
    pub outcome: DeliveryOutcome,
}

/// What a merchant made of one sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// It acknowledged.
    Acknowledged,
    /// It answered something else; the HTTP status it answered with.
    Rejected(u16),
    /// There was no answer.
    NoAnswer,
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("order_id", &self.order_id)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}
