//! Every vector gives exactly what it says.

use crate::vector::{self, Vector};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use tulay_qr::{
    Content, Inspection, Leniency, Objects, Payload, PointOfInitiation, SbpLink, Scheme, Tip,
    WarningKind, ends_with_right_crc, inspect, inspect_leniently,
};

#[test]
fn there_are_vectors() {
    let (all, valid) = (vector::all(), vector::valid_payloads());
    assert_eq!((all.len(), valid.len()), (124, 55), "a vector got lost");
}

#[test]
fn verdicts_are_those_expected() {
    for vector in vector::all() {
        let seen = inspect(vector.payload());
        assert_eq!(seen.is_valid(), vector.is_valid(), "{}: {:?}", vector.name(), seen.findings);
        if vector.is_valid() {
            assert_eq!(seen.scheme().name(), vector.scheme(), "{}", vector.name());
            assert_eq!(inspect_leniently(vector.payload()).leniencies, [], "{}", vector.name());
        } else {
            check_error(&vector, &seen);
        }
    }
}

fn check_error(vector: &Vector, seen: &Inspection<'_>) {
    let (name, expected) = (vector.name(), vector.expect());
    let error = seen.findings.errors.first().unwrap();
    let path = error.path.map(|path| path.to_string());
    assert_eq!(error.kind.name(), expected["error"], "{name}");
    assert_eq!(json!(path), expected["path"], "{name}");
    if let Some(offset) = expected["offset"].as_u64() {
        assert_eq!(error.offset as u64, offset, "{name}");
        assert_eq!(error.byte_offset as u64, expected["byte_offset"].as_u64().unwrap(), "{name}");
        assert_eq!(ends_with_right_crc(vector.payload()), expected["crc_ok"], "{name}");
    }
    if vector.scheme() != "sbp" {
        // What stops a reading is what is found first, and is no more than the first.
        let stopped = Payload::parse(vector.payload()).err();
        let structural = Payload::parse(vector.payload()).is_err();
        assert_eq!(stopped, structural.then_some(*error), "{name}");
    }
}

#[test]
fn leniency_accepts_what_it_may_and_says_what_it_was() {
    for vector in vector::all().iter().filter(|vector| !vector.is_valid()) {
        let seen = inspect_leniently(vector.payload());
        let expected: &[Leniency] = match vector.expect()["error"].as_str().unwrap() {
            "crc_lowercase" => &[Leniency::LowercaseCrc],
            "truncated_value" if vector.name() == "length_in_bytes" => &[Leniency::LengthsInBytes],
            "sbp_crc_mismatch" => &[Leniency::SbpCrcMismatch],
            _ => &[],
        };
        let may_be_accepted = !vector.expect()["lenient"].is_null();
        let link = vector.expect()["error"] == "sbp_crc_mismatch";
        assert_eq!(!expected.is_empty(), may_be_accepted || link, "{}", vector.name());
        assert_eq!(seen.is_valid(), !expected.is_empty(), "{}: {seen:?}", vector.name());
        assert_eq!(seen.leniencies, expected, "{}", vector.name());
    }
}

#[test]
fn every_code_is_given_back_byte_for_byte() {
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        assert_eq!(payload.to_string(), vector.payload());
        let written: String = payload
            .objects()
            .map(|o| format!("{}{:02}{}", o.id(), o.value().chars().count(), o.value()))
            .collect();
        assert_eq!(written, vector.payload(), "{}", vector.name());
        // An edit that changes nothing changes nothing.
        assert_eq!(payload.edit().finish().text, vector.payload(), "{}", vector.name());
    }
}

#[test]
fn fields_are_those_expected() {
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        let seen = fields(&payload);
        let mut expected = vector.expect().clone();
        for other in ["warnings", "set_amount"] {
            expected.as_object_mut().unwrap().remove(other);
        }
        assert_eq!(seen, expected, "{}", vector.name());
    }
}

/// What the crate's readers of one field each say, in the vectors' words.
fn fields(payload: &Payload<'_>) -> Value {
    let scheme = payload.scheme();
    let accounts: Map<String, Value> = payload
        .accounts()
        .map(|account| {
            let value = match account.objects() {
                Some(objects) => members(objects),
                None => account.object().value().into(),
            };
            (account.id().to_string(), value)
        })
        .collect();
    let unreserved: Map<String, Value> = payload
        .objects()
        .filter(|object| object.id().number() >= 80)
        .map(|object| {
            let opaque = payload.validate().warnings.iter().any(|warning| {
                warning.kind == WarningKind::NotATemplate
                    && warning.path == Some(object.id().into())
            });
            let value = match object.objects() {
                Some(objects) if !opaque => members(objects),
                _ => object.value().into(),
            };
            (object.id().to_string(), value)
        })
        .collect();
    let language = payload.language().map(|language| {
        let members = json!({
            "00": language.language,
            "01": language.merchant_name,
            "02": language.merchant_city,
        });
        without_nulls(members)
    });
    let (indicator, fixed, percent) = match payload.tip() {
        None => (None, None, None),
        Some(Tip::AskPayer) => (Some("01"), None, None),
        Some(Tip::FixedFee(fee)) => (Some("02"), Some(fee.text()), None),
        Some(Tip::PercentageFee(_)) => (Some("03"), None, payload.value(tulay_qr::Id::FEE_PERCENT)),
    };
    without_nulls(json!({
        "scheme": scheme.name(),
        "kind": payload.kind().name(),
        "format_indicator": payload.value(tulay_qr::Id::FORMAT_INDICATOR),
        "initiation": payload.initiation().map(|initiation| initiation.name()),
        "accounts": accounts,
        "mcc": payload.category_code(),
        "currency": payload.currency().map(|currency| format!("{:03}", currency.number())),
        "amount": payload.amount().map(|amount| amount.text()),
        "tip_indicator": indicator,
        "fee_fixed": fixed,
        "fee_percent": percent,
        "country": payload.country(),
        "merchant_name": payload.merchant_name(),
        "merchant_city": payload.merchant_city(),
        "postal_code": payload.postal_code(),
        "additional": payload.additional().objects().map(members),
        "language": language,
        "unreserved": (!unreserved.is_empty()).then_some(unreserved),
        "crc": payload.crc(),
        "id_order": payload.objects().map(|o| o.id().to_string()).collect::<Vec<_>>(),
        "chars": payload.as_str().chars().count(),
        "bytes": payload.as_str().len(),
    }))
}

fn members(objects: Objects<'_>) -> Value {
    objects.map(|object| (object.id().to_string(), Value::from(object.value()))).collect()
}

fn without_nulls(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    members.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

#[test]
fn warnings_are_those_expected() {
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        let findings = payload.validate();
        let seen: BTreeSet<_> = findings
            .warnings
            .iter()
            .map(|warning| (warning.kind.name(), warning.path.unwrap().to_string()))
            .collect();
        assert_eq!(seen.len(), findings.warnings.len(), "{}: each once", vector.name());
        let expected = vector.expect()["warnings"].as_array().cloned().unwrap_or_default();
        let expected = expected.iter().map(|text| named(text.as_str().unwrap())).collect();
        assert_eq!(seen, expected, "{}", vector.name());
    }
}

/// The vectors' words for a warning as its name and path.
fn named(text: &str) -> (&'static str, String) {
    let (path, said) = text.split_at(text.find([':', ' ']).unwrap());
    let kind = match said.trim_start_matches([':', ' ']) {
        "DuitNow standard says 02" => WarningKind::DuitNowFormatIndicator,
        "absent (customary for PromptPay)" => WarningKind::PromptPayAbsent,
        "absent on a static QRIS" => WarningKind::QrisNationalAccountMissing,
        "absent with point of initiation 12" => WarningKind::DynamicWithoutAmount,
        "biller id of 13 characters, guideline says 15" => WarningKind::PromptPayBillerId,
        "not a template (kept opaque)" => WarningKind::NotATemplate,
        "present with point of initiation 11" => WarningKind::AmountWithStatic,
        said if said.starts_with("more decimals") => WarningKind::AmountDecimals,
        said => panic!("{said}"),
    };
    (kind.name(), path.to_owned())
}

#[test]
fn amounts_are_set_as_expected() {
    let mut set = 0;
    for vector in vector::valid_payloads() {
        let expected = &vector.expect()["set_amount"];
        let Some(amount) = expected["amount"].as_str() else { continue };
        let payload = Payload::parse(vector.payload()).unwrap();
        let editor = payload.edit().set_amount(amount, PointOfInitiation::Dynamic).unwrap();
        assert_eq!(editor.finish().text, expected["result"], "{}", vector.name());
        set += 1;
    }
    assert_eq!(set, 8);
}

#[test]
fn links_are_read_as_expected() {
    for vector in vector::all().iter().filter(|v| v.scheme() == "sbp" && v.is_valid()) {
        let expected = vector.expect();
        let link = SbpLink::parse(vector.payload()).unwrap();
        assert_eq!(link.to_string(), vector.payload());
        assert_eq!(link.id(), expected["id"]);
        assert_eq!(link.id_prefix(), expected["id_prefix"]);
        assert_eq!(json!(link.parameter("type")), expected["type"]);
        assert_eq!(json!(link.initiation().map(|i| i.name())), expected["initiation"]);
        assert_eq!(json!(link.bank()), expected["bank"]);
        assert_eq!(json!(link.sum()), expected["sum_minor"]);
        assert_eq!(json!(link.currency()), expected["currency"]);
        assert_eq!(json!(link.crc()), expected["crc"]);
        assert_ne!(link.crc_matches(), Some(false));
        let seen = inspect(vector.payload());
        assert!(matches!(seen.content, Some(Content::Sbp(read)) if read == link));
        assert_eq!(seen.scheme(), Scheme::Sbp);
    }
}
