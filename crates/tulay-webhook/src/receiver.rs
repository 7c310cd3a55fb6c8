//! From a request that was read to its acknowledgement.

use crate::{
    endpoint::{Endpoint, names, plain},
    inbox::{Inbox, Kept, Received},
    limits::Limits,
    verdict::{Counters, Verdict, Verdicts},
};
use bytes::Bytes;
use http::{HeaderMap, Response, Uri, header};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tulay_core::{Provider, ProviderId, WebhookRequest};

/// Receives notifications, whatever the web framework: verifies the bytes, stores what verified, and
/// then acknowledges in the provider's own words.
///
/// The path names the provider and the operation: `/notify/starpay/payout`, or
/// `/notify/starpay/PART/payout` where the address has a part of its own. What stands before the
/// provider's name does not matter.
///
/// A web application mounts [`WebhookService`](crate::WebhookService), which also keeps the limits.
#[derive(Debug)]
pub struct Receiver {
    endpoints: Vec<Arc<Endpoint>>,
    /// Of requests whose path names no provider.
    not_found: Counters,
    inbox: Arc<dyn Inbox>,
}

impl Receiver {
    /// A receiver for these providers. Those that do not notify have no address.
    #[must_use]
    pub fn new(
        providers: impl IntoIterator<Item = Arc<dyn Provider>>,
        inbox: Arc<dyn Inbox>,
    ) -> Self {
        let endpoints = providers.into_iter().filter_map(Endpoint::new).map(Arc::new).collect();
        Self { endpoints, not_found: Counters::default(), inbox }
    }

    /// Receives one POST request and returns the response to give. It must run in a Tokio runtime.
    ///
    /// A message that verified is stored even if the returned future is dropped.
    ///
    /// ```
    /// use tulay_core::WebhookRequest;
    /// use tulay_webhook::Receiver;
    /// async fn receive(
    ///     receiver: &Receiver,
    ///     request: http::Request<bytes::Bytes>,
    /// ) -> http::Response<bytes::Bytes> {
    ///     let (head, body) = request.into_parts();
    ///     receiver.receive(&WebhookRequest::new(head.uri, head.headers, body)).await
    /// }
    /// ```
    pub async fn receive(&self, request: &WebhookRequest) -> Response<Bytes> {
        let Some(endpoint) = self.endpoint(&request.target) else { return self.no_such_path() };
        match check_content(&request.headers) {
            _ if request.body.len() > Limits::default().largest_body => {
                endpoint.conclude(Verdict::TooLarge)
            }
            Ok(()) => self.store(endpoint, request, None).await,
            Err(verdict) => endpoint.conclude(verdict),
        }
    }

    /// How often each verdict was reached.
    #[must_use]
    pub fn verdicts(&self) -> Verdicts {
        let mut all = self.not_found.snapshot();
        self.endpoints.iter().for_each(|endpoint| all.add(&endpoint.counters.snapshot()));
        all
    }

    /// The same for each provider that notifies.
    pub fn verdicts_by_provider(&self) -> impl Iterator<Item = (&ProviderId, Verdicts)> {
        self.endpoints.iter().map(|each| (each.provider.id(), each.counters.snapshot()))
    }

    /// The provider's side that a path leads to.
    pub(crate) fn endpoint(&self, target: &Uri) -> Option<&Arc<Endpoint>> {
        names(target).find_map(|name| {
            self.endpoints.iter().find(|endpoint| endpoint.provider.id().as_str() == name)
        })
    }

    /// 404 without another word.
    pub(crate) fn no_such_path(&self) -> Response<Bytes> {
        self.not_found.count(Verdict::NotFound);
        plain(Verdict::NotFound)
    }

    /// Verifies, stores, acknowledges. The permit is given back once the message is stored.
    pub(crate) async fn store(
        &self,
        endpoint: &Arc<Endpoint>,
        request: &WebhookRequest,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Response<Bytes> {
        if request.body.is_empty() {
            return endpoint.conclude(Verdict::Incomplete);
        }
        let verified = match endpoint.open(request) {
            Ok(verified) if verified.get().is_empty() => {
                return endpoint.conclude(Verdict::Unreadable);
            }
            Ok(verified) => verified,
            Err(verdict) => return endpoint.conclude(verdict),
        };
        let account = endpoint.provider.merchant_account().clone();
        let (target, body) = (request.target.clone(), request.body.clone());
        let received = Received::new(account, verified, target, body);
        let (inbox, counted) = (Arc::clone(&self.inbox), Arc::clone(endpoint));
        // A task of its own: a client that goes away interrupts no commit.
        let stored = tokio::spawn(async move {
            let kept = inbox.keep(received).await;
            drop(permit);
            let verdict = match kept {
                Ok(Kept::New) => Verdict::Stored,
                Ok(Kept::Known) => Verdict::Known,
                Err(error) => {
                    tracing::warn!(provider = %counted.provider.id(), "{error}");
                    Verdict::NotStored
                }
            };
            counted.count(verdict);
            verdict
        });
        match stored.await {
            Ok(verdict) => endpoint.response(verdict),
            Err(_) => endpoint.conclude(Verdict::NotStored),
        }
    }
}

/// Refuses a body that is compressed, which could expand without limit, or that is not JSON. One whose
/// head does not say what it is may be JSON.
pub(crate) fn check_content(headers: &HeaderMap) -> Result<(), Verdict> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let fits = match (types.next(), types.next()) {
        (None, _) => true,
        (Some(content), None) => content.to_str().is_ok_and(is_json),
        _ => false,
    };
    match fits && !headers.contains_key(header::CONTENT_ENCODING) {
        true => Ok(()),
        false => Err(Verdict::WrongContent),
    }
}

/// `application/json`, with any parameters.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}
