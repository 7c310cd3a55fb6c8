//! A provider whose signature is a word, an inbox in memory, and a client that writes bytes.

use bytes::Bytes;
use http::{Response, StatusCode};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};
use tulay_core::{
    Environment, Error, ErrorKind, Handling, MerchantAccount, Notification, Observation, Operation,
    Provider, ProviderId, Result, Roles, Verified, WebhookRequest, Webhooks,
};
use tulay_webhook::{
    Inbox, InboxError, Kept, Limits, Received, Receiver, Verdict, WebhookService, serve,
};

/// A body that verifies.
pub(crate) const GENUINE: &str = r#"{"signed":true,"text":"Maria Dela Cruz"}"#;

/// The same, for another account.
pub(crate) const OF_ANOTHER: &str = r#"{"signed":true,"account":"another"}"#;

#[derive(Debug)]
pub(crate) struct Stub {
    id: ProviderId,
    account: MerchantAccount,
    notifies: bool,
}

impl Stub {
    pub(crate) fn notifying(name: &str) -> Arc<dyn Provider> {
        Self::build(name, true)
    }

    pub(crate) fn silent(name: &str) -> Arc<dyn Provider> {
        Self::build(name, false)
    }

    fn build(name: &str, notifies: bool) -> Arc<dyn Provider> {
        let account = MerchantAccount::new("stub", Environment::Sandbox, name, "127.0.0.1");
        Arc::new(Self { id: ProviderId::new(name).unwrap(), account, notifies })
    }
}

impl Provider for Stub {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        if self.notifies { Roles::none().webhooks(self) } else { Roles::none() }
    }
}

impl Webhooks for Stub {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        let error = |kind| Error::new(Operation::Notification, kind, "as the test says");
        if !raw.body.starts_with(b"{") {
            return Err(error(ErrorKind::Unexpected));
        }
        let verify = |body: &[u8]| match body.starts_with(br#"{"signed":true"#) {
            true => Ok(()),
            false => Err(error(ErrorKind::Signature)),
        };
        Verified::signed(&raw.body, verify, |body| self.read(&raw.target, body))
    }

    fn read(&self, _: &http::Uri, body: &[u8]) -> Result<Vec<Notification>> {
        if body == OF_ANOTHER.as_bytes() {
            let kind = ErrorKind::Mismatch;
            return Err(Error::new(Operation::Notification, kind, "as the test says"));
        }
        let observation = Observation::new("paid".to_owned());
        Ok(vec![Notification::Unmatched { observation, terminal: None }])
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (StatusCode::OK, "success"),
            Handling::Rejected => (StatusCode::UNAUTHORIZED, "no"),
            Handling::Busy => (StatusCode::SERVICE_UNAVAILABLE, "later"),
        };
        Response::builder().status(status).body(text.into()).unwrap()
    }
}

/// Keeps in memory. It can be slow, or down.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) kept: Mutex<Vec<Received>>,
    pub(crate) is_down: AtomicBool,
    /// Messages that began to be stored.
    pub(crate) begun: Semaphore,
    /// How many more may be stored.
    pub(crate) may_end: Semaphore,
}

impl Memory {
    pub(crate) fn new() -> Arc<Self> {
        Self::with_permits(Semaphore::MAX_PERMITS)
    }

    /// Stores nothing until [`may_end`](Self::may_end) has permits.
    pub(crate) fn blocked() -> Arc<Self> {
        Self::with_permits(0)
    }

    fn with_permits(permits: usize) -> Arc<Self> {
        Arc::new(Self {
            kept: Mutex::default(),
            is_down: AtomicBool::new(false),
            begun: Semaphore::new(0),
            may_end: Semaphore::new(permits),
        })
    }

    pub(crate) fn bodies(&self) -> Vec<Bytes> {
        self.kept.lock().unwrap().iter().map(|received| received.body.clone()).collect()
    }
}

#[async_trait::async_trait]
impl Inbox for Memory {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        self.begun.add_permits(1);
        self.may_end.acquire().await.unwrap().forget();
        if self.is_down.load(Ordering::Relaxed) {
            return Err(InboxError::new("the database is down"));
        }
        let mut kept = self.kept.lock().unwrap();
        let is_known = kept.iter().any(|known| known.body == received.body);
        if is_known {
            return Ok(Kept::Known);
        }
        kept.push(received);
        Ok(Kept::New)
    }
}

pub(crate) fn receiver(inbox: &Arc<Memory>) -> Arc<Receiver> {
    let inbox = Arc::clone(inbox) as Arc<dyn Inbox>;
    Arc::new(Receiver::new(
        [Stub::notifying("acme"), Stub::notifying("acme-2"), Stub::silent("mute")],
        inbox,
    ))
}

pub(crate) fn counted(receiver: &Receiver) -> Vec<(&'static str, u64)> {
    let all = receiver.verdicts();
    all.iter()
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| (verdict.as_str(), count))
        .collect()
}

pub(crate) fn count(receiver: &Receiver, verdict: Verdict) -> u64 {
    receiver.verdicts().get(verdict)
}

/// A server on loopback.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) service: WebhookService,
    pub(crate) inbox: Arc<Memory>,
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) ended: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(inbox: Arc<Memory>, limits: Limits) -> Self {
        let service = WebhookService::with_limits(receiver(&inbox), limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, service.clone(), async {
            let _ = stopped.await;
        });
        let ended = tokio::spawn(serving);
        Self { address, service, inbox, stop: Some(stop), ended }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Writes these bytes on a connection of their own; what comes back until it is closed.
    pub(crate) async fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // The server may close before it has read all.
        let _ = stream.write_all(bytes.as_ref()).await;
        rest(&mut stream).await
    }

    /// Writes these bytes and no more; what comes back until the connection is closed.
    pub(crate) async fn send_and_close(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        rest(&mut stream).await
    }

    pub(crate) fn count(&self, verdict: Verdict) -> u64 {
        count(self.service.receiver(), verdict)
    }
}

/// What is read until the connection is closed.
pub(crate) async fn rest(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    // A reset comes after the response.
    while let Ok(1..) = stream.read_buf(&mut read).await {}
    String::from_utf8_lossy(&read).into_owned()
}

/// A request that closes its connection.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

pub(crate) fn status(response: &str) -> &str {
    response.strip_prefix("HTTP/1.1 ").map_or(response, |rest| rest.split('\r').next().unwrap())
}

pub(crate) fn body(response: &str) -> &str {
    response.split_once("\r\n\r\n").unwrap().1
}
