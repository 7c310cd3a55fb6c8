//! Delivers the events of a journal to the application.

use crate::{
    Time,
    store::{Delivery, PaymentEvent, Store, StoreError},
};
use async_trait::async_trait;
use jiff::SignedDuration;
use std::{fmt, pin::pin, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How long a handler may take, by default.
const TIME_OUT: SignedDuration = SignedDuration::from_secs(30);
/// What is left of a claim after the time-out, to write down how the delivery ended.
const LEFT_TO_WRITE: SignedDuration = SignedDuration::from_secs(30);
/// Events that are handled at once.
const MOST_AT_ONCE: usize = 64;
/// How long it waits before it asks again what is to be delivered.
const IDLE: SignedDuration = SignedDuration::from_millis(200);
/// How long an event waits after its first failed delivery. The wait doubles with each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// Why a handler did not take an event.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// Takes the events of payments.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Takes one event. `Ok` means that it is not delivered again; a process that ends before that
    /// is written down delivers it again, with the same [`id`](PaymentEvent::id).
    ///
    /// It must not block its thread: a call that exceeds the time-out is dropped where it waits.
    ///
    /// # Errors
    /// Anything. The event is delivered again later, and the later events of its payment after it.
    async fn handle(&self, event: &PaymentEvent) -> Result<(), HandlerError>;
}

/// Delivers the events of a journal: each at least once, those of one payment in order, and each by
/// one deliverer at a time. Any number of them may run, in one process or in several.
///
/// Dropping [`run`](Self::run) is as safe as a crash.
#[derive(Clone)]
pub struct Deliverer {
    store: Arc<dyn Store>,
    time: Arc<dyn Time>,
    handler: Arc<dyn Handler>,
    time_out: SignedDuration,
}

impl Deliverer {
    /// A deliverer to this handler.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, time: Arc<dyn Time>, handler: Arc<dyn Handler>) -> Self {
        Self { store, time, handler, time_out: TIME_OUT }
    }

    /// Sets how long the handler may take; 30 s by default.
    #[must_use]
    pub fn time_out(self, time_out: SignedDuration) -> Self {
        Self { time_out, ..self }
    }

    /// Delivers until `stop` is ready, then lets the handlers that run end.
    ///
    /// # Errors
    /// When the journal has stopped: [`StoreError::has_stopped`]. Other failures of the journal are
    /// waited out.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        let mut stop = pin!(stop);
        let mut tasks = JoinSet::new();
        let mut is_subscribed = false;
        loop {
            if !is_subscribed {
                is_subscribed = still_open(self.store.subscribe().await)?.is_some();
            }
            while tasks.try_join_next().is_some() {}
            let has_begun = match is_subscribed {
                true => still_open(self.begin(&mut tasks).await)?.is_some_and(|begun| begun > 0),
                false => false,
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = std::future::ready(()), if has_begun => {}
                Some(_) = tasks.join_next() => {}
                () = self.time.sleep(IDLE) => {}
            }
        }
        while tasks.join_next().await.is_some() {}
        Ok(())
    }

    /// Delivers what is due now, once for each payment. Returns how many events were tried.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        self.store.subscribe().await?;
        let mut tasks = JoinSet::new();
        let begun = self.begin(&mut tasks).await?;
        while tasks.join_next().await.is_some() {}
        Ok(begun)
    }

    async fn begin(&self, tasks: &mut JoinSet<()>) -> Result<usize, StoreError> {
        let free = MOST_AT_ONCE.saturating_sub(tasks.len());
        if free == 0 {
            return Ok(0);
        }
        let lease = self.time_out.saturating_add(LEFT_TO_WRITE);
        // Before the claim begins: the handler must not run longer than it.
        let claimed = self.time.monotonic();
        let deliveries = self.store.undelivered(free, lease).await?;
        let begun = deliveries.len();
        for delivery in deliveries {
            let deliverer = self.clone();
            tasks.spawn(async move { deliverer.deliver(delivery, claimed).await });
        }
        Ok(begun)
    }

    async fn deliver(&self, delivery: Delivery, claimed: Duration) {
        let (id, lease, tries) = (delivery.event.id, delivery.lease, delivery.tries);
        let passed = self.time.monotonic().saturating_sub(claimed);
        let left = self.time_out.unsigned_abs().saturating_sub(passed);
        // The claim may be over when the answer to it arrives: then another process delivers it.
        let Ok(left) = SignedDuration::try_from(left) else { return };
        if left.is_zero() {
            return;
        }
        let written = match self.is_handled(delivery.event, left).await {
            true => self.store.delivered(vec![(id, lease)]).await,
            false => self.store.not_delivered(vec![(id, lease, wait_after(tries))]).await,
        };
        // What was not written down is delivered again when the claim ends.
        drop(written);
    }

    /// Whether the handler took an event in time, without an error and without a panic.
    async fn is_handled(&self, event: PaymentEvent, left: SignedDuration) -> bool {
        let handler = Arc::clone(&self.handler);
        // A task of its own: a panic ends it alone, and so does the end of the set.
        let mut task = JoinSet::new();
        task.spawn(async move { handler.handle(&event).await.is_ok() });
        tokio::select! {
            handled = task.join_next() => matches!(handled, Some(Ok(true))),
            () = self.time.sleep(left) => false,
        }
    }
}

impl fmt::Debug for Deliverer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Deliverer({:?}, time-out {:#})", self.store, self.time_out)
    }
}

/// A journal that has stopped delivers nothing any more; other failures pass.
fn still_open<T>(done: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match done {
        Err(error) if error.has_stopped() => Err(error),
        done => Ok(done.ok()),
    }
}

/// How long an event waits whose delivery has failed again, after so many failures before.
fn wait_after(tries: u32) -> SignedDuration {
    let doubled = 1_i32.checked_shl(tries.min(30)).and_then(|it| FIRST_WAIT.checked_mul(it));
    doubled.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes() {
        let waits: Vec<i64> = (0..11).map(|tries| wait_after(tries).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
