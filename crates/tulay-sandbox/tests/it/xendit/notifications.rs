//! Notifications: a token, and ends alone.

use super::shop::{NOTIFY_URL, Shop, WALLET, peso};
use serde_json::json;
use tulay_sandbox::{
    kit::{Faults, NotificationState},
    xendit::{DEMO_CALLBACK_TOKEN, Edition, Merchant, Settings, Xendit},
};

#[tokio::test]
async fn one_is_sent_with_the_account_s_token() {
    let shop = Shop::open().await;
    shop.pay_out("K1", &peso("R1", WALLET)).await;
    shop.advance("48h").await;
    let [request] = &shop.receiver.received()[..] else { panic!("more than one") };
    assert_eq!((request.method().as_str(), request.uri().to_string()), ("POST", NOTIFY_URL.into()));
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["x-callback-token"], DEMO_CALLBACK_TOKEN);
    let records = shop.sandbox.notifications();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].state, NotificationState::Acknowledged);
    assert_eq!(
        (records[0].order_id.as_str(), records[0].event.as_str()),
        ("R1", "payout.succeeded")
    );
}

#[tokio::test]
async fn without_an_address_nothing_is_notified() {
    let xendit = Xendit::new(Settings::default()).unwrap();
    let shop = Shop::open_with(|builder| builder.provider(xendit)).await;
    shop.pay_out("K1", &peso("R1", WALLET)).await;
    shop.advance("1h").await;
    assert!(shop.sandbox.notifications().is_empty());
}

#[tokio::test]
async fn only_200_acknowledges() {
    for (status, acknowledged) in
        [(200, true), (201, false), (204, false), (500, false), (0, false)]
    {
        let shop = Shop::open().await;
        shop.receiver.answer_now([(status, "")]);
        shop.pay_out("K1", &peso("R1", WALLET)).await;
        shop.advance("300ms").await;
        let state = shop.sandbox.notifications()[0].state;
        assert_eq!(state == NotificationState::Acknowledged, acknowledged, "{status}");
        shop.advance("24h").await;
        assert_eq!(shop.sandbox.notifications()[0].state, NotificationState::Acknowledged);
    }
}

#[tokio::test]
async fn notifications_can_be_false_forged_and_repeated() {
    let shop = Shop::open().await;
    shop.faults(Faults {
        wrong_amount: 2,
        wrong_order: 2,
        bad_signature: 1,
        duplicate_notifications: 1,
        ..Faults::default()
    });
    shop.pay_out("K1", &peso("R1", WALLET)).await;
    shop.advance("1s").await;
    let received = shop.receiver.received();
    assert_eq!(received.len(), 2, "it was sent twice");
    assert_ne!(received[0].headers()["x-callback-token"], DEMO_CALLBACK_TOKEN);
    let data = &shop.notices()[0]["data"];
    assert_eq!((&data["amount"], &data["reference_id"]), (&json!(12.51), &json!("RX")));
    shop.pay_out("K2", &peso("R2", WALLET)).await;
    shop.advance("1s").await;
    let last = shop.receiver.received().pop().unwrap();
    assert_eq!(last.headers()["x-callback-token"], DEMO_CALLBACK_TOKEN);
}

#[tokio::test]
async fn a_live_account_can_notify_the_address_of_a_test_one() {
    let live = Merchant {
        secret_key: "xnd_production_LiveAccountIsPublic".into(),
        callback_token: "LiveTokenIsPublic".into(),
        business_id: "live1".into(),
        payout_url: Some(NOTIFY_URL.parse().unwrap()),
        ..Merchant::demo()
    };
    let settings = Settings {
        edition: Edition::TestMode,
        merchants: vec![Merchant::demo(), live],
        ..Settings::default()
    };
    let shop = Shop::open_as(settings).await;
    let authorization = super::shop::basic("xnd_production_LiveAccountIsPublic");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "K1"),
    ];
    let body = peso("R1", WALLET).to_string();
    let answer = shop.exchange(http::Method::POST, "/v2/payouts", &headers, body).await.unwrap();
    assert_eq!(answer.status(), 200);
    shop.advance("1s").await;
    let received = shop.receiver.received();
    assert_eq!(received[0].headers()["x-callback-token"], "LiveTokenIsPublic");
    assert_eq!(shop.notices()[0]["business_id"], "live1");
}

#[tokio::test]
async fn each_kind_has_an_address_of_its_own() {
    let at = |kind: &str| Some(format!("http://127.0.0.1:8300/{kind}").parse().unwrap());
    let merchant = Merchant {
        payout_url: at("payout"),
        payment_url: at("payment"),
        refund_url: at("refund"),
        ..Merchant::demo()
    };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let xendit = Xendit::new(settings).unwrap();
    let shop = Shop::open_with(|builder| builder.provider(xendit)).await;
    shop.pay_out("K1", &peso("R1", WALLET)).await;
    shop.collect(&super::shop::qr_ph("C1")).await;
    shop.sandbox.pay("xendit", "C1", None).unwrap();
    shop.advance("1s").await;
    let mut urls: Vec<_> =
        shop.receiver.received().iter().map(|request| request.uri().path().to_owned()).collect();
    urls.sort();
    assert_eq!(urls, ["/payment", "/payout"]);
}
