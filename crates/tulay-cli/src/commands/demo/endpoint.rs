//! The demo's webhook endpoint: the one of every application, at a port of its own.

use crate::error::CliError;
use async_trait::async_trait;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use tulay::{
    OrderId, Tulay,
    webhook::{
        Authenticity, Inbox, InboxError, Kept, Notification, Received, Receiver, WebhookService,
        serve,
    },
};

/// How long a notification may take that is on its way already.
const PATIENCE: Duration = Duration::from_secs(10);

/// An address at which notifications arrive once it is open.
pub(super) struct Address {
    listener: TcpListener,
    /// The address below which each provider has its own.
    pub(super) public_url: String,
}

/// Takes notifications until it is dropped.
#[derive(Debug)]
pub(super) struct Endpoint {
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

/// The journal's inbox, and what arrived: the report shows that.
#[derive(Debug)]
struct Seen {
    journal: Arc<dyn Inbox>,
    notifications: Mutex<Vec<(Notification, Authenticity)>>,
    arrived: Notify,
}

impl Address {
    /// A free port of this machine.
    pub(super) async fn new() -> Result<Self, CliError> {
        let failed = |error: std::io::Error| {
            CliError::could_not_run("webhook", format!("no port can be listened at: {error}"))
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, public_url: format!("http://{address}/notify") })
    }

    /// Takes notifications, verified by the adapters of `tulay`, into its journal.
    pub(super) fn open(self, tulay: &Tulay) -> Endpoint {
        let (journal, notifications) = (tulay.inbox(), Mutex::default());
        let seen = Arc::new(Seen { journal, notifications, arrived: Notify::new() });
        let receiver = Receiver::new(tulay.providers().cloned(), Arc::clone(&seen) as _);
        let service = WebhookService::new(Arc::new(receiver));
        let task = tokio::spawn(serve(self.listener, service, std::future::pending()));
        Endpoint { seen, task }
    }
}

impl Endpoint {
    /// The notifications of an order: waits for a final one, and returns those that arrived if that
    /// takes too long.
    pub(super) async fn notifications(
        &self,
        order_id: &OrderId,
        is_final: impl Fn(&Notification) -> bool,
    ) -> Vec<(Notification, Authenticity)> {
        let wait = async {
            loop {
                let arrived = self.seen.arrived.notified();
                if self.seen.of(order_id).iter().any(|(event, _)| is_final(event)) {
                    return;
                }
                arrived.await;
            }
        };
        // After the time-out, the notifications so far are returned.
        let _ = tokio::time::timeout(PATIENCE, wait).await;
        self.seen.of(order_id)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    fn of(&self, order_id: &OrderId) -> Vec<(Notification, Authenticity)> {
        let all = self.notifications.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(event, _)| event.order_id() == Some(order_id)).cloned().collect()
    }
}

#[async_trait]
impl Inbox for Seen {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        let verified = received.verified.clone();
        let kept = self.journal.keep(received).await?;
        if kept == Kept::New {
            let authenticity = verified.authenticity();
            let events = verified.into_inner().into_iter().map(|event| (event, authenticity));
            self.notifications.lock().unwrap_or_else(PoisonError::into_inner).extend(events);
            self.arrived.notify_waiters();
        }
        Ok(kept)
    }
}
