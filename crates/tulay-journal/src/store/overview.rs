//! What is seen of a whole journal: the processes that work on it, and how many payments it has.

use crate::record::Status;
use jiff::Timestamp;

/// What a process that works on a journal says of itself every few seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Beat {
    /// The version of its program.
    pub version: String,
    /// Since when it works.
    pub since: Timestamp,
    /// The payments that it works on at this moment.
    pub in_flight: u32,
}

impl Beat {
    /// What a process says of itself.
    #[must_use]
    pub fn new(version: impl Into<String>, since: Timestamp, in_flight: u32) -> Self {
        Self { version: version.into(), since, in_flight }
    }
}

/// A process that works on a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a store states all of it")]
pub struct ActiveProcess {
    /// Its number: the owner of its claims.
    pub owner: u32,
    /// The version of its program.
    pub version: String,
    /// Since when it works.
    pub since: Timestamp,
    /// When it last stated that it works.
    pub seen_at: Timestamp,
    /// The payments that it worked on at that moment.
    pub in_flight: u32,
}

/// How many payments a journal has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a store states all of it")]
pub struct Counts {
    /// Of each status that there is, in the order of their lives.
    pub by_status: Vec<(Status, u64)>,
    /// Those that a person has to look at.
    pub in_review: u64,
}
