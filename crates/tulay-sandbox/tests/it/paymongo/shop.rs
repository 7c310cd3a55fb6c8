//! A merchant of the simulated PayMongo, with its own idea of how to ask and what a signature is.

use crate::shop::Receiver;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http::{Request, Response};
use jiff::SignedDuration;
use rsa::sha2::Sha256;
use serde_json::{Value, json};
use std::sync::Arc;
use tulay_core::{Transport, TransportErrorKind};
use tulay_sandbox::{
    Sandbox, SandboxBuilder,
    kit::Faults,
    paymongo::{
        DEMO_ORGANIZATION, DEMO_SECRET_KEY, DEMO_WALLET_NAME, DEMO_WALLET_NUMBER,
        DEMO_WEBHOOK_SECRET,
    },
};

pub(crate) const INTENTS: &str = "/v1/payment_intents";
pub(crate) const METHODS: &str = "/v1/payment_methods";
pub(crate) const REFUNDS: &str = "/v1/refunds";
pub(crate) const BATCHES: &str = "/v2/batch_transfers";

pub(crate) const NOTIFY_URL: &str = "http://127.0.0.1:8300/notify/paymongo";
pub(crate) const PHONE: &str = "+639171234567";
pub(crate) const ACCOUNT: &str = "09171234567";

/// PHP 100.00 by QR Ph and wallets.
pub(crate) fn intent(name: &str) -> Value {
    json!({
        "amount": 10_000,
        "currency": "PHP",
        "payment_method_allowed": ["qrph", "gcash", "paymaya", "grab_pay"],
        "description": "Order",
        "metadata": { "reference_number": name },
    })
}

pub(crate) fn method(kind: &str, phone: &str) -> Value {
    json!({
        "type": kind,
        "billing": { "name": "Ana Santos", "email": "ana@example.com", "phone": phone },
    })
}

/// PHP 12.50 to GCash by InstaPay.
pub(crate) fn transfer(name: &str, account: &str) -> Value {
    json!({
        "source_account": {
            "number": DEMO_WALLET_NUMBER,
            "name": DEMO_WALLET_NAME,
            "bic": "PAEYPHM2XXX",
        },
        "destination_account": { "number": account, "name": "Ana Santos", "bic": "GXCHPHM2XXX" },
        "amount": 1_250,
        "currency": "PHP",
        "provider": "instapay",
        "purpose": "salary",
        "reference_number": name,
    })
}

pub(crate) fn batch(transfer: &Value) -> Value {
    json!({ "transfers": [transfer] })
}

/// The same with a member changed, or left out by null.
pub(crate) fn with(mut value: Value, name: &str, member: impl Into<Value>) -> Value {
    let members = value.as_object_mut().unwrap();
    match member.into() {
        Value::Null => drop(members.remove(name)),
        member => drop(members.insert(name.into(), member)),
    }
    value
}

/// The code of each error.
pub(crate) fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("no rejection: {answer}"));
    errors.iter().map(|error| error["code"].as_str().unwrap()).collect()
}

/// A sandbox under a manual clock and without sockets, and its merchant.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) receiver: Arc<Receiver>,
    transport: Arc<dyn Transport>,
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
        sandbox.notify_at("paymongo", DEMO_ORGANIZATION, NOTIFY_URL.parse().unwrap()).unwrap();
        let transport = sandbox.transport();
        Self { sandbox, receiver, transport }
    }

    /// A request of a merchant with this key.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: impl Into<Bytes>,
    ) -> Request<Bytes> {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.sandbox.base_url("paymongo").unwrap()))
            .header("authorization", format!("Basic {}", STANDARD.encode(format!("{key}:"))))
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap()
    }

    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        self.transport.send(request).await.map_err(|error| error.kind)
    }

    /// HTTP status and answer.
    pub(crate) async fn answer(&self, request: Request<Bytes>) -> (u16, Value) {
        let answer = self.send(request).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/json;charset=UTF-8");
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
    }

    /// Sends attributes in their envelope.
    pub(crate) async fn post(&self, path: &str, attributes: &Value) -> (u16, Value) {
        let body = json!({ "data": { "attributes": attributes } }).to_string();
        self.answer(self.request("POST", path, DEMO_SECRET_KEY, body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.answer(self.request("GET", path, DEMO_SECRET_KEY, "")).await
    }

    /// What a request makes, which is not rejected.
    pub(crate) async fn made(&self, path: &str, attributes: &Value) -> Value {
        let (status, answer) = self.post(path, attributes).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"].clone()
    }

    /// The attributes of a resource, which is there.
    pub(crate) async fn found(&self, path: &str) -> Value {
        let (status, answer) = self.get(path).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["attributes"].clone()
    }

    pub(crate) async fn attach(&self, intent: &str, method: &str) -> (u16, Value) {
        let attributes = json!({
            "payment_method": method,
            "return_url": "https://shop.example.com/thanks",
        });
        self.post(&format!("{INTENTS}/{intent}/attach"), &attributes).await
    }

    /// An intent that a payer is shown, by its id, and its next action.
    pub(crate) async fn shown(&self, name: &str, kind: &str, phone: &str) -> (String, Value) {
        let made = self.made(INTENTS, &intent(name)).await;
        let method = self.made(METHODS, &method(kind, phone)).await;
        let id = made["id"].as_str().unwrap().to_owned();
        let (status, answer) = self.attach(&id, method["id"].as_str().unwrap()).await;
        assert_eq!(status, 200, "{answer}");
        (id, answer["data"]["attributes"]["next_action"].clone())
    }

    /// A payment that was made, by its id.
    pub(crate) async fn paid(&self, name: &str, kind: &str, phone: &str) -> String {
        let (id, _) = self.shown(name, kind, phone).await;
        self.sandbox.pay("paymongo", &id, None).unwrap().provider_reference
    }

    /// Sends a batch under a key.
    pub(crate) fn batch(&self, key: Option<&str>, body: &Value) -> Request<Bytes> {
        let mut request = self.request("POST", BATCHES, DEMO_SECRET_KEY, body.to_string());
        if let Some(key) = key {
            request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        }
        request
    }

    /// The only transfer of a batch that is accepted.
    pub(crate) async fn transferred(&self, key: &str, transfer: &Value) -> Value {
        let (status, answer) = self.answer(self.batch(Some(key), &batch(transfer))).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["transfers"][0].clone()
    }

    pub(crate) async fn transfer_state(&self, transfer: &Value) -> String {
        let path = format!("/v2/transfers/{}", transfer["id"].as_str().unwrap());
        self.get(&path).await.1["data"]["status"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn wallet(&self) -> i64 {
        self.get("/v2/wallets").await.1["data"][0]["balance"]["available"].as_i64().unwrap()
    }

    pub(crate) async fn advance(&self, by: &str) {
        self.sandbox.advance(by.parse::<SignedDuration>().unwrap()).await;
    }

    pub(crate) fn faults(&self, faults: Faults) {
        self.sandbox.set_faults("paymongo", faults).unwrap();
    }

    /// What the events said, each verified.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.receiver.received().iter().map(|request| opened(request).1).collect()
    }

    pub(crate) fn event_names(&self) -> Vec<String> {
        let name = |event: &Value| event["data"]["attributes"]["type"].as_str().unwrap().to_owned();
        self.events().iter().map(name).collect()
    }
}

/// The part that verified, and what an event says.
pub(crate) fn opened(request: &Request<Bytes>) -> (&'static str, Value) {
    let part = verified(request).expect("it does not verify");
    (part, serde_json::from_slice(request.body()).unwrap())
}

/// The part of the signature that is the right code, where the other is empty.
pub(crate) fn verified(request: &Request<Bytes>) -> Option<&'static str> {
    let header = request.headers()["paymongo-signature"].to_str().unwrap();
    let parts: Vec<_> = header.split(',').map(|part| part.split_once('=').unwrap()).collect();
    let [("t", t), ("te", te), ("li", li)] = parts[..] else { panic!("{header}") };
    let mut mac = Hmac::<Sha256>::new_from_slice(DEMO_WEBHOOK_SECRET.as_bytes()).unwrap();
    mac.update(&[t.as_bytes(), b".", request.body()].concat());
    let expected: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    match (te == expected, li == expected) {
        (true, false) if li.is_empty() => Some("te"),
        (false, true) if te.is_empty() => Some("li"),
        _ => None,
    }
}
