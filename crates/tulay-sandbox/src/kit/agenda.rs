//! What is to be done when: one queue, ordered by instant and then by who asked first.

use super::locked;
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Mutex};
use tokio::sync::Notify;

#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: Mutex<Entries>,
    changed: Notify,
}

#[derive(Debug)]
pub(crate) enum Job {
    /// A provider asked to be woken.
    Wake { provider: &'static str, subject: String },
    /// A notification is to be sent; a copy is sent once and whatever became of the first.
    Deliver { provider: &'static str, id: u64, copy: bool },
}

#[derive(Debug, Default)]
struct Entries {
    sequence: u64,
    jobs: BTreeMap<(Timestamp, u64), Job>,
}

impl Agenda {
    pub(crate) fn add(&self, at: Timestamp, job: Job) {
        {
            let mut entries = locked(&self.entries);
            entries.sequence += 1;
            let place = (at, entries.sequence);
            entries.jobs.insert(place, job);
        }
        self.changed.notify_one();
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        locked(&self.entries).jobs.keys().next().map(|(at, _)| *at)
    }

    pub(crate) fn take_due(&self, now: Timestamp) -> Option<Job> {
        let mut entries = locked(&self.entries);
        let first = entries.jobs.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(first.remove())
    }

    pub(crate) fn clear(&self) {
        locked(&self.entries).jobs.clear();
    }

    /// Waits for something to be added. One that was added since the last wait counts.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}
