//! The suite that every adapter passes. The platform's side is written from its documents: codes
//! from sections 7 and 9, envelopes from 2.2, answers from 6.2, notifications from 6.3.

use crate::support::{
    MERCHANT, MERCHANT_KEY, MERCHANT_PUBLIC_KEY, PLATFORM_KEY, PLATFORM_PUBLIC_KEY, STATIC_CODE,
    parts, settings, sign,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json, value::RawValue};
use std::{collections::BTreeMap, sync::Arc};
use tulay_conformance::{
    Ask, Case, Code, Echo, Harness, Misfit, Proves, Reading, Says, Seal, Sealed,
};
use tulay_core::*;
use tulay_crypto::{PublicKey, RsaVerifier, Signature, Verifier};
use tulay_starpay::{Keys, Settings, Starpay};

tulay_conformance::conformance_suite!(
    Platform,
    skips: ["a_second_sending_renews_the_time_stamp", "tokens_are_hints"],
);

const OTHER_MERCHANT: &str = "101510000002";
const OTHER_ORDER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Codes of section 7 whose text says that this message was turned away, and why. Generic codes
/// (400, 410, 411) and those that may follow execution are not among them.
const REFUSALS: [&str; 6] = ["401", "402", "414", "415", "417", "513"];
const REFUSALS_OF_CONTENT: [&str; 5] = ["412", "418", "420", "426", "514"];

/// Starpay as its documents have it.
struct Platform;

impl Platform {
    fn starpay(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let keys = Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        let id = ProviderId::new("starpay").unwrap();
        Arc::new(Starpay::new(id, settings, keys, context).unwrap())
    }

    /// The members of 6.2 and 6.3, but for the id of the message that is answered.
    fn order(about: &Lookup, status: &str, echo: Echo, words: &str) -> Map<String, Value> {
        let centavos = about.amount.unwrap().minor();
        let Value::Object(mut said) = json!({
            "code": "200",
            "message": words,
            "mchId": MERCHANT,
            "trxDate": "2026-11-20T10:00:00+08:00",
            "trxAmount": centavos,
            "trxState": status,
            "originalMsgId": about.order_id.as_str(),
            "orderNo": "202611201000000001",
            "errorMessage": words,
        }) else {
            unreachable!()
        };
        match echo {
            Echo::OtherAmount => drop(said.insert("trxAmount".into(), json!(centavos + 1))),
            Echo::OtherOrder => drop(said.insert("originalMsgId".into(), json!(OTHER_ORDER))),
            Echo::OtherAccount => drop(said.insert("mchId".into(), json!(OTHER_MERCHANT))),
            Echo::NoAccount => drop(said.remove("mchId")),
            Echo::NoOrder => drop(said.remove("originalMsgId")),
            Echo::NoAmount => drop(said.remove("trxAmount")),
            Echo::OtherReference => {
                drop(said.insert("orderNo".into(), json!("202611200000000009")))
            }
            Echo::NoReference => drop(said.remove("orderNo")),
            _ => {}
        }
        said
    }

    fn seal(member: &str, said: &Map<String, Value>, seal: Seal) -> Bytes {
        let text = serde_json::to_string(said).unwrap();
        Bytes::from(match seal {
            Seal::None => format!(r#"{{"{member}":{text}}}"#),
            Seal::Empty => format!(r#"{{"{member}":{text},"signature":""}}"#),
            _ => {
                let key = if seal == Seal::OtherKey { MERCHANT_KEY } else { PLATFORM_KEY };
                format!(r#"{{"{member}":{text},"signature":"{}"}}"#, sign(key, &text))
            }
        })
    }
}

/// The envelope of 2.2: the member that holds the signed value, that value, and the signature.
fn envelope(body: &[u8]) -> Option<(&'static str, &RawValue, &RawValue)> {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_slice(body).ok()?;
    let name = ["request", "response"].into_iter().find(|name| members.contains_key(name))?;
    Some((name, members.get(name)?, members.get("signature")?))
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        Self::starpay(settings(), context)
    }

    fn with_contract(
        &self,
        context: AdapterContext,
        contract: Contract,
    ) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.contract = contract;
        Some(Self::starpay(settings, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.environment = Environment::Production;
        settings.base_url = "https://financeapi.wallytglobal.com/finance-payment-service".into();
        Some(Self::starpay(settings, context))
    }

    fn request(&self, corridor: &Corridor) -> PayoutRequest {
        let destination = match corridor.channel {
            Channel::Wallet => Destination::Wallet {
                institution: InstitutionId::new("gcash").unwrap(),
                account: WalletAccount::Phone(Phone::new("+639170007777").unwrap()),
            },
            Channel::ProviderAccount => Destination::ProviderAccount(WalletAccount::Phone(
                Phone::new("+639170007777").unwrap(),
            )),
            Channel::Qr => Destination::Qr(QrText::new(STATIC_CODE).unwrap()),
            _ => Destination::Bank {
                institution: InstitutionId::new("SUSVPHM1").unwrap(),
                account: AccountNumber::new("700100200300").unwrap(),
            },
        };
        let mut request = PayoutRequest::new(
            Reference::new("INV-2026-0001").unwrap(),
            corridor.country,
            Money::from_minor(10_000, corridor.currency),
            destination,
        );
        request.beneficiary.name = Some(parts("Mariamne", None, "Sintoprueba"));
        request.remark = Some("November".into());
        request
    }

    fn misfits(&self) -> Vec<Misfit> {
        let sample = |channel| self.request(&Corridor::new(Country::PH, Currency::PHP, channel, 1));
        // 6.1 takes 92 characters; a wallet of the Philippines is named by a number of the same.
        let mut remark = sample(Channel::Bank);
        remark.remark = Some("r".repeat(93));
        let mut wallet = sample(Channel::Wallet);
        wallet.destination = Destination::Wallet {
            institution: InstitutionId::new("gcash").unwrap(),
            account: WalletAccount::Phone(Phone::new("+6281234567890").unwrap()),
        };
        vec![Misfit::new("remark", remark), Misfit::new("account", wallet)]
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        let line = format!("{} {}", sent.method(), sent.uri());
        if sent.method() == http::Method::GET {
            return Ok(Reading::new(line));
        }
        let (name, text, signature) = envelope(sent.body()).ok_or("it is no envelope")?;
        let signature: String =
            serde_json::from_str(signature.get()).map_err(|error| error.to_string())?;
        let signature = Signature::from_base64(&signature).map_err(|error| error.to_string())?;
        let key = PublicKey::parse(MERCHANT_PUBLIC_KEY).unwrap();
        RsaVerifier::new(&key)
            .unwrap()
            .verify(text.get().as_bytes(), &signature)
            .map_err(|_| "code 402: the signature does not verify")?;
        let said: Map<String, Value> =
            serde_json::from_str(text.get()).map_err(|error| error.to_string())?;
        if name != "request" || said.get("mchId") != Some(&json!(MERCHANT)) {
            return Err("code 513: no such merchant".into());
        }
        let member = |(name, value): (&String, &Value)| match value {
            Value::String(text) => format!("{name}: {text}"),
            value => format!("{name}: {value}"),
        };
        let members: Vec<String> = said.iter().map(member).collect();
        let reading = Reading::new(format!("{line}\n  {}", members.join("\n  ")));
        let amount = said.get("trxAmount").and_then(Value::as_str);
        Ok(match amount.and_then(|text| text.parse().ok()) {
            Some(centavos) if said.get("currency") == Some(&json!("PHP")) => {
                reading.paying(Money::from_minor(centavos, Currency::PHP))
            }
            _ => reading,
        })
    }

    fn requests_signed(&self) -> bool {
        true
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        sent.uri().path().ends_with("/v1/disburse")
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        if ask.operation == Operation::Health {
            let text = r#"{"code":"200","message":"success"}"#;
            return Some(http::Response::new(Bytes::from_static(text.as_bytes())));
        }
        let (_, text, _) = envelope(ask.sent.body())?;
        let asked: Value = serde_json::from_str(text.get()).ok()?;
        let mut said = match &case.says {
            Says::Order { status, echo, words, failure, .. } => {
                let mut said = Self::order(ask.about?, status, *echo, words);
                said.extend(failure.as_ref().map(|code| ("errorCode".to_owned(), json!(code))));
                said
            }
            Says::Code { code, words, .. } => Map::from_iter([
                ("code".to_owned(), json!(code)),
                ("message".to_owned(), json!(words)),
                ("mchId".to_owned(), json!(MERCHANT)),
            ]),
            Says::Absent => Map::from_iter([("code".to_owned(), json!("565"))]),
            Says::Done => Map::from_iter([
                ("code".to_owned(), json!("200")),
                ("mchId".to_owned(), json!(MERCHANT)),
                ("balance".to_owned(), json!(100_000_000)),
            ]),
            _ => return None,
        };
        if ask.operation == Operation::Institutions {
            let bank = json!({ "swiftCode": "SUSVPHM1XXX", "bankName": "Sun Savings Bank, Inc." });
            said.insert("receivers".into(), json!([bank]));
        }
        let anonymous = matches!(case.says, Says::Code { named: false, .. });
        if !anonymous {
            said.insert("msgId".into(), asked["msgId"].clone());
        }
        Some(http::Response::new(Self::seal("response", &said, case.seal)))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::Signed)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<RawNotification> {
        let Says::Order { status, echo, words, failure, .. } = &case.says else { return None };
        let mut said = Self::order(about, status, *echo, words);
        said.extend(failure.as_ref().map(|code| ("errorCode".to_owned(), json!(code))));
        let body = Self::seal("request", &said, case.seal);
        let target = "/notify/starpay/payout".parse().unwrap();
        Some(RawNotification::new(target, http::HeaderMap::new(), body))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (200, r#"{"code":"200","message":"success"}"#),
            Handling::Refused => (401, r#"{"code":"402","message":"Verify signature failed"}"#),
            Handling::Busy => (503, r#"{"code":"503","message":"System is busy"}"#),
        };
        let answer = http::Response::builder().status(status);
        answer.header(CONTENT_TYPE, "application/json").body(text.into()).unwrap()
    }

    fn signed_text(&self, body: &Bytes) -> Option<String> {
        envelope(body).map(|(_, text, _)| text.get().to_owned())
    }

    fn with_signed_text(&self, body: &Bytes, text: &str) -> Bytes {
        let (name, _, signature) = envelope(body).unwrap();
        Bytes::from(format!(r#"{{"{name}":{text},"signature":{signature}}}"#))
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        let section_7 = include_str!("data/codes.txt")
            .lines()
            .filter_map(|line| Some(line.strip_prefix("7 ")?.split_once('\t')?.0));
        let look_up = operation == Operation::PayoutFind;
        let proves = |code: &str| match code {
            "200" => Proves::Success,
            "565" if look_up => Proves::Absent,
            _ if look_up => Proves::Nothing,
            "403" => Proves::Duplicate,
            "512" => Proves::Spacing,
            _ if REFUSALS.contains(&code) => Proves::Refusal,
            _ if REFUSALS_OF_CONTENT.contains(&code) => Proves::StableRefusal,
            _ => Proves::Nothing,
        };
        section_7.map(|code| Code::new(code, proves(code))).collect()
    }

    fn statuses(&self) -> Vec<(String, PayoutStatus)> {
        [
            ("PROCESSING", PayoutStatus::Pending),
            ("SUCCESS", PayoutStatus::Succeeded),
            ("FAIL", PayoutStatus::Failed),
            ("REVERSED", PayoutStatus::Reversed),
            ("REVERSAL", PayoutStatus::Reversed),
        ]
        .map(|(word, status)| (word.to_owned(), status))
        .to_vec()
    }

    fn planted(&self) -> Vec<String> {
        let pem = std::str::from_utf8(MERCHANT_KEY).unwrap();
        pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect()
    }
}
