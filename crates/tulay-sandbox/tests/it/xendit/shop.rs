//! A merchant of the simulated Xendit, with its own idea of how to write a request.

use crate::shop::Receiver;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use tulay_core::{Transport, TransportErrorKind};
use tulay_sandbox::{
    Sandbox, SandboxBuilder,
    kit::Faults,
    xendit::{
        DEMO_BUSINESS_ID, DEMO_IDR_BUSINESS_ID, DEMO_IDR_SECRET_KEY, DEMO_SECRET_KEY, Edition,
        Settings, Xendit,
    },
};

pub(crate) const PAYOUTS: &str = "/v2/payouts";
pub(crate) const REQUESTS: &str = "/v3/payment_requests";
pub(crate) const REFUNDS: &str = "/refunds";

pub(crate) const NOTIFY_URL: &str = "http://127.0.0.1:8300/notify/xendit/payout";

pub(crate) const WALLET: &str = "09171234567";

/// PHP 12.50 to GCash.
pub(crate) fn peso(reference: &str, account: &str) -> Value {
    json!({
        "reference_id": reference,
        "channel_code": "PH_GCASH",
        "channel_properties": { "account_number": account, "account_holder_name": "Ana Peña" },
        "amount": 12.5,
        "currency": "PHP",
        "description": "salary",
    })
}

/// IDR 12,500 to BCA.
pub(crate) fn rupiah(reference: &str, account: &str) -> Value {
    json!({
        "reference_id": reference,
        "channel_code": "ID_BCA",
        "channel_properties": { "account_number": account, "account_holder_name": "Siti Rahayu" },
        "amount": 12500,
        "currency": "IDR",
        "description": "gaji",
    })
}

/// PHP 250.00 by QR Ph.
pub(crate) fn qr_ph(reference: &str) -> Value {
    json!({
        "reference_id": reference,
        "type": "PAY",
        "country": "PH",
        "currency": "PHP",
        "request_amount": 250,
        "channel_code": "QRPH",
        "channel_properties": {},
        "description": "Order 1",
    })
}

/// IDR 25,000 by QRIS.
pub(crate) fn qris(reference: &str) -> Value {
    let body = with(qr_ph(reference), "country", "ID");
    let body = with(with(body, "currency", "IDR"), "channel_code", "QRIS");
    with(body, "request_amount", 25_000)
}

/// The same with a member changed, or left out by null; `a.b` is `b` in `a`.
pub(crate) fn with(mut body: Value, name: &str, value: impl Into<Value>) -> Value {
    let (outer, name) =
        name.split_once('.').map_or((None, name), |(outer, name)| (Some(outer), name));
    let members = match outer {
        Some(outer) => body.get_mut(outer).unwrap(),
        None => &mut body,
    };
    let members = members.as_object_mut().unwrap();
    match value.into() {
        Value::Null => {
            members.remove(name);
        }
        value => {
            members.insert(name.into(), value);
        }
    }
    body
}

/// What an `Authorization` says of a secret key.
pub(crate) fn basic(key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}

/// A sandbox under a manual clock and without sockets, and a merchant with an account in pesos and one
/// in rupiah.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) receiver: Arc<Receiver>,
    transport: Arc<dyn Transport>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_as(Settings::default()).await
    }

    pub(crate) async fn in_test_mode() -> Self {
        Self::open_as(Settings { edition: Edition::TestMode, ..Settings::default() }).await
    }

    pub(crate) async fn open_as(settings: Settings) -> Self {
        let xendit = Xendit::new(settings).unwrap();
        let shop = Self::open_with(|builder| builder.provider(xendit)).await;
        for id in [DEMO_BUSINESS_ID, DEMO_IDR_BUSINESS_ID] {
            // Some settings have one account alone.
            let _ = shop.sandbox.notify_at("xendit", id, NOTIFY_URL.parse().unwrap());
        }
        shop
    }

    pub(crate) async fn open_with(change: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let receiver = Arc::new(Receiver::default());
        let builder = Sandbox::builder()
            .offline()
            .manual_clock("2026-11-20T01:00:00Z".parse().unwrap())
            .notify_through(Arc::clone(&receiver) as Arc<dyn Transport>);
        let sandbox = change(builder).start().await.unwrap();
        let transport = sandbox.transport();
        Self { sandbox, receiver, transport }
    }

    /// Sends a request as it is.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        let url = format!("{}{path}", self.sandbox.base_url("xendit").unwrap());
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        self.transport.send(request).await.map_err(|error| error.kind)
    }

    /// Sends a payout under a key, by the account of its currency.
    pub(crate) async fn send(
        &self,
        key: &str,
        body: &Value,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        self.post(PAYOUTS, Some(key), body).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        let secret = match body["currency"].as_str() {
            Some("IDR") => DEMO_IDR_SECRET_KEY,
            _ => DEMO_SECRET_KEY,
        };
        let authorization = basic(secret);
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
            ("api-version", "2024-11-11"),
        ];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        self.exchange(Method::POST, path, &headers, body.to_string()).await
    }

    /// Status and body of the answer.
    pub(crate) async fn pay_out(&self, key: &str, body: &Value) -> (u16, Value) {
        opened(&self.send(key, body).await.unwrap())
    }

    pub(crate) async fn collect(&self, body: &Value) -> (u16, Value) {
        opened(&self.post(REQUESTS, None, body).await.unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.get_by(DEMO_SECRET_KEY, path).await
    }

    pub(crate) async fn get_by(&self, secret: &str, path: &str) -> (u16, Value) {
        let authorization = basic(secret);
        let headers = [("authorization", authorization.as_str()), ("api-version", "2024-11-11")];
        opened(&self.exchange(Method::GET, path, &headers, "").await.unwrap())
    }

    /// The statuses of the payouts under a reference, newest first.
    pub(crate) async fn statuses(&self, reference: &str) -> Vec<String> {
        let (status, list) = self.get(&format!("{PAYOUTS}?reference_id={reference}")).await;
        assert_eq!(status, 200);
        let rows = list.get("data").unwrap_or(&list).as_array().unwrap();
        rows.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn balance(&self) -> Value {
        self.get("/balance?account_type=CASH&currency=PHP").await.1["balance"].clone()
    }

    pub(crate) async fn advance(&self, by: &str) {
        self.sandbox.advance(by.parse::<SignedDuration>().unwrap()).await;
    }

    pub(crate) fn faults(&self, faults: Faults) {
        self.sandbox.set_faults("xendit", faults).unwrap();
    }

    /// What the notifications said.
    pub(crate) fn notices(&self) -> Vec<Value> {
        let received = self.receiver.received();
        received.iter().map(|request| serde_json::from_slice(request.body()).unwrap()).collect()
    }
}

pub(crate) fn opened(answer: &Response<Bytes>) -> (u16, Value) {
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}
