//! What the README and the schema say about the configuration, against what is read.

use crate::support::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tulay_core::*;
use tulay_xendit::{XenditAdapter, XenditConfig};

fn least() -> Value {
    json!({
        "environment": "sandbox",
        "base_url": "http://127.0.0.1:8400/xendit",
        "business_id": "5f27a14a9bf05c73dd040bc8",
        "country": "ID",
        "secret_key": { "file": "test" },
        "callback_token": { "file": "token" },
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut table = least();
    table[name] = value;
    table
}

fn build(table: Value) -> Result<std::sync::Arc<dyn Provider>, Invalid> {
    let config: XenditConfig = serde_json::from_value(table).unwrap();
    XenditAdapter.build(ProviderId::new("xendit").unwrap(), config, context(&Script::says(500, "")))
}

fn schema() -> Value {
    serde_json::from_str(&XenditAdapter.config_schema()).unwrap()
}

#[test]
fn the_least_configuration_makes_a_provider() {
    let id = build(least()).unwrap();
    assert_eq!(
        format!("{id:?} {:?}", id.roles()),
        r#"Xendit(xendit, 5f27…0bc8) {"Payouts", "Collections", "Refunds", "Balances", "Webhooks"}"#
    );
    let ph = build(with("country", json!("PH"))).unwrap();
    assert!(ph.refunds().is_err(), "QRPh has no refunds");
}

#[test]
fn what_is_required_is_in_the_schema_and_the_readme() {
    let readme = include_str!("../../README.md");
    let required: BTreeSet<String> = schema()["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let mut known: BTreeSet<String> = least().as_object().unwrap().keys().cloned().collect();
    known.insert("adapter".into());
    assert_eq!(required, known);
    for name in required.iter().filter(|name| *name != "adapter") {
        let mut table = least();
        table.as_object_mut().unwrap().remove(name);
        assert!(serde_json::from_value::<XenditConfig>(table).is_err(), "{name}");
        assert!(readme.contains(&format!("\n{name} = ")), "the sample lacks {name}");
    }
}

#[test]
fn the_schema_names_every_key_that_is_read_and_no_other() {
    let error = serde_json::from_value::<XenditConfig>(with("no such key", json!(1))).unwrap_err();
    // The error lists the keys that there are.
    let error = error.to_string();
    let (_, known) = error.split_once("expected one of ").unwrap();
    let mut known: BTreeSet<&str> = known.split('`').skip(1).step_by(2).collect();
    known.insert("adapter");
    let schema = schema();
    let named: BTreeSet<&str> =
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(named, known);
    assert_eq!(schema["properties"]["adapter"]["const"], XenditAdapter.name());
}

#[test]
fn the_schema_has_the_codes_that_can_be_replaced() {
    let schema = schema();
    let look_ups = schema["properties"]["not_found_codes"]["properties"].as_object().unwrap();
    assert_eq!(look_ups.len(), 3);
    for (look_up, rule) in look_ups {
        let codes = rule["default"].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
        let own = codes.collect::<Vec<_>>().join(" and ");
        let emptied = json!({ look_up.as_str(): [] });
        let error = build(with("not_found_codes", emptied)).unwrap_err().to_string();
        let expected = "expected at least one code; without this key it is";
        assert_eq!(error, format!("not_found_codes.{look_up}: {expected} {own}"));
    }
}

#[test]
fn invalid_settings_are_named_with_their_fix() {
    for (name, value, message) in [
        (
            "base_url",
            json!("https://api.xendit.co"),
            "base_url: expected another host, found the provider's test system; to use it, write environment = \"uat\"",
        ),
        (
            "base_url",
            json!("https://example.com"),
            "base_url: expected a simulator on this machine; for a test system elsewhere, write environment = \"uat\"",
        ),
        (
            "business_id",
            json!(""),
            "business_id: expected 1 to 64 letters and digits, as the dashboard shows it",
        ),
        ("country", json!("TH"), "country: expected PH or ID"),
        (
            "not_found_codes",
            json!({ "payout": ["PAYOUT_NOT_FOUND"] }),
            "not_found_codes.payout: not supported here: the look-ups of this provider are payout_find, collection_find, refund_find",
        ),
        (
            "not_found_codes",
            json!({ "payout_find": ["not_found"] }),
            "not_found_codes.payout_find: expected codes of capital letters, digits and _",
        ),
        (
            "not_found_codes",
            json!({ "payout_find": ["REFUND_NOT_SUPPORTED"] }),
            "not_found_codes.payout_find: not supported here: REFUND_NOT_SUPPORTED is listed as \"the channel has no refunds\", which is not \"no such order\"",
        ),
        (
            "not_found_codes",
            json!({ "payout_find": ["DUPLICATE_ERROR"] }),
            "not_found_codes.payout_find: not supported here: DUPLICATE_ERROR is listed as \"the key was seen with another text\", which is not \"no such order\"",
        ),
        (
            "guarantees",
            json!({ "answers_signed": true }),
            "guarantees.answers_signed: expected false: this provider signs no answers",
        ),
    ] {
        let error = build(with(name, value)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn institutions_can_be_added_and_spelled_otherwise() {
    let added = json!({ "MBTCPHMM": "PH_MET", "GXCHPHM2": "PH_G", "xyz": "PH_XYZ" });
    let mut table = with("country", json!("PH"));
    table["institutions"] = added;
    let provider = build(table).unwrap();
    let payouts = provider.payouts().unwrap();
    let code = |id: &str| {
        let id = InstitutionId::new(id).unwrap();
        payouts.capability().institution_code(Country::PH, &id).map(str::to_owned)
    };
    assert_eq!(code("MBTCPHMM").as_deref(), Some("PH_MET"));
    assert_eq!(code("gcash").as_deref(), Some("PH_G"));
    assert_eq!(code("xyz").as_deref(), Some("PH_XYZ"));
    assert_eq!(code("BOPIPHMM").as_deref(), Some("PH_BPI"));
    let mut request = pesos("100");
    request.destination = Destination::bank("MBTCPHMM", "1").unwrap();
    let prepared = payouts.prepare(&request, &order_id(Operation::Payout)).unwrap();
    assert!(prepared.body.contains(r#""channel_code":"PH_MET""#), "{}", prepared.body);
}

#[test]
fn the_readme_lists_every_assumption() {
    let readme = include_str!("../../README.md");
    let unmentioned = tulay_adapter::policy::unmentioned(XenditAdapter.assumptions(), readme);
    assert_eq!(unmentioned, [""; 0]);
}
