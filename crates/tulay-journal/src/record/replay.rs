//! What the events of a payment make of it, to compare with its row.

use super::{Change, Context, Event, Policy, Progress, Record, Status};
use std::collections::BTreeSet;

impl Record {
    /// Whether the events make this row. Left out is what no event states: texts with personal data,
    /// claims, the time at which it is due, and what depends on the configuration of the process that
    /// wrote an event.
    #[must_use]
    pub fn follows_from(&self, events: &[Event], policy: &Policy) -> bool {
        self.stated() == self.replayed(events, policy).stated()
    }

    fn replayed(&self, events: &[Event], policy: &Policy) -> Self {
        let context = Context { now: self.created_at, policy, owner: 0, pauses: &[], doubt: None };
        let mut replayed = Self {
            version: 0,
            status: Status::Created,
            reviews: BTreeSet::new(),
            progress: Progress::new(self.created_at, self.operation),
            attempts: Vec::new(),
            ..self.clone()
        };
        events.iter().for_each(|event| replayed.play(event, &context));
        replayed
    }

    /// What its events state.
    fn stated(&self) -> Self {
        let mut stated = self.clone();
        stated.status = Status::Created;
        stated.reviews = BTreeSet::new();
        (stated.lease, stated.next_at) = (None, None);
        for attempt in &mut stated.attempts {
            (attempt.prepared, attempt.instructions) = (super::Personal::default(), None);
        }
        let progress = &mut stated.progress;
        (progress.lookups, progress.is_looked_up, progress.scheduled) = (0, false, None);
        // Versions differ in which look-up of a final payment may change it.
        progress.reason = None;
        // A search counts by whether the payment was final, which windows decide.
        (progress.search, progress.is_checked) = (None, false);
        stated
    }
}

/// The number of the event that wrote the first sending of an attempt.
pub(crate) fn begun_by(events: &[Event], attempt: u8) -> Option<u32> {
    let begins = |event: &&Event| {
        matches!(&event.change, Change::Intended { attempt: number, begins: Some(_), .. }
            if *number == attempt)
    };
    events.iter().find(begins).map(|event| event.number)
}
