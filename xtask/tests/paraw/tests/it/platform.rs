//! The platform's side, written from its documents: what it takes, and what it says.

use crate::simulator::{API_KEY, WEBHOOK_SECRET, minor, sign};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header::AUTHORIZATION};
use serde_json::{json, value::RawValue};
use std::{collections::BTreeMap, sync::Arc};
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Proves, Reading, Repeats, Says, Seal, Sealed,
    sample,
};
use tulay_core::*;
use tulay_paraw::{Keys, Paraw, Settings};

const MERCHANT: &str = "shop-1";
/// When notifications are signed.
const SECOND: i64 = 1_796_000_000;
const PAGE: &str = "http://127.0.0.1:8400/paraw/pay/7001";

/// Paraw as its documents have it.
pub(crate) struct Platform;

impl Platform {
    fn make(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let id = ProviderId::new("paraw").unwrap();
        let [api_key, webhook_secret] =
            [API_KEY, WEBHOOK_SECRET].map(|text| Secret::new(text).unwrap());
        Arc::new(Paraw::new(id, settings, Keys { api_key, webhook_secret }, context).unwrap())
    }

    /// What an answer and a notification say of an order; `None` where they cannot say it. An
    /// amount is a number in pesos, written as text here so that it is never a float.
    fn order(about: &Lookup, case: &Case) -> Option<String> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        let mut reference = Some(about.order_id.to_string());
        let mut id = Some(format!("{}_7001", kind(about)));
        let mut currency = "PHP";
        let mut minor = Some(about.amount?.minor());
        let mut payment = match about.order_id.operation() {
            Some(Operation::Collection) if status == "paid" => Some("pm_7001".to_owned()),
            Some(Operation::Refund) => about.payment.as_ref().map(ToString::to_string),
            _ => None,
        };
        match repeats {
            // No message names the account: the key and the secret are this account's alone.
            Repeats::All | Repeats::NoAccount | Repeats::NoShown => {}
            Repeats::OtherCurrency => currency = "IDR",
            Repeats::OtherAmount => minor = minor.map(|minor| minor + 1),
            Repeats::NoAmount => minor = None,
            Repeats::OtherOrder => reference = Some("PAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            Repeats::NoOrder => reference = None,
            Repeats::OtherReference => id = Some(format!("{}_8001", kind(about))),
            Repeats::GivenReference(given) => id = Some((*given).to_owned()),
            Repeats::OtherPayment => payment = Some(payment.map(|_| "pm_8001".to_owned())?),
            Repeats::NoReference => id = None,
            _ => return None,
        }
        let page = (status == "open" && *repeats != Repeats::NoShown).then_some(PAGE);
        let members = [
            ("reference", reference.as_deref()),
            ("id", id.as_deref()),
            ("currency", Some(currency)),
            ("status", Some(status.as_str())),
            ("payment", payment.as_deref()),
            ("reason", failure.as_deref()),
            ("page", page),
            ("message", Some(words.as_str())),
        ];
        let members = members.into_iter().filter_map(|(name, text)| Some((name, json!(text?))));
        let text = members.map(|(name, text)| format!("\"{name}\":{text}"));
        let amount = minor.map(|minor| format!("\"amount\":{}.{:02}", minor / 100, minor % 100));
        let text = format!("{{{}}}", text.chain(amount).collect::<Vec<_>>().join(","));
        Some(case.write_amount(&text, "amount"))
    }

    fn settings() -> Settings {
        Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/paraw", MERCHANT)
    }

    pub(crate) fn payout(corridor: &Corridor) -> PayoutRequest {
        let mut request = PayoutRequest::new(
            Reference::new("INV-2026-0001").unwrap(),
            corridor.country,
            Money::from_minor(10_000, corridor.currency),
            Destination::Bank {
                institution: InstitutionId::new("BOPIPHMM").unwrap(),
                account: AccountNumber::new("007001002003").unwrap(),
            },
        );
        request.beneficiary.name = Some(Name::Full(NamePart::new("Mariamne Sintoprueba").unwrap()));
        request.remark = Some("November".into());
        request
    }
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        Self::make(Self::settings(), context)
    }

    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>> {
        let mut settings = Self::settings();
        settings.guarantees = guarantees;
        Some(Self::make(settings, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let url = "https://api.paraw.example";
        Some(Self::make(Settings::new(Environment::Production, url, MERCHANT), context))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        if operation == Operation::Payout {
            return Some(Self::payout(corridor).into());
        }
        // The plain sample names no wallet.
        let mut corridor = corridor.clone();
        corridor.channel = Channel::Qr;
        let mut request = sample(operation, &corridor)?;
        match &mut request {
            Request::Collection(request) => {
                request.method = CollectionMethod::Redirect(InstitutionId::new("gcash").ok()?);
            }
            Request::Refund(request) => {
                request.original.channel = Channel::Redirect;
                request.original.payment = ProviderReference::new("pm_7001").ok();
            }
            _ => {}
        }
        Some(request)
    }

    fn misfits(&self) -> Vec<Misfit> {
        let payout = || Self::payout(&Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1));
        let page = Corridor::new(Country::PH, Currency::PHP, Channel::Redirect, 1);
        let mut remark = payout();
        remark.remark = Some("r".repeat(51));
        let mut name = payout();
        name.beneficiary.name = Some(Name::Full(NamePart::new("n".repeat(71)).unwrap()));
        let mut misfits = vec![Misfit::new("remark", remark), Misfit::new("name", name)];
        if let Some(Request::Collection(sale)) = self.request(Operation::Collection, &page) {
            let mut bank = sale.clone();
            bank.method = CollectionMethod::Redirect(InstitutionId::new("BOPIPHMM").unwrap());
            let mut remark = sale;
            remark.remark = Some("r".repeat(51));
            misfits.extend([Misfit::new("institution", bank), Misfit::new("remark", remark)]);
        }
        if let Some(Request::Refund(mut refund)) = self.request(Operation::Refund, &page) {
            refund.original.payment = None;
            misfits.push(Misfit::new("original.payment", refund));
        }
        misfits
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        // `planted key of a test`, a colon, and no password.
        let basic = "Basic cGxhbnRlZCBrZXkgb2YgYSB0ZXN0Og==";
        if sent.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(basic) {
            return Err("bad_key".into());
        }
        let line = format!("{} {}", sent.method(), sent.uri());
        if sent.method() == Method::GET {
            return Ok(Reading::new(line));
        }
        let key = sent.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
        let key = key.ok_or("no idempotency key")?;
        // A number stays as it is written.
        let said: BTreeMap<String, &RawValue> =
            serde_json::from_slice(sent.body()).map_err(|error| error.to_string())?;
        let text = |name: &str| {
            let value = said.get(name).map(|value| value.get()).unwrap_or_default();
            serde_json::from_str(value).unwrap_or_else(|_| value.to_owned())
        };
        let members: Vec<String> =
            said.keys().map(|name| format!("{name}: {}", text(name))).collect();
        let content = format!("{line}\n  key: {key}\n  {}", members.join("\n  "));
        let reading = Reading::new(content).held_against(key);
        Ok(match (minor(&text("amount")), text("currency").as_str()) {
            (Some(minor), "PHP") => reading.paying(Money::from_minor(minor, Currency::PHP)),
            _ => reading,
        })
    }

    fn requests_signed(&self) -> bool {
        false
    }

    /// A method is no order: it pays nothing.
    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        sent.method() == Method::POST && !sent.uri().path().ends_with("/methods")
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let path = ask.sent.uri().path();
        let in_a_list = ask.sent.uri().query().is_some();
        let drafts = path.ends_with("/collections") && !in_a_list;
        let (status, body) = match &case.says {
            // A method repeats nothing of the order.
            Says::Order { repeats: Repeats::All | Repeats::NoAccount, .. }
                if path.ends_with("/methods") =>
            {
                (201, r#"{"id":"met_7001"}"#.to_owned())
            }
            Says::Order { .. } if path.ends_with("/methods") => return None,
            // The draft gives the id, so that it is never another one.
            Says::Order { repeats: Repeats::OtherReference, .. } if drafts => return None,
            Says::Order { repeats, amount, .. } if drafts => {
                let draft = Case::order("draft").repeating(*repeats).with_amount_as(*amount);
                (201, Self::order(ask.about?, &draft)?)
            }
            Says::Order { repeats: Repeats::Twice, words, status, .. } if in_a_list => {
                let one = Case::order(status).in_words(words);
                let other = one.clone().repeating(Repeats::OtherReference);
                let [one, other] = [one, other].map(|case| Self::order(ask.about?, &case));
                (200, format!("[{},{}]", one?, other?))
            }
            Says::Order { .. } if in_a_list => {
                (200, format!("[{}]", Self::order(ask.about?, case)?))
            }
            Says::Order { .. } => (200, Self::order(ask.about?, case)?),
            Says::Code { code, words, .. } => {
                (422, json!({ "error": code, "message": words }).to_string())
            }
            Says::Absent if in_a_list => (200, "[]".to_owned()),
            Says::Absent => (404, json!({ "error": "not_found" }).to_string()),
            _ => return None,
        };
        http::Response::builder().status(status).body(body.into()).ok()
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::OwnKey)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let event = about.order_id.operation()?;
        let body = format!("{{\"event\":\"{event}\",\"data\":{}}}", Self::order(about, case)?);
        let signature = match case.seal {
            Seal::OtherKey => "0".repeat(64),
            // There is one secret, and one signature in one place.
            Seal::Rotated | Seal::OtherPlace => return None,
            _ => sign(SECOND, body.as_bytes()),
        };
        let signature = case.seal.apply(&signature).map(|text| format!("t={SECOND},v1={text}"));
        let name = HeaderName::from_static("paraw-signature");
        let headers = signature.map(|text| (name, HeaderValue::try_from(text).unwrap()));
        let target = "/notify/paraw".parse().unwrap();
        Some(WebhookRequest::new(target, headers.into_iter().collect(), body.into()))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (200, "OK"),
            Handling::Rejected => (401, "NO"),
            Handling::Busy => (503, "LATER"),
        };
        http::Response::builder().status(status).body(text.into()).unwrap()
    }

    /// A notification is signed whole.
    fn signed_text(&self, body: &Bytes) -> Option<String> {
        String::from_utf8(body.to_vec()).ok()
    }

    fn with_signed_text(&self, _: &Bytes, text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        use Operation::{CollectionFind, PayoutFind, RefundFind};
        let look_up = [CollectionFind, PayoutFind, RefundFind].contains(&operation);
        let of_create = |proves| if look_up { Proves::Nothing } else { proves };
        vec![
            Code::new("bad_key", of_create(Proves::Rejection)),
            Code::new("busy", Proves::Nothing),
            Code::new("duplicate_reference", of_create(Proves::Duplicate)),
            Code::new("insufficient_funds", of_create(Proves::Rejection)),
            Code::new("invalid_account", of_create(Proves::PermanentRejection)),
            Code::new("invalid_field", of_create(Proves::PermanentRejection)),
            Code::new("not_found", if look_up { Proves::Absent } else { Proves::Nothing }),
        ]
    }

    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        match operation {
            Operation::Payout => AnyStatus::table([
                ("accepted", PayoutStatus::Pending),
                ("paid", PayoutStatus::Succeeded),
                ("failed", PayoutStatus::Failed),
                ("returned", PayoutStatus::Reversed),
            ]),
            Operation::Collection => AnyStatus::table([
                ("open", CollectionStatus::Pending),
                ("draft", CollectionStatus::Pending),
                ("paid", CollectionStatus::Paid),
                ("expired", CollectionStatus::Expired),
            ]),
            Operation::Refund => AnyStatus::table([
                ("accepted", RefundStatus::Pending),
                ("refunded", RefundStatus::Succeeded),
                ("failed", RefundStatus::Failed),
            ]),
            _ => Vec::new(),
        }
    }

    /// Only how an order ended is notified.
    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        let begins = ["accepted", "open", "draft"];
        let all = self.statuses(operation).into_iter();
        all.filter(|(word, _)| !begins.contains(&word.as_str())).collect()
    }

    fn planted(&self) -> Vec<String> {
        vec![API_KEY.into(), "cGxhbnRlZCBrZXkgb2YgYSB0ZXN0Og==".into(), WEBHOOK_SECRET.into()]
    }
}

fn kind(about: &Lookup) -> &'static str {
    match about.order_id.operation() {
        Some(Operation::Collection) => "col",
        Some(Operation::Refund) => "ref",
        _ => "pay",
    }
}
