//! Deadlines where the bytes leave.

use crate::Time;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Duration};
use tulay_core::{Transport, TransportError, TransportErrorKind};

tokio::task_local! {
    static DEADLINE: Deadline;
}

/// When a sending may leave: by both clocks, since a wall clock may be set and a process may be
/// suspended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// Not before the order id was first sent: an earlier clock was set back.
    pub(crate) from: Timestamp,
    /// Not from this moment on.
    pub(crate) until: Timestamp,
    /// The same by the monotonic clock.
    pub(crate) monotonic: Duration,
}

impl Deadline {
    /// The deadline of a sending that was written down at `at`, after the monotonic clock said
    /// `began`.
    pub(crate) fn new(from: Timestamp, at: Timestamp, until: Timestamp, began: Duration) -> Self {
        let left = until.duration_since(at).max(SignedDuration::ZERO);
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        Self { from, until, monotonic: began.saturating_add(left) }
    }

    fn has_passed(&self, time: &dyn Time) -> bool {
        let now = time.now();
        now < self.from || now >= self.until || time.monotonic() >= self.monotonic
    }

    /// Runs a call under the deadline.
    pub(crate) async fn hold<T>(self, call: impl Future<Output = T>) -> T {
        DEADLINE.scope(self, call).await
    }
}

/// A [`Transport`] that refuses a sending of the journal whose time is over, after it was signed and
/// before its first byte leaves. Every adapter that the journal sends through must have it.
///
/// A worker that was suspended for longer than its lease wakes up here. Look-ups and calls from
/// outside the journal have no deadline.
#[derive(Debug)]
pub struct DeadlineTransport {
    transport: Arc<dyn Transport>,
    time: Arc<dyn Time>,
}

impl DeadlineTransport {
    /// Wraps a transport.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, time: Arc<dyn Time>) -> Self {
        Self { transport, time }
    }
}

#[async_trait]
impl Transport for DeadlineTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let deadline = DEADLINE.try_with(|deadline| *deadline).ok();
        if deadline.is_some_and(|deadline| deadline.has_passed(&*self.time)) {
            let why = "the time in which this sending may leave is over";
            return Err(TransportError::new(TransportErrorKind::NotSent, why));
        }
        self.transport.send(request).await
    }
}
