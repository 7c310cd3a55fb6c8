//! Acme's platform, as its documents would have it: the reference for a harness.

use crate::{
    acme::{Acme, Settings, Wrong, guarantees, sign},
    documented, listed,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use serde_json::{Map, Value, json, value::RawValue};
use std::{collections::BTreeMap, sync::Arc};
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Reading, Repeats, Says, Seal, Sealed, sample,
};
use tulay_core::*;

const ACCOUNT: &str = "shop-7";
const MERCHANT_KEY: &str = "merchant key, planted";
const PLATFORM_KEY: &str = "platform key, planted";
const TOKEN: &str = "token, planted";
const WEBHOOK_SECRETS: [&str; 2] = ["first secret, planted", "second secret, planted"];

/// The platform of one Acme.
#[derive(Clone, Copy, Default)]
pub(crate) struct Platform {
    pub(crate) wrong: Option<Wrong>,
    /// It does not sign its notifications.
    pub(crate) token: bool,
    /// It takes payouts in two steps, and looks them up by its own number.
    pub(crate) two_steps: bool,
    /// What it says of a payout names neither order nor amount, but that number alone.
    /// There is nothing but payouts then.
    pub(crate) by_number: bool,
    /// It lists payouts by our order id, beside looking them up by its own number. Its answers are not
    /// signed, and a rejection can have several codes.
    pub(crate) listed: bool,
    /// Its notifications are signed with a key that only this account has, and only ends are
    /// notified. No message names the account.
    pub(crate) own_key: bool,
    /// It has collections and no other orders.
    pub(crate) collections_alone: bool,
}

impl Platform {
    fn settings(&self) -> Settings {
        Settings {
            account: ACCOUNT.to_owned(),
            merchant_key: MERCHANT_KEY.to_owned(),
            platform_key: PLATFORM_KEY.to_owned(),
            token: self.token.then(|| TOKEN.to_owned()),
            webhook_secrets: match self.own_key {
                true => WEBHOOK_SECRETS.map(str::to_owned).to_vec(),
                false => Vec::new(),
            },
            two_steps: self.two_steps,
            listed: self.listed,
            payouts_alone: self.by_number || self.listed,
            collections_alone: self.collections_alone,
            on: true,
            guarantees: self.guarantees(),
            wrong: self.wrong,
        }
    }

    fn guarantees(&self) -> Guarantees {
        let mut guarantees = guarantees();
        if self.listed {
            guarantees.find_by = FindBy::Both;
            guarantees.answers_signed = false;
            guarantees.unsigned_rejections = true;
        } else if self.two_steps {
            guarantees.find_by = FindBy::ProviderReference;
            if self.wrong != Some(Wrong::PromisesToSendAgain) {
                guarantees.resend_for = None;
            }
        }
        if self.by_number && self.wrong != Some(Wrong::WaitsForWhatIsNeverSaid) {
            guarantees.echoes = vec![Echo::ProviderReference, Echo::Account];
        }
        guarantees
    }

    fn payout(corridor: &Corridor) -> PayoutRequest {
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

    /// The members of an answer or notification.
    fn said(&self, about: Option<&Lookup>, case: &Case, to: &str) -> Map<String, Value> {
        let mut said = self.members(about, case, to);
        if self.own_key {
            said.remove("account");
            let live = matches!(&case.says, Says::Order { repeats: Repeats::OtherMode, .. });
            said.insert("mode".into(), if live { "live" } else { "test" }.into());
        }
        said
    }

    fn members(&self, about: Option<&Lookup>, case: &Case, to: &str) -> Map<String, Value> {
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
            Says::Holds(money) => {
                put("code", "0".into());
                put("balance", money.minor().into());
            }
            Says::Link(url) => {
                put("code", "0".into());
                put("link", url.as_str().into());
            }
            Says::Order { status, repeats, words, failure, .. } => {
                let about = about.unwrap();
                put("code", "0".into());
                put("number", format!("A{}", &about.order_id.as_str()[..6]).into());
                put("order", about.order_id.as_str().into());
                put("currency", about.currency.as_str().into());
                put("state", status.as_str().into());
                put("note", words.as_str().into());
                if let Some(code) = failure {
                    put("why", code.as_str().into());
                }
                if let Some(payment) = &about.original {
                    let other = *repeats == Repeats::OtherPayment;
                    put("payment", if other { "A8" } else { payment.as_str() }.into());
                }
                if let Some(amount) = about.amount {
                    let more = i64::from(*repeats == Repeats::OtherAmount);
                    put("amount", (units(amount) + more).into());
                }
                let other = if about.currency == Currency::IDR { "PHP" } else { "IDR" };
                match repeats {
                    Repeats::OtherCurrency => put("currency", other.into()),
                    Repeats::OtherOrder => put("order", OTHER_ORDER.into()),
                    Repeats::OtherAccount => put("account", "shop-8".into()),
                    Repeats::CutAccount => put("account", "shop-".into()),
                    Repeats::LongerAccount => put("account", "shop-78".into()),
                    Repeats::NoAccount => drop(said.remove("account")),
                    Repeats::NoOrder => drop(said.remove("order")),
                    Repeats::NoAmount => drop(said.remove("amount")),
                    Repeats::OtherReference => put("number", "A7654321".into()),
                    Repeats::GivenReference(number) => put("number", (*number).into()),
                    Repeats::NoReference => drop(said.remove("number")),
                    _ => {}
                }
                if self.by_number {
                    said.retain(|name, _| {
                        !["order", "amount", "currency"].contains(&name.as_str())
                    });
                }
            }
            Says::Code { code, named, words } => {
                put("code", code.as_str().into());
                put("note", words.as_str().into());
                if !named {
                    said.remove("to");
                }
            }
            Says::Codes { codes, words } => {
                put("code", codes[0].as_str().into());
                put("codes", codes.clone().into());
                put("note", words.as_str().into());
            }
            _ => put("code", "N1".into()),
        }
        said
    }

    /// A static code's payment, which the payer gave no order id of ours.
    fn incoming_payment(about: &Lookup, case: &Case) -> Option<Map<String, Value>> {
        let Says::Order { status, repeats, failure, .. } = &case.says else { return None };
        let terminal = about.terminal.as_ref()?.as_str();
        let mut said = Map::new();
        for (name, value) in [
            ("number", json!("A7001")),
            ("amount", units(about.amount?).into()),
            ("currency", about.currency.as_str().into()),
            ("state", status.as_str().into()),
            ("terminal", if *repeats == Repeats::OtherOrder { "T8" } else { terminal }.into()),
        ] {
            said.insert(name.to_owned(), value);
        }
        said.extend(failure.as_ref().map(|code| ("why".to_owned(), code.as_str().into())));
        match repeats {
            Repeats::NoOrder => drop(said.remove("terminal")),
            Repeats::NoAmount => drop(said.remove("amount")),
            _ => {}
        }
        Some(said)
    }

    /// What the payer is shown.
    fn shown(about: &Lookup, repeats: Repeats) -> Option<String> {
        let payee = if repeats == Repeats::OtherPayee { "shop-8" } else { ACCOUNT };
        let minor = about.amount.map(Money::minor);
        let minor = match repeats {
            Repeats::NoShown => return None,
            Repeats::OtherShown => Some(minor.map_or(700, |minor| minor + 1)),
            _ => minor,
        };
        let minor = minor.map_or_else(String::new, |minor| minor.to_string());
        let said = format!("ACME|{payee}|{}|{minor}", about.currency);
        let length = said.len();
        Some(format!("{said}|{length}"))
    }

    /// What stands in a code, or something else.
    fn scanned(code: &str, repeats: Repeats) -> Option<Map<String, Value>> {
        let mut parts = code.strip_prefix("ACME|")?.split('|').skip(1);
        let (currency, minor) = (parts.next()?, parts.next()?);
        let mut said = Map::new();
        said.insert("account".to_owned(), ACCOUNT.into());
        said.insert("code".to_owned(), "0".into());
        said.insert("currency".to_owned(), currency.into());
        let kind = if repeats == Repeats::OtherPayee { "person" } else { "merchant" };
        said.insert("kind".to_owned(), kind.into());
        if repeats == Repeats::OtherAmount {
            said.insert("amount".to_owned(), 777.into());
        } else if let (Ok(minor), true) = (minor.parse::<i64>(), repeats != Repeats::NoAmount) {
            let units = if currency == "IDR" { minor / 100 } else { minor };
            said.insert("amount".to_owned(), units.into());
        }
        Some(said)
    }

    /// Whether it is about something that this platform never repeats.
    fn never_says(&self, case: &Case) -> bool {
        let repeats = match &case.says {
            Says::Order { repeats, .. } => repeats,
            says => return !self.listed && matches!(says, Says::Codes { .. }),
        };
        let other_account =
            matches!(repeats, Repeats::OtherAccount | Repeats::CutAccount | Repeats::LongerAccount);
        if other_account && (self.own_key || self.wrong == Some(Wrong::HarnessHidesTheAccount)) {
            return true;
        }
        if *repeats == Repeats::OtherPayment && self.wrong == Some(Wrong::HarnessHidesThePayment) {
            return true;
        }
        let of_order = matches!(
            repeats,
            Repeats::OtherOrder
                | Repeats::NoOrder
                | Repeats::OtherAmount
                | Repeats::NoAmount
                | Repeats::OtherCurrency
        );
        self.by_number && of_order
    }

    fn seal(said: &Map<String, Value>, case: &Case, seal: Seal) -> Bytes {
        let text = case.write_amount(&serde_json::to_string(said).unwrap(), "amount");
        let key = if seal == Seal::OtherKey { "other" } else { PLATFORM_KEY };
        Bytes::from(match seal.apply(&sign(key, &text)) {
            None => format!(r#"{{"said":{text}}}"#),
            Some(sign) => format!(r#"{{"said":{text},"sign":"{sign}"}}"#),
        })
    }
}

const OTHER_ORDER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Centavos, or whole rupiah.
fn units(amount: Money) -> i64 {
    if amount.currency() == Currency::IDR { amount.minor() / 100 } else { amount.minor() }
}

impl Harness for Platform {
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider> {
        if self.wrong == Some(Wrong::HarnessMakesNoAdapter) {
            panic!("resend_for: it cannot be asked for");
        }
        Arc::new(Acme::new(self.settings(), context))
    }

    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(Acme::new(Settings { guarantees, ..self.settings() }, context)))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(Acme::new(Settings { on: false, ..self.settings() }, context)))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        if operation == Operation::Payout {
            return Some(Self::payout(corridor).into());
        }
        let mut request = sample(operation, corridor);
        if let Some(Request::StaticCode(code)) = &mut request {
            code.terminal = Terminal::new("T7").ok();
        }
        request
    }

    fn misfits(&self) -> Vec<Misfit> {
        let corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
        let mut long_remark = Self::payout(&corridor);
        long_remark.remark = Some("r".repeat(41));
        let mut long_name = Self::payout(&corridor);
        long_name.beneficiary.name = Some(Name::Full(NamePart::new("n".repeat(61)).unwrap()));
        let corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Qr, 1);
        let Some(Request::Collection(mut nameless)) = sample(Operation::Collection, &corridor)
        else {
            return Vec::new();
        };
        nameless.payer.name = Some(Name::Full(NamePart::new("n".repeat(61)).unwrap()));
        vec![
            Misfit::new("remark", long_remark),
            Misfit::new("name", long_name),
            Misfit::new("name", nameless),
        ]
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
        let mut reading = Reading::new(content).stamped(stamp.to_string());
        // A second order under the same key or order id is answered by "seen before".
        let held_against = ["key", "order"].iter().find_map(|name| said.get(*name)?.as_str());
        let is_recognised =
            !(self.wrong == Some(Wrong::DraftsHaveNoKey) && sent.uri().path() == "/draft");
        if let (true, Some(text)) = (self.orders(sent) && is_recognised, held_against) {
            reading = reading.held_against(text);
        }
        let until = said.get("until").and_then(Value::as_i64);
        if let Some(until) = until.and_then(|until| Timestamp::from_second(until).ok()) {
            reading = reading.until(until);
        }
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

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        let path = sent.uri().path();
        let orders = ["/pay", "/draft", "/collect", "/code", "/refund"];
        orders.contains(&path) || path.starts_with("/confirm/")
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let silent = self.wrong == Some(Wrong::HarnessSaysNoCodes);
        if (silent && matches!(case.says, Says::Code { .. })) || self.never_says(case) {
            return None;
        }
        let path = ask.sent.uri().path();
        if let Says::Code { code, .. } = &case.says
            && code == "C1"
            && !path.starts_with("/confirm/")
        {
            return None;
        }
        if self.listed && path == "/find" && case.says == Says::Absent {
            return listed::absent();
        }
        let sent: Value = serde_json::from_slice(ask.sent.body()).unwrap();
        let message = sent["said"]["message"].as_str();
        let to = message.or_else(|| Some(ask.about?.order_id.as_str())).unwrap();
        let scanned = sent["said"]["scanned"].as_str();
        let mut said = match (&case.says, scanned) {
            (Says::Scanned(repeats), scanned) => {
                let mut said = Self::scanned(scanned?, *repeats)?;
                said.insert("to".to_owned(), to.into());
                said
            }
            _ => self.said(ask.about, case, to),
        };
        let repeats = match &case.says {
            Says::Order { repeats, .. } => *repeats,
            _ => Repeats::All,
        };
        match (ask.operation, ask.about) {
            (Operation::StaticCodePayments, Some(about)) => {
                let mut rows = Vec::new();
                if let Some(mut row) = Self::incoming_payment(about, case) {
                    let id = about.order_id.as_str();
                    let id = if repeats == Repeats::OtherOrder { OTHER_ORDER } else { id };
                    row.insert("order".to_owned(), id.into());
                    rows.push(Value::Object(row));
                }
                for absent in ["order", "number", "amount", "state", "currency"] {
                    said.remove(absent);
                }
                said.insert("payments".to_owned(), rows.into());
            }
            (
                Operation::Collection
                | Operation::CollectionFind
                | Operation::StaticCode
                | Operation::StaticCodeFind,
                Some(about),
            ) if matches!(case.says, Says::Order { .. }) => {
                let shown = Self::shown(about, repeats);
                said.extend(shown.map(|shown| ("shown".to_owned(), shown.into())));
            }
            _ => {}
        }
        if path == "/draft" && matches!(case.says, Says::Order { .. }) {
            // A draft has no state.
            said.remove("state");
            said.remove("why");
        }
        if path == "/list" {
            said = listed::orders(said, case);
        } else if repeats == Repeats::Twice {
            return None;
        }
        let seal = if self.listed { Seal::None } else { case.seal };
        Some(http::Response::new(Self::seal(&said, case, seal)))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(match (self.token, self.own_key) {
            (true, _) => Sealed::Token,
            (_, true) => Sealed::OwnKey,
            _ => Sealed::Signed,
        })
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let of_account =
            |repeats: &Repeats| matches!(repeats, Repeats::OtherAccount | Repeats::NoAccount);
        if matches!(&case.says, Says::Order { status, .. } if status == "never") {
            return None;
        }
        let silent = self.wrong == Some(Wrong::HarnessNamesNoAccounts)
            && matches!(&case.says, Says::Order { repeats, .. } if of_account(repeats));
        if silent || self.never_says(case) {
            return None;
        }
        let mut said = self.said(Some(about), case, "");
        said.remove("to");
        let event = match about.order_id.operation() {
            Some(Operation::StaticCode) => {
                for absent in ["order", "number", "amount", "state", "currency"] {
                    said.remove(absent);
                }
                said.extend(Self::incoming_payment(about, case)?);
                "incoming_payment"
            }
            Some(Operation::Collection) => "collection",
            Some(Operation::Refund) => "refund",
            _ => "payout",
        };
        said.insert("event".to_owned(), event.into());
        let mut headers = http::HeaderMap::new();
        let target = format!("/notify/acme/{}", about.order_id).parse().unwrap();
        if self.own_key {
            let text = case.write_amount(&serde_json::to_string(&said).unwrap(), "amount");
            let key = match case.seal {
                Seal::OtherKey => "other",
                Seal::Rotated => WEBHOOK_SECRETS[1],
                _ => WEBHOOK_SECRETS[0],
            };
            headers.extend(case.seal.apply(&sign(key, &text)).map(|seal| {
                let places = match case.seal {
                    Seal::OtherPlace => format!("te=,li={seal}"),
                    _ => format!("te={seal},li="),
                };
                (http::HeaderName::from_static("acme-signature"), places.parse().unwrap())
            }));
            return Some(WebhookRequest::new(target, headers, text.into()));
        }
        let seal = if self.token {
            let token = if case.seal == Seal::OtherKey { "another token" } else { TOKEN };
            headers.extend(case.seal.apply(token).map(|token| {
                let name = http::HeaderName::from_static("acme-token");
                (name, token.parse::<http::HeaderValue>().unwrap())
            }));
            Seal::None
        } else {
            case.seal
        };
        Some(WebhookRequest::new(target, headers, Self::seal(&said, case, seal)))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (200, r#"{"got":"it"}"#),
            Handling::Rejected => (401, r#"{"got":"nothing"}"#),
            Handling::Busy => (503, r#"{"got":"busy"}"#),
        };
        let answer = http::Response::builder().status(status);
        answer.header(CONTENT_TYPE, "application/json").body(text.into()).unwrap()
    }

    fn signed_text(&self, body: &Bytes) -> Option<String> {
        let envelope: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
        match envelope.get("said") {
            Some(said) => Some(said.get().to_owned()),
            None => String::from_utf8(body.to_vec()).ok(),
        }
    }

    fn with_signed_text(&self, body: &Bytes, text: &str) -> Bytes {
        let envelope: BTreeMap<String, &RawValue> = serde_json::from_slice(body).unwrap();
        match envelope.get("sign") {
            Some(sign) => Bytes::from(format!(r#"{{"said":{text},"sign":{sign}}}"#)),
            None => Bytes::copy_from_slice(text.as_bytes()),
        }
    }

    fn codes(&self, operation: Operation) -> Vec<Code> {
        documented::codes(self, operation)
    }

    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        documented::statuses(operation)
    }

    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        documented::notified_statuses(self, operation)
    }

    fn planted(&self) -> Vec<String> {
        if self.wrong == Some(Wrong::HarnessPlantsNothing) {
            return Vec::new();
        }
        [MERCHANT_KEY, PLATFORM_KEY, TOKEN, WEBHOOK_SECRETS[0], WEBHOOK_SECRETS[1]]
            .map(str::to_owned)
            .to_vec()
    }
}
