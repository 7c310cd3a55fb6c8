//! Sends notifications until they are acknowledged.

use super::{
    Delivery, DeliveryOutcome, Job, Notification, NotificationRecord, NotificationState, Shared,
    SimulatedProvider, clock::after, locked,
};
use bytes::Bytes;
use http::{Method, Request, header};
use jiff::SignedDuration;
use std::{
    collections::BTreeMap,
    iter,
    sync::{Arc, Mutex},
};
use tulay_core::{Clock, Transport};

#[derive(Debug)]
pub(crate) struct Notifier {
    transport: Arc<dyn Transport>,
    delays: Vec<SignedDuration>,
    post: Mutex<Post>,
}

/// At once, 1 s, 5 s, 15 s, 1 min, 5 min, 15 min, 1 h, and then every 6 h: 24 times in all.
pub(crate) fn default_retries() -> Vec<SignedDuration> {
    let dense = [0, 1, 5, 15, 60, 5 * 60, 15 * 60, 60 * 60].map(SignedDuration::from_secs);
    let sparse = iter::repeat_n(SignedDuration::from_hours(6), 24 - dense.len());
    dense.into_iter().chain(sparse).collect()
}

/// What is to become of a notification that a provider hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Send,
    SendTwice,
    /// Three times, each within so long.
    Scatter {
        milliseconds: u32,
    },
    Hold,
    Drop,
}

#[derive(Debug, Default)]
struct Post {
    last_id: u64,
    entries: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    notification: Notification,
    tries: usize,
    record: NotificationRecord,
}

impl Notifier {
    pub(crate) fn new(transport: Arc<dyn Transport>, delays: Vec<SignedDuration>) -> Self {
        Self { transport, delays, post: Mutex::default() }
    }

    pub(crate) fn records(&self) -> Vec<NotificationRecord> {
        locked(&self.post).entries.values().map(|entry| entry.record.clone()).collect()
    }

    /// Forgets all notifications. Ids go on, so that a sending under way finds nothing to note.
    pub(crate) fn clear(&self) {
        locked(&self.post).entries.clear();
    }

    pub(crate) fn accept(
        &self,
        shared: &Shared,
        provider: &'static str,
        notification: Notification,
        fate: Fate,
    ) {
        let first = self.delays.first().copied();
        let state = match fate {
            Fate::Drop => NotificationState::Dropped,
            Fate::Hold => NotificationState::Held,
            _ if first.is_some() => NotificationState::Waiting,
            _ => NotificationState::Abandoned,
        };
        let id = self.store(provider, notification, state);
        let Some(first) = first.filter(|_| state == NotificationState::Waiting) else { return };
        let at = after(shared.clock.now(), first);
        let delays = match fate {
            Fate::SendTwice => vec![0, 0],
            Fate::Scatter { milliseconds } => {
                let scattered = |copy| scattered(id, copy, milliseconds);
                let mut delays = [0, 1, 2].map(scattered);
                // A copy is sent whether or not the first one was acknowledged.
                delays.sort_unstable();
                delays.to_vec()
            }
            _ => vec![0],
        };
        for (place, delay) in delays.into_iter().enumerate() {
            let at = after(at, SignedDuration::from_millis(delay));
            shared.agenda.add(at, Job::Deliver { provider, id, copy: place > 0 });
        }
    }

    /// Sends what was held back, newest first.
    pub(crate) fn release(&self, shared: &Shared, provider: &'static str) {
        let mut post = locked(&self.post);
        for (id, entry) in post.entries.iter_mut().rev() {
            let record = &mut entry.record;
            if record.provider == provider && record.state == NotificationState::Held {
                record.state = NotificationState::Waiting;
                let job = Job::Deliver { provider, id: *id, copy: false };
                shared.agenda.add(shared.clock.now(), job);
            }
        }
    }

    pub(crate) async fn deliver(
        &self,
        shared: &Shared,
        provider: &dyn SimulatedProvider,
        id: u64,
        copy: bool,
    ) {
        let Some(request) = self.request(id, copy) else { return };
        let at = shared.clock.now();
        let outcome = self.outcome(provider, request).await;
        let provider = provider.name();
        tracing::info!(provider, notification = id, ?outcome, "notification sent");
        if let Some(delay) = self.note(id, Delivery { at, outcome }, copy) {
            let next = after(shared.clock.now(), delay);
            shared.agenda.add(next, Job::Deliver { provider, id, copy });
        }
    }

    /// Sends a notification once, now.
    pub(crate) async fn send_once(
        &self,
        shared: &Shared,
        provider: &dyn SimulatedProvider,
        notification: Notification,
    ) -> DeliveryOutcome {
        let id = self.store(provider.name(), notification, NotificationState::Abandoned);
        let at = shared.clock.now();
        let outcome = match self.request(id, true) {
            Some(request) => self.outcome(provider, request).await,
            None => DeliveryOutcome::NoAnswer,
        };
        self.note(id, Delivery { at, outcome }, true);
        outcome
    }

    async fn outcome(
        &self,
        provider: &dyn SimulatedProvider,
        request: Request<Bytes>,
    ) -> DeliveryOutcome {
        match self.transport.send(request).await {
            Ok(answer) if provider.acknowledged(&answer) => DeliveryOutcome::Acknowledged,
            Ok(answer) => DeliveryOutcome::Rejected(answer.status().as_u16()),
            Err(_) => DeliveryOutcome::NoAnswer,
        }
    }

    fn store(
        &self,
        provider: &'static str,
        notification: Notification,
        state: NotificationState,
    ) -> u64 {
        let mut post = locked(&self.post);
        post.last_id += 1;
        let id = post.last_id;
        let record = NotificationRecord {
            id,
            provider,
            order_id: notification.order_id.clone(),
            event: notification.event.clone(),
            url: notification.url.to_string(),
            state,
            deliveries: Vec::new(),
        };
        post.entries.insert(id, Entry { notification, tries: 0, record });
        id
    }

    fn request(&self, id: u64, copy: bool) -> Option<Request<Bytes>> {
        let post = locked(&self.post);
        let Entry { notification: Notification { url, headers, body, .. }, record, .. } =
            post.entries.get(&id)?;
        // A copy may have been acknowledged in the meantime.
        if !copy && record.state != NotificationState::Waiting {
            return None;
        }
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(url)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.clone())
            .ok()?;
        request.headers_mut().extend(headers.clone());
        Some(request)
    }

    /// Writes a sending down and tells how long to wait before the next, if there is one.
    fn note(&self, id: u64, delivery: Delivery, copy: bool) -> Option<SignedDuration> {
        let mut post = locked(&self.post);
        let entry = post.entries.get_mut(&id)?;
        entry.record.deliveries.push(delivery);
        if delivery.outcome == DeliveryOutcome::Acknowledged {
            entry.record.state = NotificationState::Acknowledged;
        }
        if copy || entry.record.state != NotificationState::Waiting {
            return None;
        }
        entry.tries += 1;
        let next = self.delays.get(entry.tries).copied();
        if next.is_none() {
            entry.record.state = NotificationState::Abandoned;
        }
        next
    }
}

/// How long the sending of a notification waits. It is always the same one (SplitMix64).
fn scattered(id: u64, copy: u64, milliseconds: u32) -> i64 {
    let mut mixed = id.wrapping_mul(3).wrapping_add(copy).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    i64::try_from(mixed % u64::from(milliseconds).max(1)).unwrap_or_default()
}
