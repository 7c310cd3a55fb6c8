//! The published accounts, and those that are registered.

use super::shop::{Shop, basic, peso};
use http::Method;
use serde_json::json;
use tulay_sandbox::xendit::{
    DEMO_BUSINESS_ID, DEMO_CALLBACK_TOKEN, DEMO_IDR_BUSINESS_ID, DEMO_IDR_SECRET_KEY,
    DEMO_SECRET_KEY, Merchant, Settings, Xendit,
};

#[tokio::test]
async fn an_account_is_registered_by_its_secret_key() {
    let shop = Shop::open().await;
    let key = "xnd_development_Another";
    shop.sandbox.register_merchant("xendit", "another1", &format!("{key}\n")).unwrap();
    assert_eq!(shop.get_by(key, "/balance?currency=PHP").await.0, 200);
    assert_eq!(shop.get_by(key, "/balance?currency=IDR").await.0, 200, "it has both currencies");
    // Another key replaces the one before.
    shop.sandbox.register_merchant("xendit", DEMO_BUSINESS_ID, "xnd_development_New").unwrap();
    assert_eq!(shop.get("/balance").await.0, 401);
    assert_eq!(shop.get_by("xnd_development_New", "/balance").await.0, 200);
    assert_eq!(shop.sandbox.platform_key("xendit").unwrap(), DEMO_CALLBACK_TOKEN);
}

#[tokio::test]
async fn ids_and_keys_are_checked() {
    let shop = Shop::open().await;
    for id in ["", "a/b", "ñ", &"1".repeat(65)] {
        let error = shop.sandbox.register_merchant("xendit", id, "xnd_development_X");
        assert_eq!(error.unwrap_err().field(), "merchant");
    }
    for key in ["", "X", "xnd_development_", "xnd_public_development_X", "xnd_development_a:b"] {
        let error = shop.sandbox.register_merchant("xendit", "M1", key).unwrap_err();
        assert_eq!(error.field(), "secret_key");
    }
    let taken = shop.sandbox.register_merchant("xendit", "M1", DEMO_IDR_SECRET_KEY).unwrap_err();
    assert_eq!(taken.field(), "secret_key", "a key names one account");
    let twice = Settings {
        merchants: vec![Merchant::demo(), Merchant::new("M1", DEMO_SECRET_KEY)],
        ..Settings::default()
    };
    assert!(Xendit::new(twice).is_err());
    let unknown = shop.sandbox.notify_at("xendit", "M1", "http://127.0.0.1/".parse().unwrap());
    assert!(unknown.is_err());
}

#[tokio::test]
async fn the_control_interface_knows_them() {
    let shop = crate::shop::Shop::open().await;
    let (_, overview) = shop.control("GET", "/_sandbox/", "").await;
    let xendit = &overview["providers"][2];
    assert_eq!(xendit["name"], "xendit");
    assert_eq!(xendit["base_url"], "http://127.0.0.1:0/xendit");
    assert_eq!(xendit["merchants"], json!([DEMO_IDR_BUSINESS_ID, DEMO_BUSINESS_ID]));
    let path = "/_sandbox/xendit/merchants/M1";
    assert_eq!(shop.control("PUT", path, "xnd_development_M1").await.0, 200);
    assert_eq!(shop.control("PUT", path, "no key").await.0, 422);
    let (_, token) = shop.control("GET", "/_sandbox/xendit/platform-key", "").await;
    assert_eq!(token, DEMO_CALLBACK_TOKEN);
}

#[tokio::test]
async fn what_is_secret_or_personal_is_not_printed() {
    let xendit = Xendit::new(Settings::default()).unwrap();
    let text = format!("{xendit:?} {:?}", Merchant::demo());
    assert!(!text.contains("xnd_") && !text.contains("IsPublic"), "{text}");
    let shop = Shop::open().await;
    let authorization = basic(DEMO_SECRET_KEY);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "K1"),
    ];
    let body = peso("R1", "09171234567").to_string();
    shop.exchange(Method::POST, "/v2/payouts", &headers, body).await.unwrap();
    let text = format!("{:?}", shop.sandbox);
    for secret in ["09171234567", "Ana", "xnd_", "IsPublic"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
