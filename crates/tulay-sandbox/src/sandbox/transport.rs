//! Reaches a sandbox without a socket.

use super::front::Front;
use crate::kit::Reply;
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use std::sync::{Arc, Weak};
use tulay_core::{Transport, TransportError, TransportErrorKind};

const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

#[derive(Debug)]
pub(crate) struct InProcess(Weak<Front>);

impl InProcess {
    pub(crate) fn new(front: &Arc<Front>) -> Self {
        Self(Arc::downgrade(front))
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let failed = |kind, why: &str| Err(TransportError::new(kind, why));
        let Some(front) = self.0.upgrade() else {
            return failed(TransportErrorKind::NotSent, "the sandbox has stopped");
        };
        let scheme = request.uri().scheme_str().unwrap_or_default();
        let authority = request.uri().authority().map_or("", |authority| authority.as_str());
        if format!("{scheme}://{authority}") != front.origin() {
            return failed(TransportErrorKind::NotSent, "this address is not the sandbox's");
        }
        match front.reply(request).await {
            Reply::Answer(answer) => Ok(answer),
            Reply::Delayed(delay, answer) => {
                front.simulation().pass(delay.min(PATIENCE)).await;
                if delay > PATIENCE {
                    return failed(TransportErrorKind::Timeout, "the response took too long");
                }
                Ok(answer)
            }
            Reply::Lost => failed(
                TransportErrorKind::Interrupted,
                "the connection was closed without a response",
            ),
            Reply::HalfAnswer(_) => {
                failed(TransportErrorKind::Interrupted, "the response was cut short")
            }
        }
    }
}
