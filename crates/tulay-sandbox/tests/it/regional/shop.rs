//! A merchant of the simulated regional platform, with its own idea of how to sign.

use crate::shop::{Receiver, sign};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::{Signature, VerifyingKey},
    pkcs8::{DecodePrivateKey, DecodePublicKey},
    sha2::Sha256,
    signature::Verifier,
};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tulay_core::{Clock, Transport, TransportErrorKind};
use tulay_sandbox::{
    Sandbox, SandboxBuilder,
    kit::Faults,
    regional::{DEMO_APP_ID, DEMO_MERCHANT_PRIVATE_KEY, PLATFORM_PUBLIC_KEY},
};

pub(crate) const PH: &str = "/open-api/philippines/disbursement/transfer";
pub(crate) const ID: &str = "/open-api/indonesia/disbursement/transfer";
pub(crate) const PH_CHECK: &str = "/open-api/philippines/disbursement/check";
pub(crate) const ID_CHECK: &str = "/open-api/indonesia/disbursement/check";
pub(crate) const BALANCE: &str = "/open-api/account/balance";

pub(crate) const NOTIFY_URL: &str = "http://127.0.0.1:8300/notify/regional/payout";

pub(crate) const ACKNOWLEDGED: &str = r#"{"code":10000,"message":"Success"}"#;

static DEMO_KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::from_pkcs8_pem(DEMO_MERCHANT_PRIVATE_KEY).unwrap());

/// An envelope around a text that the demo merchant signs as it is.
pub(crate) fn signed(param: &str) -> String {
    enveloped(DEMO_APP_ID, param, &sign(&DEMO_KEY, param))
}

pub(crate) fn enveloped(app_id: &str, param: &str, sign: &str) -> String {
    json!({ "appId": app_id, "sign": sign, "param": param }).to_string()
}

/// What a notification says, and the text it says it in, once that verifies.
pub(crate) fn opened(body: &[u8]) -> (String, Value) {
    let envelope: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(envelope.as_object().unwrap().len(), 2);
    let text = envelope["param"].as_str().unwrap().to_owned();
    let key = RsaPublicKey::from_public_key_pem(PLATFORM_PUBLIC_KEY).unwrap();
    let signature = STANDARD.decode(envelope["sign"].as_str().unwrap()).unwrap();
    let signature = Signature::try_from(signature.as_slice()).unwrap();
    let verified = VerifyingKey::<Sha256>::new(key).verify(text.as_bytes(), &signature);
    assert!(verified.is_ok(), "{text}");
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

/// An order id that both countries take.
pub(crate) fn order_id(name: &str) -> String {
    format!("PORDER00000{name}")
}

/// PHP 12.50 to GCash.
pub(crate) fn peso(name: &str, account: &str) -> Value {
    json!({
        "mchOrderId": order_id(name),
        "idempotencyId": order_id(name),
        "amount": 1250,
        "accountNo": account,
        "accountName": "Ana Peña",
        "payMethodCode": "EWALLET",
        "transferCode": "GCASH",
    })
}

/// IDR 12,500.00 to CIMB.
pub(crate) fn rupiah(name: &str, account: &str) -> Value {
    json!({
        "mchOrderId": order_id(name),
        "idempotencyId": order_id(name),
        "amount": 12500,
        "accountNo": account,
        "accountName": "Siti Rahayu",
        "mobile": "0812345678",
        "payMethodCode": "BANK",
        "transferCode": "CIMB",
        "remark": "gaji",
    })
}

/// The same with a member changed, or left out by null.
pub(crate) fn with(mut param: Value, name: &str, value: impl Into<Value>) -> Value {
    let members = param.as_object_mut().unwrap();
    match value.into() {
        Value::Null => {
            members.remove(name);
        }
        value => {
            members.insert(name.into(), value);
        }
    }
    param
}

/// A sandbox under a manual clock and without sockets, and its merchant.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) receiver: Arc<Receiver>,
    transport: Arc<dyn Transport>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let shop = Self::open_with(|builder| builder).await;
        shop.sandbox.notify_at("regional", DEMO_APP_ID, NOTIFY_URL.parse().unwrap()).unwrap();
        shop
    }

    pub(crate) async fn open_with(change: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let receiver = Arc::new(Receiver::default());
        receiver.answer_first(vec![(200, ACKNOWLEDGED); 100]);
        let builder = Sandbox::builder()
            .offline()
            .manual_clock("2026-11-20T01:00:00Z".parse().unwrap())
            .notify_through(Arc::clone(&receiver) as Arc<dyn Transport>);
        let sandbox = change(builder).start().await.unwrap();
        let transport = sandbox.transport();
        Self { sandbox, receiver, transport }
    }

    /// Sends bytes as they are.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        let url = format!("{}{path}", self.sandbox.base_url("regional").unwrap());
        let request = Request::post(url).header("content-type", "application/json");
        let request = request.body(body.into()).unwrap();
        self.transport.send(request).await.map_err(|error| error.kind)
    }

    /// The text of a `param` of now.
    pub(crate) fn stamped(&self, param: &Value) -> String {
        let now = self.sandbox.clock().now().as_millisecond();
        with(param.clone(), "timestamp", now).to_string()
    }

    pub(crate) async fn send(
        &self,
        path: &str,
        param: &Value,
    ) -> Result<Response<Bytes>, TransportErrorKind> {
        self.post(path, signed(&self.stamped(param))).await
    }

    pub(crate) async fn call(&self, path: &str, param: &Value) -> Value {
        let answer = self.send(path, param).await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_slice(answer.body()).unwrap()
    }

    pub(crate) async fn code(&self, path: &str, param: &Value) -> i64 {
        self.call(path, param).await["code"].as_i64().unwrap()
    }

    pub(crate) async fn found(&self, path: &str, name: &str) -> Value {
        self.call(path, &json!({ "mchOrderId": order_id(name) })).await
    }

    pub(crate) async fn balance(&self, country: &str) -> String {
        let answer = self.call(BALANCE, &json!({ "countryCode": country })).await;
        answer["data"]["balance"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn advance(&self, by: &str) {
        self.sandbox.advance(by.parse::<SignedDuration>().unwrap()).await;
    }

    pub(crate) fn faults(&self, faults: Faults) {
        self.sandbox.set_faults("regional", faults).unwrap();
    }

    /// What the notifications said, each verified.
    pub(crate) fn notices(&self) -> Vec<Value> {
        self.receiver.received().iter().map(|request| opened(request.body()).1).collect()
    }
}
