//! The platform's side, written from its documents: what it takes, and what it says.

use bytes::Bytes;
use http::{Method, header::AUTHORIZATION};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Proves, Reading, Repeats, Says, Sealed,
};
use tulay_core::*;
use tulay_kawayan::{Kawayan, Keys, Settings};

const MERCHANT: &str = "shop-1";
const API_KEY: &str = "planted key of a test";

/// Kawayan as its documents have it.
pub(crate) struct Platform;

impl Platform {
    fn make(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let id = ProviderId::new("kawayan").unwrap();
        let keys = Keys { api_key: Secret::new(API_KEY).unwrap() };
        Arc::new(Kawayan::new(id, settings, keys, context).unwrap())
    }

    fn settings() -> Settings {
        Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/kawayan", MERCHANT)
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
        let url = "https://api.kawayan.example";
        Some(Self::make(Settings::new(Environment::Production, url, MERCHANT), context))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        (operation == Operation::Payout).then(|| Self::payout(corridor).into())
    }

    fn misfits(&self) -> Vec<Misfit> {
        let sample = || Self::payout(&Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1));
        let mut remark = sample();
        remark.remark = Some("r".repeat(51));
        let mut name = sample();
        name.beneficiary.name = Some(Name::Full(NamePart::new("n".repeat(71)).unwrap()));
        vec![Misfit::new("remark", remark), Misfit::new("name", name)]
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        let bearer = sent.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        if bearer != Some(&format!("Bearer {API_KEY}")) {
            return Err("bad_key".into());
        }
        let line = format!("{} {}", sent.method(), sent.uri());
        if sent.method() == Method::GET {
            return Ok(Reading::new(line));
        }
        let said: Map<String, Value> =
            serde_json::from_slice(sent.body()).map_err(|error| error.to_string())?;
        if said.get("merchant") != Some(&json!(MERCHANT)) {
            return Err("another merchant".into());
        }
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        let members: Vec<String> =
            said.keys().map(|name| format!("{name}: {}", text(name))).collect();
        let reading = Reading::new(format!("{line}\n  {}", members.join("\n  ")))
            .held_against(text("reference"));
        // Two decimals, and the point between them and the pesos.
        let (pesos, centavos) = text("amount").split_once('.').unwrap_or_default();
        let minor = format!("{pesos}{centavos}").parse();
        Ok(match minor {
            Ok(minor) if centavos.len() == 2 && text("currency") == "PHP" => {
                reading.paying(Money::from_minor(minor, Currency::PHP))
            }
            _ => reading,
        })
    }

    fn requests_signed(&self) -> bool {
        false
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        sent.method() == Method::POST
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let (status, said) = match &case.says {
            Says::Order { status, repeats, words, failure, .. } => {
                let about = ask.about?;
                let mut minor = about.amount?.minor();
                if *repeats == Repeats::OtherAmount {
                    minor += 1;
                }
                let mut said = json!({
                    "reference": about.order_id,
                    "id": "KW-7001",
                    "amount": format!("{}.{:02}", minor / 100, minor % 100),
                    "currency": "PHP",
                    "status": status,
                    "message": words,
                });
                let members = said.as_object_mut()?;
                if let Some(code) = failure {
                    members.insert("reason".into(), json!(code));
                }
                match repeats {
                    Repeats::All | Repeats::NoAccount | Repeats::OtherAmount => {}
                    Repeats::OtherOrder => {
                        members.insert("reference".into(), json!("PAAAAAAAAAAAAAAAAAAAAAAAAA"));
                    }
                    Repeats::NoOrder => drop(members.remove("reference")),
                    Repeats::NoAmount => drop(members.remove("amount")),
                    Repeats::OtherReference => drop(members.insert("id".into(), json!("KW-8001"))),
                    Repeats::GivenReference(id) => drop(members.insert("id".into(), json!(id))),
                    Repeats::NoReference => drop(members.remove("id")),
                    // An answer does not name the merchant.
                    _ => return None,
                }
                (200, said)
            }
            Says::Code { code, words, .. } => (422, json!({ "error": code, "message": words })),
            Says::Absent => (404, json!({ "error": "not_found" })),
            _ => return None,
        };
        let body = Bytes::from(case.write_amount(&said.to_string(), "amount"));
        http::Response::builder().status(status).body(body).ok()
    }

    fn notifications(&self) -> Option<Sealed> {
        None
    }

    fn notification(&self, _: &Lookup, _: &Case) -> Option<WebhookRequest> {
        None
    }

    fn acknowledgement(&self, _: Handling) -> http::Response<Bytes> {
        http::Response::default()
    }

    fn signed_text(&self, _: &Bytes) -> Option<String> {
        None
    }

    fn with_signed_text(&self, body: &Bytes, _: &str) -> Bytes {
        body.clone()
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        let look_up = operation == Operation::PayoutFind;
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
            _ => Vec::new(),
        }
    }

    fn notified_statuses(&self, _: Operation) -> Vec<(String, AnyStatus)> {
        Vec::new()
    }

    fn planted(&self) -> Vec<String> {
        vec![API_KEY.into()]
    }
}
