//! Every rejection has something that causes it, and nothing moves.

use crate::shop::{
    BALANCE, DISBURSE, Members, OTHER_KEY, QUERY, RECEIVERS, Shop, disbursement, enveloped, opened,
    public_pem, query, reading, sign, signed,
};
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use tulay_sandbox::{
    Sandbox,
    starpay::{Merchant, Settings, Starpay},
};

const ACCOUNT: &str = "09171234567";

async fn refused(shop: &Shop, path: &str, body: impl Into<Bytes>) -> Value {
    let answer = shop.post(path, body).await.unwrap();
    assert_eq!(answer.status(), 200);
    let rejection = opened("response", answer.body()).1;
    assert_ne!(rejection["code"], "200");
    assert!(rejection.get("trxState").is_none() && rejection.get("orderNo").is_none());
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    rejection
}

#[tokio::test]
async fn a_body_that_is_not_the_envelope_is_400() {
    let shop = Shop::open().await;
    let good = disbursement("M1", ACCOUNT).text();
    let doubled = good.replace("\"currency\"", "\"trxAmount\":\"9\",\"currency\"");
    let twin = good.replace("\"currency\"", "\"trxAmoun\\u0074\":\"9\",\"currency\"");
    let mut latin = signed(&good).into_bytes();
    let n = latin.iter().position(|byte| *byte == 0xc3).unwrap();
    latin.remove(n);
    for body in [
        String::new(),
        "null".into(),
        "[]".into(),
        "{".into(),
        "{}".into(),
        good.clone(),
        r#"{"request":null,"signature":""}"#.into(),
        r#"{"request":"{}","signature":""}"#.into(),
        r#"{"request":[],"signature":""}"#.into(),
        format!("\u{feff}{}", signed(&good)),
        format!("{} x", signed(&good)),
        signed(&doubled),
        signed(&twin),
        signed(&good).replace("\"signature\"", "\"request\":{},\"signature\""),
        signed(&disbursement("M1", ACCOUNT).with("acctName", "\"\\ud800\"").text()),
        signed(&disbursement("M1", ACCOUNT).with("x", "[".repeat(60) + &"]".repeat(60)).text()),
    ] {
        assert_eq!(refused(&shop, DISBURSE, body.clone()).await["code"], "400", "{body}");
    }
    assert_eq!(refused(&shop, DISBURSE, latin).await["code"], "400");
}

#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_is_400() {
    let shop = Shop::open().await;
    for (content_type, code) in [
        (None, "400"),
        (Some("text/plain"), "400"),
        (Some("application/x-www-form-urlencoded"), "400"),
        (Some("application/json; charset=utf-8"), "200"),
    ] {
        let mut request = Request::post(format!("{}{DISBURSE}", url(&shop.sandbox)));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let body = Bytes::from(signed(&disbursement("M1", ACCOUNT).text()));
        let answer = shop.sandbox.transport().send(request.body(body).unwrap()).await.unwrap();
        assert_eq!(opened("response", answer.body()).1["code"], code, "{content_type:?}");
    }
}

#[tokio::test]
async fn an_unknown_merchant_is_513() {
    let shop = Shop::open().await;
    let good = disbursement("M1", ACCOUNT);
    for members in [
        good.clone().with("mchId", "\"101510000002\""),
        good.clone().with("mchId", "101510000001"),
        good.without("mchId"),
    ] {
        assert_eq!(refused(&shop, DISBURSE, signed(&members.text())).await["code"], "513");
    }
}

#[tokio::test]
async fn a_signature_that_cannot_be_read_is_401() {
    let shop = Shop::open().await;
    let text = disbursement("M1", ACCOUNT).text();
    let whole = signed(&text);
    let (_, tail) = whole.split_once("\"signature\":\"").unwrap();
    let signature = tail.trim_end_matches("\"}");
    for body in [
        format!("{{\"request\":{text}}}"),
        format!("{{\"request\":{text},\"signature\":null}}"),
        format!("{{\"request\":{text},\"signature\":17}}"),
        format!("{{\"request\":{text},\"signature\":[\"{signature}\"]}}"),
        enveloped(&text, ""),
        enveloped(&text, "not base64"),
        enveloped(&text, signature.trim_end_matches('=')),
        enveloped(&text, &format!(" {signature}")),
        enveloped(&text, &format!("{}\\n{}", &signature[..76], &signature[76..])),
        enveloped(&text, &format!("{}-_==", &signature[..signature.len() - 4])),
        enveloped(&text, &format!("{}B==", &signature[..signature.len() - 3])),
    ] {
        assert_eq!(refused(&shop, DISBURSE, body.clone()).await["code"], "401", "{body}");
    }
}

#[tokio::test]
async fn a_signature_over_anything_else_is_402() {
    let shop = Shop::open().await;
    let text = disbursement("M1", ACCOUNT).text();
    let spaced = text.replace("\":", "\": ");
    let mut sorted: Vec<_> = disbursement("M1", ACCOUNT).0;
    sorted.sort();
    for (sent, signature) in [
        (&text, sign(&OTHER_KEY, &text)),
        (&text, "AAAA".into()),
        (&text, sign_of(&format!("\"request\":{text}"))),
        (&text, sign_of(&format!("{{\"request\":{text}}}"))),
        (&text, sign_of(&text.replace("1250", "1251"))),
        (&text, sign_of(&Members(sorted).text())),
        (&text, sign_of(&spaced)),
    ] {
        let rejection = refused(&shop, DISBURSE, enveloped(sent, &signature)).await;
        assert_eq!(rejection["code"], "402");
        assert_eq!(rejection["message"], "Verify signature failed");
    }
}

#[tokio::test]
async fn merchants_out_of_order_are_414_and_415() {
    for (merchant, code) in [
        (Merchant { active: false, may_disburse: false, ..Merchant::demo() }, "414"),
        (Merchant { may_disburse: false, ..Merchant::demo() }, "415"),
        // What section 6 has is another permission.
        (Merchant { may_disburse: false, may_collect: false, ..Merchant::demo() }, "415"),
    ] {
        let settings = Settings { merchants: vec![merchant], ..Settings::default() };
        let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
        assert_eq!(shop.code(DISBURSE, &disbursement("M1", ACCOUNT)).await, code);
        assert_eq!(shop.code(QUERY, &query("M2", "M1")).await, code);
        let unknown = disbursement("M1", ACCOUNT).with("service", "\"x\"");
        let expected = if code == "414" { "414" } else { "514" };
        assert_eq!(shop.code(DISBURSE, &unknown).await, expected);
    }
}

#[tokio::test]
async fn a_service_the_path_does_not_have_is_514() {
    let shop = Shop::open().await;
    let good = disbursement("M1", ACCOUNT);
    for (path, members) in [
        (DISBURSE, good.clone().with("service", "\"pay.starpay.starpay.disburse\"")),
        (DISBURSE, good.clone().with("service", "\"unified.disburse.query\"")),
        (DISBURSE, good.clone().with("service", "17")),
        (DISBURSE, good.clone().without("service")),
        (QUERY, good.clone()),
        ("/v1/disburse/", good.clone()),
        ("/v1/repayment", good.clone()),
        ("/v1/repayment/query", query("M1", "M0")),
        ("/v2/disburse", good),
    ] {
        assert_eq!(shop.code(path, &members).await, "514", "{path} {members:?}");
    }
}

#[tokio::test]
async fn members_missing_empty_of_the_wrong_type_or_too_long_are_412() {
    let shop = Shop::open().await;
    let good = disbursement("M1", ACCOUNT);
    let mut wrong = Vec::new();
    for name in ["msgId", "acctNo", "acctName", "receivingBank", "trxAmount", "currency"] {
        wrong.push(good.clone().without(name));
        for value in ["\"\"", "null", "{}", "[]", "true", "\"a\\u0000b\""] {
            wrong.push(good.clone().with(name, value));
        }
    }
    for name in ["msgId", "acctNo", "acctName", "receivingBank", "currency"] {
        wrong.push(good.clone().with(name, "17"));
    }
    for name in ["acctMiddleName", "acctLastName", "attach", "notifyUrl"] {
        for value in ["\"\"", "null", "17"] {
            wrong.push(good.clone().with(name, value));
        }
    }
    for (name, longest) in [
        ("msgId", 32),
        ("acctNo", 34),
        ("acctName", 140),
        ("acctMiddleName", 140),
        ("acctLastName", 140),
        ("receivingBank", 140),
        ("attach", 92),
        ("currency", 3),
    ] {
        wrong.push(good.clone().with(name, format!("\"{}\"", "9".repeat(longest + 1))));
    }
    for id in ["M 1", "Mñ"] {
        wrong.push(good.clone().with("msgId", format!("\"{id}\"")));
    }
    for amount in [
        "0",
        "-1",
        "\"-1\"",
        "1.0",
        "\"1.0\"",
        "1e3",
        "\"1e3\"",
        "\"+1\"",
        "\" 1\"",
        "\"01\"",
        "\"1,000\"",
        "1000000000000",
        "9223372036854775808",
        "\"0\"",
        "\"٣\"",
    ] {
        wrong.push(good.clone().with("trxAmount", amount));
    }
    for url in ["ftp://127.0.0.1/", "/notify", "127.0.0.1:8300", "http://", "not a url"] {
        wrong.push(good.clone().with("notifyUrl", format!("\"{url}\"")));
    }
    let long = format!("\"http://127.0.0.1/{}\"", "a".repeat(256));
    wrong.push(good.clone().with("notifyUrl", long));
    for members in wrong {
        assert_eq!(shop.code(DISBURSE, &members).await, "412", "{members:?}");
    }
    for (path, members) in [
        (QUERY, query("Q1", "M1").without("originalMsgId")),
        (QUERY, query("Q1", "M1").without("msgId")),
        (QUERY, query("Q1", "M1").with("originalMsgId", "17")),
        (BALANCE, reading("", "unified.disburse.inquireBalance")),
        (RECEIVERS, reading("", "pay.starpay.instapay.bank.list")),
    ] {
        assert_eq!(shop.code(path, &members).await, "412", "{members:?}");
    }
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    assert_eq!(shop.code(DISBURSE, &good).await, "200", "none of them used the id up");
}

#[tokio::test]
async fn longest_values_and_unknown_members_are_taken() {
    let shop = Shop::open().await;
    let members = disbursement(&"M".repeat(32), &"9".repeat(34))
        .with("acctName", format!("\"{}\"", "ñ".repeat(140)))
        .with("attach", format!("\"{}\"", "a".repeat(92)))
        .with("trxAmount", "1250")
        .with("acctNote", "{\"b\":[1,2],\"a\":null}");
    assert_eq!(shop.code(DISBURSE, &members).await, "200");
}

#[tokio::test]
async fn a_currency_other_than_php_is_420_before_the_bank_is_418() {
    let shop = Shop::open().await;
    let good = disbursement("M1", ACCOUNT);
    let unknown_bank = good.clone().with("receivingBank", "\"gcash\"");
    assert_eq!(shop.code(DISBURSE, &unknown_bank.clone().with("currency", "\"USD\"")).await, "420");
    assert_eq!(shop.code(DISBURSE, &good.clone().with("currency", "\"php\"")).await, "420");
    assert_eq!(shop.code(DISBURSE, &unknown_bank).await, "418");
    for bank in ["GCash ", "Sun Savings Bank", "GXCHPHM2XXX"] {
        let members = good.clone().with("receivingBank", format!("\"{bank}\""));
        assert_eq!(shop.code(DISBURSE, &members).await, "418", "{bank}");
    }
    let seen = good.with("receivingBank", "\"Sun Savings Bank, Inc.\"");
    assert_eq!(shop.code(DISBURSE, &seen).await, "200");
}

#[tokio::test]
async fn a_message_number_works_once_for_orders_and_readings_together() {
    let shop = Shop::open().await;
    let good = disbursement("M1", ACCOUNT);
    assert_eq!(shop.code(DISBURSE, &good).await, "200");
    assert_eq!(shop.code(DISBURSE, &good).await, "403");
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", "09998887777")).await, "403");
    assert_eq!(shop.code(QUERY, &query("M1", "M1")).await, "403");
    assert_eq!(shop.code(QUERY, &query("Q1", "M1")).await, "200");
    assert_eq!(shop.code(QUERY, &query("Q1", "M1")).await, "403");
    assert_eq!(shop.code(QUERY, &query("Q2", "M9")).await, "565");
    assert_eq!(shop.code(QUERY, &query("Q2", "M1")).await, "403");
    assert_eq!(shop.code(DISBURSE, &disbursement("Q1", "09998887777")).await, "403");
    let balance = reading("B1", "unified.disburse.inquireBalance");
    assert_eq!(shop.code(BALANCE, &balance).await, "200");
    assert_eq!(shop.code(BALANCE, &balance).await, "403");
    shop.advance("1h").await;
    assert_eq!(shop.sandbox.ledger().movements().len(), 1);
}

#[tokio::test]
async fn the_same_payee_within_ten_minutes_is_512() {
    let shop = Shop::open().await;
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", ACCOUNT)).await, "200");
    let again = disbursement("M2", ACCOUNT).with("trxAmount", "77");
    assert_eq!(shop.code(DISBURSE, &again).await, "512");
    let other_bank = disbursement("M3", ACCOUNT).with("receivingBank", "\"Maya Philippines\"");
    assert_eq!(shop.code(DISBURSE, &other_bank).await, "200");
    shop.advance("9m 59s").await;
    assert_eq!(shop.code(DISBURSE, &again).await, "512");
    shop.advance("1s").await;
    assert_eq!(shop.code(DISBURSE, &again).await, "200", "a rejection does not use the id up");
    assert_eq!(shop.code(DISBURSE, &again).await, "403", "which is checked first");
}

#[tokio::test]
async fn the_payee_rule_can_be_ended() {
    let settings = Settings { payee_interval: jiff::SignedDuration::ZERO, ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", ACCOUNT)).await, "200");
    assert_eq!(shop.code(DISBURSE, &disbursement("M2", ACCOUNT)).await, "200");
}

#[tokio::test]
async fn an_order_of_another_merchant_is_565() {
    let shop = Shop::open().await;
    let other = "103500000001";
    shop.sandbox.register_merchant("starpay", other, &public_pem(&OTHER_KEY)).unwrap();
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", ACCOUNT)).await, "200");
    let ask = query("Q1", "M1").with("mchId", format!("\"{other}\"")).text();
    let rejection = refused_for_good(&shop, QUERY, enveloped(&ask, &sign(&OTHER_KEY, &ask))).await;
    assert_eq!(rejection["code"], "565");
    assert_eq!(rejection["message"], "The disburse order is null");
    assert_eq!((&rejection["msgId"], &rejection["mchId"]), (&"Q1".into(), &other.into()));
    assert_eq!(shop.state("M1").await, "PROCESSING");
    assert_eq!(shop.found("M0").await["code"], "565");
}

#[tokio::test]
async fn methods_and_pages_there_are_not() {
    let shop = Shop::open().await;
    for (method, path, status) in [
        ("GET", "/checkconnections", 200),
        ("GET", "/checkconnections?x=1", 200),
        ("GET", DISBURSE, 405),
        ("PUT", QUERY, 405),
        ("GET", "/v1", 404),
        ("DELETE", "/", 404),
        ("GET", "", 404),
    ] {
        let url = format!("{}{path}", url(&shop.sandbox));
        let request = Request::builder().method(method).uri(url).body(Bytes::new()).unwrap();
        let answer = shop.sandbox.transport().send(request).await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
    }
}

async fn refused_for_good(shop: &Shop, path: &str, body: String) -> Value {
    opened("response", shop.post(path, body).await.unwrap().body()).1
}

fn sign_of(text: &str) -> String {
    let whole = signed(text);
    whole.rsplit_once(":\"").unwrap().1.trim_end_matches("\"}").to_owned()
}

fn url(sandbox: &Sandbox) -> String {
    sandbox.base_url("starpay").unwrap()
}
