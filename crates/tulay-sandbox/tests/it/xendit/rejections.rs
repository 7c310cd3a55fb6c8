//! Every rejection has something that causes it, and nothing moves.

use super::shop::{
    PAYOUTS, REQUESTS, Shop, WALLET, basic, opened, peso, qr_ph, qris, rupiah, with,
};
use http::Method;
use serde_json::{Value, json};
use tulay_sandbox::xendit::{DEMO_SECRET_KEY, Edition, Merchant, Settings};

/// Status and code of a rejection, which moves nothing.
async fn rejected(shop: &Shop, body: &Value) -> (u16, String) {
    let (status, error) = shop.pay_out("K1", body).await;
    assert!(error["error_message"].is_string(), "{error}");
    shop.advance("1s").await;
    assert!(shop.sandbox.ledger().movements().is_empty(), "{body}");
    assert_eq!(shop.statuses("R1").await, Vec::<String>::new());
    (status, error["error_code"].as_str().unwrap().to_owned())
}

fn bad(code: &str) -> (u16, String) {
    (400, code.to_owned())
}

#[tokio::test]
async fn a_key_of_no_account_is_401() {
    let shop = Shop::open().await;
    let live = DEMO_SECRET_KEY.replace("development", "production");
    let public = DEMO_SECRET_KEY.replace("xnd_", "xnd_public_");
    let body = peso("R1", WALLET).to_string();
    for authorization in [
        None,
        Some(basic("xnd_development_another")),
        Some(basic(&live)),
        Some(basic(&public)),
        Some(basic("")),
        Some(format!("Bearer {DEMO_SECRET_KEY}")),
        Some(format!("Basic {DEMO_SECRET_KEY}")),
        Some("Basic".to_owned()),
    ] {
        let mut headers = vec![("content-type", "application/json"), ("idempotency-key", "K1")];
        headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
        for (method, path) in [
            (Method::POST, PAYOUTS),
            (Method::GET, "/v2/payouts?reference_id=R1"),
            (Method::GET, "/balance"),
            (Method::POST, REQUESTS),
            (Method::POST, "/refunds"),
        ] {
            let answer = shop.exchange(method, path, &headers, body.clone()).await.unwrap();
            let (status, error) = opened(&answer);
            assert_eq!((status, &error["error_code"]), (401, &json!("INVALID_API_KEY")));
        }
    }
    shop.advance("1s").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn a_key_without_the_right_is_403() {
    let merchant = Merchant { may_pay_out: false, may_collect: false, ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_as(settings).await;
    let forbidden = (403, "REQUEST_FORBIDDEN_ERROR".to_owned());
    assert_eq!(rejected(&shop, &peso("R1", WALLET)).await, forbidden);
    for path in [REQUESTS, "/refunds"] {
        let answer = opened(&shop.post(path, None, &qr_ph("C1")).await.unwrap());
        assert_eq!((answer.0, &answer.1["error_code"]), (403, &json!("REQUEST_FORBIDDEN_ERROR")));
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_of_json_is_rejected() {
    let shop = Shop::open().await;
    let good = peso("R1", WALLET).to_string();
    let doubled = good.replacen('{', r#"{"amount":9,"#, 1);
    let authorization = basic(DEMO_SECRET_KEY);
    let send = async |content_type, body: String| {
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", content_type),
            ("idempotency-key", "K1"),
        ];
        opened(&shop.exchange(Method::POST, PAYOUTS, &headers, body).await.unwrap())
    };
    for body in ["", "null", "[]", "{", doubled.as_str(), &format!("{good} x")] {
        let (status, error) = send("application/json", body.to_owned()).await;
        assert_eq!((status, &error["error_code"]), (400, &json!("API_VALIDATION_ERROR")), "{body}");
    }
    assert_eq!(send("text/plain", good.clone()).await.0, 400);
    assert_eq!(send("application/json; charset=utf-8", good).await.0, 200);
}

#[tokio::test]
async fn members_that_do_not_fit_are_rejected() {
    let shop = Shop::open().await;
    let body = peso("R1", WALLET);
    let mut cases = Vec::new();
    for name in [
        "reference_id",
        "channel_code",
        "channel_properties",
        "channel_properties.account_number",
        "channel_properties.account_holder_name",
        "amount",
        "currency",
    ] {
        cases.push(with(body.clone(), name, Value::Null));
        cases.push(with(body.clone(), name, ""));
        cases.push(with(body.clone(), name, json!([])));
        cases.push(with(body.clone(), name, "x".repeat(256)));
    }
    cases.push(with(body.clone(), "channel_properties.account_holder_name", "x".repeat(101)));
    cases.push(with(body.clone(), "channel_properties.account_number", "0".repeat(101)));
    cases.push(with(body.clone(), "description", "x".repeat(101)));
    cases.push(with(body.clone(), "description", ""));
    cases.push(with(body.clone(), "metadata", "x"));
    cases.push(with(body.clone(), "currency", "USD"));
    cases.push(with(body.clone(), "currency", "php"));
    for body in cases {
        assert_eq!(rejected(&shop, &body).await, bad("API_VALIDATION_ERROR"), "{body}");
    }
    let longest = with(body.clone(), "reference_id", "r".repeat(255));
    assert_eq!(shop.pay_out("K2", &longest).await.0, 200);
}

#[tokio::test]
async fn amounts_are_numbers_with_the_decimals_of_their_currency() {
    let shop = Shop::open().await;
    for amount in ["\"12.50\"", "-1", "0", "12.505", "1e2", "true", "0.001"] {
        let text = peso("R1", WALLET).to_string().replace("12.5", amount);
        assert_eq!(written(&shop, &text).await, bad("API_VALIDATION_ERROR"), "{amount}");
    }
    let fraction = with(rupiah("R1", "1234567890"), "amount", 12500.5);
    assert_eq!(rejected(&shop, &fraction).await, bad("API_VALIDATION_ERROR"));
}

/// Status and code of the rejection of a body that is sent as it is written.
async fn written(shop: &Shop, text: &str) -> (u16, String) {
    let authorization = basic(DEMO_SECRET_KEY);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "K1"),
    ];
    let answer = shop.exchange(Method::POST, PAYOUTS, &headers, text.to_owned()).await.unwrap();
    let (status, error) = opened(&answer);
    (status, error["error_code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn channels_and_their_limits_are_checked() {
    let shop = Shop::open().await;
    let body = peso("R1", WALLET);
    for code in ["GCASH", "PH_NONE", "ID_BCA", "ph_gcash"] {
        let body = with(body.clone(), "channel_code", code);
        assert_eq!(rejected(&shop, &body).await, bad("CHANNEL_CODE_NOT_SUPPORTED"), "{code}");
    }
    let aub = with(body.clone(), "channel_code", "PH_AUB");
    for (body, code) in [
        (with(body.clone(), "amount", 0.99), "MINIMUM_TRANSFER_LIMIT_ERROR"),
        (with(body.clone(), "amount", 50_000.01), "MAXIMUM_TRANSFER_LIMIT_ERROR"),
        (with(aub.clone(), "amount", 100_000_001), "MAXIMUM_TRANSFER_LIMIT_ERROR"),
        (with(aub.clone(), "amount", 12.5), "AMOUNT_INCREMENT_NOT_SUPPORTED"),
        (with(rupiah("R1", "1234567890"), "amount", 9_999), "MINIMUM_TRANSFER_LIMIT_ERROR"),
    ] {
        assert_eq!(rejected(&shop, &body).await, bad(code), "{body}");
    }
    for (key, body) in [
        ("K2", with(body.clone(), "amount", 1)),
        ("K3", with(body, "amount", 50_000)),
        ("K4", with(aub, "amount", 12)),
        ("K5", with(rupiah("R1", "1234567890"), "amount", 10_000)),
    ] {
        assert_eq!(shop.pay_out(key, &body).await.0, 200, "{body}");
    }
}

#[tokio::test]
async fn a_channel_that_is_closed_is_rejected() {
    let merchant = Merchant { closed_channels: vec!["PH_GCASH".into()], ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_as(settings).await;
    let body = peso("R1", WALLET);
    assert_eq!(rejected(&shop, &body).await, bad("CHANNEL_CODE_NOT_SUPPORTED"));
    assert_eq!(shop.pay_out("K2", &with(body, "channel_code", "PH_PAYMAYA")).await.0, 200);
}

#[tokio::test]
async fn a_wallet_s_number_begins_with_0() {
    let shop = Shop::open().await;
    for account in ["9171234567", "+639171234567", "639171234567", "0917-123-4567", "0917123"] {
        let body = peso("R1", account);
        assert_eq!(rejected(&shop, &body).await, bad("API_VALIDATION_ERROR"), "{account}");
    }
    let bank = with(peso("R1", "9171234567"), "channel_code", "PH_BDO");
    assert_eq!(shop.pay_out("K2", &bank).await.0, 200, "a bank's may begin as it likes");
}

#[tokio::test]
async fn one_account_has_one_currency() {
    let shop = Shop::open().await;
    let text = rupiah("R1", "1234567890").to_string();
    assert_eq!(written(&shop, &text).await, bad("CHANNEL_CODE_NOT_SUPPORTED"));
}

#[tokio::test]
async fn payment_requests_that_do_not_fit_are_rejected() {
    let shop = Shop::open().await;
    let (ph, id) = (qr_ph("C1"), qris("C1"));
    let reusable = with(id.clone(), "type", "REUSABLE_PAYMENT_CODE");
    let account = with(id.clone(), "channel_code", "BCA_VIRTUAL_ACCOUNT");
    let soon = "2026-11-20T01:00:00Z";
    for (body, code) in [
        (with(ph.clone(), "reference_id", Value::Null), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "type", "PAY_AND_SAVE"), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "country", "ID"), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "channel_code", "QRIS"), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "channel_code", "BPI_DIRECT_DEBIT"), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "channel_properties", Value::Null), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "request_amount", Value::Null), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "request_amount", 1.005), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "capture_method", "MANUAL"), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "type", "REUSABLE_PAYMENT_CODE"), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "description", "x".repeat(1001)), "API_VALIDATION_ERROR"),
        (with(id.clone(), "channel_properties.expires_at", soon), "API_VALIDATION_ERROR"),
        (with(ph.clone(), "request_amount", 0.5), "INVALID_VALUE_ERROR"),
        (with(ph.clone(), "request_amount", 50_000.01), "INVALID_VALUE_ERROR"),
        (with(id.clone(), "request_amount", 10_000_001), "INVALID_VALUE_ERROR"),
        (with(reusable, "request_amount", 10_000_001), "INVALID_VALUE_ERROR"),
        (with(account.clone(), "channel_properties.expires_at", soon), "INVALID_VALUE_ERROR"),
        (with(account, "channel_properties.expires_at", "soon"), "API_VALIDATION_ERROR"),
    ] {
        let (status, error) = shop.collect(&body).await;
        assert_eq!((status, &error["error_code"]), (400, &json!(code)), "{body}");
        assert!(error["message"].is_string());
    }
    assert!(shop.sandbox.pay("xendit", "C1", None).is_err());
}

#[tokio::test]
async fn payment_requests_name_their_version() {
    let shop = Shop::open().await;
    let authorization = basic(DEMO_SECRET_KEY);
    for version in [None, Some("2022-07-31")] {
        let mut headers =
            vec![("authorization", authorization.as_str()), ("content-type", "application/json")];
        headers.extend(version.map(|version| ("api-version", version)));
        let body = qr_ph("C1").to_string();
        let answer = shop.exchange(Method::POST, REQUESTS, &headers, body).await.unwrap();
        assert_eq!(answer.status(), 400);
        let path = format!("{REQUESTS}/pr-1");
        let answer = shop.exchange(Method::GET, &path, &headers, "").await.unwrap();
        assert_eq!(answer.status(), 400);
    }
    assert_eq!(shop.get(&format!("{REQUESTS}/pr-1")).await.0, 404);
}

#[tokio::test]
async fn test_mode_names_the_text_of_an_error_otherwise() {
    let shop = Shop::open_as(Settings { edition: Edition::TestMode, ..Settings::default() }).await;
    let (_, error) = shop.pay_out("K1", &peso("R1", "1")).await;
    assert!(error["message"].is_string() && error.get("error_message").is_none());
}
