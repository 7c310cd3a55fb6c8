//! The suite that every adapter passes. The platform's side is written from its documents: codes
//! from the "Open API Common Code List", orders from 2.1 and 3.1.

use crate::{
    documented,
    support::{
        APP_ID, MERCHANT_KEY, MERCHANT_PUBLIC_KEY, PLATFORM_KEY, PLATFORM_PUBLIC_KEY, bank,
        enveloped, redirect, settings, sign, virtual_account, wallet,
    },
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Reading, Repeats, Says, Seal, Sealed, sample,
};
use tulay_core::*;
use tulay_crypto::{PublicKey, RsaVerifier, Signature, Verifier};
use tulay_regional::{Keys, Regional, Settings};

tulay_conformance::conformance_suite!(
    Platform,
    skips: [
        // Notifications alone are signed.
        "changed_responses_prove_nothing",
        "rewritten_responses_prove_nothing",
        "unsigned_responses_prove_nothing",
        "responses_with_another_key_prove_nothing",
        "token_notifications_are_not_evidence",
        // Neither answers nor notifications name the merchant.
        "another_account_is_a_mismatch",
        "notifications_for_other_accounts_are_refused",
        // No member says which account a code pays to.
        "codes_of_another_payee_are_refused",
        // Collections end by themselves.
        "cancellations_match_the_status",
        // No path has an id of the platform's, and each answer has one code.
        "provider_references_cannot_change_a_path",
        "every_code_of_a_response_counts",
        // No such role.
        "institutions_are_listed",
        "health_check_sends_a_request",
        "inspection",
    ],
);

const OTHER_ORDER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The regional platform as its documents have it.
struct Platform;

impl Platform {
    fn regional(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let keys = Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        let id = ProviderId::new("regional").unwrap();
        Arc::new(Regional::new(id, settings, keys, context).unwrap())
    }

    fn payout(corridor: &Corridor) -> PayoutRequest {
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

    /// Centavos, or whole rupiah.
    fn units(amount: Money) -> i64 {
        if amount.currency() == Currency::IDR { amount.minor() / 100 } else { amount.minor() }
    }

    /// The members that a look-up and a notification have in common; `None` where they cannot say
    /// such a thing.
    fn order(
        about: &Lookup,
        status: &str,
        repeats: Repeats,
        words: &str,
    ) -> Option<Map<String, Value>> {
        let Value::Object(mut said) = json!({
            "createTime": "2026-11-20 10:00:00",
            "mchOrderId": about.order_id.as_str(),
            "remark": words,
            "returnTime": "2026-11-20 10:00:41",
            "transactionId": "D1656505190221611009",
            "transactionStatus": status,
        }) else {
            unreachable!()
        };
        if let Some(amount) = about.amount {
            let more = i64::from(repeats == Repeats::OtherAmount);
            said.insert("amount".into(), json!(Self::units(amount) + more));
        }
        match repeats {
            Repeats::All | Repeats::OtherAmount | Repeats::OtherShown | Repeats::NoShown => {}
            // Of a refund, below.
            Repeats::OtherPayment => {}
            // None of them names an account.
            Repeats::NoAccount => {}
            // Version 2 names the currency.
            Repeats::OtherCurrency => {
                let other = if about.currency == Currency::THB { "PHP" } else { "THB" };
                said.insert("currency".into(), json!(other));
            }
            Repeats::OtherOrder => drop(said.insert("mchOrderId".into(), json!(OTHER_ORDER))),
            Repeats::NoOrder => drop(said.remove("mchOrderId")),
            Repeats::NoAmount => drop(said.remove("amount")),
            Repeats::OtherReference => drop(said.insert("transactionId".into(), json!("D7"))),
            Repeats::GivenReference(id) => drop(said.insert("transactionId".into(), json!(id))),
            Repeats::NoReference => drop(said.remove("transactionId")),
            _ => return None,
        }
        Some(said)
    }

    /// 7.1 to 7.3 call a refund's members otherwise.
    fn refund(
        about: &Lookup,
        status: &str,
        repeats: Repeats,
        words: &str,
    ) -> Option<Map<String, Value>> {
        let mut said = Self::order(about, status, repeats, words)?;
        for (name, other) in [
            ("mchOrderId", "mchRefundOrderId"),
            ("transactionId", "refundTransactionId"),
            ("amount", "refundAmount"),
            ("transactionStatus", "refundStatus"),
            ("createTime", "refundCreateTime"),
            ("returnTime", "refundReturnTime"),
        ] {
            if let Some(value) = said.remove(name) {
                said.insert(other.into(), value);
            }
        }
        let original = match repeats {
            Repeats::OtherPayment => "C8000000000000000008",
            _ => about.original.as_ref()?.as_str(),
        };
        said.insert("originalTransactionId".into(), json!(original));
        Some(said)
    }

    /// What a payer is shown (2.2.1, 2.3.1): `payData` and `channelType`.
    fn shown(about: &Lookup, repeats: Repeats) -> Option<Map<String, Value>> {
        let minor = about.amount.map(Money::minor);
        let asked = match repeats {
            Repeats::OtherShown if about.channel != Channel::Qr => return None,
            Repeats::OtherShown => Some(minor.map_or(700, |minor| minor + 1)),
            _ => minor,
        };
        let (kind, data) = match about.channel {
            Channel::VirtualAccount => ("VA", "8808012345678".to_owned()),
            Channel::Redirect | Channel::InApp => ("URL", "https://pay.example/7".to_owned()),
            _ => ("QR", code(about.country, asked)),
        };
        let mut said = Map::from_iter([("channelType".to_owned(), json!(kind))]);
        if repeats != Repeats::NoShown {
            said.insert("payData".into(), json!(data));
        }
        Some(said)
    }

    /// The data of an answer about an order.
    fn data(ask: &Ask<'_>, status: &str, repeats: Repeats, words: &str) -> Option<Value> {
        let about = ask.about?;
        let order = |about| Self::order(about, status, repeats, words);
        let object = |said| Some(Value::Object(said));
        match ask.operation {
            Operation::Payout | Operation::Refund => {
                let refund = ask.operation == Operation::Refund;
                let said =
                    if refund { Self::refund(about, status, repeats, words) } else { order(about) };
                let mut said = said?;
                // The answer to a payout's creation has no amount (2.1.1).
                if !refund {
                    if repeats == Repeats::OtherAmount {
                        return None;
                    }
                    for absent in ["amount", "createTime", "returnTime", "remark"] {
                        said.remove(absent);
                    }
                }
                object(said)
            }
            // 7.2 lists all refunds of a payment.
            Operation::RefundFind => {
                let refund = |repeats| Self::refund(about, status, repeats, words);
                Some(match repeats {
                    Repeats::Twice => {
                        json!([refund(Repeats::All)?, refund(Repeats::OtherReference)?])
                    }
                    repeats => json!([refund(repeats)?]),
                })
            }
            Operation::Collection => {
                let mut said = order(about)?;
                said.extend(Self::shown(about, repeats)?);
                // Nor has a payment's (2.2.1), and no state.
                if repeats == Repeats::OtherAmount || status != "PENDING" {
                    return None;
                }
                for absent in ["amount", "transactionStatus", "createTime", "returnTime"] {
                    said.remove(absent);
                }
                object(said)
            }
            Operation::CollectionFind => {
                // A look-up repeats what was shown.
                let mut said = order(about)?;
                said.extend(Self::shown(about, repeats)?);
                object(said)
            }
            Operation::StaticCode | Operation::StaticCodeFind | Operation::StaticCodeStatus => {
                let mut said = order(about)?;
                said.extend(Self::shown(about, repeats)?);
                said.remove("transactionStatus");
                said.insert("status".into(), json!(status));
                object(said)
            }
            Operation::StaticCodePayments => {
                let mut said = order(about)?;
                if let Some(amount) = said.remove("amount") {
                    said.insert("transactionAmount".into(), amount);
                }
                Some(json!([said]))
            }
            _ => object(order(about)?),
        }
    }
}

/// What a QR code says in each country: EMVCo's elements, or a link of SBP in Russia.
pub(crate) fn code(country: Country, minor: Option<i64>) -> String {
    let element = |id: &str, value: &str| format!("{id}{:02}{value}", value.len());
    let currency = match country {
        Country::RU => {
            let sum = minor.map_or_else(String::new, |minor| format!("&sum={minor}&cur=RUB"));
            let kind = if minor.is_some() { "02" } else { "01" };
            return format!(
                "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?type={kind}&bank=100000000111{sum}&crc=1A23"
            );
        }
        Country::ID => "360",
        Country::MY => "458",
        Country::TH => "764",
        _ => "608",
    };
    let mut text = element("00", "01");
    text += &element("01", if minor.is_some() { "12" } else { "11" });
    text += &element("26", &[element("00", "example.acquirer"), element("01", "SHOP7")].concat());
    text += &element("52", "5999");
    text += &element("53", currency);
    if let Some(minor) = minor {
        text += &element("54", &format!("{}.{:02}", minor / 100, minor % 100));
    }
    text += &element("58", country.as_str());
    text += &element("59", "SANDBOX SHOP");
    text += &element("60", "Town");
    text += "6304";
    format!("{text}{:04X}", crc(text.as_bytes()))
}

/// CRC-16/CCITT-FALSE, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

/// The member that has the amount differs by operation.
fn amount_written(case: &Case, text: &str) -> String {
    let members = ["amount", "refundAmount", "transactionAmount"].into_iter();
    members.fold(text.to_owned(), |text, member| case.write_amount(&text, member))
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

    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.guarantees = guarantees;
        Some(Self::regional(settings, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.environment = Environment::Production;
        settings.base_url = "https://openapi.paycools.com".into();
        Some(Self::regional(settings, context))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        if operation == Operation::Payout {
            return Some(Self::payout(corridor).into());
        }
        // One bank, wallet or shop of each country.
        let named = match (corridor.country, corridor.channel) {
            (Country::PH, Channel::Redirect) => Some(redirect("gcash")),
            (Country::PH, Channel::VirtualAccount) => Some(virtual_account("7eleven")),
            (Country::ID, Channel::VirtualAccount) => Some(virtual_account("CENAIDJA")),
            (Country::MY, Channel::Redirect) => Some(redirect("tng")),
            (Country::TH, Channel::Redirect) => Some(redirect("wechat")),
            _ => None,
        };
        // The sample's way to pay is put right below.
        let mut plain = corridor.clone();
        if named.is_some() && operation != Operation::Refund {
            plain.channel = Channel::Qr;
        }
        let mut request = sample(operation, &plain)?;
        match (&mut request, named) {
            (Request::Collection(collection), Some(method)) => {
                collection.method = method;
                if corridor.country == Country::TH {
                    collection.payer.ip = "2001:db8::7".parse().ok();
                }
            }
            (Request::StaticCode(code), Some(method)) => code.method = method,
            (Request::Refund(refund), _) => {
                let paid = format!("C70000000000000000{}", corridor.country);
                refund.original.provider_reference = ProviderReference::new(paid).ok();
            }
            _ => {}
        }
        Some(request)
    }

    fn misfits(&self) -> Vec<Misfit> {
        let sample = |country, currency, channel| {
            Self::payout(&Corridor::new(country, currency, channel, 1))
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
        let of = |operation, country, currency| {
            let corridor = Corridor::new(country, currency, Channel::Qr, 1);
            self.request(operation, &corridor).unwrap()
        };
        // Only Thailand's payments take an expiry (5.2.1), within an hour.
        let mut late = of(Operation::Collection, Country::TH, Currency::THB);
        if let Request::Collection(collection) = &mut late {
            collection.expires = "2026-11-20T12:00:00+08:00".parse().ok();
        }
        let mut foreign_payer = of(Operation::StaticCode, Country::ID, Currency::IDR);
        if let Request::StaticCode(code) = &mut foreign_payer {
            code.holder.mobile = Some(Phone::new("+639170007777").unwrap());
        }
        let mut long_reason = of(Operation::Refund, Country::PH, Currency::PHP);
        if let Request::Refund(refund) = &mut long_reason {
            refund.reason = Some("r".repeat(201));
        }
        vec![
            Misfit::new("remark", remark),
            Misfit::new("name", marks),
            Misfit::new("name", long),
            Misfit::new("account", foreign_wallet),
            Misfit::new("mobile", foreign_mobile),
            Misfit::new("expires", late),
            Misfit::new("mobile", foreign_payer),
            Misfit::new("reason", long_reason),
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
        let mut reading = reading.stamped(stamp.to_string());
        // 21007, 21015 and 21407: one of these was seen before.
        let ids = ["idempotencyId", "mchOrderId", "mchRefundOrderId"];
        if let Some(id) = ids.iter().find_map(|name| said.get(*name)?.as_str()) {
            reading = reading.held_against(id);
        }
        // 5.2.1: seconds from the arrival on.
        if let Some(lives) = said.get("expireSeconds").and_then(Value::as_i64) {
            reading = reading.open_for(SignedDuration::from_secs(lives));
        }
        // The path alone tells the country, and the country the currency. A refund has that of its
        // payment, whose id ends with the country here.
        let original = said.get("originalTransactionId").and_then(Value::as_str);
        let paid_in = original.and_then(|id| id.get(id.len() - 2..)).unwrap_or_default();
        let amount = said.get("amount").or_else(|| said.get("refundAmount"));
        let money = amount.and_then(Value::as_i64).map(|units| {
            let path = sent.uri().path();
            let of = |word: &str| path.contains(&format!("/{word}/"));
            let (factor, currency) = match () {
                () if of("indonesia") || paid_in == "ID" => (100, Currency::IDR),
                () if of("malaysia") || paid_in == "MY" => (1, Currency::MYR),
                () if of("thailand") || paid_in == "TH" => (1, Currency::THB),
                () if of("russia") || paid_in == "RU" => (1, Currency::RUB),
                () => (1, Currency::PHP),
            };
            Money::from_minor(units.saturating_mul(factor), currency)
        });
        Ok(money.map_or(reading.clone(), |money| reading.paying(money)))
    }

    fn requests_signed(&self) -> bool {
        true
    }

    fn orders(&self, sent: &http::Request<Bytes>) -> bool {
        let path = sent.uri().path();
        ["/transfer", "/generate", "/payment/refund"].iter().any(|end| path.ends_with(end))
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        let success = |data: Value| json!({ "code": 10000, "message": "Success", "data": data });
        let said = match &case.says {
            Says::Done if ask.operation == Operation::StaticCodePayments => success(json!([])),
            Says::Done => success(json!({ "balance": "10000.00" })),
            Says::Order { status, repeats, words, failure, .. } => {
                let mut data = Self::data(ask, status, *repeats, words)?;
                if let Some(code) = failure {
                    // Of a list, its one row tells it.
                    let of = if data.is_array() { data.get_mut(0)? } else { &mut data };
                    of.as_object_mut()?.insert("failedCode".into(), json!(code));
                }
                success(data)
            }
            // 1.1: decimal text in major units.
            Says::Holds(money) => success(json!({ "balance": money.amount_text() })),
            // 1.2.
            Says::Link(url) => success(json!({ "downloadUrl": url })),
            // 7.2 answers with a list, which may have none of ours.
            Says::Absent if ask.operation == Operation::RefundFind => success(json!([])),
            // Published rejections name no order.
            Says::Code { code, words, .. } => refused(code, words),
            Says::Absent => refused("21006", "Merchant transaction not found"),
            _ => return None,
        };
        Some(http::Response::new(Bytes::from(amount_written(case, &said.to_string()))))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::Signed)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        let operation = about.order_id.operation()?;
        let mut said = match operation {
            Operation::Refund => Self::refund(about, status, *repeats, words)?,
            _ => Self::order(about, status, *repeats, words)?,
        };
        said.extend(failure.as_ref().map(|code| ("failedCode".to_owned(), json!(code))));
        let name = match operation {
            Operation::Collection => "payment",
            Operation::StaticCode => "static",
            Operation::Refund => "payment.refund",
            _ => "disbursement",
        };
        let event = match status.as_str() {
            "FAILED" => "failed",
            "CANCEL" => "cancel",
            _ => "success",
        };
        said.insert("eventName".into(), json!(format!("{name}.{event}")));
        let param = amount_written(case, &Value::Object(said).to_string());
        let key = if case.seal == Seal::OtherKey { MERCHANT_KEY } else { PLATFORM_KEY };
        let body = match case.seal.apply(&sign(key, &param)) {
            None => json!({ "param": param }).to_string(),
            Some(signature) => enveloped(&param, &signature),
        };
        let target = format!("/notify/regional/{operation}").parse().unwrap();
        Some(WebhookRequest::new(target, http::HeaderMap::new(), body.into()))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        // Documented is the first alone; the others need only not be it.
        let (status, text) = match handling {
            Handling::Stored => (200, r#"{"code":10000,"message":"Success"}"#),
            Handling::Rejected => (401, r#"{"code":21001,"message":"Request sign error"}"#),
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
        documented::codes(operation)
    }

    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        documented::statuses(operation)
    }

    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        // 2.1.3, 2.2.3, 2.3.4 and 7.3 have the states of the look-ups.
        documented::statuses(operation)
    }

    fn planted(&self) -> Vec<String> {
        let pem = std::str::from_utf8(MERCHANT_KEY).unwrap();
        pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect()
    }
}
