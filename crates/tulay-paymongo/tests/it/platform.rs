//! PayMongo as its pages have it, for the suite: requests of payment-acceptance-qr-ph-api,
//! pipm-workflow, reference/refund-resource and reference/transfer-resource; events of
//! developer-tools-webhooks-events and securing-webhook.

use crate::support::{
    OTHER_SECRET, SECOND_SECRET, SECRET_KEY, WEBHOOK_SECRET, make, settings, signed,
};
use crate::things::{METHOD, PAYMENT, Said, collection_event};
use crate::wrong::Mistake;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Proves, Reading, Repeats, Says, Seal, Sealed,
    sample,
};
use tulay_core::*;

/// The pages list these of intents and methods (qr-ph-errors, developer-tools-error-handling).
const PARAMETERS: [&str; 6] = [
    "parameter_required",
    "parameter_invalid",
    "parameter_format_invalid",
    "parameter_data_type_invalid",
    "parameter_below_minimum",
    "parameter_above_maximum",
];

/// refund-errors: what says that this refund was turned down.
const REFUND_REJECTIONS: [&str; 8] = [
    "refund_not_allowed",
    "payment_method_not_allowed",
    "livemode_mismatched",
    "resource_failed_state",
    "resource_disputed_state",
    "allowed_date_exceeded",
    "available_balance_insufficient",
    "resource_not_found",
];
/// refund-errors: what an earlier copy, or a failure behind it, may have caused.
const REFUND_DOUBTS: [&str; 4] = [
    "resource_processing_state",
    "resource_pending_state",
    "provider_processing_error",
    "resource_processing_error",
];

/// PayMongo as its pages have it, and the adapter, or one that is wrong on purpose.
#[derive(Clone, Copy, Default)]
pub(crate) struct Platform(pub(crate) Option<Mistake>);

/// Which parts no answer about intents and refunds has.
const fn is_never_named(repeats: Repeats) -> bool {
    matches!(
        repeats,
        Repeats::OtherAccount | Repeats::CutAccount | Repeats::LongerAccount | Repeats::Twice
    )
}

fn http_answer(status: u16, text: String) -> http::Response<Bytes> {
    let response = http::Response::builder().status(status);
    response.header("content-type", "application/json").body(text.into()).unwrap()
}

fn errors<S: AsRef<str>>(codes: &[S], words: &str) -> http::Response<Bytes> {
    let status = match codes {
        [code] if ["resource_not_found", "not_found"].contains(&code.as_ref()) => 404,
        [code] if code.as_ref() == "idempotency_in_progress" => 409,
        _ => 400,
    };
    let error = |code: &S| json!({ "code": code.as_ref(), "detail": words });
    let errors: Vec<Value> = codes.iter().map(error).collect();
    http_answer(status, json!({ "errors": errors }).to_string())
}

impl Platform {
    fn answer_order(
        ask: &Ask<'_>,
        status: &str,
        said: &Said<'_>,
        failure: Option<&str>,
    ) -> Option<Value> {
        let path = ask.sent.uri().path();
        let is_transfer = matches!(ask.operation, Operation::Payout | Operation::PayoutFind);
        if !is_transfer && (is_never_named(said.repeats) || failure.is_some()) {
            return None;
        }
        if said.repeats == Repeats::Twice
            || said.repeats == Repeats::OtherPayment && !path.contains("/v1/refunds")
        {
            return None;
        }
        let post = ask.sent.method() == Method::POST;
        Some(if path.ends_with("/v1/payment_intents") && post {
            said.intent("awaiting_payment_method", None)
        } else if path.ends_with("/v1/payment_methods") {
            // It states neither an amount nor a currency, and no order depends on its own id.
            let named = [
                Repeats::All,
                Repeats::OtherOrder,
                Repeats::OtherMode,
                Repeats::OtherShown,
                Repeats::OtherPayee,
                Repeats::NoShown,
            ];
            if !named.contains(&said.repeats) {
                return None;
            }
            let sent: Value = serde_json::from_slice(ask.sent.body()).ok()?;
            let mut method = said.resource(
                "payment_method",
                METHOD,
                json!({ "type": sent["data"]["attributes"]["type"] }),
            );
            let attributes = method["attributes"].as_object_mut()?;
            attributes.remove("amount");
            attributes.remove("currency");
            method
        } else if path.ends_with("/attach") {
            let action = said.next_action()?.filter(|_| status == "awaiting_next_action");
            said.intent(status, action.as_ref())
        } else if path.contains("/v1/payment_intents/") {
            said.intent(status, None)
        } else if path.contains("/v1/refunds") {
            said.refund(status)
        } else if path.ends_with("/v2/batch_transfers") {
            json!({ "id": "batch_tr_1", "transfers": [said.transfer(status, failure)] })
        } else {
            said.transfer(status, failure)
        })
    }
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        match self.0 {
            Some(mistake) => mistake.provider(context),
            None => make(settings(), context),
        }
    }

    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.guarantees = guarantees;
        Some(make(settings, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.environment = Environment::Production;
        settings.base_url = "https://api.paymongo.com".into();
        Some(make(settings, context))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        match operation {
            Operation::Payout => Some(payout(corridor).into()),
            Operation::Collection if corridor.channel == Channel::Redirect => {
                let mut codes = corridor.clone();
                codes.channel = Channel::Qr;
                let Some(Request::Collection(mut request)) = sample(operation, &codes) else {
                    return None;
                };
                request.method = CollectionMethod::Redirect(InstitutionId::new("maya").unwrap());
                Some(request.into())
            }
            Operation::Collection => sample(operation, corridor),
            Operation::Refund => {
                let Some(Request::Refund(mut request)) = sample(operation, corridor) else {
                    return None;
                };
                request.original.payment = ProviderReference::new(PAYMENT).ok();
                request.reason = Some("requested_by_customer".into());
                Some(request.into())
            }
            _ => None,
        }
    }

    fn misfits(&self) -> Vec<Misfit> {
        let corridor = |channel| Corridor::new(Country::PH, Currency::PHP, channel, 1);
        let collection = |change: &dyn Fn(&mut CollectionRequest)| {
            let Some(Request::Collection(mut request)) =
                self.request(Operation::Collection, &corridor(Channel::Qr))
            else {
                unreachable!()
            };
            change(&mut request);
            request
        };
        let refund = |change: &dyn Fn(&mut RefundRequest)| {
            let Some(Request::Refund(mut request)) =
                self.request(Operation::Refund, &corridor(Channel::Redirect))
            else {
                unreachable!()
            };
            change(&mut request);
            request
        };
        let mut by_instapay = payout(&corridor(Channel::Bank));
        by_instapay.rail = Some(Rail::InstaPay);
        by_instapay.amount = Money::from_minor(5_000_001, Currency::PHP);
        let mut abroad = payout(&corridor(Channel::Wallet));
        abroad.destination =
            Destination::wallet("gcash", WalletAccount::phone("+6281234567890").unwrap()).unwrap();
        vec![
            Misfit::new("amount", by_instapay),
            Misfit::new("account", abroad),
            Misfit::new("remark", collection(&|c| c.remark = Some("r".repeat(256)))),
            Misfit::new("terminal", collection(&|c| c.terminal = Terminal::new("T1").ok())),
            Misfit::new("display_name", collection(&|c| c.display_name = Some("Shop".into()))),
            Misfit::new("expires", collection(&|c| c.expires = Some(Timestamp::UNIX_EPOCH))),
            Misfit::new(
                "amount",
                collection(&|c| c.amount = Money::from_minor(1_999, Currency::PHP)),
            ),
            Misfit::new("reason", refund(&|r| r.reason = Some("November".into()))),
            Misfit::new("amount", refund(&|r| r.amount = Money::from_minor(99, Currency::PHP))),
            Misfit::new("original.payment", refund(&|r| r.original.payment = None)),
        ]
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        let header = |name| sent.headers().get(name).and_then(|value| value.to_str().ok());
        // RFC 7617, with an empty password.
        if header("authorization") != Some(&basic(SECRET_KEY)) {
            return Err("HTTP 401".into());
        }
        let line = format!("{} {}", sent.method(), sent.uri());
        if sent.method() == Method::GET {
            return Ok(Reading::new(line));
        }
        let body: Value = serde_json::from_slice(sent.body()).map_err(|error| error.to_string())?;
        let key = header("idempotency-key");
        let mut content = line;
        content.extend(key.map(|key| format!("\n  idempotency-key: {key}")));
        flatten(&mut content, "", &body);
        let mut reading = Reading::new(content);
        let transfer = &body["transfers"][0];
        let attributes = &body["data"]["attributes"];
        let amounts = [&transfer["amount"], &attributes["amount"]];
        if let Some(centavos) = amounts.into_iter().find_map(Value::as_i64) {
            reading = reading.paying(Money::from_minor(centavos, Currency::PHP));
        }
        if let Some(seconds) = attributes["expiry_seconds"].as_i64() {
            reading = reading.open_for(SignedDuration::from_secs(seconds));
        }
        let reference = attributes["metadata"]["order_id"].as_str();
        Ok(match key.or(reference) {
            Some(text) => reading.held_against(text),
            None => reading,
        })
    }

    fn requests_signed(&self) -> bool {
        false
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        // A payment method that is attached to nothing moves nothing.
        sent.method() == Method::POST && !sent.uri().path().ends_with("/v1/payment_methods")
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let data = match &case.says {
            Says::Order { status, repeats, words, failure, .. } => {
                let said = Said { about: ask.about?, repeats: *repeats, words };
                Self::answer_order(ask, status, &said, failure.as_deref())?
            }
            Says::Code { code, words, .. } => return Some(errors(&[code], words)),
            Says::Codes { codes, words } => return Some(errors(codes, words)),
            Says::Absent => return Some(errors(&["resource_not_found"], "no such thing")),
            Says::Holds(money) => wallet(money.minor()),
            Says::Done if ask.operation == Operation::Institutions => json!([
                { "id": "ri_1", "name": "Sun Savings Bank, Inc.", "bic": "SUSVPHM1XXX" },
                { "name": "G-Xchange, Inc. (GCash)", "bic": "GXCHPHM2XXX" },
            ]),
            Says::Done => wallet(100_000_000),
            _ => return None,
        };
        let text = case.write_amount(&json!({ "data": data }).to_string(), "amount");
        Some(http_answer(200, text))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::OwnKey)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        if is_never_named(*repeats) || failure.is_some() {
            return None;
        }
        let said = Said { about, repeats: *repeats, words };
        let (name, data) = match about.order_id.operation()? {
            Operation::Collection => (status.as_str(), collection_event(&said, status)?),
            Operation::Refund => ("payment.refund.updated", said.refund(status)),
            _ => return None,
        };
        let event = json!({ "data": {
            "id": "evt_7000000000000000000000ab",
            "type": "event",
            "attributes": {
                "type": name,
                "livemode": *repeats == Repeats::OtherMode,
                "data": data,
                "created_at": 1_795_140_060,
            },
        } });
        let body = case.write_amount(&event.to_string(), "amount");
        Some(sealed(&body, case.seal))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        // developer-tools-retry-logic: 200 to 209 with a JSON response is delivered, anything else is
        // sent again.
        let status = match handling {
            Handling::Stored => 200,
            Handling::Rejected => 401,
            Handling::Busy => 503,
        };
        let response = http::Response::builder().status(status);
        response.header("content-type", "application/json").body("{}".into()).unwrap()
    }

    fn signed_text(&self, body: &Bytes) -> Option<String> {
        String::from_utf8(body.to_vec()).ok()
    }

    fn with_signed_text(&self, _: &Bytes, text: &str) -> Bytes {
        Bytes::from(text.to_owned())
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        let codes = |codes: &[&str], proves| {
            codes.iter().map(|code| Code::new(*code, proves)).collect::<Vec<_>>()
        };
        let absent = codes(&["resource_not_found"], Proves::Absent);
        match operation {
            Operation::Collection => [
                codes(&PARAMETERS, Proves::Rejection),
                codes(&["resource_not_found"], Proves::Nothing),
            ]
            .concat(),
            Operation::CollectionFind => [absent, codes(&PARAMETERS, Proves::Nothing)].concat(),
            Operation::Payout => [
                codes(&PARAMETERS, Proves::Rejection),
                codes(
                    &["idempotency_in_progress", "resource_not_found", "not_found"],
                    Proves::Nothing,
                ),
            ]
            .concat(),
            Operation::PayoutFind => {
                [absent, codes(&["not_found"], Proves::Absent), codes(&PARAMETERS, Proves::Nothing)]
                    .concat()
            }
            Operation::Refund => [
                codes(&PARAMETERS, Proves::Rejection),
                codes(&REFUND_REJECTIONS, Proves::Rejection),
                codes(&REFUND_DOUBTS, Proves::Nothing),
            ]
            .concat(),
            Operation::RefundFind => [absent, codes(&REFUND_DOUBTS, Proves::Nothing)].concat(),
            _ => Vec::new(),
        }
    }

    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        match operation {
            Operation::Payout => AnyStatus::table([
                ("pending", PayoutStatus::Pending),
                ("succeeded", PayoutStatus::Succeeded),
                ("failed", PayoutStatus::Failed),
            ]),
            Operation::Collection => AnyStatus::table([
                ("awaiting_next_action", CollectionStatus::Pending),
                ("awaiting_payment_method", CollectionStatus::Pending),
                ("processing", CollectionStatus::Pending),
                ("succeeded", CollectionStatus::Paid),
            ]),
            Operation::Refund => refund_words(),
            _ => Vec::new(),
        }
    }

    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        match operation {
            Operation::Collection => AnyStatus::table([
                ("payment.paid", CollectionStatus::Paid),
                // An attempt failed, and the intent waits for another.
                ("payment.failed", CollectionStatus::Pending),
                ("qrph.expired", CollectionStatus::Expired),
                ("payment_intent.succeeded", CollectionStatus::Paid),
                ("payment_intent.awaiting_payment_method", CollectionStatus::Pending),
            ]),
            Operation::Refund => refund_words(),
            _ => Vec::new(),
        }
    }

    fn planted(&self) -> Vec<String> {
        let secrets = [SECRET_KEY, WEBHOOK_SECRET, SECOND_SECRET];
        let mut planted: Vec<String> = secrets.map(str::to_owned).to_vec();
        let basic = basic(SECRET_KEY);
        planted.push(basic["Basic ".len()..].to_owned());
        planted.push("000070010020".to_owned());
        planted
    }
}

fn refund_words() -> Vec<(String, AnyStatus)> {
    AnyStatus::table([
        ("pending", RefundStatus::Pending),
        ("processing", RefundStatus::Pending),
        ("succeeded", RefundStatus::Succeeded),
        ("failed", RefundStatus::Failed),
    ])
}

/// `Paymongo-Signature` of the test mode (securing-webhook).
pub(crate) fn sealed(body: &str, seal: Seal) -> WebhookRequest {
    let secret = match seal {
        Seal::OtherKey => OTHER_SECRET,
        Seal::Rotated => SECOND_SECRET,
        _ => WEBHOOK_SECRET,
    };
    let place = if seal == Seal::OtherPlace { "li" } else { "te" };
    let mut raw = signed(body, secret, place);
    let value = raw.headers.remove("paymongo-signature").unwrap();
    let (before, signature) = value.to_str().unwrap().rsplit_once('=').unwrap();
    if let Some(signature) = seal.apply(signature) {
        let value = format!("{before}={signature}").parse().unwrap();
        raw.headers.insert("paymongo-signature", value);
    }
    raw
}

fn payout(corridor: &Corridor) -> PayoutRequest {
    let destination = match corridor.channel {
        Channel::Wallet => {
            Destination::wallet("gcash", WalletAccount::phone("+639170007777").unwrap())
        }
        _ => Destination::bank("SUSVPHM1", "700100200300"),
    };
    let mut request = PayoutRequest::new(
        Reference::new("INV-2026-0001").unwrap(),
        corridor.country,
        Money::from_minor(10_000, corridor.currency),
        destination.unwrap(),
    );
    request.beneficiary.name = Some(Name::Full(NamePart::new("Mariamne Sintoprueba").unwrap()));
    request.remark = Some("November".into());
    request.rail = corridor.rail;
    request
}

fn wallet(centavos: i64) -> Value {
    json!({
        "id": "wallet_7",
        "type": "wallet",
        "attributes": { "balance": { "available": centavos, "pending": centavos } },
    })
}

/// `Authorization` by RFC 7617.
fn basic(key: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{key}:")))
}

/// Every text and number of a JSON value, with its place.
fn flatten(content: &mut String, place: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(content, &format!("{place}.{name}"), value);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                flatten(content, &format!("{place}.{index}"), value);
            }
        }
        Value::String(text) => content.push_str(&format!("\n  {}: {text}", &place[1..])),
        value => content.push_str(&format!("\n  {}: {value}", &place[1..])),
    }
}
