//! The events of a message that verified. Its bytes are genuine, so it is kept even where it cannot
//! be read: a provider that is refused again and again sends nothing more.

use serde_json::value::RawValue;
use tulay_core::{ErrorKind, Notification, Result};

/// The most events of one message that are read. Providers send one.
pub const MOST_EVENTS: usize = 100;

/// Reads a text that verified: one event, or a JSON array of them, each by `parse`. An event that
/// fails with `Unexpected` is [`Notification::Unreadable`], and so is an array of none or of more than
/// [`MOST_EVENTS`].
///
/// # Errors
/// Every other error of `parse`, of the first event that has one: `Mismatch` and `Unrelated` refuse
/// the whole message.
///
/// ```
/// use tulay_adapter::{json::{Reader, Text}, webhooks::{events, unmatched}};
/// use tulay_core::{Notification, Observation, Operation};
/// #[derive(serde::Deserialize)]
/// struct Order<'a> {
///     #[serde(borrow)]
///     state: Text<'a>,
/// }
/// let parse = |text: &str| {
///     let order: Order<'_> = Reader::new("acme", Operation::Notification).read(text)?;
///     Ok(unmatched(Observation::new(order.state.0)))
/// };
/// assert_eq!(events(r#"{"state":"paid"}"#, parse)?[0].key(), r#"unmatched   "paid" "#);
/// let read = events(r#"[{"state":"paid"},{"state":7.5}]"#, parse)?;
/// assert_eq!((read.len(), &read[1]), (2, &Notification::Unreadable));
/// # Ok::<_, tulay_core::Error>(())
/// ```
pub fn events(
    text: &str,
    mut parse: impl FnMut(&str) -> Result<Notification>,
) -> Result<Vec<Notification>> {
    if !text.trim_start().starts_with('[') {
        return event(parse(text)).map(|event| vec![event]);
    }
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(array) if (1..=MOST_EVENTS).contains(&array.len()) => {
            array.into_iter().map(|text| event(parse(text.get()))).collect()
        }
        read => {
            let found =
                read.map_or_else(|_| "no array".to_owned(), |array| array.len().to_string());
            tracing::warn!(
                found,
                "a genuine notification is no array of 1 to {MOST_EVENTS} events"
            );
            Ok(vec![Notification::Unreadable])
        }
    }
}

fn event(read: Result<Notification>) -> Result<Notification> {
    match read {
        Err(error) if error.kind() == ErrorKind::Unexpected => {
            tracing::warn!(%error, "a genuine notification cannot be read");
            Ok(Notification::Unreadable)
        }
        read => read,
    }
}
