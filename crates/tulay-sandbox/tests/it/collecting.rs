//! Section 6 as a merchant's own client sees it, and payers who pay.

use crate::shop::{Members, NOTIFY_URL, QUERY, Shop, opened, query, reading};
use tulay_core::TransportErrorKind;
use tulay_sandbox::{
    kit::Direction,
    starpay::{DEMO_MERCHANT_ID, Merchant, Settings, Starpay},
};

const REPAY: &str = "/v1/repayment";

fn repayment(message_id: &str, terminal: &str) -> Members {
    Members(vec![
        ("msgId", format!("\"{message_id}\"")),
        ("mchId", format!("\"{DEMO_MERCHANT_ID}\"")),
        ("service", "\"pay.starpay.repayment\"".into()),
        ("notifyUrl", format!("\"{NOTIFY_URL}\"")),
        ("deviceInfo", format!("\"{terminal}\"")),
        ("trxAmount", "5555".into()),
        ("currency", "\"PHP\"".into()),
    ])
}

fn static_code(message_id: &str) -> Members {
    repayment(message_id, "8CYGISAS")
        .with("service", "\"pay.starpay.repayment.static\"")
        .without("trxAmount")
        .without("currency")
}

#[tokio::test]
async fn a_dynamic_code_is_answered_paid_over_http_and_notified() {
    let shop = Shop::open().await;
    let answer = shop.send(REPAY, &repayment("C1", "web")).await.unwrap();
    let (text, made) = opened("response", answer.body());
    assert!(
        text.starts_with(concat!(
            r#"{"code":"200","message":"success","msgId":"C1","mchId":"101510000001","#,
            r#""trxDate":"2026-11-20T09:00:00+08:00","trxAmount":5555,"trxState":"PROCESSING","#,
            r#""orderNo":"202611200000000001","codeUrl":"000201010212"#,
        )),
        "{text}"
    );
    let code = made["codeUrl"].as_str().unwrap();
    assert!(tulay_qr::validate(code).is_valid());

    let pay = serde_json::json!({ "code": code }).to_string();
    let (status, paid) = shop.control("POST", "/_sandbox/starpay/pay", &pay).await;
    assert_eq!((status, &paid["paid"]["direction"]), (200, &"in".into()), "{paid}");
    let (status, again) = shop.control("POST", "/_sandbox/starpay/pay", &pay).await;
    assert_eq!(status, 422, "{again}");
    for (body, status) in [("{}", 422), (r#"{"code":"0002"}"#, 422), ("x", 422)] {
        assert_eq!(shop.control("POST", "/_sandbox/starpay/pay", body).await.0, status);
    }
    let (status, refused) = shop.control("POST", "/_sandbox/regional/pay", &pay).await;
    assert_eq!(status, 422, "{refused}");

    shop.advance("1h").await;
    let [request] = &shop.receiver.received()[..] else { panic!("not one notification") };
    assert_eq!(
        opened("request", request.body()).0,
        concat!(
            r#"{"code":"200","message":"success","trxDate":"2026-11-20T09:00:00+08:00","#,
            r#""trxAmount":5555,"trxState":"SUCCESS","originalMsgId":"C1","#,
            r#""orderNo":"202611200000000001","payAcctBank":"GCash","payAcctName":"Test Payer","#,
            r#""payAcctNo":"639170000000","mchId":"101510000001"}"#,
        )
    );
}

#[tokio::test]
async fn a_payment_of_a_static_code_has_a_number_of_the_platform_s() {
    let shop = Shop::open().await;
    let made = shop.call(REPAY, &static_code("S1")).await;
    let code = made["codeUrl"].as_str().unwrap();
    assert!(code.starts_with("000201010211"), "{code}");
    for amount in ["0", "-1.00", "1.001", "x"] {
        assert!(shop.sandbox.pay("starpay", code, Some(amount)).is_err(), "{amount}");
    }
    shop.sandbox.pay("starpay", code, Some("1,250.00")).unwrap_err();
    shop.sandbox.pay("starpay", code, Some("1250.00")).unwrap();
    shop.advance("1s").await;
    let [notice] = &shop.receiver.notices()[..] else { panic!("not one notification") };
    assert_eq!(notice["originalMsgId"], notice["orderNo"]);
    assert_ne!(notice["originalMsgId"], "S1");
    assert_eq!(
        (&notice["deviceInfo"], &notice["trxAmount"]),
        (&"8CYGISAS".into(), &125_000.into())
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_its_code() {
    let shop = Shop::open().await;
    let good = repayment("C1", "web");
    for (members, code) in [
        (good.clone().without("deviceInfo"), "412"),
        (good.clone().with("trxAmount", "0"), "412"),
        (good.clone().with("timeExpire", "\"20261120090000\""), "412"),
        (good.clone().with("timeExpire", "\"2026-11-20\""), "412"),
        (good.clone().with("displayName", "\"Peña\""), "412"),
        (good.clone().with("attach", format!("\"{}\"", "x".repeat(93))), "412"),
        (good.clone().with("currency", "\"USD\""), "420"),
        (good.clone(), "200"),
        (good, "403"),
        (repayment("C2", "web"), "511"),
        (repayment("C3", "till"), "200"),
    ] {
        assert_eq!(shop.code(REPAY, &members).await, code, "{members:?}");
    }
    let find =
        |id: &str, original| query(id, original).with("service", "\"unified.repayment.query\"");
    assert_eq!(shop.code("/v1/repayment/query", &find("Q1", "C2")).await, "566");
    assert_eq!(shop.code("/v1/repayment/query", &find("Q2", "C3")).await, "200");
    // Payouts and collections do not find each other.
    assert_eq!(shop.code(QUERY, &query("Q3", "C3")).await, "565");
}

#[tokio::test]
async fn a_merchant_that_may_not_collect_is_416() {
    let merchant = Merchant { may_collect: false, ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
    assert_eq!(shop.code(REPAY, &repayment("C1", "web")).await, "416");
    assert_eq!(shop.code(REPAY, &static_code("S1")).await, "416");
    let asked = reading("B1", "unified.repayment.inquireBalance");
    assert_eq!(shop.code("/v1/repayment/inquireBalance", &asked).await, "416");
}

#[tokio::test]
async fn a_terminal_may_ask_for_the_money_to_go_back() {
    let shop = Shop::open().await;
    let made = shop.call(REPAY, &repayment("C1", "T-994001")).await;
    shop.sandbox.pay("starpay", made["codeUrl"].as_str().unwrap(), None).unwrap();
    let walk_in = static_code("S1").with("deviceInfo", "\"U-994001\"");
    let shown = shop.call(REPAY, &walk_in).await;
    shop.sandbox.pay("starpay", shown["codeUrl"].as_str().unwrap(), Some("10.00")).unwrap();
    let asked = |id| reading(id, "unified.repayment.inquireBalance");
    let balance = shop.call("/v1/repayment/inquireBalance", &asked("B1")).await;
    assert_eq!(balance["balance"], 6_555);
    shop.advance("59s").await;
    assert_eq!(shop.receiver.notices().len(), 2);

    shop.advance("1s").await;
    let notices = shop.receiver.notices();
    let states: Vec<_> =
        notices.iter().map(|notice| notice["trxState"].as_str().unwrap()).collect();
    assert_eq!(states, ["SUCCESS", "SUCCESS", "REVERSED", "REVERSED"]);
    for (paid, back) in [(0, 2), (1, 3)] {
        for member in ["originalMsgId", "orderNo", "trxAmount"] {
            assert_eq!(notices[paid][member], notices[back][member], "{member}");
        }
    }
    let balance = shop.call("/v1/repayment/inquireBalance", &asked("B2")).await;
    assert_eq!(balance["balance"], 0);
    let find = query("Q1", "C1").with("service", "\"unified.repayment.query\"");
    assert_eq!(shop.call("/v1/repayment/query", &find).await["trxState"], "REVERSED");
    let ledger = shop.sandbox.ledger();
    let moved: Vec<_> = ledger.of_order("C1").map(|moved| moved.direction).collect();
    assert_eq!(moved, [Direction::In, Direction::Back]);
    // What went back cannot be paid again.
    assert!(shop.sandbox.pay("starpay", made["codeUrl"].as_str().unwrap(), None).is_err());
}

#[tokio::test]
async fn a_terminal_may_ask_for_a_rejection_or_for_a_lost_answer() {
    let shop = Shop::open().await;
    assert_eq!(shop.code(REPAY, &repayment("C1", "T-990417")).await, "417");
    let refused = static_code("S1").with("deviceInfo", "\"T-990417\"");
    assert_eq!(shop.code(REPAY, &refused).await, "417");
    // Neither used its id up.
    assert_eq!(shop.code(REPAY, &repayment("C1", "web")).await, "200");

    let find =
        |id: &str, original| query(id, original).with("service", "\"unified.repayment.query\"");
    let lost = repayment("C2", "T-992001");
    assert_eq!(shop.send(REPAY, &lost).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.code("/v1/repayment/query", &find("Q1", "C2")).await, "200");
    let never = repayment("C3", "T-992002");
    assert!(shop.send(REPAY, &never).await.is_err());
    assert_eq!(shop.code("/v1/repayment/query", &find("Q2", "C3")).await, "566");
    assert_eq!(shop.code(REPAY, &never).await, "200");
}

#[tokio::test]
async fn a_service_that_is_not_opened_is_417() {
    let closed = ["pay.starpay.p2m.disburse", "pay.starpay.repayment.static"];
    let closed_services = closed.map(str::to_owned).to_vec();
    let merchant = Merchant { closed_services, ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
    // Before anything is said of what is missing.
    let pay = repayment("P1", "web").with("service", "\"pay.starpay.p2m.disburse\"");
    assert_eq!(shop.code("/v1/disburse", &pay).await, "417");
    assert_eq!(shop.code(REPAY, &static_code("S1")).await, "417");
    assert_eq!(shop.code(REPAY, &repayment("C1", "web")).await, "200");
}
