//! The events of all payments: in order for a program that watches, and to be delivered to a
//! program that handles each.

use crate::record::{Change, Ending, Event, Lease, Record, Status};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};
use tulay_core::Invalid;

/// The id of an event in its journal: where it stands, and when it was written. It is the same at
/// every delivery. After a restore, another event may stand at the place, and its id is another.
///
/// Its text is `41-1767578400000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a store states all of it")]
pub struct EventId {
    /// Its place in the journal, from 1.
    pub place: u64,
    /// When it was written.
    pub at: Timestamp,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.place, self.at.as_microsecond())
    }
}

impl FromStr for EventId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let expected = "the id of an event, such as 41-1767578400000000";
        let number = |text: &str| text.parse().ok().filter(|_| !text.starts_with('+'));
        let read = text.split_once('-').and_then(|(place, at)| {
            let place = u64::try_from(number(place)?).ok()?;
            let at = Timestamp::from_microsecond(number(at)?).ok()?;
            Some(Self { place, at })
        });
        read.ok_or_else(|| Invalid::new("event", expected))
    }
}

impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An event, and the payment that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentEvent {
    /// Its id.
    pub id: EventId,
    /// The event.
    pub event: Event,
    /// The status of the payment before it; `None`: it had none, or an older version wrote it.
    pub before: Option<Status>,
    /// The payment as it stands now.
    pub record: Record,
}

impl PaymentEvent {
    pub(crate) const fn new(
        id: EventId,
        event: Event,
        before: Option<Status>,
        record: Record,
    ) -> Self {
        Self { id, event, before, record }
    }

    /// The status that the payment got by this event; `None`: it kept the one that it had.
    #[must_use]
    pub fn new_status(&self) -> Option<Status> {
        let after = self.event.status.or_else(|| match &self.event.change {
            Change::Ended { ending: Ending::Failed, .. } => Some(Status::Failed),
            Change::Ended { ending: Ending::Cancelled, .. } => Some(Status::Cancelled),
            // An older version wrote the event, and no later one has changed anything.
            _ => (self.event.number == self.record.version).then_some(self.record.status),
        });
        after.filter(|after| self.before != Some(*after))
    }
}

/// An event that was claimed to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The event.
    pub event: PaymentEvent,
    /// How often its delivery has failed.
    pub tries: u32,
    /// The claim. The event is delivered by no other worker until it ends.
    pub lease: Lease,
}

impl Delivery {
    pub(crate) const fn new(event: PaymentEvent, tries: u32, lease: Lease) -> Self {
        Self { event, tries, lease }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_is_its_text() {
        let id =
            EventId { place: 41, at: Timestamp::from_microsecond(1_767_578_400_000_000).unwrap() };
        assert_eq!(id.to_string(), "41-1767578400000000");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in [
            "",
            "41",
            "41-",
            "-41-1",
            "x-1",
            "41-x",
            "41-+1",
            "+41-1",
            "41-1-1",
            "1-99999999999999999999",
        ] {
            assert!(text.parse::<EventId>().is_err(), "{text}");
        }
    }
}
