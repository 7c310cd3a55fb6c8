//! A provider whose platform is a function, with fixed keys, clock and ids.

use crate::platform::{BUSINESS, NEXT_TOKEN, Platform, SECRET_KEY, TOKEN, settings};
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use tulay_core::*;
use tulay_xendit::Xendit;

pub(crate) type Sent = http::Request<Bytes>;
pub(crate) type Reply = Result<http::Response<Bytes>, TransportError>;

/// Answers by a function, and keeps what it was sent.
pub(crate) struct Script {
    answer: Box<dyn Fn(&Sent) -> Reply + Send + Sync>,
    pub(crate) sent: Mutex<Vec<Sent>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Sent) -> Reply {
        let reply = (self.answer)(&request);
        self.sent.lock().unwrap().push(request);
        reply
    }
}

impl Script {
    /// Answers everything with these bytes.
    pub(crate) fn says(status: u16, body: impl Into<Bytes>) -> Arc<Self> {
        let body = body.into();
        let answer = move |_: &Sent| {
            Ok(http::Response::builder().status(status).body(body.clone()).unwrap())
        };
        Arc::new(Self { answer: Box::new(answer), sent: Mutex::default() })
    }

    /// Every request as text: line, headers that matter, body.
    pub(crate) fn requests(&self) -> Vec<String> {
        let text = |sent: &Sent| {
            let names = ["authorization", "idempotency-key", "api-version", "content-type"];
            let header = |name: &&str| {
                let value = sent.headers().get(*name)?.to_str().ok()?;
                Some(format!("{name}: {value}\n"))
            };
            let headers: String = names.iter().filter_map(header).collect();
            let body = std::str::from_utf8(sent.body()).unwrap();
            format!("{} {}\n{headers}{body}", sent.method(), sent.uri())
        };
        self.sent.lock().unwrap().iter().map(text).collect()
    }
}

pub(crate) fn xendit(script: &Arc<Script>, country: Country) -> Xendit {
    Platform::make(settings(country), SECRET_KEY, context(script))
}

pub(crate) fn context(script: &Arc<Script>) -> AdapterContext {
    let transport = Arc::clone(script);
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
        "01JZZZZZZZZZZZZZZZZZZZZZZZ".into()
    }
}

/// Secrets are named by the file they are in here.
impl Secrets for Fixed {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        let text = match source {
            SecretSource::File(name) if name == "test" => SECRET_KEY,
            SecretSource::File(name) if name == "live" => "xnd_production_planted",
            SecretSource::File(name) if name == "token" => TOKEN,
            SecretSource::File(name) if name == "next token" => NEXT_TOKEN,
            _ => return Err(Invalid::new("secret", "a file that is there")),
        };
        Secret::new(text)
    }
}

pub(crate) fn order_id(operation: Operation) -> OrderId {
    let letter = match operation {
        Operation::Collection => 'C',
        Operation::Refund => 'R',
        _ => 'P',
    };
    OrderId::parse(&format!("{letter}CCT4DQCA7IYPBOIHLLI5GBEMB")).unwrap()
}

fn name() -> Name {
    Name::Full(NamePart::new("Maria Dela Cruz").unwrap())
}

/// A payout to a bank of the Philippines.
pub(crate) fn pesos(amount: &str) -> PayoutRequest {
    let amount = Money::parse(amount, Currency::PHP).unwrap();
    let destination = Destination::bank("BOPIPHMM", "001234567890").unwrap();
    let reference = Reference::new("INV/2026#1").unwrap();
    PayoutRequest::new(reference, Country::PH, amount, destination)
        .with_beneficiary(Party::default().with_name(name()))
}

/// A payout to a bank of Indonesia.
pub(crate) fn rupiah(amount: &str) -> PayoutRequest {
    let amount = Money::parse(amount, Currency::IDR).unwrap();
    let destination = Destination::bank("CENAIDJA", "0012345678").unwrap();
    PayoutRequest::new(Reference::new("INV-2").unwrap(), Country::ID, amount, destination)
        .with_beneficiary(Party::default().with_name(name()))
}

pub(crate) fn collection(country: Country, method: CollectionMethod) -> CollectionRequest {
    let currency = if country == Country::PH { Currency::PHP } else { Currency::IDR };
    let amount = Money::parse("10000", currency).unwrap();
    CollectionRequest::new(Reference::new("SALE-1").unwrap(), country, amount, method)
}

/// IDR 2,500 of 10,000 back.
pub(crate) fn refund() -> RefundRequest {
    let paid = Money::parse("10000", Currency::IDR).unwrap();
    let original = collection(Country::ID, CollectionMethod::Qr);
    let original = Request::from(original).lookup(&order_id(Operation::Collection));
    let id = ProviderReference::new("pr-1fdaf346-dd2e-4b6c-b938-124c7167a822").unwrap();
    let original = original.with_provider_reference(id);
    let amount = Money::parse("2500", Currency::IDR).unwrap();
    RefundRequest::new(Reference::new("BACK-1").unwrap(), original, paid, amount)
}

/// What an answer says of [`pesos`]`("1250.50")`, with these members in place of its own.
pub(crate) fn payout_json(more: &str) -> String {
    let order_id = order_id(Operation::Payout);
    format!(
        r#"{{"id":"disb-7001","reference_id":"{order_id}","currency":"PHP","channel_code":"PH_BPI","business_id":"{BUSINESS}",{more}}}"#
    )
}
