//! The provider's clock, as its answers tell it.

use crate::error::CliError;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use std::sync::Mutex;
use tulay::adapter::{HttpSettings, HttpTransport, Transport, TransportError};

/// Sends like any transport, and keeps the `Date` of the last answer.
#[derive(Debug)]
pub(super) struct DateRecorder {
    transport: HttpTransport,
    last: Mutex<Option<Timestamp>>,
}

impl DateRecorder {
    pub(super) fn new() -> Result<Self, CliError> {
        let transport = HttpTransport::new(&HttpSettings::default());
        let transport = transport.map_err(|e| CliError::could_not_run("http", e.to_string()))?;
        Ok(Self { transport, last: Mutex::new(None) })
    }

    /// How far this clock is ahead of the provider's, a network's delay included; the header has
    /// whole seconds.
    pub(super) fn skew(&self, now: Timestamp) -> Option<SignedDuration> {
        let last = self.last.lock().ok().and_then(|last| *last)?;
        Some(now.duration_since(last))
    }
}

#[async_trait]
impl Transport for DateRecorder {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.transport.send(request).await?;
        let date = answer.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| rfc2822::parse(&date.replace("GMT", "+0000")).ok());
        if let (Some(date), Ok(mut last)) = (date, self.last.lock()) {
            *last = Some(date.timestamp());
        }
        Ok(answer)
    }
}
