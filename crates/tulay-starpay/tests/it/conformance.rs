//! The suite that every adapter passes. The platform's side is written from its documents: codes
//! from sections 7 and 9, envelopes from 2.2, answers from 6.2, notifications from 6.3.

use crate::support::{
    MERCHANT, MERCHANT_KEY, MERCHANT_PUBLIC_KEY, PLATFORM_KEY, PLATFORM_PUBLIC_KEY, STATIC_CODE,
    parts, settings, sign,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{TimeZone, offset},
};
use serde_json::{Map, Value, json, value::RawValue};
use std::{collections::BTreeMap, sync::Arc};
use tulay_conformance::{
    AnyStatus, Ask, Case, Code, Harness, Misfit, Proves, Reading, Repeats, Says, Seal, Sealed,
    sample,
};
use tulay_core::*;
use tulay_crypto::{PublicKey, RsaVerifier, Signature, Verifier};
use tulay_starpay::{Keys, Settings, Starpay};

tulay_conformance::conformance_suite!(
    Platform,
    skips: [
        // Signatures cover everything, and no request bears a time stamp.
        "resend_renews_the_timestamp",
        "token_notifications_are_not_evidence",
        // No message names its currency: all is in pesos.
        "another_currency_is_a_mismatch",
        // Payments of a static code are notified, and not listed.
        "payments_are_listed_exactly",
        "payments_of_other_codes_are_not_listed",
        // No path has an id of the platform's, no answer is a list, and each has one code.
        "provider_references_cannot_change_a_path",
        "two_orders_with_one_id_are_refused",
        "every_code_of_a_response_counts",
        // No such role.
        "refunds",
        "reports",
    ],
);

const OTHER_MERCHANT: &str = "101510000002";
const OTHER_ORDER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Codes of section 7 whose text says that this message was turned away, and why. Generic codes
/// (400, 410, 411) and those that may follow execution are not among them.
const REJECTIONS: [&str; 6] = ["401", "402", "414", "415", "417", "513"];
const REJECTIONS_OF_CONTENT: [&str; 5] = ["412", "418", "420", "426", "514"];

/// Starpay as its documents have it.
struct Platform;

impl Platform {
    fn starpay(settings: Settings, context: AdapterContext) -> Arc<dyn Provider> {
        let keys = Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        let id = ProviderId::new("starpay").unwrap();
        Arc::new(Starpay::new(id, settings, keys, context).unwrap())
    }

    fn payout(corridor: &Corridor) -> PayoutRequest {
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

    /// The members of 6.2 and 6.3, but for the id of the message that is answered; `None` where they
    /// cannot say such a thing.
    fn order(
        about: &Lookup,
        status: &str,
        repeats: Repeats,
        words: &str,
    ) -> Option<Map<String, Value>> {
        let Value::Object(mut said) = json!({
            "code": "200",
            "message": words,
            "mchId": MERCHANT,
            "trxDate": "2026-11-20T10:00:00+08:00",
            "trxState": status,
            "originalMsgId": about.order_id.as_str(),
            "orderNo": "202611201000000001",
            "errorMessage": words,
        }) else {
            unreachable!()
        };
        if let Some(amount) = about.amount {
            let more = i64::from(repeats == Repeats::OtherAmount);
            said.insert("trxAmount".into(), json!(amount.minor() + more));
        }
        match repeats {
            // No message names its currency.
            Repeats::OtherCurrency => return None,
            Repeats::OtherOrder => drop(said.insert("originalMsgId".into(), json!(OTHER_ORDER))),
            Repeats::OtherAccount => drop(said.insert("mchId".into(), json!(OTHER_MERCHANT))),
            Repeats::CutAccount => drop(said.insert("mchId".into(), json!(&MERCHANT[..11]))),
            Repeats::LongerAccount => drop(said.insert("mchId".into(), json!("1015100000010"))),
            Repeats::NoAccount => drop(said.remove("mchId")),
            Repeats::NoOrder => drop(said.remove("originalMsgId")),
            Repeats::NoAmount => drop(said.remove("trxAmount")),
            Repeats::OtherReference => {
                drop(said.insert("orderNo".into(), json!("202611200000000009")))
            }
            Repeats::GivenReference(id) => drop(said.insert("orderNo".into(), json!(id))),
            Repeats::NoReference => drop(said.remove("orderNo")),
            // No answer is a list.
            Repeats::Twice => return None,
            _ => {}
        }
        Some(said)
    }

    /// 6.1 and 6.4 answer with the code, and name the order by the message that they answer; `None`
    /// where they cannot say such a thing.
    fn made(
        ask: &Ask<'_>,
        status: &str,
        repeats: Repeats,
        words: &str,
    ) -> Option<Map<String, Value>> {
        let about = ask.about?;
        let mut said = Self::order(about, status, repeats, words)?;
        let is_static = ask.operation == Operation::StaticCode;
        if is_static {
            // There is no status: a code that is made can be paid.
            if status != "ACTIVE" {
                return None;
            }
            said.remove("trxState");
        }
        said.remove("originalMsgId");
        let minor = about.amount.map(Money::minor);
        let terminal = about.terminal.as_ref().map(Terminal::as_str);
        let code = |minor, acquirer| code(minor, acquirer, terminal);
        let code = match repeats {
            // Other members have these, or none.
            Repeats::OtherOrder | Repeats::NoOrder => return None,
            Repeats::NoShown => None,
            Repeats::OtherShown => Some(code(Some(minor.unwrap_or(699) + 1), ACQUIRER)),
            Repeats::OtherPayee => Some(code(minor, "GXCHPHM2XXX")),
            _ => Some(code(minor, ACQUIRER)),
        };
        said.extend(code.map(|code| ("codeUrl".to_owned(), json!(code))));
        Some(said)
    }

    /// 6.7 answers with the state that the code has now.
    fn state(about: &Lookup, status: &str, repeats: Repeats) -> Option<Map<String, Value>> {
        let mut said = Self::order(about, "", repeats, "success")?;
        said.remove("trxState");
        said.insert("status".into(), json!(status));
        Some(said)
    }

    /// 6.5: what a payer paid to a static code, identified by `orderNo`. Its `originalMsgId` is the
    /// platform's own.
    fn incoming_payment(
        about: &Lookup,
        status: &str,
        repeats: Repeats,
        words: &str,
    ) -> Option<Map<String, Value>> {
        let mut said = Self::order(about, status, repeats, words)?;
        said.insert("originalMsgId".into(), json!("202611201100630001"));
        said.insert("payAcctName".into(), json!(words));
        said.insert("payAcctNo".into(), json!("639170007777"));
        said.insert("refNo".into(), json!("OR#T35T2"));
        let terminal = match repeats {
            Repeats::OtherOrder => "T8",
            _ => about.terminal.as_ref()?.as_str(),
        };
        if repeats != Repeats::NoOrder {
            // Padded, as it stands in the code.
            said.insert("deviceInfo".into(), json!(format!("{terminal:<8}")));
        }
        Some(said)
    }

    /// 5.7 reads whom a code pays and what it fixes.
    fn scanned(text: &str, repeats: Repeats) -> Option<Map<String, Value>> {
        let person = text.contains("com.p2pqrpay") != (repeats == Repeats::OtherPayee);
        let mut said = Map::from_iter([
            ("code".to_owned(), json!("200")),
            ("mchId".to_owned(), json!(MERCHANT)),
            ("qrType".to_owned(), json!(if person { "P2P" } else { "P2M" })),
            ("acctName".to_owned(), json!("SANDBOX MERCHANT")),
        ]);
        let fixed = element(text, "54").map(|pesos| pesos.replace('.', ""));
        let fixed = match repeats {
            Repeats::OtherAmount => Some("77700".to_owned()),
            Repeats::NoAmount => None,
            _ => fixed,
        };
        said.extend(fixed.map(|fixed| ("trxAmount".to_owned(), json!(fixed))));
        Some(said)
    }

    fn seal(member: &str, said: &Map<String, Value>, case: &Case) -> Bytes {
        let text = case.write_amount(&serde_json::to_string(said).unwrap(), "trxAmount");
        let key = if case.seal == Seal::OtherKey { MERCHANT_KEY } else { PLATFORM_KEY };
        Bytes::from(match case.seal.apply(&sign(key, &text)) {
            None => format!(r#"{{"{member}":{text}}}"#),
            Some(signature) => format!(r#"{{"{member}":{text},"signature":"{signature}"}}"#),
        })
    }
}

/// Starpay's BIC, as codes name it (28.01).
const ACQUIRER: &str = "SRCPPHM2XXX";

/// A QR Ph code of a merchant, written by the tables of the scheme. Without `centavos` the payer
/// chooses the amount.
fn code(centavos: Option<i64>, acquirer: &str, terminal: Option<&str>) -> String {
    let element = |id: &str, value: &str| format!("{id}{:02}{value}", value.len());
    let merchant = [
        element("00", "ph.ppmi.p2m"),
        element("01", acquirer),
        element("03", "MRCHNT-AB12C"),
        element("05", "000"),
    ];
    let mut text = element("00", "01");
    text += &element("01", if centavos.is_some() { "12" } else { "11" });
    text += &element("28", &merchant.concat());
    text += &element("52", "9995");
    text += &element("53", "608");
    if let Some(centavos) = centavos {
        text += &element("54", &format!("{}.{:02}", centavos / 100, centavos % 100));
    }
    text += &element("58", "PH");
    text += &element("59", "SANDBOX MERCHANT");
    text += &element("60", "Manila");
    if let Some(terminal) = terminal {
        text += &element("62", &element("07", &format!("{terminal:<8}")));
    }
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

/// An element of a code, at its top.
fn element<'a>(mut text: &'a str, wanted: &str) -> Option<&'a str> {
    loop {
        let (id, length) = (text.get(..2)?, text.get(2..4)?.parse::<usize>().ok()?);
        let value = text.get(4..4 + length)?;
        if id == wanted {
            return Some(value);
        }
        text = &text[4 + length..];
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

    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.guarantees = guarantees;
        Some(Self::starpay(settings, context))
    }

    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>> {
        let mut settings = settings();
        settings.environment = Environment::Production;
        settings.base_url = "https://financeapi.wallytglobal.com/finance-payment-service".into();
        Some(Self::starpay(settings, context))
    }

    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        if operation == Operation::Payout {
            return Some(Self::payout(corridor).into());
        }
        let mut request = sample(operation, corridor);
        match &mut request {
            Some(Request::Collection(collection)) => {
                collection.display_name = Some("Sari-Sari Store".into());
            }
            Some(Request::StaticCode(code)) => code.terminal = Terminal::new("TILL-7").ok(),
            _ => {}
        }
        request
    }

    fn misfits(&self) -> Vec<Misfit> {
        let sample = |channel| Self::payout(&Corridor::new(Country::PH, Currency::PHP, channel, 1));
        // 6.1 takes 92 characters; a wallet of the Philippines is named by a number of the same.
        let mut remark = sample(Channel::Bank);
        remark.remark = Some("r".repeat(93));
        let mut wallet = sample(Channel::Wallet);
        wallet.destination = Destination::Wallet {
            institution: InstitutionId::new("gcash").unwrap(),
            account: WalletAccount::Phone(Phone::new("+6281234567890").unwrap()),
        };
        let codes = Corridor::new(Country::PH, Currency::PHP, Channel::Qr, 1);
        let collection = |change: &dyn Fn(&mut CollectionRequest)| {
            let Some(Request::Collection(mut request)) =
                self.request(Operation::Collection, &codes)
            else {
                unreachable!()
            };
            change(&mut request);
            request
        };
        let Some(Request::StaticCode(mut long_terminal)) =
            self.request(Operation::StaticCode, &codes)
        else {
            unreachable!()
        };
        // 62.07 of a code has room for 8 characters, 59 for 25 of ASCII.
        long_terminal.terminal = Terminal::new("NINECHARS").ok();
        vec![
            Misfit::new("remark", remark),
            Misfit::new("account", wallet),
            Misfit::new("terminal", collection(&|c| c.terminal = Terminal::new("NINECHARS").ok())),
            Misfit::new("display_name", collection(&|c| c.display_name = Some("x".repeat(26)))),
            Misfit::new("display_name", collection(&|c| c.display_name = Some("Peña".into()))),
            Misfit::new("remark", collection(&|c| c.remark = Some("r".repeat(93)))),
            Misfit::new("expires", collection(&|c| c.expires = Some(Timestamp::UNIX_EPOCH))),
            Misfit::new("terminal", long_terminal),
        ]
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
        let mut reading = Reading::new(format!("{line}\n  {}", members.join("\n  ")));
        // 403: this msgId was seen before.
        if let Some(id) = said.get("msgId").and_then(Value::as_str) {
            reading = reading.held_against(id);
        }
        // 14 digits, in Manila.
        let until = said.get("timeExpire").and_then(Value::as_str).and_then(|digits| {
            let time = DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
            Some(time.to_zoned(TimeZone::fixed(offset(8))).ok()?.timestamp())
        });
        let reading = until.map_or(reading.clone(), |until| reading.until(until));
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
        let path = sent.uri().path();
        ["/v1/disburse", "/v1/repayment"].iter().any(|p| path.ends_with(p))
    }

    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>> {
        if ask.operation == Operation::Health {
            let text = r#"{"code":"200","message":"success"}"#;
            return Some(http::Response::new(Bytes::from_static(text.as_bytes())));
        }
        let (_, text, _) = envelope(ask.sent.body())?;
        let asked: Value = serde_json::from_str(text.get()).ok()?;
        let mut said = match &case.says {
            Says::Order { status, repeats, words, failure, .. } => {
                let mut said = match ask.operation {
                    Operation::Collection | Operation::StaticCode => {
                        Self::made(ask, status, *repeats, words)?
                    }
                    Operation::StaticCodeStatus => Self::state(ask.about?, status, *repeats)?,
                    _ => Self::order(ask.about?, status, *repeats, words)?,
                };
                said.extend(failure.as_ref().map(|code| ("errorCode".to_owned(), json!(code))));
                said
            }
            Says::Holds(money) => Map::from_iter([
                ("code".to_owned(), json!("200")),
                ("mchId".to_owned(), json!(MERCHANT)),
                ("balance".to_owned(), json!(money.minor())),
            ]),
            Says::Scanned(repeats) => Self::scanned(asked["qrCode"].as_str()?, *repeats)?,
            Says::Code { code, words, .. } => Map::from_iter([
                ("code".to_owned(), json!(code)),
                ("message".to_owned(), json!(words)),
                ("mchId".to_owned(), json!(MERCHANT)),
            ]),
            Says::Absent => {
                let payout = matches!(ask.operation, Operation::Payout | Operation::PayoutFind);
                let code = if payout { "565" } else { "566" };
                Map::from_iter([("code".to_owned(), json!(code))])
            }
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
        Some(http::Response::new(Self::seal("response", &said, case)))
    }

    fn notifications(&self) -> Option<Sealed> {
        Some(Sealed::Signed)
    }

    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest> {
        let Says::Order { status, repeats, words, failure, .. } = &case.says else { return None };
        // Each operation has an address of its own, which alone tells a payment of a static code.
        let operation = about.order_id.operation()?;
        let mut said = match operation {
            Operation::StaticCode => Self::incoming_payment(about, status, *repeats, words)?,
            _ => Self::order(about, status, *repeats, words)?,
        };
        said.extend(failure.as_ref().map(|code| ("errorCode".to_owned(), json!(code))));
        let body = Self::seal("request", &said, case);
        let target = format!("/notify/starpay/{operation}").parse().unwrap();
        Some(WebhookRequest::new(target, http::HeaderMap::new(), body))
    }

    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (200, r#"{"code":"200","message":"success"}"#),
            Handling::Rejected => (401, r#"{"code":"402","message":"Verify signature failed"}"#),
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
        let look_up = !operation.writes();
        let pays_out = matches!(operation, Operation::Payout | Operation::PayoutFind);
        let none = if pays_out { "565" } else { "566" };
        let proves = |code: &str| match code {
            "200" => Proves::Success,
            _ if look_up && code == none => Proves::Absent,
            _ if look_up => Proves::Nothing,
            // "Not opened disburse" says nothing of collections, "not opened repay" all.
            "415" if !pays_out => Proves::Nothing,
            "416" if !pays_out => Proves::Rejection,
            "403" => Proves::Duplicate,
            "512" => Proves::Spacing,
            _ if REJECTIONS.contains(&code) => Proves::Rejection,
            _ if REJECTIONS_OF_CONTENT.contains(&code) => Proves::PermanentRejection,
            _ => Proves::Nothing,
        };
        section_7.map(|code| Code::new(code, proves(code))).collect()
    }

    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        match operation {
            Operation::Payout => AnyStatus::table([
                ("PROCESSING", PayoutStatus::Pending),
                ("SUCCESS", PayoutStatus::Succeeded),
                ("FAIL", PayoutStatus::Failed),
                ("REVERSED", PayoutStatus::Reversed),
                ("REVERSAL", PayoutStatus::Reversed),
            ]),
            Operation::Collection | Operation::StaticCodePayments => AnyStatus::table([
                ("PROCESSING", CollectionStatus::Pending),
                ("SUCCESS", CollectionStatus::Paid),
                ("FAIL", CollectionStatus::Failed),
                ("CLOSE", CollectionStatus::Closed),
                ("REVERSED", CollectionStatus::Reversed),
            ]),
            Operation::StaticCode => AnyStatus::table([
                ("ACTIVE", StaticCodeStatus::Active),
                ("INACTIVE", StaticCodeStatus::Inactive),
            ]),
            _ => Vec::new(),
        }
    }

    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)> {
        // 6.3 has the states of 6.2.
        self.statuses(operation)
    }

    fn planted(&self) -> Vec<String> {
        let pem = std::str::from_utf8(MERCHANT_KEY).unwrap();
        pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect()
    }
}
