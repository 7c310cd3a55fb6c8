//! A merchant of the simulated Starpay, with its own idea of how to sign.

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey, LineEnding},
    rand_core::OsRng,
    sha2::Sha256,
    signature::{RandomizedSigner, SignatureEncoding, Verifier},
};
use serde_json::{Value, value::RawValue};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, LazyLock, Mutex},
};
use tulay_core::{Transport, TransportError, TransportErrorKind};
use tulay_sandbox::{
    Sandbox, SandboxBuilder,
    kit::{Faults, NotificationRecord},
    starpay::{DEMO_MERCHANT_ID, DEMO_MERCHANT_PRIVATE_KEY, PLATFORM_PUBLIC_KEY},
};

pub(crate) const DISBURSE: &str = "/v1/disburse";
pub(crate) const QUERY: &str = "/v1/disburse/query";
pub(crate) const RECEIVERS: &str = "/v1/disburse/query/receivers";
pub(crate) const BALANCE: &str = "/v1/disburse/inquireBalance";

pub(crate) const NOTIFY_URL: &str = "http://127.0.0.1:8300/notify/starpay/payout";

static DEMO_KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::from_pkcs8_pem(DEMO_MERCHANT_PRIVATE_KEY).unwrap());

/// A second key, which is not the demo merchant's.
pub(crate) static OTHER_KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap());

pub(crate) fn public_pem(key: &RsaPrivateKey) -> String {
    key.to_public_key().to_public_key_pem(LineEnding::LF).unwrap()
}

pub(crate) fn sign(key: &RsaPrivateKey, text: &str) -> String {
    let key = SigningKey::<Sha256>::new(key.clone());
    STANDARD.encode(key.sign_with_rng(&mut OsRng, text.as_bytes()).to_bytes())
}

pub(crate) fn verifies(text: &str, signature: &str) -> bool {
    let key = RsaPublicKey::from_public_key_pem(PLATFORM_PUBLIC_KEY).unwrap();
    let signature = STANDARD.decode(signature).unwrap();
    let signature = Signature::try_from(signature.as_slice()).unwrap();
    VerifyingKey::<Sha256>::new(key).verify(text.as_bytes(), &signature).is_ok()
}

/// Cuts the signed text out of an object-shaped message and verifies it.
pub(crate) fn opened(member: &str, body: &[u8]) -> (String, Value) {
    let envelope: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body).unwrap();
    let text = envelope[member].get().to_owned();
    let signature: String = serde_json::from_str(envelope["signature"].get()).unwrap();
    assert!(verifies(&text, &signature), "{text}");
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

/// The members of a disbursement, in the order of the vendor's sample, as JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Members(pub(crate) Vec<(&'static str, String)>);

impl Members {
    pub(crate) fn with(mut self, name: &'static str, json: impl Into<String>) -> Self {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, value)) => *value = json.into(),
            None => self.0.push((name, json.into())),
        }
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn text(&self) -> String {
        let members: Vec<_> =
            self.0.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// A disbursement of PHP 12.50 to GCash that is notified.
pub(crate) fn disbursement(message_id: &str, account: &str) -> Members {
    Members(vec![
        ("msgId", format!("\"{message_id}\"")),
        ("mchId", format!("\"{DEMO_MERCHANT_ID}\"")),
        ("acctNo", format!("\"{account}\"")),
        ("acctName", "\"Ana\"".into()),
        ("acctLastName", "\"Peña\"".into()),
        ("receivingBank", "\"GCash\"".into()),
        ("trxAmount", "\"1250\"".into()),
        ("currency", "\"PHP\"".into()),
        ("service", "\"pay.starpay.instapay.disburse\"".into()),
        ("notifyUrl", format!("\"{NOTIFY_URL}\"")),
    ])
}

pub(crate) fn query(message_id: &str, original: &str) -> Members {
    Members(vec![
        ("mchId", format!("\"{DEMO_MERCHANT_ID}\"")),
        ("msgId", format!("\"{message_id}\"")),
        ("originalMsgId", format!("\"{original}\"")),
        ("service", "\"unified.disburse.query\"".into()),
    ])
}

pub(crate) fn reading(message_id: &str, service: &str) -> Members {
    Members(vec![
        ("mchId", format!("\"{DEMO_MERCHANT_ID}\"")),
        ("msgId", format!("\"{message_id}\"")),
        ("service", format!("\"{service}\"")),
    ])
}

/// A sandbox under a manual clock and without sockets, and its merchant.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) receiver: Arc<Receiver>,
    transport: Arc<dyn Transport>,
    queries: Mutex<u32>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(|builder| builder).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let receiver = Arc::new(Receiver::default());
        let builder = Sandbox::builder()
            .offline()
            .manual_clock("2026-11-20T01:00:00Z".parse().unwrap())
            .notify_through(Arc::clone(&receiver) as Arc<dyn Transport>);
        let sandbox = change(builder).start().await.unwrap();
        let transport = sandbox.transport();
        Self { sandbox, receiver, transport, queries: Mutex::default() }
    }

    /// Sends bytes as they are.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        let request = Request::post(format!("{}{path}", self.sandbox.base_url("starpay").unwrap()))
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        self.transport.send(request).await.map_err(|error| error.kind)
    }

    /// Sends a request that the demo merchant signed.
    pub(crate) async fn send(
        &self,
        path: &str,
        members: &Members,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        self.post(path, signed(&members.text())).await
    }

    /// Sends a request that the demo merchant signed and opens the genuine answer.
    pub(crate) async fn call(&self, path: &str, members: &Members) -> Value {
        let answer = self.send(path, members).await.unwrap();
        assert_eq!(answer.status(), 200);
        opened("response", answer.body()).1
    }

    pub(crate) async fn code(&self, path: &str, members: &Members) -> String {
        self.call(path, members).await["code"].as_str().unwrap().to_owned()
    }

    /// How an order stands by a query of its own.
    pub(crate) async fn found(&self, order_id: &str) -> Value {
        let number = {
            let mut queries = self.queries.lock().unwrap();
            *queries += 1;
            *queries
        };
        self.call(QUERY, &query(&format!("QRY{number}"), order_id)).await
    }

    pub(crate) async fn state(&self, order_id: &str) -> String {
        self.found(order_id).await["trxState"].as_str().unwrap_or("none").to_owned()
    }

    pub(crate) async fn balance(&self) -> i64 {
        let number = self.receiver.received().len();
        let message_id = format!("BAL{number}T{}", self.sandbox.ledger().movements().len());
        let asked = reading(&message_id, "unified.disburse.inquireBalance");
        self.call(BALANCE, &asked).await["balance"].as_i64().unwrap()
    }

    pub(crate) async fn advance(&self, by: &str) {
        self.sandbox.advance(by.parse::<SignedDuration>().unwrap()).await;
    }

    pub(crate) fn faults(&self, faults: Faults) {
        self.sandbox.set_faults("starpay", faults).unwrap();
    }

    pub(crate) fn only_notification(&self) -> NotificationRecord {
        let mut records = self.sandbox.notifications();
        assert_eq!(records.len(), 1);
        records.remove(0)
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let content_type =
            if path.contains("/merchants/") { "text/plain" } else { "application/json" };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.sandbox.origin()))
            .header("content-type", content_type)
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        let answer = self.transport.send(request).await.unwrap();
        let value = serde_json::from_slice(answer.body())
            .unwrap_or_else(|_| String::from_utf8_lossy(answer.body()).into());
        (answer.status().as_u16(), value)
    }
}

/// An envelope around a text that the demo merchant signs as it is.
pub(crate) fn signed(text: &str) -> String {
    enveloped(text, &sign(&DEMO_KEY, text))
}

pub(crate) fn enveloped(text: &str, signature: &str) -> String {
    format!("{{\"request\":{text},\"signature\":\"{signature}\"}}")
}

/// Takes notifications: gives the answers that were set, and then acknowledges.
#[derive(Debug, Default)]
pub(crate) struct Receiver {
    answers: Mutex<VecDeque<(u16, &'static str)>>,
    received: Mutex<Vec<Request<Bytes>>>,
}

impl Receiver {
    pub(crate) fn answer_first(&self, answers: impl IntoIterator<Item = (u16, &'static str)>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Answers so from the next one on, before the answers that were set earlier.
    pub(crate) fn answer_now(&self, answers: impl IntoIterator<Item = (u16, &'static str)>) {
        let mut answers_left = self.answers.lock().unwrap();
        let later = std::mem::take(&mut *answers_left);
        answers_left.extend(answers);
        answers_left.extend(later);
    }

    pub(crate) fn received(&self) -> Vec<Request<Bytes>> {
        self.received.lock().unwrap().clone()
    }

    /// What the notifications said, each verified.
    pub(crate) fn notices(&self) -> Vec<Value> {
        self.received().iter().map(|request| opened("request", request.body()).1).collect()
    }
}

#[async_trait]
impl Transport for Receiver {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.received.lock().unwrap().push(request);
        let next = self.answers.lock().unwrap().pop_front();
        let (status, body) = next.unwrap_or((200, r#"{"code":"200","message":"success"}"#));
        if status == 0 {
            return Err(TransportError::new(TransportErrorKind::Timeout, "nobody answers"));
        }
        Ok(Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap())
    }
}
