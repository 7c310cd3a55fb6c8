//! Bodies of answers, whole or cut off.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::{
    error, fmt,
    pin::Pin,
    task::{Context, Poll},
};

/// The body of an answer. A cut one announces all of its length and ends in the middle.
#[derive(Debug)]
pub(crate) struct AnswerBody {
    announced: usize,
    rest: Option<Bytes>,
    ending: Ending,
}

#[derive(Debug)]
enum Ending {
    Whole,
    /// The connection first has to write what it was given, so the cut comes a turn later.
    CutNextTurn,
    CutNow,
}

/// The server closes the connection on purpose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed;

impl AnswerBody {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { announced: bytes.len(), rest: Some(bytes), ending: Ending::Whole }
    }

    pub(crate) fn half(bytes: &Bytes) -> Self {
        let half = bytes.slice(..bytes.len() / 2);
        Self { announced: bytes.len(), rest: Some(half), ending: Ending::CutNextTurn }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::CutNextTurn => {
                self.ending = Ending::CutNow;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::CutNow => Poll::Ready(Some(Err(Closed))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.ending, Ending::Whole)
            && self.rest.as_ref().is_none_or(|rest| rest.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.announced).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed on purpose")
    }
}

impl error::Error for Closed {}
