//! The provider's clock, as its answers tell it.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use std::sync::{Arc, Mutex};
use tulay::adapter::{Transport, TransportError};

/// The `Date` of the last answer.
#[derive(Debug, Default)]
pub(super) struct DateRecorder(Mutex<Option<Timestamp>>);

/// A transport whose answers are recorded.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) dates: Arc<DateRecorder>,
}

impl DateRecorder {
    /// How far this clock is ahead of the provider's, a network's delay included; the header has
    /// whole seconds.
    pub(super) fn skew(&self, now: Timestamp) -> Option<SignedDuration> {
        let last = self.0.lock().ok().and_then(|last| *last)?;
        Some(now.duration_since(last))
    }
}

#[async_trait]
impl Transport for Recorded {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.transport.send(request).await?;
        let date = answer.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| rfc2822::parse(&date.replace("GMT", "+0000")).ok());
        if let (Some(date), Ok(mut last)) = (date, self.dates.0.lock()) {
            *last = Some(date.timestamp());
        }
        Ok(answer)
    }
}
