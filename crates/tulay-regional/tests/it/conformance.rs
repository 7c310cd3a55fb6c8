//! The suite that every adapter passes. The platform's side is written from its documents: codes
//! from the "Open API Common Code List", orders from 2.1 and 3.1.

use crate::support::{
    APP_ID, MERCHANT_KEY, MERCHANT_PUBLIC_KEY, PLATFORM_KEY, PLATFORM_PUBLIC_KEY, bank, enveloped,
    settings, sign, wallet,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tulay_conformance::{
    Ask, Case, Code, Echo, Harness, Misfit, Proves, Reading, Says, Seal, Sealed,
};
use tulay_core::*;
use tulay_crypto::{PublicKey, RsaVerifier, Signature, Verifier};
use tulay_regional::{Keys, Regional, Settings};

tulay_conformance::conformance_suite!(
    Platform,
    skips: [
        // Notifications alone are signed.
        "changed_answers_prove_nothing",
        "rewritten_answers_prove_nothing",
        "unsigned_answers_prove_nothing",
        "answers_under_another_key_prove_nothing",
        "tokens_are_hints",
        // Neither answers nor notifications name the merchant.
        "another_account_is_a_mismatch",
        "notifications_for_others_are_refused",
        // No such role.
        "institutions_are_listed",
        "health_is_asked",
    ],
);

const OTHER_ORDER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Codes whose text says that this request was turned away, and why. Those with another meaning
/// in a single-country edition (21017, 21020 to 21024) are not among them.
const REFUSALS: [&str; 8] =
    ["21001", "21003", "21004", "21005", "21008", "21009", "21014", "21016"];
const REFUSALS_OF_CONTENT: [&str; 6] = ["21002", "21010", "21012", "21013", "21018", "21019"];

/// The regional platform as its documents have it.
struct Platform;

impl Platform {
    fn regional(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let keys = Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        let id = ProviderId::new("regional").unwrap();
        Arc::new(Regional::new(id, settings, keys, context).unwrap())
    }

    /// Centavos, or whole rupiah.
    fn units(amount: Money) -> i64 {
        if amount.currency() == Currency::IDR { amount.minor() / 100 } else { amount.minor() }
    }

    /// The members that a look-up and a notification have in common; `None` where they cannot say
    /// such a thing.
    fn order(about: &Lookup, status: &str, echo: Echo, words: &str) -> Option<Map<String, Value>> {
        let units = Self::units(about.amount?);
        let Value::Object(mut said) = json!({
            "amount": units,
            "createTime": "2026-11-20 10:00:00",
            "mchOrderId": about.order_id.as_str(),
            "remark": words,
            "returnTime": "2026-11-20 10:00:41",
            "transactionId": "D1656505190221611009",
            "transactionStatus": status,
        }) else {
            unreachable!()
        };
        match echo {
            // None of them names an account.
            Echo::All | Echo::NoAccount => {}
            Echo::OtherAmount => drop(said.insert("amount".into(), json!(units + 1))),
            Echo::OtherOrder => drop(said.insert("mchOrderId".into(), json!(OTHER_ORDER))),
            Echo::NoOrder => drop(said.remove("mchOrderId")),
            Echo::NoAmount => drop(said.remove("amount")),
            Echo::OtherReference => drop(said.insert("transactionId".into(), json!("D7"))),
            Echo::NoReference => drop(said.remove("transactionId")),
            _ => return None,
        }
        Some(said)
    }
}

fn refused(code: &str, words: &str) -> Value {
    // Codes are numbers on the wire; what is no number stands as text.
    let code = code.parse::<i64>().map_or_else(|_| json!(code), |number| json!(number));
    json!({ "code": code, "message": words, "data": null })
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        Self::regional(settings(), context)
    }

    fn with_contract(
        &self,
        context: AdapterContext,
        contract: Contract,
    ) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.contract = contract;
        Some(Self::regional(settings, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.environment = Environment::Production;
        settings.base_url = "https://openapi.paycools.com".into();
        Some(Self::regional(settings, context))
    }

    fn request(&self, corridor: &Corridor) -> PayoutRequest {
        let destination = match (corridor.country, corridor.channel) {
            (Country::ID, Channel::Wallet) => wallet("ovo", "+6281200007777"),
            (Country::ID, _) => bank("BNIAIDJA", "700100200300"),
            (Country::MY, Channel::Wallet) => wallet("boost", "+60120007777"),
            (Country::MY, _) => bank("MBBEMYKL", "700100200300"),
            (Country::TH, Channel::Wallet) => wallet("truemoney", "+66810007777"),
            (Country::TH, Channel::Proxy) => {
                Destination::Proxy(Proxy::Phone(Phone::new("+66810007777").unwrap()))
            }
            (Country::TH, _) => bank("BKKBTHBK", "700100200300"),
            (_, Channel::Wallet) => wallet("gcash", "+639170007777"),
            _ => bank("SUSVPHM1", "700100200300"),
        };
        let mut request = PayoutRequest::new(
            Reference::new("INV-2026-0001").unwrap(),
            corridor.country,
            Money::from_minor(1_000_000, corridor.currency),
            destination,
        );
        let name = NamePart::new("Mariamne Sintoprueba").unwrap();
        request.beneficiary.name = Some(Name::Full(name));
        match corridor.country {
            Country::ID => {
                request.beneficiary.mobile = Some(Phone::new("+6281200007777").unwrap());
            }
            Country::TH => {
                request.beneficiary.mobile = Some(Phone::new("+66810007777").unwrap());
                request.beneficiary.kind = Some(PartyKind::Person);
                request.beneficiary.tax_id = Some(TaxId::new("1101700207030").unwrap());
            }
            _ => {}
        }
        request.remark = Some("November".into());
        request
    }

    fn misfits(&self) -> Vec<Misfit> {
        let sample = |country, currency, channel| {
            self.request(&Corridor::new(country, currency, channel, 1))
        };
        let philippine = |channel| sample(Country::PH, Currency::PHP, channel);
        let mut remark = philippine(Channel::Bank);
        remark.remark = Some("r".repeat(257));
        // 2.1.1: letters, digits, blanks, and of marks ' . - alone.
        let mut marks = philippine(Channel::Bank);
        marks.beneficiary.name = Some(Name::Full(NamePart::new("Bridge & Sons").unwrap()));
        let mut long = philippine(Channel::Bank);
        let part = || NamePart::new("n".repeat(100)).unwrap();
        long.beneficiary.name =
            Some(Name::Parts { given: part(), middle: None, family: part(), suffix: None });
        let mut foreign_wallet = philippine(Channel::Wallet);
        foreign_wallet.destination = wallet("gcash", "+6281200007777");
        let mut foreign_mobile = sample(Country::ID, Currency::IDR, Channel::Bank);
        foreign_mobile.beneficiary.mobile = Some(Phone::new("+639170007777").unwrap());
        vec![
            Misfit::new("remark", remark),
            Misfit::new("name", marks),
            Misfit::new("name", long),
            Misfit::new("account", foreign_wallet),
            Misfit::new("mobile", foreign_mobile),
        ]
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        let envelope: Map<String, Value> =
            serde_json::from_slice(sent.body()).map_err(|error| error.to_string())?;
        let text = |name: &str| envelope.get(name).and_then(Value::as_str);
        if text("appId") != Some(APP_ID) {
            return Err("code 21003: no such appId".into());
        }
        let (param, signature) =
            text("param").zip(text("sign")).ok_or("code 21002: param or sign is missing")?;
        let signature = Signature::from_base64(signature).map_err(|error| error.to_string())?;
        let key = PublicKey::parse(MERCHANT_PUBLIC_KEY).unwrap();
        RsaVerifier::new(&key)
            .unwrap()
            .verify(param.as_bytes(), &signature)
            .map_err(|_| "code 21001: the signature does not verify")?;
        let mut said: Map<String, Value> =
            serde_json::from_str(param).map_err(|error| error.to_string())?;
        let stamp = said.remove("timestamp").ok_or("code 21008: no time stamp")?;
        let members: Vec<String> = said
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) => format!("{name}: {text}"),
                value => format!("{name}: {value}"),
            })
            .collect();
        let line = format!("{} {}", sent.method(), sent.uri());
        let reading = Reading::new(format!("{line}\n  {}", members.join("\n  ")));
        let reading = reading.stamped(stamp.to_string());
        // The path alone tells the country, and the country the currency.
        let money = said.get("amount").and_then(Value::as_i64).map(|units| {
            let path = sent.uri().path();
            let of = |word: &str| path.contains(&format!("/{word}/"));
            match (of("indonesia"), of("malaysia"), of("thailand")) {
                (true, ..) => Money::from_minor(units.saturating_mul(100), Currency::IDR),
                (_, true, _) => Money::from_minor(units, Currency::MYR),
                (.., true) => Money::from_minor(units, Currency::THB),
                _ => Money::from_minor(units, Currency::PHP),
            }
        });
        Ok(money.map_or(reading.clone(), |money| reading.paying(money)))
    }

    fn requests_signed(&self) -> bool {
        true
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        sent.uri().path().ends_with("/transfer")
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let success = |data: Value| json!({ "code": 10000, "message": "Success", "data": data });
        let said = match &case.says {
            Says::Done => success(json!({ "balance": "10000.00" })),
            Says::Order { status, echo, words, failure, .. } => {
                let mut data = Self::order(ask.about?, status, *echo, words)?;
                data.extend(failure.as_ref().map(|code| ("failedCode".to_owned(), json!(code))));
                if ask.operation == Operation::Payout {
                    // The answer to a creation has no amount (2.1.1).
                    if *echo == Echo::OtherAmount {
                        return None;
                    }
                    for absent in ["amount", "createTime", "returnTime", "remark"] {
                        data.remove(absent);
                    }
                }
                success(Value::Object(data))
            }
            // Published refusals name no order.
            Says::Code { code, words, .. } => refused(code, words),
            Says::Absent => refused("21006", "Merchant transaction not found"),
            _ => return None,
        };
        Some(http::Response::new(Bytes::from(said.to_string())))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::Signed)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<RawNotification> {
        let Says::Order { status, echo, words, failure, .. } = &case.says else { return None };
        let mut said = Self::order(about, status, *echo, words)?;
        said.extend(failure.as_ref().map(|code| ("failedCode".to_owned(), json!(code))));
        let event = if status == "FAILED" { "failed" } else { "success" };
        said.insert("eventName".into(), json!(format!("disbursement.{event}")));
        let param = Value::Object(said).to_string();
        let body = match case.seal {
            Seal::None => json!({ "param": param }).to_string(),
            Seal::Empty => enveloped(&param, ""),
            Seal::OtherKey => enveloped(&param, &sign(MERCHANT_KEY, &param)),
            _ => enveloped(&param, &sign(PLATFORM_KEY, &param)),
        };
        let target = "/notify/regional/payout".parse().unwrap();
        Some(RawNotification::new(target, http::HeaderMap::new(), body.into()))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        // Documented is the first alone; the others need only not be it.
        let (status, text) = match handling {
            Handling::Stored => (200, r#"{"code":10000,"message":"Success"}"#),
            Handling::Refused => (401, r#"{"code":21001,"message":"Request sign error"}"#),
            Handling::Busy => (503, r#"{"code":21000,"message":"Server error"}"#),
        };
        let answer = http::Response::builder().status(status);
        answer.header(CONTENT_TYPE, "application/json").body(text.into()).unwrap()
    }

    fn signed_text(&self, body: &Bytes) -> Option<String> {
        let envelope: Value = serde_json::from_slice(body).ok()?;
        envelope["param"].as_str().map(str::to_owned)
    }

    fn with_signed_text(&self, body: &Bytes, text: &str) -> Bytes {
        let envelope: Value = serde_json::from_slice(body).unwrap();
        Bytes::from(enveloped(text, envelope["sign"].as_str().unwrap()))
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        let listed = include_str!("data/codes.txt")
            .lines()
            .filter_map(|line| Some(line.strip_prefix("common ")?.split_once('\t')?.0));
        let look_up = operation == Operation::PayoutFind;
        let proves = |code: &str| match code {
            "10000" => Proves::Success,
            "21006" if look_up => Proves::Absent,
            _ if look_up => Proves::Nothing,
            "21007" | "21015" => Proves::Duplicate,
            _ if REFUSALS.contains(&code) => Proves::Refusal,
            _ if REFUSALS_OF_CONTENT.contains(&code) => Proves::StableRefusal,
            _ => Proves::Nothing,
        };
        listed.map(|code| Code::new(code, proves(code))).collect()
    }

    fn statuses(&self) -> Vec<(String, PayoutStatus)> {
        [
            ("PENDING", PayoutStatus::Pending),
            ("COMPLETED", PayoutStatus::Succeeded),
            ("COMPLETE", PayoutStatus::Succeeded),
            ("FAILED", PayoutStatus::Failed),
        ]
        .map(|(word, status)| (word.to_owned(), status))
        .to_vec()
    }

    fn planted(&self) -> Vec<String> {
        let pem = std::str::from_utf8(MERCHANT_KEY).unwrap();
        pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect()
    }
}
