//! Collections, static codes and refunds: their limits, and what goes wrong with them on purpose.

use super::shop::{PH_CHECK, Shop, order_id, with};
use serde_json::{Value, json};
use tulay_sandbox::kit::Faults;

const PAY: &str = "/open-api/philippines/payment/generate";
const PAY_TH: &str = "/open-api/thailand/payment/generate";
const CODE: &str = "/open-api/philippines/static/payment/generate";
const DETAIL: &str = "/open-api/philippines/static/code/detail";
const PAYMENTS: &str = "/open-api/philippines/static/payment/list";
const REFUND: &str = "/open-api/payment/refund";
const REFUNDS: &str = "/open-api/refund/payments";

fn asked(name: &str, channel: &str, mobile: &str) -> Value {
    json!({
        "mchOrderId": order_id(name),
        "amount": 10_000,
        "customerName": "Ana Santos",
        "channelCode": channel,
        "notifyUrl": "http://127.0.0.1:8300/notify/regional/collection",
        "redirectUrl": "https://shop.example.com/thanks",
        "email": "ana@example.com",
        "mobile": mobile,
    })
}

fn peso(name: &str) -> Value {
    asked(name, "PH_QRPH_DYNAMIC", "09171234567")
}

fn thai(name: &str, channel: &str) -> Value {
    asked(name, channel, "0812345678")
}

fn static_code(name: &str) -> Value {
    with(asked(name, "PH_QRPH_STATIC", "09171234567"), "amount", Value::Null)
}

fn refund(name: &str, original: &Value) -> Value {
    json!({
        "mchRefundOrderId": order_id(name),
        "originalTransactionId": original,
        "refundAmount": 2_500,
        "refundCallbackUrl": "http://127.0.0.1:8300/notify/regional/refund",
    })
}

fn wrong() -> Faults {
    Faults { wrong_amount: 1, wrong_order: 1, ..Faults::default() }
}

/// A payment that was paid, by its `transactionId`.
async fn paid(shop: &Shop, name: &str) -> Value {
    let answer = shop.call(PAY, &peso(name)).await;
    shop.sandbox.pay("regional", &order_id(name), None).unwrap();
    answer["data"]["transactionId"].clone()
}

#[tokio::test]
async fn limits_and_members_are_those_of_the_country() {
    let shop = Shop::open().await;
    for (amount, code) in [(99, 21021), (100, 10000), (5_000_000, 10000), (5_000_001, 21010)] {
        let param = with(peso(&amount.to_string()), "amount", amount);
        assert_eq!(shop.code(PAY, &param).await, code, "{amount}");
    }
    for (length, ph, th) in [(100, 10000, 10000), (101, 10000, 21002), (129, 21002, 21002)] {
        let named = |param| with(param, "customerName", "x".repeat(length));
        let name = length.to_string();
        assert_eq!(shop.code(PAY, &named(peso(&format!("P{name}")))).await, ph, "{length}");
        let param = named(thai(&format!("T{name}"), "TH_THAI_DYNAMIC"));
        assert_eq!(shop.code(PAY_TH, &param).await, th, "{length}");
    }
    let in_wechat = with(thai("W", "TH_WECHAT_JS_URL"), "wpOpenid", "o1");
    let in_wechat = with(in_wechat, "wpAppid", "wx1");
    let nowhere = with(in_wechat.clone(), "redirectUrl", Value::Null);
    assert_eq!(shop.code(PAY_TH, &nowhere).await, 21002);
    assert_eq!(shop.code(PAY_TH, &in_wechat).await, 10000);
}

#[tokio::test]
async fn refunds_can_be_hidden_and_false() {
    let shop = Shop::open().await;
    let original = paid(&shop, "1").await;
    shop.faults(wrong());
    let made = shop.call(REFUND, &refund("R1", &original)).await;
    assert_eq!(made["data"]["refundAmount"], 2_501);
    assert_eq!(made["data"]["mchRefundOrderId"], "PORDER00000RX");
    assert_eq!(shop.sandbox.faults()["regional"], Faults::default(), "counted down");

    let list = json!({ "originalTransactionId": original });
    shop.faults(Faults { hide_orders: 1, ..Faults::default() });
    assert_eq!(shop.call(REFUNDS, &list).await["data"], json!([]));
    let row = shop.call(REFUNDS, &list).await["data"][0].clone();
    assert_eq!(
        (&row["refundAmount"], &row["mchRefundOrderId"]),
        (&json!(2_500), &json!("PORDER00000R1"))
    );
    shop.faults(wrong());
    let row = shop.call(REFUNDS, &list).await["data"][0].clone();
    assert_eq!(
        (&row["refundAmount"], &row["mchRefundOrderId"]),
        (&json!(2_501), &json!("PORDER00000RX"))
    );

    let before = shop.notices().len();
    shop.faults(wrong());
    shop.advance("1s").await;
    let notice = shop.notices().into_iter().skip(before).find(|n| n["refundAmount"].is_i64());
    let notice = notice.unwrap();
    assert_eq!(
        (&notice["refundAmount"], &notice["mchRefundOrderId"]),
        (&json!(2_501), &json!("PORDER00000RX"))
    );
    let moved = shop.sandbox.ledger().movements().last().unwrap().money.minor();
    assert_eq!(moved, 2_500, "what is told is false, and not what moved");
}

#[tokio::test]
async fn static_codes_and_their_payments_can_be_hidden_and_false() {
    let shop = Shop::open().await;
    assert_eq!(shop.code(CODE, &static_code("S1")).await, 10000);
    shop.sandbox.pay("regional", &order_id("S1"), Some("25.00")).unwrap();
    let detail = json!({ "mchOrderId": order_id("S1"), "channelCode": "PH_QRPH_STATIC" });
    let list = json!({
        "mchOrderId": order_id("S1"),
        "startDate": "2026-11-20",
        "endDate": "2026-11-20",
    });
    shop.faults(Faults { hide_orders: 2, ..Faults::default() });
    assert_eq!(shop.code(DETAIL, &detail).await, 21006);
    assert_eq!(shop.call(PAYMENTS, &list).await["data"], json!([]));
    assert_eq!(shop.code(DETAIL, &detail).await, 10000);
    assert_eq!(shop.call(PAYMENTS, &list).await["data"][0]["transactionAmount"], 2_500);
    shop.faults(wrong());
    let row = shop.call(PAYMENTS, &list).await["data"][0].clone();
    assert_eq!(
        (&row["transactionAmount"], &row["mchOrderId"]),
        (&json!(2_501), &json!("PORDER00000SX"))
    );
}

#[tokio::test]
async fn rejections_use_up_the_ids_of_what_was_asked_for() {
    let shop = Shop::open().await;
    let original = paid(&shop, "1").await;
    let no_refund = with(refund("R1", &original), "refundAmount", 10_001);
    let no_payment = with(peso("2"), "amount", 1);
    let no_code = with(static_code("3"), "email", "none");
    assert_eq!(shop.code(REFUND, &no_refund).await, 21406);
    assert_eq!(shop.code(PAY, &no_payment).await, 21021);
    shop.faults(Faults { use_up_ids: true, ..Faults::default() });
    assert_eq!(shop.code(REFUND, &no_refund).await, 21406);
    assert_eq!(shop.code(PAY, &no_payment).await, 21021);
    assert_eq!(shop.code(CODE, &no_code).await, 21002);
    // Who only asks uses nothing up.
    assert_eq!(shop.found(PH_CHECK, "4").await["code"], 21006);
    shop.faults(Faults::default());
    assert_eq!(shop.code(REFUND, &refund("R1", &original)).await, 21407);
    assert_eq!(shop.code(PAY, &peso("2")).await, 21007);
    assert_eq!(shop.code(CODE, &static_code("3")).await, 21007);
    assert_eq!(shop.code(PAY, &peso("4")).await, 10000);
    assert_eq!(shop.code(REFUND, &refund("R2", &original)).await, 10000);
}
