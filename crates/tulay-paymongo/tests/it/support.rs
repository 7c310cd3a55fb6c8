//! What the tests share.

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, LazyLock, Mutex},
};
use tulay_core::*;
use tulay_paymongo::{Keys, Paymongo, Settings, SourceAccount};
use tulay_qr::{PngOptions, Symbol};

pub(crate) const ORGANIZATION: &str = "org_7000000000000000000000ab";
pub(crate) const SECRET_KEY: &str = "sk_test_plantedplantedplanted";
pub(crate) const WEBHOOK_SECRET: &str = "whsk_plantedfirst";
pub(crate) const SECOND_SECRET: &str = "whsk_plantedsecond";
pub(crate) const OTHER_SECRET: &str = "whsk_of_another_account";

pub(crate) fn settings() -> Settings {
    let mut settings =
        Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/paymongo", ORGANIZATION);
    settings.source_account = Some(SourceAccount::new("000070010020", "Sari-Sari Store Inc."));
    settings.wallet_id = Some("wallet_7".into());
    settings.qr_merchant = Some("SARI-SARI STORE".into());
    settings
}

pub(crate) fn keys(environment: Environment) -> Keys {
    let key = match environment {
        Environment::Production => "sk_live_plantedplantedplanted",
        _ => SECRET_KEY,
    };
    let secret = |text| Secret::new(text).unwrap();
    Keys::new(secret(key), vec![secret(WEBHOOK_SECRET), secret(SECOND_SECRET)])
}

pub(crate) fn make(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
    let keys = keys(settings.environment);
    let id = ProviderId::new("paymongo").unwrap();
    Arc::new(Paymongo::new(id, settings, keys, context).unwrap())
}

fn hmac(secret: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A notification that is signed with a secret, in the place of the test mode (`te`) or of the live
/// one (`li`), as securing-webhook has it.
pub(crate) fn signed(body: &str, secret: &str, place: &str) -> WebhookRequest {
    signed_at(body, secret, place, 1_795_140_060)
}

pub(crate) fn signed_at(body: &str, secret: &str, place: &str, second: i64) -> WebhookRequest {
    let signature = hmac(secret, &format!("{second}.{body}"));
    let other = if place == "te" { "li" } else { "te" };
    let value = format!("t={second},{other}=,{place}={signature}");
    let headers = http::HeaderMap::from_iter([(
        http::HeaderName::from_static("paymongo-signature"),
        value.parse().unwrap(),
    )]);
    let target = "/notify/paymongo/collection".parse().unwrap();
    WebhookRequest::new(target, headers, Bytes::from(body.to_owned()))
}

/// A QR Ph code of a merchant, by the tables of the scheme.
pub(crate) fn qr_ph(centavos: i64, merchant: &str) -> String {
    let element = |id: &str, value: &str| format!("{id}{:02}{value}", value.len());
    let account =
        [element("00", "ph.ppmi.p2m"), element("01", "PAEYPHM2XXX"), element("03", "MRCHNT-1")];
    let mut text = element("00", "01") + &element("01", "12") + &element("28", &account.concat());
    text += &(element("52", "9995") + &element("53", "608"));
    text += &element("54", &format!("{}.{:02}", centavos / 100, centavos % 100));
    text += &(element("58", "PH") + &element("59", merchant) + &element("60", "Manila") + "6304");
    format!("{text}{:04X}", crc(text.as_bytes()))
}

/// CRC-16/CCITT-FALSE, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

/// The picture of a text as a data URL. Most tests draw the same few.
pub(crate) fn picture(text: &str) -> String {
    static DRAWN: LazyLock<Mutex<BTreeMap<String, String>>> = LazyLock::new(Mutex::default);
    let mut drawn = DRAWN.lock().unwrap();
    let draw = || {
        let options = PngOptions { module_pixels: 2, ..Default::default() };
        let file = Symbol::new(text).unwrap().to_png_with(options).unwrap();
        format!("data:image/png;base64,{}", BASE64_STANDARD.encode(file))
    };
    drawn.entry(text.to_owned()).or_insert_with(draw).clone()
}

/// Answers in order, and keeps what was sent.
#[derive(Debug, Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<(u16, String)>>,
    sent: Mutex<Vec<http::Request<Bytes>>>,
}

impl Script {
    pub(crate) fn new<S: Into<String>>(answers: impl IntoIterator<Item = (u16, S)>) -> Arc<Self> {
        let answers = answers.into_iter().map(|(status, text)| (status, text.into()));
        Arc::new(Self { answers: Mutex::new(answers.collect()), sent: Mutex::default() })
    }

    /// What was sent: lines, headers and bodies, without the key.
    pub(crate) fn shown(&self) -> String {
        let sent = self.sent.lock().unwrap();
        let show = |request: &http::Request<Bytes>| {
            let body = String::from_utf8_lossy(request.body()).into_owned();
            let headers = format!("{:?}", request.headers());
            format!("{} {}\n{headers}\n{body}", request.method(), request.uri())
        };
        sent.iter().map(show).collect::<Vec<_>>().join("\n\n")
    }

    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.sent.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        let lost = || TransportError::new(TransportErrorKind::Interrupted, "no answer is left");
        let (status, text) = answer.ok_or_else(lost)?;
        Ok(http::Response::builder().status(status).body(text.into()).unwrap())
    }
}

#[derive(Debug)]
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }
}

#[derive(Debug)]
struct NoIds;

impl MessageIds for NoIds {
    fn fresh(&self) -> String {
        unreachable!("no request bears an id of its own")
    }
}

/// Secrets by the names of variables.
#[derive(Debug, Default)]
pub(crate) struct Variables(pub(crate) BTreeMap<&'static str, &'static str>);

impl Secrets for Variables {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        let SecretSource::Env(name) = source else { panic!("a variable") };
        let missing = || Invalid::new("secret", "a variable that is set");
        Secret::new(*self.0.get(name.as_str()).ok_or_else(missing)?)
    }
}

pub(crate) fn context(script: &Arc<Script>) -> AdapterContext {
    let secrets = BTreeMap::from([
        ("TEST_KEY", SECRET_KEY),
        ("LIVE_KEY", "sk_live_plantedplantedplanted"),
        ("HOOK", WEBHOOK_SECRET),
        ("HOOK_2", SECOND_SECRET),
    ]);
    AdapterContext::new(
        Arc::clone(script) as _,
        Arc::new(Standing),
        Arc::new(NoIds),
        Arc::new(Variables(secrets)),
    )
}

pub(crate) fn order_id(operation: Operation) -> OrderId {
    let namespace = Namespace::new("acme-ph").unwrap();
    let reference = Reference::new("R-1").unwrap();
    OrderId::derive(IdRules::STANDARD, &namespace, operation, &reference, 1)
}

pub(crate) fn pesos(minor: i64) -> Money {
    Money::from_minor(minor, Currency::PHP)
}

pub(crate) fn collection(method: CollectionMethod) -> CollectionRequest {
    let reference = Reference::new("R-1").unwrap();
    CollectionRequest::new(reference, Country::PH, pesos(125_000), method)
}

pub(crate) fn payout() -> PayoutRequest {
    let destination = Destination::bank("BOPIPHMM", "001234567890").unwrap();
    let reference = Reference::new("R-1").unwrap();
    let request = PayoutRequest::new(reference, Country::PH, pesos(125_000), destination);
    let name = Name::Full(NamePart::new("Ana Reyes").unwrap());
    request.with_beneficiary(Party::default().with_name(name)).with_remark("Invoice 1")
}

/// A refund of PHP 300.00 of PHP 1,250.00.
pub(crate) fn refund() -> RefundRequest {
    let id = order_id(Operation::Collection);
    let original = Lookup::new(id, Country::PH, Currency::PHP, Channel::Redirect)
        .with_amount(pesos(125_000))
        .with_provider_reference(ProviderReference::new("pi_1").unwrap())
        .with_payment(ProviderReference::new("pay_1").unwrap());
    let reference = Reference::new("R-1").unwrap();
    RefundRequest::new(reference, original, pesos(125_000), pesos(30_000))
}
