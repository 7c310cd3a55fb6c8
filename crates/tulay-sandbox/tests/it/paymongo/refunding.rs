//! Refunds: what can be given back, and how it ends.

use super::shop::{PHONE, REFUNDS, Shop, codes, with};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tulay_core::TransportErrorKind;
use tulay_sandbox::{
    kit::Direction,
    paymongo::{DEMO_LIVE_SECRET_KEY, DEMO_SECRET_KEY, Merchant, Paymongo, Settings},
};

fn refund(name: &str, payment: &str, amount: i64) -> Value {
    json!({
        "amount": amount,
        "payment_id": payment,
        "reason": "requested_by_customer",
        "notes": "too large",
        "metadata": { "reference_number": name },
    })
}

async fn refused(shop: &Shop, attributes: &Value) -> String {
    let (status, answer) = shop.post(REFUNDS, attributes).await;
    let [code] = codes(&answer)[..] else { panic!("{answer}") };
    assert_eq!(status, if code == "resource_not_found" { 404 } else { 400 }, "{answer}");
    code.to_owned()
}

async fn state(shop: &Shop, made: &Value) -> String {
    let path = format!("{REFUNDS}/{}", made["id"].as_str().unwrap());
    shop.found(&path).await["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_refund_in_answers() {
    let shop = Shop::open().await;
    let payment = shop.paid("C1", "gcash", PHONE).await;
    let (_, made) = shop.post(REFUNDS, &refund("R1", &payment, 2_500)).await;
    assert_json_snapshot!("refund", made);
    shop.advance("1s").await;
    assert_eq!(state(&shop, &made["data"]).await, "succeeded");
    let (_, found) = shop.get(&format!("/v1/payments/{payment}")).await;
    assert_json_snapshot!("refunded", found);
    let moved = shop.sandbox.ledger().of_order("R1").cloned().collect::<Vec<_>>();
    assert_eq!((moved.len(), moved[0].direction), (1, Direction::Back));
    assert_eq!(shop.event_names(), ["payment.paid", "payment.refund.updated", "payment.refunded"]);
    let refunds = &shop.events()[2]["data"]["attributes"]["data"]["attributes"]["refunds"];
    assert_eq!(refunds[0]["attributes"]["metadata"]["reference_number"], "R1");
}

#[tokio::test]
async fn only_some_payments_can_be_refunded() {
    let shop = Shop::open().await;
    let qrph = shop.paid("C1", "qrph", PHONE).await;
    assert_eq!(refused(&shop, &refund("R1", &qrph, 10_000)).await, "payment_method_not_allowed");
    assert_eq!(refused(&shop, &refund("R1", "pay_none", 10_000)).await, "resource_not_found");
    for kind in ["paymaya", "grab_pay"] {
        let payment = shop.paid(kind, kind, PHONE).await;
        let part = refund("R1", &payment, 9_999);
        assert_eq!(refused(&shop, &part).await, "parameter_above_maximum", "{kind}");
        shop.made(REFUNDS, &refund(&format!("R{kind}"), &payment, 10_000)).await;
    }
    let (failed, _) = shop.shown("C2", "gcash", "+639171991000").await;
    assert!(shop.sandbox.pay("paymongo", "C2", None).is_err());
    let failed = shop.found(&format!("/v1/payment_intents/{failed}")).await;
    let failed = failed["payments"][0]["id"].as_str().unwrap();
    assert_eq!(refused(&shop, &refund("R1", failed, 10_000)).await, "resource_failed_state");
    shop.advance("1h").await;
    assert_eq!(shop.sandbox.ledger().of_order("R1").count(), 0);
}

#[tokio::test]
async fn a_payment_is_refunded_for_some_days() {
    for (kind, hours) in [("gcash", 180 * 24), ("grab_pay", 90 * 24), ("paymaya", 365 * 24)] {
        let shop = Shop::open().await;
        let payment = shop.paid("C1", kind, PHONE).await;
        shop.advance(&format!("{hours}h1s")).await;
        let late = refund("R1", &payment, 10_000);
        assert_eq!(refused(&shop, &late).await, "allowed_date_exceeded", "{kind}");
    }
}

#[tokio::test]
async fn members_that_do_not_fit_are_listed() {
    let shop = Shop::open().await;
    let payment = shop.paid("C1", "gcash", PHONE).await;
    let good = refund("R1", &payment, 10_000);
    for (name, value, code) in [
        ("amount", json!(99), "parameter_below_minimum"),
        ("amount", json!("10000"), "parameter_data_type_invalid"),
        ("amount", Value::Null, "parameter_required"),
        ("payment_id", json!(""), "parameter_required"),
        ("reason", json!("regret"), "parameter_invalid"),
        ("notes", json!("x".repeat(256)), "parameter_above_maximum"),
        ("metadata", json!({ "count": 1 }), "parameter_data_type_invalid"),
    ] {
        assert_eq!(refused(&shop, &with(good.clone(), name, value)).await, code, "{name}");
    }
    let (_, answer) = shop.post(REFUNDS, &json!({})).await;
    assert_eq!(codes(&answer), ["parameter_required"; 3]);
    assert_eq!(
        answer["errors"][0]["source"],
        json!({ "pointer": "amount", "attribute": "amount" })
    );
}

#[tokio::test]
async fn one_refund_is_pending_at_a_time() {
    let shop = Shop::open().await;
    let payment = shop.paid("C1", "gcash", PHONE).await;
    shop.made(REFUNDS, &refund("R1", &payment, 4_000)).await;
    let again = refund("R1", &payment, 4_000);
    assert_eq!(refused(&shop, &again).await, "resource_pending_state");
    shop.advance("1s").await;
    // Nothing tells a repetition from a second refund.
    shop.made(REFUNDS, &again).await;
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().of_order("R1").count(), 2);
    assert_eq!(refused(&shop, &again).await, "parameter_above_maximum");
    let slow = shop.paid("C2", "gcash", "+639171995002").await;
    let made = shop.made(REFUNDS, &refund("R2", &slow, 4_000)).await;
    assert_eq!(made["attributes"]["status"], "processing");
    assert_eq!(refused(&shop, &refund("R3", &slow, 1_000)).await, "resource_processing_state");
    shop.advance("24h").await;
    assert_eq!(state(&shop, &made).await, "succeeded");
}

#[tokio::test]
async fn a_refund_can_fail() {
    let shop = Shop::open().await;
    let payment = shop.paid("C1", "gcash", "+639171995001").await;
    let made = shop.made(REFUNDS, &refund("R1", &payment, 10_000)).await;
    shop.advance("1s").await;
    assert_eq!(state(&shop, &made).await, "failed");
    assert_eq!(shop.event_names(), ["payment.paid", "payment.refund.updated"]);
    assert_eq!(shop.sandbox.ledger().of_order("R1").count(), 0);
    // What failed can be refunded again.
    shop.made(REFUNDS, &refund("R2", &payment, 10_000)).await;
}

#[tokio::test]
async fn the_answer_to_a_refund_can_be_lost() {
    let shop = Shop::open().await;
    let payment = shop.paid("C1", "gcash", "+639171995003").await;
    let attributes = refund("R1", &payment, 10_000);
    let body = json!({ "data": { "attributes": attributes } }).to_string();
    let request = shop.request("POST", REFUNDS, DEMO_SECRET_KEY, body);
    assert_eq!(shop.send(request).await.unwrap_err(), TransportErrorKind::Interrupted);
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().of_order("R1").count(), 1);
}

#[tokio::test]
async fn a_key_of_the_other_mode_refunds_nothing() {
    let shop = Shop::open().await;
    let payment = shop.paid("C1", "gcash", PHONE).await;
    let body = json!({ "data": { "attributes": refund("R1", &payment, 10_000) } }).to_string();
    let live = |method: &str, path: &str, body: String| {
        shop.request(method, path, DEMO_LIVE_SECRET_KEY, body)
    };
    let (status, answer) = shop.answer(live("POST", REFUNDS, body)).await;
    assert_eq!((status, codes(&answer)), (400, vec!["livemode_mismatched"]));
    let path = format!("/v1/payments/{payment}");
    let (status, answer) = shop.answer(live("GET", &path, String::new())).await;
    assert_eq!((status, codes(&answer)), (404, vec!["resource_not_found"]));
}

#[tokio::test]
async fn a_refund_needs_a_balance_and_may_need_live_mode() {
    let merchant = Merchant { opening_payouts: 0, ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Paymongo::new(settings).unwrap())).await;
    let payment = shop.paid("C1", "gcash", PHONE).await;
    let all = refund("R1", &payment, 10_000);
    assert_eq!(refused(&shop, &all).await, "available_balance_insufficient");
    shop.made(REFUNDS, &refund("R1", &payment, 9_750)).await;
    let settings = Settings { refunds_in_test_mode: false, ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Paymongo::new(settings).unwrap())).await;
    let payment = shop.paid("C1", "gcash", PHONE).await;
    assert_eq!(refused(&shop, &refund("R1", &payment, 10_000)).await, "refund_not_allowed");
}
