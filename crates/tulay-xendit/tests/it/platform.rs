//! The platform's side, written from its documents: docs.xendit.co, payouts v2 as of 2025-07-31, the
//! rest as of 2026-04-23; xendit-php for the look-ups of refunds.

use crate::{
    documented::{self, code_text},
    wrong::Wrong,
};
use bytes::Bytes;
use http::{HeaderMap, Method, header::AUTHORIZATION};
use serde_json::{json, value::RawValue};
use std::{collections::BTreeMap, sync::Arc};
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Reading, Repeats, Says, Seal, Sealed, sample,
};
use tulay_core::*;
use tulay_xendit::{Keys, Settings, Xendit};

pub(crate) const BUSINESS: &str = "5f27a14a9bf05c73dd040bc8";
pub(crate) const SECRET_KEY: &str = "xnd_development_plantedSecretKey";
/// `xnd_development_plantedSecretKey:` in base64.
pub(crate) const BASIC: &str = "Basic eG5kX2RldmVsb3BtZW50X3BsYW50ZWRTZWNyZXRLZXk6";
pub(crate) const TOKEN: &str = "plantedCallbackTokenOfXendit";
/// The token after a change in the dashboard.
pub(crate) const NEXT_TOKEN: &str = "plantedCallbackTokenThatIsNext";
const OTHER_ORDER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The members of a message, each as it is written.
type Members = BTreeMap<&'static str, Box<RawValue>>;

/// Xendit as its documents have it, with the account of one country.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Platform {
    pub(crate) country: Country,
    /// What is wrong with the adapter, if anything is.
    pub(crate) wrong: Option<Wrong>,
}

pub(crate) fn settings(country: Country) -> Settings {
    let mut settings =
        Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/xendit", BUSINESS, country);
    settings.qr_merchant = Some(documented::MERCHANT.to_owned());
    settings
}

pub(crate) fn keys(secret_key: &str) -> Keys {
    let secret = |text: &str| Secret::new(text).unwrap();
    Keys::new(secret(secret_key), vec![secret(TOKEN), secret(NEXT_TOKEN)])
}

impl Platform {
    pub(crate) fn make(settings: Settings, key: &str, context: AdapterContext) -> Xendit {
        let id = ProviderId::new("xendit").unwrap();
        Xendit::new(id, settings, keys(key), context).unwrap()
    }

    fn provided(
        &self,
        settings: Settings,
        key: &str,
        context: AdapterContext,
    ) -> Arc<dyn Provider> {
        match self.wrong {
            None => Arc::new(Self::make(settings, key, context)),
            Some(wrong) => wrong.provider(Self::make(settings, key, wrong.context(context))),
        }
    }

    /// What an order of this kind looks like; `None` where it cannot say such a thing.
    fn order(
        kind: Operation,
        about: &Lookup,
        status: &str,
        repeats: Repeats,
        words: &str,
    ) -> Option<Members> {
        let id = match kind {
            Operation::Payout => "disb-571f3644d2b4edf0745e9703",
            Operation::Refund => "rfd-6f4a377d-a201-437f-9119-f8b00cbbe857",
            _ => "pr-1fdaf346-dd2e-4b6c-b938-124c7167a822",
        };
        let (id_member, amount_member) = match kind {
            Operation::Collection => ("payment_request_id", "request_amount"),
            _ => ("id", "amount"),
        };
        let mut said = Members::new();
        let mut says =
            |name, value: serde_json::Value| drop(said.insert(name, raw(&value.to_string())));
        says(id_member, json!(id));
        says("reference_id", json!(about.order_id));
        says("currency", json!(about.currency));
        says("status", json!(status));
        says("description", json!(words));
        says("created", json!("2026-11-20T02:00:00.001Z"));
        says("updated", json!("2026-11-20T02:00:00.001Z"));
        match kind {
            Operation::Refund => {
                says("payment_request_id", json!(about.original.as_ref()?));
                says("reason", json!("REQUESTED_BY_CUSTOMER"));
                says("failure_code", json!(null));
            }
            Operation::Payout => {
                says("business_id", json!(BUSINESS));
                says("estimated_arrival_time", json!("2026-11-20T02:15:00.106Z"));
            }
            _ => {
                says("business_id", json!(BUSINESS));
                says("country", json!(about.country));
                says("type", json!("PAY"));
                says("capture_method", json!("AUTOMATIC"));
                if status == "SUCCEEDED" {
                    says("latest_payment_id", json!("py-1402feb0-bb79-47ae-9d1e-e69394d3949c"));
                }
            }
        }
        let minor = about.amount?.minor() + i64::from(repeats == Repeats::OtherAmount);
        said.insert(amount_member, raw(&number(minor)));
        let names_account = kind != Operation::Refund;
        match repeats {
            Repeats::All | Repeats::OtherAmount | Repeats::OtherShown | Repeats::OtherPayee => {}
            Repeats::NoShown | Repeats::Twice => {}
            Repeats::OtherOrder => drop(said.insert("reference_id", quoted(OTHER_ORDER))),
            Repeats::NoOrder => drop(said.remove("reference_id")),
            Repeats::NoAmount => drop(said.remove(amount_member)),
            Repeats::OtherCurrency => drop(said.insert("currency", quoted("THB"))),
            Repeats::OtherReference => drop(said.insert(id_member, quoted("other-7"))),
            Repeats::GivenReference(other) => drop(said.insert(id_member, quoted(other))),
            Repeats::NoReference => drop(said.remove(id_member)),
            Repeats::NoAccount => drop(said.remove("business_id")),
            Repeats::OtherAccount if names_account => {
                said.insert("business_id", quoted("6018306aa16ad90cb3c43ba7"));
            }
            Repeats::CutAccount if names_account => {
                said.insert("business_id", quoted(&BUSINESS[1..]));
            }
            Repeats::LongerAccount if names_account => {
                said.insert("business_id", quoted(&format!("{BUSINESS}0")));
            }
            Repeats::OtherPayment if kind == Operation::Refund => {
                said.insert("payment_request_id", quoted("pr-other"));
            }
            _ => return None,
        }
        Some(said)
    }

    /// `actions` of the answer to a payment request.
    fn actions(about: &Lookup, repeats: Repeats) -> Option<Box<RawValue>> {
        let (descriptor, value) = match about.channel {
            Channel::VirtualAccount => match repeats {
                Repeats::OtherShown | Repeats::OtherPayee => return None,
                _ => ("VIRTUAL_ACCOUNT_NUMBER", "1251255".to_owned()),
            },
            _ => {
                let more = i64::from(repeats == Repeats::OtherShown);
                let merchant = match repeats {
                    Repeats::OtherPayee => "ANOTHER SHOP",
                    _ => documented::MERCHANT,
                };
                let minor = about.amount?.minor() + more;
                ("QR_STRING", code_text(about.country, minor, merchant))
            }
        };
        let action =
            json!({ "type": "PRESENT_TO_CUSTOMER", "descriptor": descriptor, "value": value });
        Some(raw(&json!([action]).to_string()))
    }

    /// The text of an answer about an order.
    fn about(&self, ask: &Ask<'_>, case: &Case) -> Option<String> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        let kind = kind(ask.operation)?;
        let mut said = Self::order(kind, ask.about?, status, *repeats, words)?;
        if let Some(code) = failure {
            said.insert("failure_code", quoted(code));
        }
        if ask.operation == Operation::Collection && *repeats != Repeats::NoShown {
            said.insert("actions", Self::actions(ask.about?, *repeats)?);
        } else if matches!(repeats, Repeats::OtherShown | Repeats::OtherPayee | Repeats::NoShown) {
            // Only a collection is shown.
            (ask.operation == Operation::Collection).then_some(())?;
        }
        let member = if kind == Operation::Collection { "request_amount" } else { "amount" };
        let one = case.write_amount(&serde_json::to_string(&said).ok()?, member);
        if !is_list(ask) {
            return (*repeats != Repeats::Twice).then_some(one);
        }
        let second = (*repeats == Repeats::Twice).then(|| {
            said.insert("id", quoted("second-7"));
            serde_json::to_string(&said).unwrap()
        });
        let rows = [Some(one), second].into_iter().flatten().collect::<Vec<_>>().join(",");
        Some(self.list(ask, &rows))
    }

    /// A list, by the reference in one country and by the libraries in the other: both are documented.
    fn list(&self, ask: &Ask<'_>, rows: &str) -> String {
        match (self.country, ask.operation) {
            (Country::PH, Operation::PayoutFind) => format!("[{rows}]"),
            _ => format!(r#"{{"data":[{rows}],"has_more":false}}"#),
        }
    }
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        self.provided(settings(self.country), SECRET_KEY, context)
    }

    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>> {
        // Nothing is signed.
        if guarantees.answers_signed {
            return None;
        }
        let mut settings = settings(self.country);
        settings.guarantees = guarantees;
        Some(self.provided(settings, SECRET_KEY, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let url = "https://api.xendit.co";
        let settings = Settings::new(Environment::Production, url, BUSINESS, self.country);
        Some(self.provided(settings, "xnd_production_planted", context))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        if operation != Operation::Payout {
            return other_request(operation, corridor);
        }
        let destination = match (corridor.country, corridor.channel) {
            (Country::ID, Channel::Wallet) => wallet("ovo", "+6281200007777"),
            (Country::ID, _) => Destination::bank("BNINIDJA", "700100200300").unwrap(),
            (_, Channel::Wallet) => wallet("gcash", "+639170007777"),
            _ => Destination::bank("BOPIPHMM", "700100200300").unwrap(),
        };
        let least = corridor.min.map_or(0, Money::minor);
        let amount = Money::from_minor(least.max(1_000_000), corridor.currency);
        let reference = Reference::new("INV/2026-0001").unwrap();
        let mut request = PayoutRequest::new(reference, corridor.country, amount, destination);
        request.rail = corridor.rail;
        request.beneficiary.name = Some(Name::Full(NamePart::new("Mariamne Sintoprueba").unwrap()));
        request.remark = Some("November".into());
        Some(request.into())
    }

    fn misfits(&self) -> Vec<Misfit> {
        let country = self.country;
        let currency = if country == Country::PH { Currency::PHP } else { Currency::IDR };
        let payout = |change: fn(&mut PayoutRequest)| {
            let corridor = Corridor::new(country, currency, Channel::Bank, 1);
            let Some(Request::Payout(mut request)) = self.request(Operation::Payout, &corridor)
            else {
                unreachable!()
            };
            change(&mut request);
            request
        };
        let mut misfits = vec![
            Misfit::new("remark", payout(|request| request.remark = Some("r".repeat(101)))),
            Misfit::new(
                "name",
                payout(|request| {
                    let name = NamePart::new("n".repeat(101)).unwrap();
                    request.beneficiary.name = Some(Name::Full(name));
                }),
            ),
            // A mobile number of neither country.
            Misfit::new(
                "account",
                payout(|request| {
                    let wallet_id = if request.country == Country::PH { "gcash" } else { "ovo" };
                    request.destination = wallet(wallet_id, "+66810007777");
                }),
            ),
        ];
        let code = Corridor::new(country, currency, Channel::Qr, 1);
        let mut late = other_request(Operation::Collection, &code).unwrap();
        if let Request::Collection(collection) = &mut late {
            collection.expires = "2026-11-20T12:00:00+08:00".parse().ok();
        }
        misfits.push(Misfit::new("expires", late));
        if country == Country::ID {
            let mut reason = other_request(Operation::Refund, &code).unwrap();
            if let Request::Refund(refund) = &mut reason {
                refund.reason = Some("NOT_LISTED".into());
            }
            misfits.push(Misfit::new("reason", reason));
        }
        misfits
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        let header = |name: &str| sent.headers().get(name).and_then(|value| value.to_str().ok());
        if header(AUTHORIZATION.as_str()) != Some(BASIC) {
            return Err("INVALID_API_KEY".into());
        }
        let is_v3 = sent.uri().path().contains("/v3/");
        if is_v3 != (header("api-version") == Some("2024-11-11")) {
            return Err("another version".into());
        }
        let line = format!("{} {}", sent.method(), sent.uri());
        if sent.method() == Method::GET {
            return Ok(Reading::new(line));
        }
        let key = header("idempotency-key").ok_or("API_VALIDATION_ERROR: no idempotency key")?;
        if !(1..=100).contains(&key.len()) {
            return Err("API_VALIDATION_ERROR: idempotency key".into());
        }
        let said: BTreeMap<String, Box<RawValue>> =
            serde_json::from_slice(sent.body()).map_err(|error| error.to_string())?;
        let text =
            |name: &str| -> Option<String> { serde_json::from_str(said.get(name)?.get()).ok() };
        let shown: BTreeMap<String, String> = match said.get("channel_properties") {
            Some(value) => serde_json::from_str(value.get()).map_err(|error| error.to_string())?,
            None => BTreeMap::new(),
        };
        let members: Vec<String> = said
            .iter()
            .filter(|(name, _)| *name != "channel_properties")
            .map(|(name, value)| format!("{name}: {}", text(name).unwrap_or(value.get().into())))
            .chain(shown.iter().map(|(name, value)| format!("channel_properties.{name}: {value}")))
            .collect();
        let content = format!("{line}\n  idempotency-key: {key}\n  {}", members.join("\n  "));
        let mut reading = Reading::new(content).held_against(key);
        if let Some(until) = shown.get("expires_at").and_then(|until| until.parse().ok()) {
            reading = reading.until(until);
        }
        let currency = match text("currency").as_deref() {
            Some("PHP") => Currency::PHP,
            Some("IDR") => Currency::IDR,
            other => return Err(format!("API_VALIDATION_ERROR: currency {other:?}")),
        };
        let amount = said.get("amount").or_else(|| said.get("request_amount"));
        let minor = amount.and_then(|amount| hundredths(amount.get()));
        let whole = |minor: i64| currency != Currency::IDR || minor % 100 == 0;
        match minor.filter(|minor| whole(*minor)) {
            Some(minor) => Ok(reading.paying(Money::from_minor(minor, currency))),
            None => Err("API_VALIDATION_ERROR: amount".into()),
        }
    }

    fn requests_signed(&self) -> bool {
        false
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        sent.method() == Method::POST
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let refused = |code: &str, words: &str| {
            let status = documented::http_status(code);
            Some((status, json!({ "error_code": code, "message": words }).to_string()))
        };
        let (status, said) = match &case.says {
            Says::Done => (200, r#"{"balance":10000}"#.to_owned()),
            Says::Holds(money) => (200, format!(r#"{{"balance":{}}}"#, number(money.minor()))),
            Says::Order { .. } => (200, self.about(ask, case)?),
            Says::Code { code, words, .. } => refused(code, words)?,
            // The plainest form of both documented ones.
            Says::Absent if ask.operation == Operation::PayoutFind && is_list(ask) => {
                (200, "[]".to_owned())
            }
            Says::Absent if is_list(ask) => (200, self.list(ask, "")),
            Says::Absent => refused("DATA_NOT_FOUND", "not found")?,
            _ => return None,
        };
        http::Response::builder().status(status).body(said.into()).ok()
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::Token)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        let kind = about.order_id.operation()?;
        // A refund names the account in its envelope alone.
        let (outside, inside) = match (kind, repeats) {
            (_, Repeats::OtherAccount) => (Some("6018306aa16ad90cb3c43ba7".to_owned()), true),
            (_, Repeats::CutAccount) => (Some(BUSINESS[1..].to_owned()), true),
            (_, Repeats::LongerAccount) => (Some(format!("{BUSINESS}0")), true),
            (_, Repeats::NoAccount) => (None, true),
            _ => (Some(BUSINESS.to_owned()), false),
        };
        let of_order = if kind == Operation::Refund && inside { Repeats::All } else { *repeats };
        let mut said = Self::order(kind, about, status, of_order, words)?;
        if let Some(code) = failure {
            said.insert("failure_code", quoted(code));
        }
        let event = match (kind, status.as_str()) {
            (Operation::Payout, "FAILED") => "payout.failed",
            (Operation::Payout, "REVERSED") => "payout.reversed",
            (Operation::Payout, _) => "payout.succeeded",
            (Operation::Refund, "FAILED") => "refund.failed",
            (Operation::Refund, _) => "refund.succeeded",
            (_, "FAILED") => "payment.failure",
            (_, "AUTHORIZED") => "payment.authorization",
            _ => "payment.capture",
        };
        let business = json!(outside);
        let data = serde_json::to_string(&said).ok()?;
        let member = if kind == Operation::Collection { "request_amount" } else { "amount" };
        let data = case.write_amount(&data, member);
        let body = format!(
            r#"{{"event":"{event}","business_id":{business},"created":"2026-11-20T02:01:00Z","data":{data}}}"#
        );
        let token = match case.seal {
            Seal::Rotated => NEXT_TOKEN,
            Seal::OtherKey => "another token",
            Seal::OtherPlace => return None,
            _ => TOKEN,
        };
        let mut headers = HeaderMap::new();
        if let Some(token) = case.seal.apply(token) {
            headers.insert("x-callback-token", token.parse().unwrap());
        }
        Some(WebhookRequest::new("/notify/xendit".parse().unwrap(), headers, body.into()))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        // Documented is the status of the first alone; the others need only not be it.
        let status = match handling {
            Handling::Stored => 200,
            Handling::Rejected => 401,
            Handling::Busy => 503,
        };
        http::Response::builder().status(status).body(Bytes::new()).unwrap()
    }

    fn signed_text(&self, _: &Bytes) -> Option<String> {
        None
    }

    fn with_signed_text(&self, body: &Bytes, _: &str) -> Bytes {
        body.clone()
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        documented::codes(operation)
    }

    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        documented::statuses(operation)
    }

    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        documented::notified_statuses(operation)
    }

    fn planted(&self) -> Vec<String> {
        let basic = BASIC.trim_start_matches("Basic ").to_owned();
        vec![SECRET_KEY.into(), basic, TOKEN.into(), NEXT_TOKEN.into()]
    }
}

/// A collection or refund: the sample, with what this platform wants otherwise.
fn other_request(operation: Operation, corridor: &Corridor) -> Option<Request> {
    // The sample's way to pay is put right below.
    let mut plain = corridor.clone();
    if operation == Operation::Collection {
        plain.channel = Channel::Qr;
    }
    let mut request = sample(operation, &plain)?;
    match &mut request {
        Request::Collection(collection) if corridor.channel == Channel::VirtualAccount => {
            let bank = InstitutionId::new("CENAIDJA").unwrap();
            collection.method = CollectionMethod::VirtualAccount(bank);
        }
        Request::Refund(refund) => refund.reason = Some("REQUESTED_BY_CUSTOMER".into()),
        _ => {}
    }
    Some(request)
}

fn wallet(id: &str, mobile: &str) -> Destination {
    Destination::wallet(id, WalletAccount::phone(mobile).unwrap()).unwrap()
}

fn kind(operation: Operation) -> Option<Operation> {
    match operation {
        Operation::Payout | Operation::PayoutFind => Some(Operation::Payout),
        Operation::Collection | Operation::CollectionFind => Some(Operation::Collection),
        Operation::Refund | Operation::RefundFind => Some(Operation::Refund),
        _ => None,
    }
}

/// Whether a request asks for a list: all of our reference, or all of a payment.
fn is_list(ask: &Ask<'_>) -> bool {
    let query = ask.sent.uri().query().unwrap_or_default();
    query.starts_with("reference_id=") || query.starts_with("payment_request_id=")
}

/// Hundredths as a JSON number, without zeros at its end.
pub(crate) fn number(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// A JSON number of at most two decimals in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let right = !whole.is_empty() && digits(whole) && digits(rest) && rest.len() <= 2;
    right.then(|| format!("{whole}{rest:0<2}").parse().ok()).flatten()
}

fn quoted(text: &str) -> Box<RawValue> {
    raw(&json!(text).to_string())
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}
