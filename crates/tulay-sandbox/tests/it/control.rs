//! Control over HTTP.

use crate::shop::{DISBURSE, OTHER_KEY, Shop, disbursement, enveloped, opened, public_pem, sign};
use serde_json::json;
use tulay_core::Clock;
use tulay_sandbox::{kit::Faults, starpay::PLATFORM_PUBLIC_KEY};

#[tokio::test]
async fn the_overview_tells_what_runs() {
    let shop = Shop::open().await;
    for path in ["/_sandbox", "/_sandbox/"] {
        let (status, overview) = shop.control("GET", path, "").await;
        assert_eq!(status, 200);
        assert_eq!(overview["clock"], json!({ "now": "2026-11-20T01:00:00Z", "manual": true }));
        assert_eq!(overview["providers"][0]["name"], "starpay");
        assert_eq!(overview["providers"][0]["base_url"], "http://127.0.0.1:0/starpay");
        assert_eq!(overview["providers"][0]["merchants"], json!(["101510000001"]));
        assert!(overview["control"].as_array().unwrap().len() >= 9);
    }
}

#[tokio::test]
async fn time_passes_and_the_ledger_and_the_notifications_tell() {
    let shop = Shop::open().await;
    shop.call(DISBURSE, &disbursement("M1", "09171234567")).await;
    let (status, advanced) = shop.control("POST", "/_sandbox/advance", r#"{"by":"16m"}"#).await;
    assert_eq!((status, advanced), (200, json!({ "now": "2026-11-20T01:16:00Z" })));
    let (_, ledger) = shop.control("GET", "/_sandbox/ledger", "").await;
    assert_eq!(
        ledger,
        json!({
            "movements": [{
                "provider": "starpay",
                "account": "101510000001",
                "order_id": "M1",
                "provider_reference": "202611200000000001",
                "direction": "out",
                "amount": { "amount": "12.50", "currency": "PHP" },
                "at": "2026-11-20T01:00:00.3Z",
            }],
            "paid_more_than_once": [],
        })
    );
    let (_, notifications) = shop.control("GET", "/_sandbox/notifications", "").await;
    assert_eq!(
        notifications["notifications"],
        json!([{
            "id": 1,
            "provider": "starpay",
            "order_id": "M1",
            "event": "SUCCESS",
            "url": "http://127.0.0.1:8300/notify/starpay/payout",
            "state": "acknowledged",
            "deliveries": [{ "at": "2026-11-20T01:00:00.3Z", "outcome": "acknowledged" }],
        }])
    );
}

#[tokio::test]
async fn durations_that_are_none_are_refused() {
    let shop = Shop::open().await;
    for body in ["", "{}", r#"{"by":"soon"}"#, r#"{"by":"-1m"}"#, r#"{"by":"1m","to":"2m"}"#] {
        let (status, error) = shop.control("POST", "/_sandbox/advance", body).await;
        assert_eq!(status, 422, "{body}");
        assert!(error["error"].is_string());
    }
    assert_eq!(shop.sandbox.clock().now(), "2026-11-20T01:00:00Z".parse().unwrap());
}

#[tokio::test]
async fn faults_are_read_and_set() {
    let shop = Shop::open().await;
    let (status, all) = shop.control("GET", "/_sandbox/faults", "").await;
    assert_eq!(
        (status, &all),
        (
            200,
            &json!({
                "paymongo": Faults::default(),
                "regional": Faults::default(),
                "starpay": Faults::default(),
                "xendit": Faults::default(),
            })
        )
    );
    let (status, all) =
        shop.control("PUT", "/_sandbox/faults", r#"{"starpay":{"lose_answers":2}}"#).await;
    assert_eq!((status, &all["starpay"]["lose_answers"]), (200, &json!(2)));
    assert_eq!(shop.sandbox.faults()["starpay"].lose_answers, 2);
    for body in [r#"{"starpay":{"lose_anwsers":2}}"#, r#"{"startpay":{}}"#, "[]", ""] {
        let (status, error) = shop.control("PUT", "/_sandbox/faults", body).await;
        assert_eq!(status, 422, "{body}");
        assert!(error["error"].is_string());
    }
    assert_eq!(shop.sandbox.faults()["starpay"].lose_answers, 2);
    let (status, _) = shop.control("PUT", "/_sandbox/faults", r#"{"starpay":{}}"#).await;
    assert_eq!(status, 200);
    assert_eq!(shop.sandbox.faults()["starpay"], Faults::default());
}

#[tokio::test]
async fn merchants_are_registered_and_the_platform_key_is_shown() {
    let shop = Shop::open().await;
    let (status, key) = shop.control("GET", "/_sandbox/starpay/platform-key", "").await;
    assert_eq!((status, key.as_str().unwrap()), (200, PLATFORM_PUBLIC_KEY));
    let path = "/_sandbox/starpay/merchants/103500000001";
    let (status, _) = shop.control("PUT", path, &public_pem(&OTHER_KEY)).await;
    assert_eq!(status, 200);
    let text = disbursement("M1", "09171234567").with("mchId", "\"103500000001\"").text();
    let answer = shop.post(DISBURSE, enveloped(&text, &sign(&OTHER_KEY, &text))).await.unwrap();
    assert_eq!(opened("response", answer.body()).1["code"], "200");
    let (status, error) = shop.control("PUT", path, "no key").await;
    assert_eq!(status, 422);
    assert!(error["error"].as_str().unwrap().starts_with("public_key: expected"));
    let (status, error) = shop.control("GET", "/_sandbox/startpay/platform-key", "").await;
    assert_eq!(
        (status, error),
        (422, json!({ "error": "provider: expected one of starpay, regional, xendit, paymongo" }))
    );
}

#[tokio::test]
async fn reset_is_reset() {
    let shop = Shop::open().await;
    shop.call(DISBURSE, &disbursement("M1", "09171234567")).await;
    let (status, _) = shop.control("POST", "/_sandbox/advance", r#"{"by":"60000000h"}"#).await;
    assert_eq!(status, 200);
    let (status, _) = shop.control("POST", "/_sandbox/reset", "").await;
    assert_eq!(status, 200);
    assert_eq!(shop.sandbox.clock().now(), "2026-11-20T01:00:00Z".parse().unwrap());
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn what_is_not_there_says_what_is() {
    let shop = Shop::open().await;
    for (method, path) in [
        ("GET", "/_sandbox/leger"),
        ("DELETE", "/_sandbox/ledger"),
        ("GET", "/_sandbox/starpay"),
        ("GET", "/_sandbox//"),
    ] {
        let (status, error) = shop.control(method, path, "").await;
        assert_eq!(status, 404, "{method} {path}");
        assert!(error["control"].as_array().unwrap().contains(&json!("GET /_sandbox/ledger")));
    }
    for path in ["/", "/startpay/v1/disburse", "/starpayx", "//starpay", "/_sandboxx"] {
        let (status, error) = shop.control("POST", path, "").await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(error["providers"], json!(["/starpay", "/regional", "/xendit", "/paymongo"]));
    }
}
