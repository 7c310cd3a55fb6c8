//! One provider's side of the endpoint.

use crate::verdict::{Counters, Verdict};
use bytes::Bytes;
use http::{HeaderValue, Response, Uri, header};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};
use tulay_core::{
    ErrorKind, Handling, Notification, Operation, Provider, Verified, WebhookRequest,
};

/// What an address may be for. Where an account has one address for everything, that is `events`.
const ENDS: [&str; 5] = [
    Operation::Payout.as_str(),
    Operation::Collection.as_str(),
    Operation::StaticCode.as_str(),
    Operation::Refund.as_str(),
    "events",
];

/// A provider that notifies, and what became of the requests in its name.
pub(crate) struct Endpoint {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) counters: Counters,
    /// What the configuration does not allow is logged once: anyone can send a request.
    is_warned: AtomicBool,
}

impl Endpoint {
    /// `None` for a provider that does not notify.
    pub(crate) fn new(provider: Arc<dyn Provider>) -> Option<Self> {
        provider.roles().webhooks?;
        Some(Self { provider, counters: Counters::default(), is_warned: AtomicBool::new(false) })
    }

    /// Verifies and reads a message.
    pub(crate) fn open(
        &self,
        request: &WebhookRequest,
    ) -> Result<Verified<Vec<Notification>>, Verdict> {
        let webhooks = self.provider.roles().webhooks.ok_or(Verdict::NotFound)?;
        webhooks.open(request).map_err(|error| match error.kind() {
            ErrorKind::Signature => Verdict::BadSignature,
            ErrorKind::Mismatch | ErrorKind::Unrelated => Verdict::OtherAccount,
            // It is read once the configuration allows it: the provider sends it again until then.
            ErrorKind::Unsupported | ErrorKind::Configuration => {
                if !self.is_warned.swap(true, Relaxed) {
                    tracing::warn!(provider = %self.provider.id(), "{error}");
                }
                Verdict::NotStored
            }
            _ => Verdict::Unreadable,
        })
    }

    /// Counts a verdict and answers as the provider expects.
    pub(crate) fn conclude(&self, verdict: Verdict) -> Response<Bytes> {
        self.count(verdict);
        self.response(verdict)
    }

    /// Content is not logged: anything may stand in what did not verify.
    pub(crate) fn count(&self, verdict: Verdict) {
        self.counters.count(verdict);
        let (provider, verdict) = (self.provider.id(), verdict.as_str());
        tracing::debug!(%provider, verdict, "request to the webhook");
    }

    pub(crate) fn response(&self, verdict: Verdict) -> Response<Bytes> {
        let handling = match verdict {
            Verdict::Stored | Verdict::Known => Handling::Stored,
            Verdict::BadSignature | Verdict::OtherAccount | Verdict::Unreadable => {
                Handling::Rejected
            }
            Verdict::NotStored | Verdict::Overloaded => Handling::Busy,
            _ => return plain(verdict),
        };
        match self.provider.roles().webhooks {
            Some(webhooks) => webhooks.acknowledge(handling),
            None => plain(verdict),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.provider.id())
    }
}

/// The names that may be the provider's, nearest first: `/notify/NAME/payout`, or
/// `/notify/NAME/PART/payout` where the address has a part of its own.
pub(crate) fn names(target: &Uri) -> impl Iterator<Item = &str> {
    let mut parts = target.path().trim_end_matches('/').rsplit('/');
    let is_known = parts.next().is_some_and(|end| ENDS.contains(&end));
    parts.take(if is_known { 2 } else { 0 })
}

/// A response without a body.
pub(crate) fn plain(verdict: Verdict) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = verdict.status();
    if verdict == Verdict::WrongMethod {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}
