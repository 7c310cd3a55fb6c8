//! From a configuration to a provider.

use crate::support::{ORGANIZATION, Script, collection, context, make, order_id};
use serde_json::{Value, json};
use std::sync::Arc;
use tulay_core::*;
use tulay_paymongo::{Keys, Paymongo, PaymongoAdapter, PaymongoConfig, Settings};

const LIVE: &str = "https://api.paymongo.com";
const HERE: &str = "http://127.0.0.1:8400/paymongo";

fn table(environment: &str, base_url: &str, key: &str) -> Value {
    json!({
        "environment": environment,
        "base_url": base_url,
        "organization_id": ORGANIZATION,
        "secret_key": { "env": key },
        "webhook_secret": [{ "env": "HOOK" }, { "env": "HOOK_2" }],
    })
}

fn build(table: Value, capabilities_only: bool) -> Result<Arc<dyn Provider>, Invalid> {
    let config: PaymongoConfig = serde_json::from_value(table).unwrap();
    let mut context = context(&Script::new::<String>([]));
    context.capabilities_only = capabilities_only;
    PaymongoAdapter.build(ProviderId::new("paymongo").unwrap(), config, context)
}

#[test]
fn a_key_of_the_other_mode_is_refused() {
    for (environment, base_url, key) in
        [("uat", LIVE, "LIVE_KEY"), ("production", LIVE, "TEST_KEY"), ("sandbox", HERE, "LIVE_KEY")]
    {
        let error = build(table(environment, base_url, key), false).unwrap_err();
        assert_eq!(error.field(), "secret_key", "{environment}");
        assert!(!error.to_string().contains("planted"), "{error}");
        // Keys are not opened where only the capabilities are wanted.
        assert!(build(table(environment, base_url, key), true).is_ok(), "{environment}");
    }
    for (environment, base_url, key) in
        [("uat", LIVE, "TEST_KEY"), ("production", LIVE, "LIVE_KEY"), ("sandbox", HERE, "TEST_KEY")]
    {
        assert!(build(table(environment, base_url, key), false).is_ok(), "{environment}");
    }
}

#[test]
fn blanks_around_a_key_do_not_hide_its_mode() {
    for (environment, key, right) in [
        (Environment::Sandbox, " sk_live_planted\n", false),
        (Environment::Production, "\tsk_test_planted", false),
        (Environment::Uat, " sk_test_planted\n", true),
    ] {
        let url = if environment == Environment::Sandbox { HERE } else { LIVE };
        let settings = Settings::new(environment, url, ORGANIZATION);
        let keys = Keys::new(Secret::new(key).unwrap(), Vec::new());
        let id = ProviderId::new("paymongo").unwrap();
        let made = Paymongo::new(id, settings, keys, context(&Script::new::<String>([])));
        assert_eq!(made.is_ok(), right, "{environment}");
    }
}

#[test]
fn a_sandbox_is_on_this_machine() {
    for base_url in [LIVE, "https://elsewhere.example"] {
        let error = build(table("sandbox", base_url, "TEST_KEY"), false).unwrap_err();
        assert_eq!(error.field(), "base_url", "{base_url}");
    }
}

#[test]
fn other_settings_are_refused_by_name() {
    let with = |name: &str, value: Value| {
        let mut table = table("uat", LIVE, "TEST_KEY");
        table[name] = value;
        build(table, false)
    };
    for (name, value) in [
        ("organization_id", json!("7000")),
        ("organization_id", json!("org_7/8")),
        ("wallet_id", json!("wallet_../1")),
        ("source_account", json!({ "number": "", "name": "Shop" })),
        ("notifications_within", json!("0s")),
    ] {
        assert_eq!(with(name, value.clone()).unwrap_err().field(), name, "{value}");
    }
    for (look_up, codes) in [
        ("payout", json!(["no_transfer"])),
        ("payout_find", json!([])),
        ("payout_find", json!(["NO_TRANSFER"])),
        ("payout_find", json!(["parameter_invalid"])),
        ("refund_find", json!(["idempotency_in_progress"])),
    ] {
        let error = with("not_found_codes", json!({ look_up: codes })).unwrap_err();
        assert_eq!(error.field(), format!("not_found_codes.{look_up}"));
    }
    assert!(with("not_found_codes", json!({ "payout_find": ["no_transfer"] })).is_ok());
    let error = with("guarantees", json!({ "replays_for": "25h" })).unwrap_err();
    assert_eq!(error.field(), "guarantees.replays_for");
    assert!(with("guarantees", json!({ "replays_for": "24h" })).is_ok());
    assert!(with("notifications_within", json!("5m")).is_ok());
    assert!(with("webhook_secret", json!({ "env": "HOOK" })).is_ok());
    let error = with("webhook_secret", json!([{ "env": "MISSING" }])).unwrap_err();
    assert_eq!(error.field(), "webhook_secret");
    let mut unknown = table("uat", LIVE, "TEST_KEY");
    unknown["webhook_secrets"] = json!([]);
    assert!(serde_json::from_value::<PaymongoConfig>(unknown).is_err());
}

#[test]
fn the_schema_has_the_codes_that_can_be_replaced() {
    let schema: Value = serde_json::from_str(&PaymongoAdapter.config_schema()).unwrap();
    let look_ups = schema["properties"]["not_found_codes"]["properties"].as_object().unwrap();
    assert_eq!(look_ups.len(), 3);
    for (look_up, rule) in look_ups {
        let codes = rule["default"].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
        let own = codes.collect::<Vec<_>>().join(" and ");
        let emptied = json!({ look_up.as_str(): [] });
        let mut table = table("uat", LIVE, "TEST_KEY");
        table["not_found_codes"] = emptied;
        let error = build(table, false).unwrap_err().to_string();
        let expected = "expected at least one code; without this key it is";
        assert_eq!(error, format!("not_found_codes.{look_up}: {expected} {own}"));
    }
}

#[test]
fn production_pays_out_only_once_it_is_accepted() {
    let offers = |accepted: Value| {
        let mut table = table("production", LIVE, "LIVE_KEY");
        table["source_account"] = json!({ "number": "1", "name": "Shop Inc." });
        table["accept_unverified"] = accepted;
        let provider = build(table, false).unwrap();
        let capability = provider.roles().capability(Operation::Payout).unwrap().clone();
        capability.offers(Operation::Payout)
    };
    assert!(!offers(json!([])));
    assert!(offers(json!(["payout_find"])));
}

#[test]
fn production_collects_only_once_it_is_accepted() {
    let offers = |accepted: Value| {
        let mut table = table("production", LIVE, "LIVE_KEY");
        table["qr_merchant"] = json!("SARI-SARI STORE");
        table["accept_unverified"] = accepted;
        let provider = build(table, false).unwrap();
        provider.roles().capability(Operation::Collection).unwrap().offers(Operation::Collection)
    };
    assert!(!offers(json!(["payout_find"])));
    assert!(offers(json!(["collection"])));
}

#[tokio::test]
async fn production_needs_a_merchant_to_compare() {
    let mut settings = Settings::new(Environment::Production, LIVE, ORGANIZATION);
    settings.accept_unverified = vec![Operation::Collection];
    let script = Script::new::<String>([]);
    let without = make(settings.clone(), context(&script));
    settings.qr_merchant = Some("SARI-SARI STORE".into());
    let with = make(settings, context(&script));
    let (without, with) = (without.roles().collections, with.roles().collections);
    let (without, with) = (without.unwrap(), with.unwrap());
    let id = order_id(Operation::Collection);
    let request = collection(CollectionMethod::Qr);
    let prepared = with.prepare(&request, &id).unwrap();
    let errors =
        [without.prepare(&request, &id).unwrap_err(), without.create(&prepared).await.unwrap_err()];
    for error in errors {
        assert_eq!((error.effect(), error.field()), (Effect::NotSent, Some("qr_merchant")));
    }
    assert_eq!(script.count(), 0);
    let channels: Vec<_> = without.capability().corridors.iter().map(|c| c.channel).collect();
    assert_eq!(channels, [Channel::Redirect]);
}

#[test]
fn readme_and_schema_name_what_the_adapter_has() {
    let assumptions = PaymongoAdapter.assumptions();
    let readme = include_str!("../../README.md");
    assert_eq!(tulay_adapter::policy::unmentioned(assumptions, readme), [""; 0]);
    let schema: Value = serde_json::from_str(&PaymongoAdapter.config_schema()).unwrap();
    let settings = assumptions.iter().filter_map(|assumption| assumption.setting);
    for setting in settings.filter(|setting| !setting.starts_with("guarantees.")) {
        let pointer = format!("/properties/{}", setting.replace('.', "/properties/"));
        assert!(schema.pointer(&pointer).is_some(), "{setting}");
    }
    let accepted: Vec<&str> = schema["properties"]["accept_unverified"]["items"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    for operation in assumptions.iter().filter_map(|assumption| assumption.operation) {
        assert!(accepted.contains(&operation.as_str()), "{operation}");
    }
}

#[test]
fn no_secret_is_printed() {
    let mut table = table("uat", LIVE, "TEST_KEY");
    table["source_account"] = json!({ "number": "998877665544", "name": "Planted Geheim" });
    let config: PaymongoConfig = serde_json::from_value(table.clone()).unwrap();
    let printed = format!("{config:?} {:?}", build(table, false).unwrap());
    for planted in ["9988", "Geheim", "sk_test", "whsk"] {
        assert!(!printed.contains(planted), "{printed}");
    }
}
