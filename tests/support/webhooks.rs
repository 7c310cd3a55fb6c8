//! The adapters with keys of their own, and messages as their platforms sign them.

use async_trait::async_trait;
use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use std::{
    mem::take,
    sync::{Arc, Mutex},
};
use tokio::runtime::{Builder, Runtime};
use tulay::{
    Country, Environment, Namespace, Operation, OrderId, Provider, ProviderId, Reference,
    SecretFiles,
    adapter::{
        AdapterContext, HttpSettings, HttpTransport, IdRules, RandomMessageIds, Secret, SystemClock,
    },
    paymongo, regional, starpay,
    webhook::{Handling, WebhookRequest},
    xendit,
};
use tulay_crypto::{PrivateKey, aws_lc::RsaSigner};
use tulay_webhook::{Inbox, InboxError, Kept, Received, Receiver};

const KEY: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");

/// The key that the platforms' signatures verify with, in DER.
pub const PUBLIC_KEY: &[u8] =
    include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.spki.der");

const NOWHERE: &str = "http://127.0.0.1:1";
const BUSINESS: &str = "6018306aa16ad90cb3c43ba7";
/// What Xendit's notifications carry.
pub const TOKEN: &str = "token-of-the-account";
/// What PayMongo signs with.
pub const SECRET: &str = "whsk_of_the_account";

/// An adapter, and what its platform sends.
#[derive(Debug)]
pub struct Platform {
    /// The adapter.
    pub provider: Arc<dyn Provider>,
    /// The text of a message, which is what is signed.
    pub sample: String,
    seal: Seal,
}

/// How a text becomes a message that verifies.
#[derive(Clone, Copy, Debug)]
enum Seal {
    /// `{"request":TEXT,"signature":"…"}`
    Request,
    /// `{"param":"TEXT","sign":"…"}`
    Param,
    /// A token in a header.
    Token,
    /// A signature in a header.
    Header,
}

impl Platform {
    /// Starpay, the regional platform, Xendit and PayMongo.
    #[must_use]
    pub fn all() -> Vec<Self> {
        vec![starpay(), regional(), xendit(), paymongo()]
    }

    /// A message with this text that verifies.
    #[must_use]
    pub fn genuine(&self, text: &[u8]) -> WebhookRequest {
        let mut headers = HeaderMap::new();
        let mut header = |name, value: &str| {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        };
        let body = match self.seal {
            Seal::Request => {
                let signature = sign(text);
                [b"{\"request\":", text, b",\"signature\":\"", signature.as_bytes(), b"\"}"]
                    .concat()
            }
            Seal::Param => {
                let text = String::from_utf8_lossy(text);
                let signature = sign(text.as_bytes());
                serde_json::json!({ "param": text, "sign": signature }).to_string().into()
            }
            Seal::Token => {
                header("x-callback-token", TOKEN);
                text.to_vec()
            }
            Seal::Header => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
                let tag = hmac::sign(&key, &[b"1795140060.", text].concat());
                let digits: String = tag.as_ref().iter().map(|b| format!("{b:02x}")).collect();
                header("paymongo-signature", &format!("t=1795140060,te={digits},li="));
                text.to_vec()
            }
        };
        self.request(headers, body)
    }

    /// A message with this body, whatever it is.
    #[must_use]
    pub fn raw(&self, body: &[u8]) -> WebhookRequest {
        self.request(HeaderMap::new(), body.to_vec())
    }

    /// The response that the platform expects.
    #[must_use]
    pub fn acknowledgement(&self, handling: Handling) -> Response<Bytes> {
        self.provider.roles().webhooks.unwrap().acknowledge(handling)
    }

    fn request(&self, headers: HeaderMap, body: Vec<u8>) -> WebhookRequest {
        let target = format!("/notify/{}/payout", self.provider.id());
        WebhookRequest::new(target.parse().unwrap(), headers, body.into())
    }
}

/// The endpoint of all four, with an inbox in memory: what every run of a fuzzer is checked by.
#[derive(Debug)]
pub struct Endpoint {
    platforms: Vec<Platform>,
    receiver: Receiver,
    inbox: Arc<Memory>,
    runtime: Runtime,
}

impl Default for Endpoint {
    fn default() -> Self {
        let (platforms, inbox) = (Platform::all(), Arc::new(Memory::default()));
        let providers = platforms.iter().map(|platform| Arc::clone(&platform.provider));
        let receiver = Receiver::new(providers, Arc::clone(&inbox) as Arc<dyn Inbox>);
        let runtime = Builder::new_current_thread().build().unwrap();
        Self { platforms, receiver, inbox, runtime }
    }
}

impl Endpoint {
    /// The adapters, in the order that [`check`](Self::check) chooses from.
    #[must_use]
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }

    /// From the body of a request to the event and the acknowledgement. The first byte chooses the
    /// adapter and whether the rest is a body, or the text of a message that verifies.
    ///
    /// # Panics
    /// If something is stored that did not verify, if what is stored is not what arrived, or if the
    /// response is not the provider's own.
    pub fn check(&self, input: &[u8]) {
        let Some((choice, content)) = input.split_first() else { return };
        let platform = &self.platforms[usize::from(*choice) % self.platforms.len()];
        let is_genuine = *choice >= 128;
        let request = if is_genuine { platform.genuine(content) } else { platform.raw(content) };
        let response = self.runtime.block_on(self.receiver.receive(&request));
        let kept = take(&mut *self.inbox.0.lock().unwrap());
        let handling = match response.status().as_u16() {
            200 => Handling::Stored,
            401 => Handling::Rejected,
            400 => return assert!(request.body.is_empty() && kept.is_empty()),
            413 => return assert!(request.body.len() > 65_536 && kept.is_empty()),
            status => panic!("status {status}"),
        };
        let expected = platform.acknowledgement(handling);
        assert_eq!(response.body(), expected.body());
        assert_eq!(response.headers(), expected.headers());
        if handling == Handling::Rejected {
            return assert!(kept.is_empty());
        }
        assert!(is_genuine, "stored without a signature");
        let [received] = &kept[..] else { panic!("{} messages", kept.len()) };
        assert_eq!(received.body, request.body);
        assert_eq!(&received.account, platform.provider.merchant_account());
        for notification in received.verified.get() {
            let _ = (notification.key(), notification.order_id(), format!("{notification:?}"));
        }
    }
}

#[derive(Debug, Default)]
struct Memory(Mutex<Vec<Received>>);

#[async_trait]
impl Inbox for Memory {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        self.0.lock().unwrap().push(received);
        Ok(Kept::New)
    }
}

fn sign(text: &[u8]) -> String {
    let signer = RsaSigner::new(&PrivateKey::parse(KEY).unwrap()).unwrap();
    signer.sign_blocking(text).unwrap().to_base64()
}

/// Its message is the sample of 6.3 of the document, its payer made up.
fn starpay() -> Platform {
    let merchant = tulay_sandbox::starpay::DEMO_MERCHANT_PRIVATE_KEY;
    let keys = starpay::Keys::parse(merchant.as_bytes(), PUBLIC_KEY).unwrap();
    let settings = starpay::Settings::new(Environment::Sandbox, NOWHERE, "101510000001");
    let adapter = starpay::Starpay::new(id("starpay"), settings, keys, context()).unwrap();
    let sample = r#"{"code":"200","message":"success","trxDate":"2024-01-26T11:35:05+08:00","trxAmount":100,"displayName":"Test merchant","trxState":"SUCCESS","originalMsgId":"ORDER","orderNo":"202401081744178350932496384","payAcctBank":"GCash","payAcctName":"Test Payer","payAcctNo":"639170000000","mchId":"101510000001"}"#;
    Platform { provider: Arc::new(adapter), sample: about_payout(sample), seal: Seal::Request }
}

/// Its message is the sample of 2.1.3 of the document.
fn regional() -> Platform {
    let merchant = tulay_sandbox::regional::DEMO_MERCHANT_PRIVATE_KEY;
    let keys = regional::Keys::parse(merchant.as_bytes(), PUBLIC_KEY).unwrap();
    let countries = vec![Country::PH, Country::ID, Country::MY, Country::TH, Country::RU];
    let app_id = tulay_sandbox::regional::DEMO_APP_ID;
    let settings = regional::Settings::new(Environment::Sandbox, NOWHERE, app_id, countries);
    let adapter = regional::Regional::new(id("regional"), settings, keys, context()).unwrap();
    let sample = r#"{"amount":10000,"createTime":"2023-03-02 09:25:12","eventName":"disbursement.success","mchOrderId":"ORDER","referenceNumber":"BR123456789012","remark":"remark","returnTime":"2023-03-02 09:25:12","transactionId":"D1631118424367169536", "transactionStatus":"COMPLETED"}"#;
    Platform { provider: Arc::new(adapter), sample: about_payout(sample), seal: Seal::Param }
}

/// Its message is the example of "Payout webhook".
fn xendit() -> Platform {
    let settings = xendit::Settings::new(Environment::Sandbox, NOWHERE, BUSINESS, Country::ID);
    let keys = xendit::Keys::new(secret("xnd_development_tests"), vec![secret(TOKEN)]);
    let adapter = xendit::Xendit::new(id("xendit"), settings, keys, context()).unwrap();
    let sample = r#"{"event":"payout.succeeded","business_id":"6018306aa16ad90cb3c43ba7","created":"2025-01-01T23:55:59Z","data":{"id":"disb-571f3644d2b4edf0745e9703","amount":10000,"channel_code":"ID_BCA","currency":"IDR","status":"SUCCEEDED","description":"July payout","reference_id":"ORDER","created":"2024-12-31T23:53:59Z","updated":"2024-12-31T23:53:59Z","business_id":"6018306aa16ad90cb3c43ba7","channel_properties":{"account_number":"000000000099"}}}"#;
    Platform { provider: Arc::new(adapter), sample: about_payout(sample), seal: Seal::Token }
}

fn paymongo() -> Platform {
    let mut settings = paymongo::Settings::new(Environment::Sandbox, NOWHERE, "org_tests");
    settings.source_account = Some(paymongo::SourceAccount::new("000070010020", "Example Shop"));
    let keys = paymongo::Keys::new(secret("sk_test_tests"), vec![secret(SECRET)]);
    let adapter = paymongo::Paymongo::new(id("paymongo"), settings, keys, context()).unwrap();
    let sample = r#"{"data":{"id":"evt_1","type":"event","attributes":{"type":"payment.paid","livemode":false,"data":{"id":"pay_1","type":"payment","attributes":{"amount":125000,"currency":"PHP","status":"paid","fee":1875,"payment_intent_id":"pi_1","metadata":{"order_id":"ORDER"}}},"created_at":1795140060}}}"#;
    let sample = about(Operation::Collection, sample);
    Platform { provider: Arc::new(adapter), sample, seal: Seal::Header }
}

fn about_payout(sample: &str) -> String {
    about(Operation::Payout, sample)
}

fn about(operation: Operation, sample: &str) -> String {
    let (namespace, reference) = (Namespace::new("tests"), Reference::new("W-1"));
    let (namespace, reference) = (namespace.unwrap(), reference.unwrap());
    let order_id = OrderId::derive(IdRules::STANDARD, &namespace, operation, &reference, 1);
    sample.replace("ORDER", order_id.as_str())
}

fn id(name: &str) -> ProviderId {
    ProviderId::new(name).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn context() -> AdapterContext {
    AdapterContext::new(
        Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap()),
        Arc::new(SystemClock::new()),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    )
}
