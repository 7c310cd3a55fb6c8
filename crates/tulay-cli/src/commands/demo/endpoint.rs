//! The demo's webhook endpoint: each notification is verified by the provider's adapter.

use async_trait::async_trait;
use bytes::Bytes;
use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use tulay::{
    OrderId, ProviderExt, ProviderId, Tulay,
    adapter::{Transport, TransportError, TransportErrorKind},
    webhook::{Authenticity, Handling, Notification, WebhookRequest},
};

/// How long a notification may take that is on its way already.
const PATIENCE: Duration = Duration::from_secs(10);

/// The merchant's endpoint, without a socket.
#[derive(Debug, Default)]
pub(super) struct Endpoint {
    tulay: OnceLock<Arc<Tulay>>,
    seen: Mutex<Vec<(Notification, Authenticity)>>,
    arrived: Notify,
}

impl Endpoint {
    /// Verifies notifications from now on, by the adapters of `tulay`.
    pub(super) fn open(&self, tulay: &Arc<Tulay>) {
        let _ = self.tulay.set(Arc::clone(tulay));
    }

    /// The notifications of an order: waits for a final one, and returns those that arrived if that
    /// takes too long.
    pub(super) async fn notifications(
        &self,
        order_id: &OrderId,
        is_final: impl Fn(&Notification) -> bool,
    ) -> Vec<(Notification, Authenticity)> {
        let received = || {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let of_it = seen.iter().filter(|(event, _)| event.order_id() == Some(order_id));
            of_it.cloned().collect::<Vec<_>>()
        };
        let wait = async {
            loop {
                let arrived = self.arrived.notified();
                if received().iter().any(|(event, _)| is_final(event)) {
                    return;
                }
                arrived.await;
            }
        };
        // After the time-out, the notifications so far are returned.
        let _ = tokio::time::timeout(PATIENCE, wait).await;
        received()
    }

    fn receive(&self, raw: &WebhookRequest) -> Option<http::Response<Bytes>> {
        let tulay = self.tulay.get()?;
        // The provider's name stands in front of the operation and, with a webhook key, of the part
        // that the key makes.
        let mut path = raw.target.path().rsplit('/').skip(1);
        let provider = path.find_map(|name| tulay.provider(&ProviderId::new(name).ok()?))?;
        let notifications = provider.webhooks().ok()?;
        let handling = match notifications.open(raw) {
            Ok(opened) => {
                let authenticity = opened.authenticity();
                let events = opened.into_inner().into_iter().map(|event| (event, authenticity));
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(events);
                self.arrived.notify_waiters();
                Handling::Stored
            }
            Err(_) => Handling::Rejected,
        };
        Some(notifications.acknowledge(handling))
    }
}

#[async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let raw = WebhookRequest::new(parts.uri, parts.headers, body);
        self.receive(&raw).ok_or_else(|| {
            TransportError::new(TransportErrorKind::NotSent, "no webhook endpoint has this address")
        })
    }
}
