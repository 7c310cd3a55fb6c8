//! A provider whose platform is a function, with fixed keys, clock and ids.

use async_trait::async_trait;
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use tulay_core::*;
use tulay_crypto::{PrivateKey, PublicKey, RsaSigner, RsaVerifier, Signature, Verifier};
use tulay_starpay::{Keys, Settings, Starpay};

pub(crate) const MERCHANT: &str = "101510000001";
pub(crate) const MESSAGE_ID: &str = "01JZZZZZZZZZZZZZZZZZZZZZZZ";
pub(crate) const MERCHANT_KEY: &[u8] = include_bytes!("data/merchant.pem");
pub(crate) const MERCHANT_PUBLIC_KEY: &[u8] = include_bytes!("data/merchant.pub.pem");
pub(crate) const PLATFORM_KEY: &[u8] = include_bytes!("data/platform.pem");
pub(crate) const PLATFORM_PUBLIC_KEY: &[u8] = include_bytes!("data/platform.pub.pem");

pub(crate) type Sent = http::Request<Bytes>;
pub(crate) type Reply = Result<http::Response<Bytes>, TransportError>;

/// The platform: answers by a function, and keeps what it was sent.
pub(crate) struct Platform {
    answer: Box<dyn Fn(&Sent) -> Reply + Send + Sync>,
    pub(crate) sent: Mutex<Vec<Sent>>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform")
    }
}

#[async_trait]
impl Transport for Platform {
    async fn send(&self, request: Sent) -> Reply {
        let reply = (self.answer)(&request);
        self.sent.lock().unwrap().push(request);
        reply
    }
}

impl Platform {
    pub(crate) fn new(answer: impl Fn(&Sent) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), sent: Mutex::default() })
    }

    /// Answers everything with these bytes.
    pub(crate) fn says(status: u16, body: impl Into<Bytes>) -> Arc<Self> {
        let body = body.into();
        Self::new(move |_| Ok(response(status, body.clone())))
    }

    pub(crate) fn requests(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

pub(crate) fn response(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    http::Response::builder().status(status).body(body.into()).unwrap()
}

/// An envelope signed by the platform, the inner text as given.
pub(crate) fn signed(member: &str, text: &str) -> String {
    format!(r#"{{"{member}":{text},"signature":"{}"}}"#, sign(PLATFORM_KEY, text))
}

pub(crate) fn sign(key: &[u8], text: &str) -> String {
    let signer = RsaSigner::new(&PrivateKey::parse(key).unwrap()).unwrap();
    signer.sign_blocking(text.as_bytes()).unwrap().to_base64()
}

/// What was sent, once its signature is found to be the merchant's over these very bytes.
pub(crate) fn request_text(sent: &Sent) -> String {
    let body = std::str::from_utf8(sent.body()).unwrap();
    let (text, signature) = body
        .strip_prefix(r#"{"request":"#)
        .and_then(|rest| rest.strip_suffix(r#""}"#)?.rsplit_once(r#","signature":""#))
        .unwrap_or_else(|| panic!("not an envelope: {body}"));
    let key = PublicKey::parse(MERCHANT_PUBLIC_KEY).unwrap();
    let signature = Signature::from_base64(signature).unwrap();
    RsaVerifier::new(&key).unwrap().verify(text.as_bytes(), &signature).unwrap();
    text.to_owned()
}

pub(crate) fn settings() -> Settings {
    Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/starpay", MERCHANT)
}

pub(crate) fn starpay(platform: &Arc<Platform>) -> Starpay {
    starpay_with(platform, settings())
}

pub(crate) fn starpay_with(platform: &Arc<Platform>, settings: Settings) -> Starpay {
    let keys = Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("starpay").unwrap();
    Starpay::new(id, settings, keys, context(Arc::clone(platform) as _)).unwrap()
}

pub(crate) fn context(transport: Arc<dyn Transport>) -> AdapterContext {
    AdapterContext::new(transport, Arc::new(Fixed), Arc::new(Fixed), Arc::new(Fixed))
}

#[derive(Debug)]
pub(crate) struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> jiff::Timestamp {
        "2026-11-20T10:00:00+08:00".parse().unwrap()
    }
}

impl MessageIds for Fixed {
    fn fresh(&self) -> String {
        MESSAGE_ID.into()
    }
}

/// Secrets are named by the file they are in here.
impl Secrets for Fixed {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        let text = match source {
            SecretSource::File(name) if name == "merchant" => MERCHANT_KEY,
            SecretSource::File(name) if name == "merchant.pub" => MERCHANT_PUBLIC_KEY,
            SecretSource::File(name) if name == "platform.pub" => PLATFORM_PUBLIC_KEY,
            _ => return Err(Invalid::new("secret", "a file that is there")),
        };
        Secret::new(std::str::from_utf8(text).unwrap())
    }
}

/// Prepares a collection and sends it.
pub(crate) async fn collect(
    provider: &impl Collections,
    request: &CollectionRequest,
    order_id: &OrderId,
) -> Result<Collection> {
    provider.create(&provider.prepare(request, order_id)?).await
}

/// Prepares a static code and sends it.
pub(crate) async fn make_code(
    provider: &impl StaticCodes,
    request: &StaticCodeRequest,
    order_id: &OrderId,
) -> Result<StaticCode> {
    provider.create(&provider.prepare(request, order_id)?).await
}

pub(crate) fn order_id() -> OrderId {
    OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap()
}

/// PHP 100.00 to an account at Sun Savings Bank.
pub(crate) fn payout() -> PayoutRequest {
    let mut request = PayoutRequest::new(
        Reference::new("INV-2026-0001").unwrap(),
        Country::PH,
        Money::from_minor(10_000, Currency::PHP),
        Destination::Bank {
            institution: InstitutionId::new("SUSVPHM1").unwrap(),
            account: AccountNumber::new("001234567890").unwrap(),
        },
    );
    request.beneficiary.name = Some(parts("Maria", None, "Dela Cruz"));
    request
}

pub(crate) fn parts(given: &str, middle: Option<&str>, family: &str) -> Name {
    let part = |text: &str| NamePart::new(text).unwrap();
    Name::Parts { given: part(given), middle: middle.map(part), family: part(family), suffix: None }
}

pub(crate) fn wallet(institution: &str, phone: &str) -> Destination {
    Destination::Wallet {
        institution: InstitutionId::new(institution).unwrap(),
        account: WalletAccount::Phone(Phone::new(phone).unwrap()),
    }
}

/// The text of an answer about [`payout`], the state as given.
pub(crate) fn order(message_id: &str, state: &str, more: &str) -> String {
    format!(
        r#"{{"code":"200","message":"success","msgId":"{message_id}","mchId":"{MERCHANT}","trxDate":"2026-11-20T10:00:00+08:00","trxAmount":10000,"trxState":"{state}","originalMsgId":"{}","orderNo":"202611201000000001"{more}}}"#,
        order_id()
    )
}

/// PHP 100.00 to a merchant of Starpay's.
pub(crate) const DYNAMIC_CODE: &str = "00020101021228530011ph.ppmi.p2m0111SRCPPHM2XXX0312MRCHNT-AB12C05030005204599953036085406100.005802PH5916SANDBOX MERCHANT6006Manila62640010ph.starpay0315SANDBOX MERCHAN0508OR#T35T107088CYGISAS0803***88280012ph.ppmi.qrph0108OR#T35T1630474C3";

/// The same merchant's, whatever is paid.
pub(crate) const STATIC_CODE: &str = "00020101021128530011ph.ppmi.p2m0111SRCPPHM2XXX0312MRCHNT-AB12C05030005204599953036085802PH5916SANDBOX MERCHANT6006Manila62640010ph.starpay0315SANDBOX MERCHAN0508OR#T35T207088CYGISAS0803***88280012ph.ppmi.qrph0108OR#T35T263043BE3";
