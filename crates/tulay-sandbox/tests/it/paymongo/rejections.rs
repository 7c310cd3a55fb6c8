//! Every rejection of intents and methods has something that causes it, and nothing is made.

use super::shop::{INTENTS, METHODS, PHONE, Shop, codes, intent, method, with};
use bytes::Bytes;
use http::Request;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tulay_sandbox::paymongo::{
    DEMO_LIVE_SECRET_KEY, DEMO_SECRET_KEY, Merchant, Paymongo, Settings,
};

#[tokio::test]
async fn a_request_without_a_known_key_is_401() {
    let shop = Shop::open().await;
    let url = format!("{}{INTENTS}", shop.sandbox.base_url("paymongo").unwrap());
    for authorization in [
        "",
        "Bearer sk_test_SandboxDemoMerchant00001",
        "Basic sk_test_SandboxDemoMerchant00001",
        "Basic c2tfdGVzdF9TYW5kYm94RGVtb01lcmNoYW50MDAwMDE=",
        "Basic OnNrX3Rlc3RfU2FuZGJveERlbW9NZXJjaGFudDAwMDAx",
    ] {
        let request = Request::get(format!("{url}/pi_1")).header("authorization", authorization);
        let request = request.body(Bytes::new()).unwrap();
        let (status, answer) = shop.answer(request).await;
        assert_eq!((status, codes(&answer)), (401, vec!["api_key_invalid"]), "{authorization}");
    }
    for key in ["sk_test_other", "pk_test_SandboxDemoMerchant00001", ""] {
        let (status, _) = shop.answer(shop.request("GET", "/v2/wallets", key, "")).await;
        assert_eq!(status, 401, "{key}");
    }
    let test_only = Merchant { live_key: None, ..Merchant::demo() };
    let settings = Settings { merchants: vec![test_only], ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Paymongo::new(settings).unwrap())).await;
    let live = shop.request("GET", "/v2/wallets", DEMO_LIVE_SECRET_KEY, "");
    assert_eq!(shop.answer(live).await.0, 401);
}

#[tokio::test]
async fn a_body_that_is_not_the_form_is_400() {
    let shop = Shop::open().await;
    let attributes = intent("C1").to_string();
    let doubled = attributes.replacen('{', r#"{"amount":2000,"#, 1);
    for (body, code) in [
        (String::new(), "parameter_format_invalid"),
        ("[]".into(), "parameter_format_invalid"),
        (format!(r#"{{"data":{{"attributes":{doubled}}}}}"#), "parameter_format_invalid"),
        (format!(r#"{{"data":{{"attributes":{attributes}}}}} x"#), "parameter_format_invalid"),
        (attributes.clone(), "parameter_required"),
        (format!(r#"{{"data":{attributes}}}"#), "parameter_required"),
    ] {
        let request = shop.request("POST", INTENTS, DEMO_SECRET_KEY, body.clone());
        let (status, answer) = shop.answer(request).await;
        assert_eq!((status, codes(&answer)), (400, vec![code]), "{body}");
    }
    let body = format!(r#"{{"data":{{"attributes":{attributes}}}}}"#);
    let mut request = shop.request("POST", INTENTS, DEMO_SECRET_KEY, body);
    request.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(shop.answer(request).await.0, 400);
}

#[tokio::test]
async fn intents_that_do_not_fit_are_400() {
    let shop = Shop::open().await;
    for (name, value, code) in [
        ("amount", json!(1_999), "parameter_below_minimum"),
        ("amount", json!(10_000_000_000_i64), "parameter_above_maximum"),
        ("amount", json!("10000"), "parameter_data_type_invalid"),
        ("amount", json!(2000.5), "parameter_data_type_invalid"),
        ("amount", Value::Null, "parameter_required"),
        ("currency", json!("USD"), "parameter_invalid"),
        ("currency", Value::Null, "parameter_required"),
        ("payment_method_allowed", json!([]), "parameter_required"),
        ("payment_method_allowed", Value::Null, "parameter_required"),
        ("payment_method_allowed", json!("qrph"), "parameter_data_type_invalid"),
        ("payment_method_allowed", json!(["cash"]), "parameter_invalid"),
        ("description", json!(1), "parameter_data_type_invalid"),
        ("metadata", json!("C1"), "parameter_data_type_invalid"),
        ("metadata", json!({ "nested": {} }), "parameter_data_type_invalid"),
    ] {
        let (status, answer) = shop.post(INTENTS, &with(intent("C1"), name, value)).await;
        assert_eq!((status, codes(&answer)), (400, vec![code]), "{name}");
    }
    shop.made(INTENTS, &with(intent("C1"), "amount", 2_000)).await;
}

#[tokio::test]
async fn all_that_is_wrong_is_listed() {
    let shop = Shop::open().await;
    let asked = json!({
        "amount": 1,
        "payment_method_allowed": ["qrph"],
        "metadata": { "count": 1 },
    });
    assert_json_snapshot!("several_errors", shop.post(INTENTS, &asked).await.1);
    let asked = json!({
        "type": "qrph",
        "expiry_seconds": 59,
        "billing": { "email": "ana", "address": { "country": "PHL" } },
    });
    let (_, answer) = shop.post(METHODS, &asked).await;
    let source = |n: usize| answer["errors"][n]["source"]["pointer"].as_str();
    assert_eq!(
        (source(0), source(1), source(2)),
        (Some("expiry_seconds"), Some("billing.email"), Some("billing.address.country"))
    );
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let shop = Shop::open().await;
    for path in ["/v1/payment_intents/pi_1", "/v1/payments/pay_1", "/v1/refunds/ref_1"] {
        let (status, answer) = shop.get(path).await;
        assert_eq!((status, codes(&answer)), (404, vec!["resource_not_found"]), "{path}");
    }
    let (id, _) = shop.shown("C1", "qrph", PHONE).await;
    let path = format!("{INTENTS}/{id}");
    let live = shop.request("GET", &path, DEMO_LIVE_SECRET_KEY, "");
    assert_eq!(shop.answer(live).await.0, 404, "it is of the other mode");
    for path in ["/", "/v1", "/v1/sources", "/v3/wallets", "/v2/transfers/tr_1/more"] {
        let (status, answer) = shop.get(path).await;
        assert_eq!((status, codes(&answer)), (404, vec!["route_not_found"]), "{path}");
    }
    let deleted = shop.request("DELETE", &path, DEMO_SECRET_KEY, "");
    assert_eq!(shop.answer(deleted).await.0, 404);
}

#[tokio::test]
async fn attachments_that_do_not_fit_are_rejected() {
    let shop = Shop::open().await;
    let qrph = shop.made(METHODS, &method("qrph", PHONE)).await["id"].clone();
    let gcash = shop.made(METHODS, &method("gcash", PHONE)).await["id"].clone();
    let only = with(intent("C1"), "payment_method_allowed", json!(["gcash"]));
    let only = shop.made(INTENTS, &only).await["id"].as_str().unwrap().to_owned();
    let path = format!("{INTENTS}/{only}/attach");
    for (attributes, status, code) in [
        (json!({}), 400, "parameter_required"),
        (json!({ "payment_method": "pm_none" }), 404, "resource_not_found"),
        (json!({ "payment_method": qrph }), 400, "payment_method_not_allowed"),
        (json!({ "payment_method": gcash }), 400, "parameter_required"),
        (json!({ "payment_method": gcash, "return_url": "here" }), 400, "parameter_format_invalid"),
    ] {
        let (answered, answer) = shop.post(&path, &attributes).await;
        assert_eq!((answered, codes(&answer)), (status, vec![code]), "{attributes}");
    }
    assert_eq!(shop.attach("pi_none", gcash.as_str().unwrap()).await.0, 404);
    assert_eq!(shop.attach(&only, gcash.as_str().unwrap()).await.0, 200);
    let (_, answer) = shop.attach(&only, gcash.as_str().unwrap()).await;
    assert_eq!(codes(&answer), ["resource_processing_state"]);
    shop.sandbox.pay("paymongo", &only, None).unwrap();
    let (_, answer) = shop.attach(&only, gcash.as_str().unwrap()).await;
    assert_eq!(codes(&answer), ["resource_succeeded_state"]);
}

#[tokio::test]
async fn a_phone_can_ask_for_a_rejection() {
    let shop = Shop::open().await;
    let (status, answer) = shop.post(METHODS, &method("qrph", "+639171990403")).await;
    assert_eq!((status, codes(&answer)), (403, vec!["access_forbidden"]));
    let made = shop.made(INTENTS, &intent("C1")).await;
    let method = shop.made(METHODS, &method("qrph", "+639171998500")).await;
    let id = made["id"].as_str().unwrap();
    let (status, answer) = shop.attach(id, method["id"].as_str().unwrap()).await;
    assert_eq!((status, codes(&answer)), (500, vec!["internal_server_error"]));
    let found = shop.found(&format!("{INTENTS}/{id}")).await;
    assert_eq!(found["status"], "awaiting_payment_method");
}

#[tokio::test]
async fn merchants_are_registered_by_their_secret_key() {
    let shop = Shop::open().await;
    let register = |id: &str, key: &str| shop.sandbox.register_merchant("paymongo", id, key);
    for (id, key) in [
        ("", "sk_test_other"),
        ("org-other", "sk_test_other"),
        ("org_other", "pk_test_other"),
        ("org_other", "sk_test_"),
        ("org_other", "sk_test_with space"),
        ("org_other", DEMO_SECRET_KEY),
    ] {
        assert!(register(id, key).is_err(), "{id} {key}");
    }
    register("org_other", "sk_test_other\n").unwrap();
    register("org_other", "sk_live_other").unwrap();
    let (id, _) = shop.shown("C1", "qrph", PHONE).await;
    for (key, status) in [("sk_test_other", 404), ("sk_live_other", 404), (DEMO_SECRET_KEY, 200)] {
        let request = shop.request("GET", &format!("{INTENTS}/{id}"), key, "");
        assert_eq!(shop.answer(request).await.0, status, "{key}");
    }
    register("org_other", "sk_test_new").unwrap();
    assert_eq!(shop.answer(shop.request("GET", "/v2/wallets", "sk_test_other", "")).await.0, 401);
    assert_eq!(shop.answer(shop.request("GET", "/v2/wallets", "sk_test_new", "")).await.0, 200);
}
