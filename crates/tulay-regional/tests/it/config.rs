use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;
use tulay_regional::{Keys, RegionalAdapter, RegionalConfig};

const LEAST: &str = r#"{
    "environment": "sandbox",
    "base_url": "http://127.0.0.1:8400/regional",
    "app_id": "733b887a4a784708bb369524db5b6ded",
    "countries": ["PH", "ID"],
    "private_key": { "file": "merchant" },
    "platform_key": { "file": "platform.pub" }
}"#;

fn config(changes: serde_json::Value) -> Result<RegionalConfig, serde_json::Error> {
    let mut config: serde_json::Value = serde_json::from_str(LEAST)?;
    let serde_json::Value::Object(changes) = changes else { panic!() };
    config.as_object_mut().unwrap().extend(changes);
    serde_json::from_value(config)
}

fn build(changes: serde_json::Value) -> Result<std::sync::Arc<dyn Provider>, Invalid> {
    let id = ProviderId::new("regional").unwrap();
    let config = config(changes).unwrap();
    RegionalAdapter::new().build(id, config, context(Platform::says(500, "")))
}

#[test]
fn the_least_configuration_makes_a_provider() {
    let provider = build(serde_json::json!({})).unwrap();
    assert_eq!(provider.merchant_account().account, APP_ID);
    assert_eq!(
        format!("{:?} {:?}", provider, provider.roles()),
        r#"Regional(regional, 733b…6ded) {"Payouts", "Collections", "StaticCodes", "StaticCodePayments", "StaticCodeControl", "Refunds", "RefundList", "Balances", "Reports", "Webhooks"}"#
    );
}

#[test]
fn invalid_settings_are_named_with_their_fix() {
    let refused = |changes| build(changes).unwrap_err().to_string();
    use serde_json::json;
    let live = "https://openapi.paycools.com";
    let uat = "https://globalapi-dev.paycools.com:8902";
    let unread = refused(json!({ "private_key": { "file": "gone" } }));
    assert!(unread.starts_with("private_key: "), "{unread}");
    assert_snapshot!(
        [
            refused(json!({ "base_url": live })),
            refused(json!({ "base_url": live, "environment": "uat" })),
            refused(json!({ "base_url": "https://OpenAPI.paycools.com.:443/x" })),
            refused(json!({ "base_url": uat })),
            refused(json!({ "base_url": uat, "environment": "production" })),
            refused(json!({ "base_url": "https://simulator.example/regional" })),
            refused(json!({ "base_url": "http://192.0.2.1/regional", "environment": "uat" })),
            refused(json!({ "base_url": "https://user:secret@host/x", "environment": "uat" })),
            refused(json!({ "base_url": "openapi" })),
            refused(json!({ "app_id": "" })),
            refused(json!({ "app_id": "MRCHNT-AB12C" })),
            refused(json!({ "countries": [] })),
            refused(json!({ "countries": ["PH", "PH"] })),
            refused(json!({ "countries": ["PH", "VN"] })),
            refused(json!({ "institutions": { "MY": {} } })),
            refused(json!({ "channels": { "MY": {} } })),
            refused(json!({ "utc_offset": "Manila" })),
            refused(json!({ "not_found_codes": { "payout": ["21099"] } })),
            refused(json!({ "not_found_codes": { "payout_find": [] } })),
            refused(json!({ "not_found_codes": { "payout_find": ["404"] } })),
            refused(json!({ "not_found_codes": { "payout_find": ["21002"] } })),
            refused(json!({ "not_found_codes": { "refund_find": ["21407"] } })),
            refused(json!({ "guarantees": { "answers_signed": true } })),
            refused(json!({ "private_key": { "file": "platform.pub" } })),
            refused(json!({ "private_key": { "signer": "kms" } })),
            refused(json!({ "platform_key": { "file": "merchant" } })),
            refused(json!({ "platform_key": { "file": "merchant.pub" } })),
        ]
        .join("\n")
    );
}

#[test]
fn unknown_keys_are_refused() {
    use serde_json::json;
    for changes in [
        json!({ "appid": "1" }),
        json!({ "countries": ["Philippines"] }),
        json!({ "paths": { "disburse": "/" } }),
        json!({ "pay_methods": { "cash": "x" } }),
        json!({ "guarantees": { "resend": "24h" } }),
        json!({ "institutions": { "gcash": "GCASH" } }),
        json!({ "institutions": { "PH": { "G Cash": "GCASH" } } }),
        json!({ "accept_unverified": ["everything"] }),
        json!({ "private_key": { "inline": "secret" } }),
    ] {
        assert!(config(changes.clone()).is_err(), "{changes}");
    }
}

#[test]
fn the_schema_knows_every_key_and_no_other() {
    let schema: serde_json::Value =
        serde_json::from_str(&RegionalAdapter::new().config_schema()).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    // serde lists the keys of a struct when it meets one it does not know.
    let listed = config(serde_json::json!({ "no_such_key": 1 })).unwrap_err().to_string();
    for key in properties.keys().filter(|key| *key != "adapter") {
        assert!(listed.contains(&format!("`{key}`")), "{key} is not a key: {listed}");
    }
    let quoted = listed.split('`').skip(3).step_by(2);
    for key in quoted {
        assert!(properties.contains_key(key), "{key} is not in the schema");
    }
}

#[test]
fn the_schema_has_the_codes_that_can_be_replaced() {
    let schema: serde_json::Value =
        serde_json::from_str(&RegionalAdapter::new().config_schema()).unwrap();
    let look_ups = schema["properties"]["not_found_codes"]["properties"].as_object().unwrap();
    assert_eq!(look_ups.len(), 4);
    for (look_up, rule) in look_ups {
        let codes = rule["default"].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
        let own = codes.collect::<Vec<_>>().join(" and ");
        let emptied = serde_json::json!({ look_up.as_str(): [] });
        let error =
            build(serde_json::json!({ "not_found_codes": emptied })).unwrap_err().to_string();
        let expected = "expected at least one code; without this key it is";
        assert_eq!(error, format!("not_found_codes.{look_up}: {expected} {own}"));
    }
}

#[tokio::test]
async fn omitted_guarantees_are_not_trusted() {
    let config =
        config(serde_json::json!({ "guarantees": { "version": 2, "failure_final_after": "30m" } }))
            .unwrap();
    let build = |body: String| {
        let context = context(Platform::says(200, body));
        let id = ProviderId::new("regional").unwrap();
        RegionalAdapter::new().build(id, config.clone(), context).unwrap()
    };
    let provider = build(success(&order("COMPLETED", "")));
    let payouts = provider.payouts().unwrap();
    let mut expected = Guarantees::default();
    expected.version = 2;
    expected.failure_final_after = Some(jiff::SignedDuration::from_mins(30));
    assert_eq!(payouts.capability().guarantees, expected);
    let prepared = payouts.prepare(&payout(), &order_id()).unwrap();
    let Found::Found(found) = payouts.find(&prepared.lookup).await.unwrap() else { panic!() };
    assert_eq!(found.status, PayoutStatus::Pending, "nothing is said to be bound");

    let refusing = build(refused("21002"));
    let error = refusing.payouts().unwrap().create(&prepared).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    let body = signed(&notice("disbursement.success", "COMPLETED")).into();
    let raw = WebhookRequest::new("/".parse().unwrap(), http::HeaderMap::new(), body);
    assert!(provider.webhooks().unwrap().open(&raw).is_err());
}

#[test]
fn a_registered_signer_keeps_its_key_to_itself() {
    let private = tulay_crypto::PrivateKey::parse(MERCHANT_KEY).unwrap();
    let signer = std::sync::Arc::new(tulay_crypto::RsaSigner::new(&private).unwrap());
    let adapter = RegionalAdapter::new().signer("kms", signer);
    let config = config(serde_json::json!({ "private_key": { "signer": "kms" } })).unwrap();
    let id = ProviderId::new("regional").unwrap();
    assert!(adapter.build(id, config, context(Platform::says(500, ""))).is_ok());
}

#[test]
fn both_keys_of_one_pair_are_a_mistake() {
    let refused = Keys::parse(MERCHANT_KEY, MERCHANT_PUBLIC_KEY).unwrap_err();
    assert_eq!(refused, tulay_crypto::KeysError::SamePair);
}

#[test]
fn the_readme_lists_every_assumption() {
    let readme = include_str!("../../README.md");
    let unmentioned =
        tulay_adapter::policy::unmentioned(RegionalAdapter::new().assumptions(), readme);
    assert_eq!(unmentioned, [""; 0]);
}
