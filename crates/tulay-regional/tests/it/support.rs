//! A provider whose platform is a function, with fixed keys, clock and ids.

use async_trait::async_trait;
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use tulay_core::*;
use tulay_crypto::{PrivateKey, PublicKey, RsaSigner, RsaVerifier, Signature, Verifier};
use tulay_regional::{Keys, Regional, Settings};

pub(crate) const APP_ID: &str = "733b887a4a784708bb369524db5b6ded";
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

/// A notification signed by the platform, `param` as given.
pub(crate) fn signed(param: &str) -> String {
    enveloped(param, &sign(PLATFORM_KEY, param))
}

pub(crate) fn enveloped(param: &str, sign: &str) -> String {
    let quoted = serde_json::to_string(param).unwrap();
    format!(r#"{{"sign":"{sign}","param":{quoted}}}"#)
}

pub(crate) fn sign(key: &[u8], text: &str) -> String {
    let signer = RsaSigner::new(&PrivateKey::parse(key).unwrap()).unwrap();
    signer.sign_blocking(text.as_bytes()).unwrap().to_base64()
}

/// The `param` that was sent, once its signature is found to be the merchant's over this very text.
pub(crate) fn param(sent: &Sent) -> String {
    let body: serde_json::Value = serde_json::from_slice(sent.body()).unwrap();
    assert_eq!(body["appId"], APP_ID);
    assert_eq!(body.as_object().unwrap().len(), 3);
    let param = body["param"].as_str().unwrap();
    let key = PublicKey::parse(MERCHANT_PUBLIC_KEY).unwrap();
    let signature = Signature::from_base64(body["sign"].as_str().unwrap()).unwrap();
    RsaVerifier::new(&key).unwrap().verify(param.as_bytes(), &signature).unwrap();
    param.to_owned()
}

pub(crate) fn settings() -> Settings {
    let countries = vec![Country::PH, Country::ID, Country::MY, Country::TH, Country::RU];
    Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/regional", APP_ID, countries)
}

pub(crate) fn regional(platform: &Arc<Platform>) -> Regional {
    regional_with(platform, settings())
}

pub(crate) fn regional_with(platform: &Arc<Platform>, settings: Settings) -> Regional {
    let keys = Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("regional").unwrap();
    let mut context = context(Arc::clone(platform) as _);
    context.notify_url = Some("https://pay.example.com/notify/regional".parse().unwrap());
    Regional::new(id, settings, keys, context).unwrap()
}

pub(crate) fn context(transport: Arc<dyn Transport>) -> AdapterContext {
    let clock = Arc::new(Ticking(Mutex::new(0)));
    AdapterContext::new(transport, clock, Arc::new(Fixed), Arc::new(Fixed))
}

/// A clock that is one millisecond later whenever it is looked at.
#[derive(Debug)]
pub(crate) struct Ticking(pub(crate) Mutex<i64>);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        let mut ticks = self.0.lock().unwrap();
        *ticks += 1;
        let start: jiff::Timestamp = "2026-11-20T10:00:00+08:00".parse().unwrap();
        start + jiff::SignedDuration::from_millis(*ticks)
    }
}

#[derive(Debug)]
pub(crate) struct Fixed;

impl MessageIds for Fixed {
    fn fresh(&self) -> String {
        panic!("this provider's readings have no ids of their own")
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
    let amount = Money::from_minor(10_000, Currency::PHP);
    let mut request = request(Country::PH, amount, bank("SUSVPHM1", "001234567890"));
    request.beneficiary.name = Some(parts("Maria", None, "Dela Cruz"));
    request
}

/// IDR 10,000.00 to an account at CIMB Niaga.
pub(crate) fn indonesian() -> PayoutRequest {
    let amount = Money::from_minor(1_000_000, Currency::IDR);
    let mut request = request(Country::ID, amount, bank("BNIAIDJA", "109594480004"));
    request.beneficiary.name = Some(Name::Full(NamePart::new("Siti Rahayu").unwrap()));
    request.beneficiary.mobile = Some(Phone::new("+62812345678").unwrap());
    request
}

/// MYR 100.00 to an account at Maybank.
pub(crate) fn malaysian() -> PayoutRequest {
    let amount = Money::from_minor(10_000, Currency::MYR);
    let mut request = request(Country::MY, amount, bank("MBBEMYKL", "514012345678"));
    request.beneficiary.name = Some(Name::Full(NamePart::new("Aisyah binti Ismail").unwrap()));
    request
}

/// THB 100.00 to an account at Kasikornbank.
pub(crate) fn thai() -> PayoutRequest {
    let amount = Money::from_minor(10_000, Currency::THB);
    let mut request = request(Country::TH, amount, bank("KASITHBK", "1234567890"));
    request.beneficiary.name = Some(Name::Full(NamePart::new("Somchai Jaidee").unwrap()));
    request.beneficiary.kind = Some(PartyKind::Person);
    request.beneficiary.tax_id = Some(TaxId::new("1101700207030").unwrap());
    request.beneficiary.mobile = Some(Phone::new("+66812345678").unwrap());
    request
}

fn request(country: Country, amount: Money, destination: Destination) -> PayoutRequest {
    PayoutRequest::new(Reference::new("INV-2026-0001").unwrap(), country, amount, destination)
}

pub(crate) fn bank(institution: &str, account: &str) -> Destination {
    Destination::Bank {
        institution: InstitutionId::new(institution).unwrap(),
        account: AccountNumber::new(account).unwrap(),
    }
}

pub(crate) fn wallet(institution: &str, phone: &str) -> Destination {
    Destination::Wallet {
        institution: InstitutionId::new(institution).unwrap(),
        account: WalletAccount::Phone(Phone::new(phone).unwrap()),
    }
}

pub(crate) fn parts(given: &str, middle: Option<&str>, family: &str) -> Name {
    let part = |text: &str| NamePart::new(text).unwrap();
    Name::Parts { given: part(given), middle: middle.map(part), family: part(family), suffix: None }
}

/// An answer of code 10000.
pub(crate) fn success(data: &str) -> String {
    format!(r#"{{"code":10000,"message":"Success","data":{data}}}"#)
}

pub(crate) fn refused(code: &str) -> String {
    format!(r#"{{"code":{code},"message":"no","data":null}}"#)
}

/// What a creation answers: no amount, and therefore nothing final.
pub(crate) fn created(state: &str) -> String {
    format!(
        r#"{{"mchOrderId":"{}","transactionId":"D1656505190221611009","transactionStatus":"{state}","transactionTime":"2026-11-20 10:00:00"}}"#,
        order_id()
    )
}

/// What a look-up answers about [`payout`] and [`indonesian`] alike, the state as given.
pub(crate) fn order(state: &str, more: &str) -> String {
    format!(
        r#"{{"mchOrderId":"{}","transactionId":"D1656505190221611009","amount":10000,"transactionStatus":"{state}","createTime":"2026-11-20 10:00:00","returnTime":"2026-11-20 10:00:41","remark":""{more}}}"#,
        order_id()
    )
}

/// What a notification says about the same, as the documents print one: not quite compact.
pub(crate) fn notice(event: &str, state: &str) -> String {
    format!(
        r#"{{"amount":10000,"createTime":"2026-11-20 10:00:00","eventName":"{event}","mchOrderId":"{}","remark":"remark","returnTime":"2026-11-20 10:00:41","transactionId":"D1656505190221611009", "transactionStatus":"{state}"}}"#,
        order_id()
    )
}

/// An order id of ours, by the letter of its operation.
pub(crate) fn id_of(letter: char) -> OrderId {
    OrderId::parse(&format!("{letter}CCT4DQCA7IYPBOIHLLI5GBEMB")).unwrap()
}

/// 100.00 to be collected in a country, by a payer of that country.
pub(crate) fn collection(
    country: Country,
    currency: Currency,
    method: CollectionMethod,
) -> CollectionRequest {
    let minor = if currency == Currency::IDR { 1_000_000 } else { 10_000 };
    let reference = Reference::new("INV-2026-0001").unwrap();
    let amount = Money::from_minor(minor, currency);
    let mut request = CollectionRequest::new(reference, country, amount, method);
    request.payer = payer(country);
    request.return_url = Some("https://shop.example.com/thanks".into());
    request
}

pub(crate) fn payer(country: Country) -> Party {
    let mobile = match country {
        Country::ID => "+62812345678",
        Country::MY => "+60123456789",
        Country::TH => "+66812345678",
        Country::RU => "+79161234567",
        _ => "+639171234567",
    };
    let mut payer = Party::default();
    payer.name = Some(Name::Full(NamePart::new("Maria Dela Cruz").unwrap()));
    payer.email = Some(Email::new("maria@example.com").unwrap());
    payer.mobile = Some(Phone::new(mobile).unwrap());
    payer
}

pub(crate) fn redirect(institution: &str) -> CollectionMethod {
    CollectionMethod::Redirect(InstitutionId::new(institution).unwrap())
}

pub(crate) fn virtual_account(institution: &str) -> CollectionMethod {
    CollectionMethod::VirtualAccount(InstitutionId::new(institution).unwrap())
}

/// The paid collection that a refund is about.
pub(crate) fn paid() -> Lookup {
    let mut lookup = Lookup::new(id_of('C'), Country::PH, Currency::PHP, Channel::Qr);
    lookup.amount = Some(Money::from_minor(10_000, Currency::PHP));
    lookup.provider_reference = Some(ProviderReference::new("C1030677482494880155").unwrap());
    lookup
}

pub(crate) fn refund(minor: i64) -> RefundRequest {
    let money = |minor| Money::from_minor(minor, Currency::PHP);
    let reference = Reference::new("REF-1").unwrap();
    RefundRequest::new(reference, paid(), money(10_000), money(minor))
}
