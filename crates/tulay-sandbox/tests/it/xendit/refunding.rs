//! Refunds: what is given back, and what is not.

use super::shop::{REFUNDS, Shop, opened, qr_ph, qris, with};
use serde_json::{Value, json};
use tulay_core::TransportErrorKind;
use tulay_sandbox::{
    kit::Direction,
    xendit::{DEMO_IDR_SECRET_KEY, Settings},
};

/// A payment of IDR 25,000 by QRIS, of this description.
async fn paid(shop: &Shop, reference: &str, description: &str) -> String {
    let (_, request) = shop.collect(&with(qris(reference), "description", description)).await;
    shop.sandbox.pay("xendit", reference, None).unwrap();
    request["payment_request_id"].as_str().unwrap().to_owned()
}

fn refund(reference: &str, request: &str, amount: impl Into<Value>) -> Value {
    let body = json!({
        "reference_id": reference,
        "payment_request_id": request,
        "currency": "IDR",
        "reason": "REQUESTED_BY_CUSTOMER",
    });
    with(body, "amount", amount)
}

async fn refunded(shop: &Shop, key: Option<&str>, body: &Value) -> (u16, Value) {
    opened(&shop.post(REFUNDS, key, body).await.unwrap())
}

#[tokio::test]
async fn a_payment_is_given_back_in_parts() {
    let shop = Shop::open().await;
    let request = paid(&shop, "C1", "Order 1").await;
    let (status, first) = refunded(&shop, None, &refund("F1", &request, 10_000)).await;
    assert_eq!((status, &first["status"]), (200, &json!("PENDING")));
    let (status, error) = refunded(&shop, None, &refund("F2", &request, 1)).await;
    assert_eq!((status, &error["error_code"]), (400, &json!("REFUND_IN_PROGRESS")));
    shop.advance("1s").await;
    let path = format!("{REFUNDS}/{}", first["id"].as_str().unwrap());
    assert_eq!(shop.get_by(DEMO_IDR_SECRET_KEY, &path).await.1["status"], "SUCCEEDED");
    let (_, error) = refunded(&shop, None, &refund("F2", &request, 15_001)).await;
    assert_eq!(error["error_code"], "REFUND_AMOUNT_EXCEEDED");
    let (_, rest) = refunded(&shop, None, &refund("F2", &request, Value::Null)).await;
    assert_eq!(rest["amount"], 15_000, "without an amount, all that is left");
    shop.advance("1s").await;
    let back: Vec<_> = shop
        .sandbox
        .ledger()
        .movements()
        .iter()
        .filter(|movement| movement.direction == Direction::Back)
        .map(|movement| (movement.order_id.clone(), movement.money.minor()))
        .collect();
    assert_eq!(back, [("F1".to_owned(), 1_000_000), ("F2".to_owned(), 1_500_000)]);
    let (_, error) = refunded(&shop, None, &refund("F3", &request, 1)).await;
    assert_eq!(error["error_code"], "REFUND_AMOUNT_EXCEEDED");
    let events: Vec<_> = shop.notices().iter().map(|n| n["event"].clone()).collect();
    assert_eq!(events, ["payment.capture", "refund.succeeded", "refund.succeeded"]);
}

#[tokio::test]
async fn refunds_that_do_not_fit_are_rejected() {
    let shop = Shop::open().await;
    let request = paid(&shop, "C1", "Order 1").await;
    let good = refund("F1", &request, 1000);
    let (_, unpaid) = shop.collect(&qris("C2")).await;
    let unpaid = unpaid["payment_request_id"].as_str().unwrap();
    for (body, status, code) in [
        (with(good.clone(), "reason", "x"), 400, "API_VALIDATION_ERROR"),
        (with(good.clone(), "reason", Value::Null), 400, "API_VALIDATION_ERROR"),
        (with(good.clone(), "payment_request_id", Value::Null), 400, "API_VALIDATION_ERROR"),
        (with(good.clone(), "amount", 0), 400, "API_VALIDATION_ERROR"),
        (with(good.clone(), "payment_request_id", "pr-1"), 404, "DATA_NOT_FOUND"),
        (refund("F1", unpaid, 1000), 400, "INELIGIBLE_TRANSACTION_STATUS"),
    ] {
        let (answered, error) = refunded(&shop, None, &body).await;
        assert_eq!((answered, &error["error_code"]), (status, &json!(code)), "{body}");
    }
    let account = with(qris("C3"), "channel_code", "BCA_VIRTUAL_ACCOUNT");
    for body in [account, qr_ph("C4")] {
        let (_, request) = shop.collect(&body).await;
        shop.sandbox.pay("xendit", body["reference_id"].as_str().unwrap(), None).unwrap();
        let id = request["payment_request_id"].as_str().unwrap();
        let body = with(refund("F1", id, Value::Null), "currency", body["currency"].clone());
        let (status, error) = refunded(&shop, None, &body).await;
        assert_eq!((status, &error["error_code"]), (403, &json!("REFUND_NOT_SUPPORTED")));
    }
    shop.advance("169h").await;
    let (_, late) = refunded(&shop, None, &good).await;
    assert_eq!(late["error_code"], "INELIGIBLE_TRANSACTION_STATUS", "7 days are over");
}

#[tokio::test]
async fn a_refund_fails_is_cancelled_or_its_answer_is_lost() {
    for (description, end, events) in [
        ("x995001", "FAILED", vec!["payment.capture", "refund.failed"]),
        ("x995002", "CANCELLED", vec!["payment.capture"]),
        ("x995003", "SUCCEEDED", vec!["payment.capture", "refund.succeeded"]),
    ] {
        let shop = Shop::open().await;
        let request = paid(&shop, "C1", description).await;
        let answer = shop.post(REFUNDS, None, &refund("F1", &request, 1000)).await;
        assert_eq!(answer.is_err(), description == "x995003");
        assert!(answer.is_ok() || answer.unwrap_err() == TransportErrorKind::Interrupted);
        shop.advance("1s").await;
        let path = format!("{REFUNDS}?payment_request_id={request}");
        let (_, list) = shop.get_by(DEMO_IDR_SECRET_KEY, &path).await;
        assert_eq!(list["data"][0]["status"], end);
        let said: Vec<_> = shop.notices().iter().map(|n| n["event"].clone()).collect();
        assert_eq!(said, events);
        let (_, balance) = shop.get_by(DEMO_IDR_SECRET_KEY, "/balance").await;
        let expected = if end == "SUCCEEDED" { 1_000_024_000 } else { 1_000_025_000 };
        assert_eq!(balance["balance"], expected, "{end}");
    }
}

#[tokio::test]
async fn a_key_makes_one_refund_where_keys_are_known() {
    let shop = Shop::open().await;
    let request = paid(&shop, "C1", "Order 1").await;
    let body = refund("F1", &request, 1000);
    let (_, first) = refunded(&shop, Some("K1"), &body).await;
    shop.advance("1s").await;
    assert_eq!(refunded(&shop, Some("K1"), &body).await.1["id"], first["id"]);
    let (status, error) = refunded(&shop, Some("K1"), &refund("F1", &request, 999)).await;
    assert_eq!((status, &error["error_code"]), (409, &json!("DUPLICATE_ERROR")));

    let shop = Shop::open_as(Settings { refunds_have_keys: false, ..Settings::default() }).await;
    let request = paid(&shop, "C1", "Order 1").await;
    let body = refund("F1", &request, 1000);
    let (_, first) = refunded(&shop, Some("K1"), &body).await;
    shop.advance("1s").await;
    let (status, second) = refunded(&shop, Some("K1"), &body).await;
    assert_eq!(status, 200);
    assert_ne!(second["id"], first["id"], "the money goes back twice");
}
