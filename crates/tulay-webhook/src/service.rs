//! The endpoint as a service of tower.

use crate::{
    limits::Limits,
    receiver::{Receiver, check_content},
    verdict::Verdict,
};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use std::{
    convert::Infallible,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{sync::Semaphore, time::timeout};
use tower::Service;
use tulay_core::WebhookRequest;

/// The endpoint that providers notify, for anything on tower. Clones share its limits.
///
/// It takes POST requests alone, reads them within its [`Limits`], and hands them to the
/// [`Receiver`]. It never fails: whatever is wrong with a request is a response.
///
/// In axum, at any place whose path ends as [`Receiver`] says:
///
/// ```
/// use axum::{Router, routing::get};
/// use tulay_webhook::WebhookService;
/// fn application(webhook: WebhookService) -> Router {
///     let application: Router = Router::new().route("/", get(|| async { "the shop" }));
///     application.nest_service("/notify", webhook)
/// }
/// ```
///
/// In hyper, `serve_connection(io, TowerToHyperService::new(webhook))`, or [`serve`](crate::serve).
#[derive(Clone, Debug)]
pub struct WebhookService {
    receiver: Arc<Receiver>,
    limits: Limits,
    in_flight: Arc<Semaphore>,
}

impl WebhookService {
    /// The endpoint of a receiver, with the usual limits.
    #[must_use]
    pub fn new(receiver: Arc<Receiver>) -> Self {
        Self::with_limits(receiver, Limits::default())
    }

    /// The endpoint of a receiver, with limits of its own.
    #[must_use]
    pub fn with_limits(receiver: Arc<Receiver>, mut limits: Limits) -> Self {
        limits.in_flight = limits.in_flight.min(Semaphore::MAX_PERMITS);
        Self { receiver, limits, in_flight: Arc::new(Semaphore::new(limits.in_flight)) }
    }

    /// What it hands requests to; it counts them.
    #[must_use]
    pub const fn receiver(&self) -> &Arc<Receiver> {
        &self.receiver
    }

    /// Its limits.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Answers one request.
    pub async fn respond<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body,
    {
        self.answer(request).await.map(Full::new)
    }

    /// Waits until no request is being read or stored. Requests of clients that went away count. Call
    /// it after the last connection is closed, before the database is.
    ///
    /// Dropping the returned future changes nothing.
    pub async fn idle(&self) {
        let all = u32::try_from(self.limits.in_flight).unwrap_or(u32::MAX);
        // It is never closed, so that nothing fails here.
        let _ = self.in_flight.acquire_many(all).await;
    }

    async fn answer<B: Body>(&self, request: Request<B>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let Some(endpoint) = self.receiver.endpoint(&head.uri) else {
            return self.receiver.no_such_path();
        };
        if head.method != Method::POST {
            return endpoint.conclude(Verdict::WrongMethod);
        }
        if let Err(verdict) = check_content(&head.headers) {
            return endpoint.conclude(verdict);
        }
        let Ok(permit) = Arc::clone(&self.in_flight).try_acquire_owned() else {
            return endpoint.conclude(Verdict::Overloaded);
        };
        let body = timeout(self.limits.body_deadline, read(body, self.limits.largest_body)).await;
        match body.unwrap_or(Err(Verdict::TimedOut)) {
            Ok(body) => {
                let request = WebhookRequest::new(path_and_query(head.uri), head.headers, body);
                self.receiver.store(endpoint, &request, Some(permit)).await
            }
            Err(verdict) => endpoint.conclude(verdict),
        }
    }
}

impl<B> Service<Request<B>> for WebhookService
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Send,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.respond(request).await) })
    }
}

/// Reads a body into one piece. Memory is taken as the bytes arrive, whatever the head announced.
async fn read<B: Body>(body: B, largest: usize) -> Result<Bytes, Verdict> {
    if body.size_hint().lower() > u64::try_from(largest).unwrap_or(u64::MAX) {
        return Err(Verdict::TooLarge);
    }
    let mut body = pin!(body);
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(Verdict::Incomplete) };
        let Ok(data) = frame.into_data() else { continue };
        if data.remaining() > largest.saturating_sub(whole.len()) {
            return Err(Verdict::TooLarge);
        }
        whole.put(data);
    }
    Ok(whole.freeze())
}

/// Without the host, which some proxies write into the first line.
fn path_and_query(target: Uri) -> Uri {
    match target.path_and_query() {
        Some(path) if target.authority().is_some() => Uri::from(path.clone()),
        _ => target,
    }
}
