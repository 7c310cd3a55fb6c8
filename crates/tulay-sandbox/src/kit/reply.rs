//! What becomes of a request.

use bytes::Bytes;
use http::Response;
use jiff::SignedDuration;

/// What a simulated provider makes of one request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// An answer, at once.
    Answer(Response<Bytes>),
    /// An answer after a while of the sandbox's clock. A manual clock is moved by that much, as
    /// the caller waits.
    Delayed(SignedDuration, Response<Bytes>),
    /// No answer: the connection is closed.
    Lost,
    /// An answer of which half the body is sent before the connection is closed.
    HalfAnswer(Response<Bytes>),
}
