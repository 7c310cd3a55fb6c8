//! The platform's side, written from its documents: what it takes, and what it says.

use crate::simulator::{API_KEY, sign};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tulay_balsa::{Balsa, Keys, Settings};
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Proves, Reading, Repeats, Says, Seal, Sealed,
};
use tulay_core::*;

const MERCHANT: &str = "shop-1";
const TOKEN: &str = "planted token of a test";
const DRAFT: &str = "B-7001";

/// Balsa as its documents have it.
pub(crate) struct Platform;

impl Platform {
    fn make(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let id = ProviderId::new("balsa").unwrap();
        let [api_key, token] = [API_KEY, TOKEN].map(|text| Secret::new(text).unwrap());
        Arc::new(Balsa::new(id, settings, Keys { api_key, token }, context).unwrap())
    }

    /// What an answer and a notification say of an order; `None` where they cannot say it.
    fn order(case: &Case) -> Option<Value> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        let mut said = json!({ "id": DRAFT, "status": status, "message": words });
        let members = said.as_object_mut()?;
        if let Some(code) = failure {
            members.insert("reason".into(), json!(code));
        }
        match repeats {
            Repeats::All | Repeats::NoAccount => {}
            Repeats::OtherReference => drop(members.insert("id".into(), json!("B-8001"))),
            Repeats::GivenReference(id) => drop(members.insert("id".into(), json!(id))),
            Repeats::NoReference => drop(members.remove("id")),
            // None of them names order id, amount or merchant.
            _ => return None,
        }
        Some(said)
    }

    fn settings() -> Settings {
        Settings::new(Environment::Sandbox, "http://127.0.0.1:8400/balsa", MERCHANT)
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
        let url = "https://api.balsa.example";
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
        let header = |name: &str| sent.headers().get(name).and_then(|value| value.to_str().ok());
        let time = header("balsa-time").ok_or("no time")?;
        let body = std::str::from_utf8(sent.body()).map_err(|error| error.to_string())?;
        let path = sent.uri().path_and_query().ok_or("no path")?;
        let text = format!("{time}\n{}\n{path}\n{body}", sent.method());
        if header("balsa-sign") != Some(&sign(text.as_bytes())) {
            return Err("bad_signature".into());
        }
        let line = format!("{} {}", sent.method(), sent.uri());
        if body.is_empty() {
            return Ok(Reading::new(line).stamped(time));
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
            .stamped(time)
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
        true
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        sent.method() == Method::POST
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let (status, said) = match &case.says {
            // The first step knows no state but its own.
            Says::Order { .. } if ask.sent.uri().path().ends_with("/drafts") => {
                let mut draft = Self::order(case)?;
                draft.as_object_mut()?.insert("status".into(), json!("draft"));
                (201, draft)
            }
            Says::Order { .. } => (200, Self::order(case)?),
            Says::Code { code, words, .. } => (422, json!({ "error": code, "message": words })),
            Says::Absent => (404, json!({ "error": "not_found" })),
            _ => return None,
        };
        let body = Bytes::from(said.to_string());
        http::Response::builder().status(status).body(body).ok()
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::Token)
    }

    fn notification(&self, _: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let token = if case.seal == Seal::OtherKey { "another token" } else { TOKEN };
        let token = case.seal.apply(token).and_then(|token| HeaderValue::try_from(token).ok());
        let headers = token.map(|token| (HeaderName::from_static("balsa-token"), token));
        let body = Self::order(case)?.to_string();
        let target = "/notify/balsa/payout".parse().unwrap();
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

    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        self.statuses(operation)
    }

    fn planted(&self) -> Vec<String> {
        vec![API_KEY.into(), TOKEN.into()]
    }
}
