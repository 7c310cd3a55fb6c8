//! What the kit does for a provider.

use super::{
    Agenda, Faults, Job, Ledger, Movement, Notification, Notifier, SandboxClock, clock,
    keys::PlatformKey, locked, notifier::Fate,
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tulay_core::Clock;

/// All that a simulated provider has of the world.
#[derive(Clone, Debug)]
pub struct World {
    provider: &'static str,
    shared: Arc<Shared>,
}

/// What all providers of one sandbox share. None of its locks is held while a provider is called.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Arc<SandboxClock>,
    pub(crate) agenda: Agenda,
    pub(crate) ledger: Mutex<Ledger>,
    pub(crate) notifier: Notifier,
    pub(crate) faults: Mutex<BTreeMap<&'static str, Faults>>,
    pub(crate) finality_delay: SignedDuration,
}

impl World {
    pub(crate) fn new(provider: &'static str, shared: Arc<Shared>) -> Self {
        Self { provider, shared }
    }

    /// Now, by the sandbox's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The times that an honest client's clock may show: the sandbox's own, where the client was
    /// given it, and what it would be without what it was advanced by.
    #[must_use]
    pub fn honest_times(&self) -> [Timestamp; 2] {
        [self.now(), self.shared.clock.unmoved()]
    }

    /// How long an ordinary payment takes to become final.
    #[must_use]
    pub fn finality_delay(&self) -> SignedDuration {
        self.shared.finality_delay
    }

    /// Asks for [`wake`](super::SimulatedProvider::wake) with this subject, that much later.
    pub fn wake_after(&self, delay: SignedDuration, subject: impl Into<String>) {
        let job = Job::Wake { provider: self.provider, subject: subject.into() };
        self.shared.agenda.add(clock::after(self.now(), delay), job);
    }

    /// Writes down that money moved.
    pub fn record(&self, movement: Movement) {
        locked(&self.shared.ledger).record(movement);
    }

    /// Takes a notification over: it is sent until it is acknowledged or the schedule ends.
    pub fn notify(&self, notification: Notification) {
        let fate = if self.take_fault(|faults| &mut faults.drop_notifications) {
            Fate::Drop
        } else if self.faults().hold_notifications {
            Fate::Hold
        } else if self.take_fault(|faults| &mut faults.duplicate_notifications) {
            Fate::SendTwice
        } else if let milliseconds @ 1.. = self.faults().scatter_notifications {
            Fate::Scatter { milliseconds }
        } else {
            Fate::Send
        };
        self.shared.notifier.accept(&self.shared, self.provider, notification, fate);
    }

    /// The signature of a text, unless the next one is to be a wrong one. `None` if it cannot be
    /// made.
    pub(crate) fn sign(&self, key: &PlatformKey, text: &str) -> Option<Vec<u8>> {
        let mut signature = key.sign(text)?;
        if self.take_fault(|faults| &mut faults.bad_signature)
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        Some(signature)
    }

    /// The faults in force at this provider.
    #[must_use]
    pub fn faults(&self) -> Faults {
        locked(&self.shared.faults).get(self.provider).cloned().unwrap_or_default()
    }

    /// Whether a fault that counts down is due, and counts it.
    ///
    /// `world.take_fault(|faults| &mut faults.bad_signature)`
    #[must_use]
    pub fn take_fault(&self, counter: impl FnOnce(&mut Faults) -> &mut u32) -> bool {
        let mut all = locked(&self.shared.faults);
        let Some(left) = all.get_mut(self.provider).map(counter) else { return false };
        let due = *left > 0;
        *left = left.saturating_sub(1);
        due
    }
}
