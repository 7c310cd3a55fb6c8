//! The events of payments, for the application.

use super::{
    Change, CollectionRecord, JournalError, PaymentRecord, Status, open::Opened,
    payment_record::state,
};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{collections::VecDeque, fmt, sync::Arc};
use tulay_core::Operation;
use tulay_journal::{
    HandlerError,
    store::{EventId, PaymentEvent as Stored},
};

/// How many events are read at once.
const PAGE: usize = 100;

/// Something that happened to a payout, a refund or a collection.
///
/// Each payment of a collection has an event of its own, [`Change::Received`], and so has everything
/// that came in otherwise than it was asked, [`Change::Surprised`].
///
/// `Display` is one line for people. `Serialize` is the JSON of the command. Neither has personal
/// data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentEvent {
    /// The same at every delivery.
    pub id: EventId,
    /// When it was written.
    pub at: Timestamp,
    /// The person who caused it; `None`: the journal.
    pub actor: Option<String>,
    /// What happened.
    pub what: EventKind,
    /// What was written about it.
    pub change: Change,
    /// The payment as it stands now, which may be later than the event.
    pub payment: PaymentRecord,
    /// All of it, if it is a collection.
    pub collection: Option<CollectionRecord>,
}

/// What happened to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// It got this status.
    Became(Status),
    /// Anything else, which changed no status. The name is that of the timeline, such as
    /// `looked_up`.
    Noted(&'static str),
}

/// `succeeded`, `looked_up`.
impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Became(status) => status.as_str(),
            Self::Noted(kind) => kind,
        })
    }
}

impl PaymentEvent {
    pub(super) fn of(journal: &Opened, event: &Stored) -> Result<Self, JournalError> {
        let kind = event.event.change.kind();
        let collection = event.record.operation == Operation::Collection;
        let collection = collection.then(|| journal.record(&event.record)).transpose()?;
        Ok(Self {
            id: event.id,
            at: event.event.at,
            actor: event.event.actor.clone(),
            what: event.new_status().map_or(EventKind::Noted(kind), EventKind::Became),
            change: event.event.change.clone(),
            payment: journal.shown(&event.record),
            collection,
        })
    }

    /// `payout.succeeded`, `refund.looked_up`, `collection.paid`, `collection.received`,
    /// `collection.late`.
    #[must_use]
    pub fn name(&self) -> String {
        let operation = self.payment.operation;
        match self.what {
            EventKind::Became(status)
                if operation == Operation::Collection && is_public(status) =>
            {
                format!("{operation}.{}", state(status))
            }
            what => format!("{operation}.{what}"),
        }
    }
}

/// Whether a collection has a status of its own for this one. It is created and sent before it waits for
/// its payer.
const fn is_public(status: Status) -> bool {
    !matches!(status, Status::Created | Status::Sending)
}

/// One line: `41-1767578400000000 2026-01-05T02:00:00Z payout.succeeded INV-1 PHP 1,250.00`.
impl fmt::Display for PaymentEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, at, payment, .. } = self;
        write!(f, "{id} {at:.0} {} {} {}", self.name(), payment.reference, payment.amount)?;
        match &self.actor {
            Some(actor) => write!(f, " by {actor}"),
            None => Ok(()),
        }
    }
}

impl Serialize for PaymentEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("at", &self.at)?;
        map.serialize_entry("event", &self.name())?;
        map.serialize_entry("change", self.change.kind())?;
        map.serialize_entry("actor", &self.actor)?;
        let key = self.payment.operation.as_str();
        match &self.collection {
            Some(collection) => map.serialize_entry(key, collection)?,
            None => map.serialize_entry(key, &self.payment)?,
        }
        map.end()
    }
}

/// Takes the events of payments.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Takes one event. `Ok` means that it is not delivered again. A process that ends before that
    /// is written down delivers it again, with the same [`id`](PaymentEvent::id).
    ///
    /// It must not block its thread: a call that exceeds its time-out is dropped where it waits.
    ///
    /// # Errors
    /// Anything. The event is delivered again later, and the later events of its payment after it.
    async fn handle(&self, event: &PaymentEvent) -> Result<(), HandlerError>;
}

/// Gives a handler the events of the journal.
pub(super) struct Delivers {
    pub(super) journal: Arc<Opened>,
    pub(super) handler: Arc<dyn Handler>,
}

#[async_trait]
impl tulay_journal::Handler for Delivers {
    async fn handle(&self, event: &Stored) -> Result<(), HandlerError> {
        self.handler.handle(&PaymentEvent::of(&self.journal, event)?).await
    }
}

/// Events one after another; each call of [`next`](Self::next) reads as far as it needs to.
#[must_use]
pub struct Events {
    journal: Arc<Opened>,
    after: Option<EventId>,
    page: VecDeque<Stored>,
}

impl Events {
    pub(crate) const fn after(journal: Arc<Opened>, after: Option<EventId>) -> Self {
        Self { journal, after, page: VecDeque::new() }
    }

    /// The next event; `None`: there is no further one yet.
    ///
    /// # Errors
    /// When the journal cannot be read, or does not have the event after which it was asked to read.
    pub async fn next(&mut self) -> Result<Option<PaymentEvent>, JournalError> {
        if self.page.is_empty() {
            self.page = self.journal.store.events(self.after, PAGE).await?.into();
        }
        let Some(event) = self.page.front() else { return Ok(None) };
        let shown = PaymentEvent::of(&self.journal, event)?;
        self.after = Some(shown.id);
        self.page.pop_front();
        Ok(Some(shown))
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Events({:?})", self.after)
    }
}
