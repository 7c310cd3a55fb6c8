//! Every rejection has something that causes it, and nothing moves.

use super::shop::{
    BALANCE, ID, ID_CHECK, PH, PH_CHECK, Shop, enveloped, order_id, peso, rupiah, signed, with,
};
use crate::shop::{OTHER_KEY, public_pem, sign};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use tulay_core::Country;
use tulay_sandbox::{
    kit::Faults,
    regional::{DEMO_APP_ID, Merchant, Regional, Settings},
};

const WALLET: &str = "09171234567";
const ACCOUNT: &str = "109594480004";

/// The code of a rejection, which moves nothing.
async fn refused(shop: &Shop, path: &str, body: impl Into<Bytes>) -> i64 {
    let code = answered(shop, path, body).await;
    shop.advance("1s").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    code
}

async fn answered(shop: &Shop, path: &str, body: impl Into<Bytes>) -> i64 {
    let answer = shop.post(path, body).await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    assert!(answer["data"].is_null() && answer["message"].is_string());
    answer["code"].as_i64().unwrap()
}

async fn settings(settings: Settings) -> Shop {
    Shop::open_with(|builder| builder.provider(Regional::new(settings).unwrap())).await
}

#[tokio::test]
async fn a_body_that_is_not_the_envelope_is_21002() {
    let shop = Shop::open().await;
    let param = shop.stamped(&peso("1", WALLET));
    let good = signed(&param);
    let object = format!(r#"{{"appId":"{DEMO_APP_ID}","sign":"AAAA","param":{param}}}"#);
    let doubled = param.replacen('{', r#"{"amount":9,"#, 1);
    for body in [
        String::new(),
        "null".into(),
        "[]".into(),
        "{}".into(),
        param.clone(),
        object,
        format!("{good} x"),
        good.replacen('{', r#"{"sign":"AAAA","#, 1),
        signed(&doubled),
        signed("[]"),
        signed("null"),
        signed("text"),
        signed(""),
    ] {
        assert_eq!(refused(&shop, PH, body.clone()).await, 21002, "{body}");
    }
    let url = format!("{}{PH}", shop.sandbox.base_url("regional").unwrap());
    let request = Request::post(url).header("content-type", "text/plain");
    let request = request.body(Bytes::from(good)).unwrap();
    let answer = shop.sandbox.transport().send(request).await.unwrap();
    assert!(answer.body().starts_with(br#"{"code":21002"#));
}

#[tokio::test]
async fn an_unknown_merchant_is_21003_and_one_out_of_order_21004() {
    let shop = Shop::open().await;
    let param = shop.stamped(&peso("1", WALLET));
    let other = enveloped("123456", &param, &sign(&OTHER_KEY, &param));
    assert_eq!(refused(&shop, PH, other).await, 21003);
    let without_merchant = format!(r#"{{"sign":"AAAA","param":{}}}"#, json!(param));
    assert_eq!(refused(&shop, PH, without_merchant).await, 21003);
    let closed = Merchant { active: false, ..Merchant::demo() };
    let shop = settings(Settings { merchants: vec![closed], ..Settings::default() }).await;
    assert_eq!(refused(&shop, PH, signed(&param)).await, 21004);
}

#[tokio::test]
async fn a_signature_over_anything_else_is_21001() {
    let shop = Shop::open().await;
    let param = shop.stamped(&peso("1", WALLET));
    let good = signed(&param);
    let good: Value = serde_json::from_str(&good).unwrap();
    let good = good["sign"].as_str().unwrap();
    for (param, sign) in [
        (param.clone(), sign(&OTHER_KEY, &param)),
        (param.replace("1250", "1251"), good.to_owned()),
        (format!(" {param}"), good.to_owned()),
        (param.replace(':', ": "), good.to_owned()),
        (param.clone(), String::new()),
        (param.clone(), "45eebd745dcf0b5f6d6f9fcde28cd9fe8116a892".to_owned()),
        (param.clone(), good.trim_end_matches('=').to_owned()),
        (param.clone(), format!("{}\n{}", &good[..76], &good[76..])),
    ] {
        assert_eq!(refused(&shop, PH, enveloped(DEMO_APP_ID, &param, &sign)).await, 21001);
    }
    let unsigned = json!({ "appId": DEMO_APP_ID, "param": param }).to_string();
    assert_eq!(refused(&shop, PH, unsigned).await, 21001);
}

#[tokio::test]
async fn time_stamps_are_checked() {
    let shop = Shop::open().await;
    let now = 1_795_136_400_000_i64;
    let minute = 60_000;
    for (stamp, code) in [
        (json!(now), None),
        (json!(now.to_string()), None),
        (json!(now - 10 * minute), None),
        (json!(now + 10 * minute), None),
        (json!(now - 10 * minute - 1), Some(21009)),
        (json!(now + 10 * minute + 1), Some(21009)),
        (json!(now / 1000), Some(21009)),
        (json!(0), Some(21009)),
        (Value::Null, Some(21008)),
        (json!(""), Some(21008)),
        (json!(-1), Some(21008)),
        (json!(1.5), Some(21008)),
        (json!("now"), Some(21008)),
        (json!(u64::MAX), Some(21008)),
        (json!([now]), Some(21008)),
    ] {
        let param = with(json!({ "mchOrderId": order_id("1") }), "timestamp", stamp.clone());
        let code = code.unwrap_or(21006);
        assert_eq!(answered(&shop, PH_CHECK, signed(&param.to_string())).await, code, "{stamp}");
    }
    let narrow = Settings { time_stamp_window: jiff::SignedDuration::ZERO, ..Settings::default() };
    let shop = settings(narrow).await;
    let late = json!({ "mchOrderId": order_id("1"), "timestamp": now - 1 });
    assert_eq!(refused(&shop, PH_CHECK, signed(&late.to_string())).await, 21009);
}

#[tokio::test]
async fn members_that_do_not_fit_are_21002() {
    let shop = Shop::open().await;
    let (ph, id) = (peso("1", WALLET), rupiah("1", ACCOUNT));
    let missing = |param: &Value, name: &str| with(param.clone(), name, Value::Null);
    let mut cases = Vec::new();
    for name in [
        "mchOrderId",
        "idempotencyId",
        "amount",
        "accountNo",
        "accountName",
        "payMethodCode",
        "transferCode",
    ] {
        cases.push((PH, missing(&ph, name)));
        cases.push((ID, missing(&id, name)));
        cases.push((PH, with(ph.clone(), name, "")));
        cases.push((PH, with(ph.clone(), name, json!([]))));
        cases.push((PH, with(ph.clone(), name, "x".repeat(129))));
    }
    cases.push((ID, missing(&id, "mobile")));
    for mobile in ["812345678", "+62812345678", "09171234567", "081234567", "08123456789012"] {
        cases.push((ID, with(id.clone(), "mobile", mobile)));
    }
    for account in ["9171234567", "+639171234567", "0917123456", "08171234567", "091712345678"] {
        cases.push((PH, with(ph.clone(), "accountNo", account)));
    }
    for name in ["A & B", "Ana, Peña", "Ana_"] {
        cases.push((PH, with(ph.clone(), "accountName", name)));
    }
    for amount in [json!(12.5), json!("12.50"), json!(-1), json!(true), json!(1e20)] {
        cases.push((PH, with(ph.clone(), "amount", amount)));
    }
    cases.push((PH, with(ph.clone(), "idempotencyId", "SHORT")));
    cases.push((PH, with(ph.clone(), "idempotencyId", "X".repeat(31))));
    cases.push((PH, with(ph.clone(), "idempotencyId", "WITH-A-HYPHEN")));
    cases.push((PH, with(ph.clone(), "mchOrderId", "X".repeat(33))));
    cases.push((ID, with(id.clone(), "mchOrderId", "SHORT")));
    cases.push((PH, with(ph.clone(), "remark", "x".repeat(257))));
    cases.push((PH_CHECK, json!({})));
    cases.push((BALANCE, json!({})));
    cases.push((BALANCE, json!({ "countryCode": "XX" })));
    for (path, param) in cases {
        let body = signed(&shop.stamped(&param));
        assert_eq!(refused(&shop, path, body).await, 21002, "{path} {param}");
    }
}

#[tokio::test]
async fn countries_methods_and_codes_are_21017_21019_21005_and_21018() {
    let merchant =
        Merchant { countries: vec![Country::PH], pay_methods: vec!["BANK"], ..Merchant::demo() };
    let shop = settings(Settings { merchants: vec![merchant], ..Settings::default() }).await;
    let bank = with(with(peso("1", "123"), "payMethodCode", "BANK"), "transferCode", "BOPIPHMM");
    for (path, param, code) in [
        (ID, rupiah("1", ACCOUNT), 21017),
        (BALANCE, json!({ "countryCode": "ID" }), 21017),
        (PH, with(bank.clone(), "payMethodCode", "CASH"), 21019),
        (PH, with(bank.clone(), "payMethodCode", "bank"), 21019),
        (PH, peso("1", WALLET), 21005),
        (PH, with(bank.clone(), "transferCode", "CIMB"), 21018),
        (PH, with(bank.clone(), "transferCode", "GCASH"), 21018),
        (PH, with(bank.clone(), "transferCode", "bopiphmm"), 21018),
    ] {
        let body = signed(&shop.stamped(&param));
        assert_eq!(refused(&shop, path, body).await, code, "{path} {param}");
    }
    assert_eq!(shop.code(PH, &bank).await, 10000);
}

#[tokio::test]
async fn amounts_outside_the_limits_are_21021_and_21010() {
    let shop = Shop::open().await;
    for (path, param, amount, code) in [
        (PH, peso("1", WALLET), 0, 21021),
        (PH, peso("1", WALLET), 99, 21021),
        (PH, peso("1", WALLET), 500_000_001, 21010),
        (ID, rupiah("1", ACCOUNT), 9_999, 21021),
        (ID, rupiah("1", ACCOUNT), 100_000_001, 21010),
    ] {
        let body = signed(&shop.stamped(&with(param, "amount", amount)));
        assert_eq!(refused(&shop, path, body).await, code, "{path} {amount}");
    }
    assert_eq!(shop.code(PH, &with(peso("1", WALLET), "amount", 100)).await, 10000);
    assert_eq!(shop.code(ID, &with(rupiah("2", ACCOUNT), "amount", "10000")).await, 10000);
}

#[tokio::test]
async fn duplicates_are_21007_and_21015_and_pay_nothing() {
    let shop = Shop::open().await;
    assert_eq!(shop.code(PH, &peso("1", WALLET)).await, 10000);
    assert_eq!(shop.code(PH, &peso("1", WALLET)).await, 21007);
    assert_eq!(shop.code(PH, &with(peso("1", WALLET), "amount", 9999)).await, 21007);
    let other_order = with(peso("1", WALLET), "mchOrderId", order_id("2"));
    assert_eq!(shop.code(PH, &other_order).await, 21015);
    let elsewhere = with(rupiah("1", ACCOUNT), "idempotencyId", order_id("3"));
    assert_eq!(shop.code(ID, &elsewhere).await, 21007, "ids are one per merchant");
    shop.advance("1h").await;
    assert_eq!(shop.code(PH, &peso("1", WALLET)).await, 21007);
    assert_eq!(shop.sandbox.ledger().movements().len(), 1);
}

#[tokio::test]
async fn a_balance_that_does_not_suffice_is_21014_and_counts_what_is_under_way() {
    let opening_balances = [(Country::PH, 2000), (Country::ID, 10_000)].into();
    let merchant = Merchant { opening_balances, ..Merchant::demo() };
    let shop = settings(Settings { merchants: vec![merchant], ..Settings::default() }).await;
    assert_eq!(shop.code(ID, &rupiah("1", ACCOUNT)).await, 21014);
    assert_eq!(shop.code(PH, &peso("2", WALLET)).await, 10000);
    assert_eq!(shop.code(PH, &peso("3", WALLET)).await, 21014);
    assert_eq!(shop.balance("PH").await, "7.50");
    // A rejection uses no id up.
    assert_eq!(shop.code(PH, &with(peso("3", WALLET), "amount", 750)).await, 10000);
}

#[tokio::test]
async fn a_rejection_uses_the_ids_up_only_where_that_is_asked_for() {
    let shop = Shop::open().await;
    let wrong = with(peso("1", WALLET), "transferCode", "NOBODY");
    assert_eq!(shop.code(PH, &wrong).await, 21018);
    assert_eq!(shop.code(PH, &wrong).await, 21018);
    shop.faults(Faults { use_up_ids: true, ..Faults::default() });
    assert_eq!(shop.code(PH, &wrong).await, 21018);
    assert_eq!(shop.code(PH, &peso("1", WALLET)).await, 21007);
    assert_eq!(shop.found(PH_CHECK, "1").await["code"], 21006);
}

#[tokio::test]
async fn what_is_not_there_is_21006_or_as_the_example_has_it() {
    let shop = Shop::open().await;
    shop.call(PH, &peso("1", WALLET)).await;
    assert_eq!(shop.found(PH_CHECK, "2").await["code"], 21006);
    assert_eq!(shop.found(ID_CHECK, "1").await["code"], 21006, "it is the other country's");
    shop.sandbox.register_merchant("regional", "other", &public_pem(&OTHER_KEY)).unwrap();
    let param = shop.stamped(&json!({ "mchOrderId": order_id("1") }));
    let body = enveloped("other", &param, &sign(&OTHER_KEY, &param));
    assert_eq!(answered(&shop, PH_CHECK, body).await, 21006, "it is the other merchant's");
    shop.faults(Faults { hide_orders: 1, ..Faults::default() });
    assert_eq!(shop.found(PH_CHECK, "1").await["code"], 21006);
    assert_eq!(shop.found(PH_CHECK, "1").await["code"], 10000);
    let shop = settings(Settings { not_found_by_example: true, ..Settings::default() }).await;
    let answer = shop.found(PH_CHECK, "1").await;
    let example = json!({ "code": 21010, "message": "transaction not found", "data": null });
    assert_eq!(answer, example);
}

#[tokio::test]
async fn other_pages_and_methods_are_not_there() {
    let shop = Shop::open().await;
    for path in [
        "/",
        "/open-api",
        "/open-api/vietnam/disbursement/transfer",
        "/open-api/philippines/disbursement",
        "/open-api/philippines/payment",
        "/open-api/malaysia/static/payment/generate",
        "/open-api/russia/disbursement/transfer",
        "/open-api/indonesia/static/code/cancel",
    ] {
        let answer = shop.post(path, "{}").await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let url = format!("{}{PH}", shop.sandbox.base_url("regional").unwrap());
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let answer = shop.sandbox.transport().send(request).await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["allow"] == "POST"), (405, true));
}
