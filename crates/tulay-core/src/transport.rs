//! The HTTP transport, and whether a request may have left.

use async_trait::async_trait;
use bytes::Bytes;
use std::{error, fmt};

/// Sends requests. Every HTTP status is a response; an error means that there was none.
///
/// # Rules for implementations
/// One call is one request on the wire: no retry, no redirect. `NotSent` is returned only when no
/// byte of the request left.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request.
    ///
    /// # Errors
    /// When there was no complete response; the kind says whether the request may have left.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

/// Why there was no response.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// What may have left.
    pub kind: TransportErrorKind,
    /// The cause, which must hold neither headers nor bodies.
    pub source: Box<dyn error::Error + Send + Sync>,
}

impl TransportError {
    /// A failure of a kind, and its cause.
    #[must_use]
    pub fn new(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind, source: source.into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::NotSent => "nothing was sent",
            TransportErrorKind::Timeout => "no answer in time",
            TransportErrorKind::Interrupted => "the answer was lost",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// Whether a request may have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an effect follows from each")]
pub enum TransportErrorKind {
    /// No byte of it did.
    NotSent,
    /// It may have, and time ran out.
    Timeout,
    /// It may have, and the exchange broke off.
    Interrupted,
}
