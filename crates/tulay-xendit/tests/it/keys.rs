//! Keys of the right mode, and none where none are read.

use crate::support::*;
use serde_json::json;
use std::sync::Arc;
use tulay_core::*;
use tulay_xendit::{XenditAdapter, XenditConfig};

fn build(
    environment: &str,
    key: &str,
    capabilities_only: bool,
) -> Result<Arc<dyn Provider>, Invalid> {
    let url = match environment {
        "sandbox" => "http://127.0.0.1:8400/xendit",
        _ => "https://api.xendit.co",
    };
    let config: XenditConfig = serde_json::from_value(json!({
        "environment": environment,
        "base_url": url,
        "business_id": "5f27a14a9bf05c73dd040bc8",
        "country": "PH",
        "secret_key": { "file": key },
        "callback_token": [{ "file": "token" }, { "file": "next token" }],
    }))
    .unwrap();
    let mut context = context(&Script::says(500, ""));
    context.capabilities_only = capabilities_only;
    XenditAdapter.build(ProviderId::new("xendit").unwrap(), config, context)
}

#[test]
fn a_key_of_the_other_mode_is_refused() {
    for (environment, key, right) in [
        ("sandbox", "test", true),
        ("sandbox", "live", false),
        ("uat", "test", true),
        ("uat", "live", false),
        ("uat", "token", false),
        ("production", "live", true),
        ("production", "test", false),
    ] {
        let made = build(environment, key, false);
        assert_eq!(made.is_ok(), right, "{environment} {key}");
        if let Err(error) = made {
            assert_eq!(error.field(), "secret_key");
            assert!(!error.to_string().contains("planted"), "{error}");
        }
    }
}

#[tokio::test]
async fn keys_are_not_read_for_capabilities_only() {
    let provider = build("uat", "missing", true).unwrap();
    let payouts = provider.payouts().unwrap();
    let prepared = payouts.prepare(&pesos("100"), &order_id(Operation::Payout)).unwrap();
    let error = payouts.create(&prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::NotSent));
    let body = bytes::Bytes::from_static(b"{}");
    let mut headers = http::HeaderMap::new();
    headers.insert("x-callback-token", "".parse().unwrap());
    let raw = WebhookRequest::new("/".parse().unwrap(), headers, body);
    let error = provider.webhooks().unwrap().open(&raw).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
}

#[test]
fn a_missing_secret_is_named() {
    let error = build("uat", "missing", false).unwrap_err();
    assert_eq!(error.field(), "secret_key");
}
