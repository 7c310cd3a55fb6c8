//! Every answer as it is written, pinned whole.

use super::shop::{PAYOUTS, REFUNDS, REQUESTS, Shop, WALLET, peso, qr_ph, qris, rupiah, with};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tulay_sandbox::xendit::DEMO_IDR_SECRET_KEY;

/// Everything that is said about a payout that fails, and of its reference and key.
async fn said_of_payouts(shop: &Shop) -> Value {
    let body = peso("R1", "09999991004");
    let (_, created) = shop.pay_out("K1", &body).await;
    shop.advance("150ms").await;
    let (_, listed) = shop.get(&format!("{PAYOUTS}?reference_id=R1")).await;
    shop.advance("150ms").await;
    let (_, replayed) = shop.pay_out("K1", &body).await;
    let (duplicate_status, duplicate) = shop.pay_out("K1", &with(body, "amount", 13)).await;
    let (_, none) = shop.get(&format!("{PAYOUTS}?reference_id=R2")).await;
    let (missing_status, missing) = shop.get("/v2/payouts/disb-1").await;
    json!({
        "created": created,
        "listed": listed,
        "replayed": replayed,
        "duplicate": [duplicate_status, duplicate],
        "none": none,
        "missing": [missing_status, missing],
        "notified": shop.notices(),
    })
}

#[tokio::test]
async fn payouts_are_written_as_the_reference_has_them() {
    assert_json_snapshot!(said_of_payouts(&Shop::open().await).await);
}

#[tokio::test]
async fn payouts_are_written_as_test_mode_has_them() {
    assert_json_snapshot!(said_of_payouts(&Shop::in_test_mode().await).await);
}

#[tokio::test]
async fn payment_requests_are_written_as_the_reference_has_them() {
    let shop = Shop::open().await;
    let (_, ph) = shop.collect(&qr_ph("C1")).await;
    let account = with(qris("C2"), "channel_code", "BRI_VIRTUAL_ACCOUNT");
    let account = with(account, "channel_properties.display_name", "Sandbox Shop");
    let account = with(account, "channel_properties.expires_at", "2026-11-21T01:00:00Z");
    let (_, account) = shop.collect(&account).await;
    let reusable = with(qris("C3"), "type", "REUSABLE_PAYMENT_CODE");
    let (_, reusable) = shop.collect(&with(reusable, "request_amount", Value::Null)).await;
    shop.sandbox.pay("xendit", "C1", None).unwrap();
    let id = ph["payment_request_id"].as_str().unwrap();
    let (_, paid) = shop.get(&format!("{REQUESTS}/{id}")).await;
    shop.advance("24h").await;
    assert_json_snapshot!(json!({
        "qr_ph": ph,
        "virtual_account": account,
        "reusable": reusable,
        "paid": paid,
        "notified": shop.notices(),
    }));
}

#[tokio::test]
async fn refunds_are_written_as_the_libraries_have_them() {
    let shop = Shop::open().await;
    let (_, request) = shop.collect(&qris("C1")).await;
    shop.sandbox.pay("xendit", "C1", None).unwrap();
    let id = request["payment_request_id"].as_str().unwrap();
    let body = json!({
        "reference_id": "F1",
        "payment_request_id": id,
        "currency": "IDR",
        "amount": 10_000,
        "reason": "REQUESTED_BY_CUSTOMER",
    });
    let created = shop.post(REFUNDS, Some("F1"), &body).await.unwrap();
    let created: Value = serde_json::from_slice(created.body()).unwrap();
    shop.advance("1s").await;
    let path = format!("{REFUNDS}?payment_request_id={id}");
    let (_, listed) = shop.get_by(DEMO_IDR_SECRET_KEY, &path).await;
    assert_json_snapshot!(json!({
        "created": created,
        "listed": listed,
        "notified": shop.notices().pop(),
    }));
}

#[tokio::test]
async fn channels_and_balances_are_as_the_reference_has_them() {
    let shop = Shop::open().await;
    let (_, channels) = shop.get("/payouts_channels").await;
    assert_eq!(channels.as_array().unwrap().len(), 39);
    let (_, wallets) = shop.get("/payouts_channels?currency=PHP&channel_category=EWALLET").await;
    let codes: Vec<_> = wallets.as_array().unwrap().iter().map(|c| &c["channel_code"]).collect();
    assert_eq!(codes, ["PH_GCASH", "PH_GRABPAY", "PH_PAYMAYA", "PH_SHOPEEPAY"]);
    let (_, two) = shop.get("/payouts_channels?channel_code=ID_BSI,%20PH_AUB").await;
    assert_json_snapshot!(two);
    assert_eq!(shop.get("/payouts_channels?currency=USD").await.1, json!([]));

    assert_eq!(shop.get("/balance").await, (200, json!({ "balance": 1_000_000 })));
    assert_eq!(shop.get("/balance?account_type=HOLDING").await.1, json!({ "balance": 0 }));
    shop.pay_out("K1", &peso("R1", WALLET)).await;
    shop.pay_out("K1", &rupiah("R1", "1234567890")).await;
    shop.advance("1s").await;
    assert_eq!(shop.balance().await, json!(999_987.5));
    let rupiah = shop.get_by(DEMO_IDR_SECRET_KEY, "/balance?currency=IDR").await.1;
    assert_eq!(rupiah, json!({ "balance": 999_987_500 }));
    for wrong in ["currency=IDR", "currency=XXX", "account_type=TAX"] {
        let (status, error) = shop.get(&format!("/balance?{wrong}")).await;
        assert_eq!((status, &error["error_code"]), (400, &json!("API_VALIDATION_ERROR")));
    }
}
