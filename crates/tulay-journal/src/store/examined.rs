//! Rows as they are, to be checked.

use crate::record::{Event, Record, RecordId};

/// The rows of one payment, as far as this version can read them.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a store states all of it")]
pub struct Examined {
    /// Its key.
    pub id: RecordId,
    /// The application's name for it.
    pub reference: String,
    /// The payment and its events; `None`: this version cannot read them.
    pub rows: Option<(Record, Vec<Event>)>,
}
