//! Payment requests: shown, paid, expired.

use super::shop::{REQUESTS, Shop, qr_ph, qris, with};
use serde_json::{Value, json};
use tulay_core::{Currency, Money, TransportErrorKind};
use tulay_sandbox::{kit::Direction, xendit::DEMO_IDR_SECRET_KEY};

#[tokio::test]
async fn a_code_is_paid_once() {
    let shop = Shop::open().await;
    let (status, request) = shop.collect(&qr_ph("C1")).await;
    assert_eq!((status, &request["status"]), (201, &json!("REQUIRES_ACTION")));
    let code = request["actions"][0]["value"].as_str().unwrap();
    let payload = tulay_qr::Payload::parse(code).unwrap();
    assert_eq!(payload.amount().unwrap().text(), "250.00");
    assert!(shop.sandbox.pay("xendit", code, Some("249.99")).is_err());
    let movement = shop.sandbox.pay("xendit", code, Some("250.00")).unwrap();
    assert_eq!(movement.money, Money::from_minor(25_000, Currency::PHP));
    assert_eq!((movement.order_id.as_str(), movement.direction), ("C1", Direction::In));
    assert!(shop.sandbox.pay("xendit", code, None).is_err(), "it is paid");
    let path = format!("{REQUESTS}/{}", request["payment_request_id"].as_str().unwrap());
    let (_, found) = shop.get(&path).await;
    assert_eq!(found["status"], "SUCCEEDED");
    assert_eq!(found["latest_payment_id"], movement.provider_reference);
    let payment = format!("/v3/payments/{}", movement.provider_reference);
    let (status, payment) = shop.get(&payment).await;
    assert_eq!((status, &payment["status"]), (200, &json!("SUCCEEDED")));
    assert_eq!(payment["payment_request_id"], request["payment_request_id"]);
    assert_eq!(shop.get("/v3/payments/py-1").await.0, 404);
    assert_eq!(shop.balance().await, 1_000_250);
    shop.advance("48h").await;
    assert_eq!(shop.get(&path).await.1["status"], "SUCCEEDED", "what is paid does not expire");
}

#[tokio::test]
async fn each_request_makes_one_whatever_its_reference() {
    let shop = Shop::open().await;
    let (_, first) = shop.collect(&qr_ph("C1")).await;
    let (_, second) = shop.collect(&qr_ph("C1")).await;
    assert_ne!(first["payment_request_id"], second["payment_request_id"]);
    shop.sandbox.pay("xendit", first["actions"][0]["value"].as_str().unwrap(), None).unwrap();
    shop.sandbox.pay("xendit", second["actions"][0]["value"].as_str().unwrap(), None).unwrap();
    assert_eq!(shop.sandbox.ledger().movements().len(), 2);
}

#[tokio::test]
async fn a_virtual_account_expires_when_it_says() {
    let shop = Shop::open().await;
    let body = with(qris("C1"), "channel_code", "BNI_VIRTUAL_ACCOUNT");
    let body = with(body, "channel_properties.expires_at", "2026-11-20T01:10:00Z");
    let (_, request) = shop.collect(&body).await;
    let number = request["actions"][0]["value"].as_str().unwrap();
    assert!(number.bytes().all(|byte| byte.is_ascii_digit()));
    let path = format!("{REQUESTS}/{}", request["payment_request_id"].as_str().unwrap());
    shop.advance("599s").await;
    let (_, open) = shop.get_by(DEMO_IDR_SECRET_KEY, &path).await;
    assert_eq!(open["status"], "REQUIRES_ACTION");
    shop.advance("1s").await;
    let (_, ended) = shop.get_by(DEMO_IDR_SECRET_KEY, &path).await;
    assert_eq!(ended["status"], "EXPIRED");
    assert!(shop.sandbox.pay("xendit", number, None).is_err());
    assert_eq!(shop.notices()[0]["event"], "payment_request.expiry");
}

#[tokio::test]
async fn a_reusable_code_is_paid_again_and_again() {
    let shop = Shop::open().await;
    let body = with(qris("C1"), "type", "REUSABLE_PAYMENT_CODE");
    let (_, request) = shop.collect(&with(body, "request_amount", Value::Null)).await;
    assert_eq!(request["status"], "ACCEPTING_PAYMENTS");
    let code = request["actions"][0]["value"].as_str().unwrap();
    assert!(shop.sandbox.pay("xendit", code, None).is_err(), "the payer decides");
    let first = shop.sandbox.pay("xendit", code, Some("5000")).unwrap();
    let second = shop.sandbox.pay("xendit", code, Some("7000")).unwrap();
    assert_ne!(first.provider_reference, second.provider_reference);
    let path = format!("{REQUESTS}/{}", request["payment_request_id"].as_str().unwrap());
    let (_, found) = shop.get_by(DEMO_IDR_SECRET_KEY, &path).await;
    assert_eq!(found["status"], "ACCEPTING_PAYMENTS");
    assert_eq!(found["latest_payment_id"], second.provider_reference);
    shop.advance("1s").await;
    let amounts: Vec<_> =
        shop.notices().iter().map(|n| n["data"]["captures"][0]["capture_amount"].clone()).collect();
    assert_eq!(amounts, [5000, 7000]);
}

#[tokio::test]
async fn a_payer_can_fail() {
    let shop = Shop::open().await;
    let (_, request) = shop.collect(&with(qr_ph("C1"), "description", "Order 991003")).await;
    assert!(shop.sandbox.pay("xendit", "C1", None).is_err());
    let path = format!("{REQUESTS}/{}", request["payment_request_id"].as_str().unwrap());
    let (_, found) = shop.get(&path).await;
    assert_eq!(found["status"], "FAILED");
    assert_eq!(found["failure_code"], "USER_DECLINED_PAYMENT");
    shop.advance("1s").await;
    let notice = shop.notices().remove(0);
    assert_eq!(notice["event"], "payment.failure");
    assert_eq!(notice["data"]["captures"], json!([]));
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn requests_can_be_rejected_and_answers_lost() {
    let shop = Shop::open().await;
    let (status, error) = shop.collect(&with(qr_ph("C1"), "description", "x990012")).await;
    assert_eq!((status, &error["error_code"]), (503, &json!("CHANNEL_UNAVAILABLE")));
    assert!(shop.sandbox.pay("xendit", "C1", None).is_err());
    let lost = with(qr_ph("C2"), "description", "x992001");
    let answer = shop.post(REQUESTS, None, &lost).await;
    assert_eq!(answer.unwrap_err(), TransportErrorKind::Interrupted);
    assert!(shop.sandbox.pay("xendit", "C2", None).is_ok());
}
