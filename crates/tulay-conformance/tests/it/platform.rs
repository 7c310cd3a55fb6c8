//! Acme's platform, as its documents would have it: the reference for a harness.

use crate::acme::{Acme, Settings, Wrong, contract, sign};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json, value::RawValue};
use std::{collections::BTreeMap, sync::Arc};
use tulay_conformance::{
    Ask, Case, Code, Echo, Harness, Misfit, Proves, Reading, Says, Seal, Sealed,
};
use tulay_core::*;

const ACCOUNT: &str = "till-7";
const MERCHANT_KEY: &str = "merchant key, planted";
const PLATFORM_KEY: &str = "platform key, planted";
const TOKEN: &str = "token, planted";

/// The platform of one Acme.
#[derive(Clone, Copy, Default)]
pub(crate) struct Platform {
    pub(crate) wrong: Option<Wrong>,
    /// It does not sign its notifications.
    pub(crate) token: bool,
    /// It takes payouts in two steps, and is asked for them by its own number.
    pub(crate) two_steps: bool,
    /// What it says of a payout names neither order nor amount, but that number alone.
    pub(crate) by_number: bool,
}

impl Platform {
    fn settings(&self) -> Settings {
        Settings {
            account: ACCOUNT.to_owned(),
            merchant_key: MERCHANT_KEY.to_owned(),
            platform_key: PLATFORM_KEY.to_owned(),
            token: self.token.then(|| TOKEN.to_owned()),
            two_steps: self.two_steps,
            on: true,
            contract: self.contract(),
            wrong: self.wrong,
        }
    }

    fn contract(&self) -> Contract {
        let mut contract = contract();
        if self.two_steps {
            contract.find_by = FindBy::ProviderReference;
            if self.wrong != Some(Wrong::PromisesToSendAgain) {
                contract.resend_for = None;
            }
        }
        if self.by_number && self.wrong != Some(Wrong::WaitsForWhatIsNeverSaid) {
            contract.bound = vec![Bound::ProviderReference, Bound::Account];
        }
        contract
    }

    /// The members of an answer or notification.
    fn said(&self, about: Option<&Lookup>, case: &Case, to: &str) -> Map<String, Value> {
        let mut said = Map::new();
        let mut put = |name: &str, value: Value| {
            said.insert(name.to_owned(), value);
        };
        put("account", ACCOUNT.into());
        put("to", to.into());
        match &case.says {
            Says::Done => {
                put("code", "0".into());
                put("balance", 123_456.into());
                put("banks", json!(["BOPIPHMM", "BNORPHMM"]));
            }
            Says::Order { status, echo, words, failure, .. } => {
                let about = about.unwrap();
                let minor = about.amount.unwrap().minor();
                let units = if about.currency == Currency::IDR { minor / 100 } else { minor };
                put("code", "0".into());
                put("number", format!("A{}", &about.order_id.as_str()[..6]).into());
                put("order", about.order_id.as_str().into());
                put("amount", units.into());
                put("state", status.as_str().into());
                put("note", words.as_str().into());
                if let Some(code) = failure {
                    put("why", code.as_str().into());
                }
                match echo {
                    Echo::OtherAmount => put("amount", (units + 1).into()),
                    Echo::OtherOrder => put("order", "PAAAAAAAAAAAAAAAAAAAAAAAAA".into()),
                    Echo::OtherAccount => put("account", "till-8".into()),
                    Echo::NoAccount => drop(said.remove("account")),
                    Echo::NoOrder => drop(said.remove("order")),
                    Echo::NoAmount => drop(said.remove("amount")),
                    Echo::OtherReference => put("number", "A7654321".into()),
                    Echo::NoReference => drop(said.remove("number")),
                    _ => {}
                }
                if self.by_number {
                    said.retain(|name, _| !["order", "amount"].contains(&name.as_str()));
                }
            }
            Says::Code { code, named, words } => {
                put("code", code.as_str().into());
                put("note", words.as_str().into());
                if !named {
                    said.remove("to");
                }
            }
            _ => put("code", "N1".into()),
        }
        said
    }

    /// Whether it is about something that this platform never repeats.
    fn never_says(&self, case: &Case) -> bool {
        let of_order = |echo: &Echo| {
            matches!(echo, Echo::OtherOrder | Echo::NoOrder | Echo::OtherAmount | Echo::NoAmount)
        };
        self.by_number && matches!(&case.says, Says::Order { echo, .. } if of_order(echo))
    }

    fn seal(said: &Map<String, Value>, seal: Seal) -> Bytes {
        let text = serde_json::to_string(said).unwrap();
        Bytes::from(match seal {
            Seal::None => format!(r#"{{"said":{text}}}"#),
            Seal::Empty => format!(r#"{{"said":{text},"sign":""}}"#),
            Seal::OtherKey => format!(r#"{{"said":{text},"sign":"{}"}}"#, sign("other", &text)),
            _ => format!(r#"{{"said":{text},"sign":"{}"}}"#, sign(PLATFORM_KEY, &text)),
        })
    }
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        Arc::new(Acme::new(self.settings(), context))
    }

    fn with_contract(
        &self,
        context: AdapterContext,
        contract: Contract,
    ) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(Acme::new(Settings { contract, ..self.settings() }, context)))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(Acme::new(Settings { on: false, ..self.settings() }, context)))
    }

    fn request(&self, corridor: &Corridor) -> PayoutRequest {
        let institution = InstitutionId::new("BOPIPHMM").unwrap();
        let account = AccountNumber::new("700100200300").unwrap();
        let destination = match corridor.channel {
            Channel::Wallet => {
                Destination::Wallet { institution, account: WalletAccount::Number(account) }
            }
            _ => Destination::Bank { institution, account },
        };
        let mut request = PayoutRequest::new(
            Reference::new("INV-2026-0001").unwrap(),
            corridor.country,
            Money::from_minor(10_000, corridor.currency),
            destination,
        );
        request.beneficiary.name = Some(Name::Parts {
            given: NamePart::new("Mariamne").unwrap(),
            middle: None,
            family: NamePart::new("Sintoprueba").unwrap(),
            suffix: None,
        });
        request.beneficiary.mobile = Some(Phone::new("+639170007777").unwrap());
        request
    }

    fn misfits(&self) -> Vec<Misfit> {
        let corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
        let mut long_remark = self.request(&corridor);
        long_remark.remark = Some("r".repeat(41));
        let mut long_name = self.request(&corridor);
        long_name.beneficiary.name = Some(Name::Full(NamePart::new("n".repeat(61)).unwrap()));
        vec![Misfit::new("remark", long_remark), Misfit::new("name", long_name)]
    }

    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String> {
        let envelope: BTreeMap<String, &RawValue> =
            serde_json::from_slice(sent.body()).map_err(|error| error.to_string())?;
        let text = envelope.get("said").ok_or("nothing is said")?.get();
        let signature = envelope.get("sign").ok_or("it is not signed")?.get();
        let lenient = self.wrong == Some(Wrong::HarnessTakesAnything);
        if signature != format!("\"{}\"", sign(MERCHANT_KEY, text)) && !lenient {
            return Err("the signature does not verify".to_owned());
        }
        let mut said: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        if said.get("account") != Some(&json!(ACCOUNT)) {
            return Err("it is another merchant's".to_owned());
        }
        let stamp = said.remove("stamp").ok_or("it has no time stamp")?;
        let members: Vec<String> = said
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) => format!("{name}: {text}"),
                value => format!("{name}: {value}"),
            })
            .collect();
        let content =
            format!("{} {}\n  {}", sent.method(), sent.uri().path(), members.join("\n  "));
        let reading = Reading::new(content).stamped(stamp.to_string());
        let units = said.get("amount").and_then(Value::as_i64);
        Ok(match (units, said.get("currency").and_then(Value::as_str)) {
            (Some(units), Some("IDR")) => {
                reading.paying(Money::from_minor(units * 100, Currency::IDR))
            }
            (Some(units), Some("PHP")) => reading.paying(Money::from_minor(units, Currency::PHP)),
            _ => reading,
        })
    }

    fn requests_signed(&self) -> bool {
        true
    }

    fn orders(&self, _: &http::Request<Bytes>) -> bool {
        true
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let silent = self.wrong == Some(Wrong::HarnessSaysNoCodes);
        if (silent && matches!(case.says, Says::Code { .. })) || self.never_says(case) {
            return None;
        }
        let sent: Value = serde_json::from_slice(ask.sent.body()).unwrap();
        let message = sent["said"]["message"].as_str();
        let to = message.or_else(|| Some(ask.about?.order_id.as_str())).unwrap();
        let mut said = self.said(ask.about, case, to);
        if ask.sent.uri().path() == "/draft" && matches!(case.says, Says::Order { .. }) {
            said.retain(|name, _| ["account", "to", "code", "number"].contains(&name.as_str()));
            said.insert("account".to_owned(), ACCOUNT.into());
        }
        Some(http::Response::new(Self::seal(&said, case.seal)))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(if self.token { Sealed::Token } else { Sealed::Signed })
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<RawNotification> {
        if self.never_says(case) {
            return None;
        }
        let mut said = self.said(Some(about), case, "");
        said.remove("to");
        said.insert("event".to_owned(), "payout".into());
        let mut headers = http::HeaderMap::new();
        let seal = if self.token {
            let token = match case.seal {
                Seal::None => None,
                Seal::Empty => Some(""),
                Seal::OtherKey => Some("another token"),
                _ => Some(TOKEN),
            };
            headers.extend(token.map(|token| {
                let name = http::HeaderName::from_static("acme-token");
                (name, token.parse::<http::HeaderValue>().unwrap())
            }));
            Seal::None
        } else {
            case.seal
        };
        let target = "/notify/acme/payout".parse().unwrap();
        Some(RawNotification::new(target, headers, Self::seal(&said, seal)))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (200, r#"{"got":"it"}"#),
            Handling::Refused => (401, r#"{"got":"nothing"}"#),
            Handling::Busy => (503, r#"{"got":"busy"}"#),
        };
        let answer = http::Response::builder().status(status);
        answer.header(CONTENT_TYPE, "application/json").body(text.into()).unwrap()
    }

    fn signed_text(&self, body: &Bytes) -> Option<String> {
        let envelope: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
        Some(envelope.get("said")?.get().to_owned())
    }

    fn with_signed_text(&self, body: &Bytes, text: &str) -> Bytes {
        let envelope: BTreeMap<String, &RawValue> = serde_json::from_slice(body).unwrap();
        Bytes::from(format!(r#"{{"said":{text},"sign":{}}}"#, envelope["sign"]))
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        let look_up = operation == Operation::PayoutFind;
        let or_nothing = |proves| if look_up { Proves::Nothing } else { proves };
        [
            ("0", Proves::Success),
            ("400", Proves::Nothing),
            ("B1", or_nothing(Proves::StableRefusal)),
            ("D1", or_nothing(Proves::Duplicate)),
            ("N1", if look_up { Proves::Absent } else { Proves::Nothing }),
            ("R1", or_nothing(Proves::Refusal)),
            ("R2", or_nothing(Proves::StableRefusal)),
            ("W1", or_nothing(Proves::Spacing)),
            ("X1", Proves::Nothing),
        ]
        .map(|(code, proves)| Code::new(code, proves))
        .to_vec()
    }

    fn statuses(&self) -> Vec<(String, PayoutStatus)> {
        [
            ("accepted", PayoutStatus::Pending),
            ("paid", PayoutStatus::Succeeded),
            ("failed", PayoutStatus::Failed),
            ("returned", PayoutStatus::Reversed),
        ]
        .map(|(word, status)| (word.to_owned(), status))
        .to_vec()
    }

    fn planted(&self) -> Vec<String> {
        [MERCHANT_KEY, PLATFORM_KEY, TOKEN].map(str::to_owned).to_vec()
    }
}
