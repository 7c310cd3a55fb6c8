//! Events: signed under the webhook's secret, in the part of their mode.

use super::shop::{ACCOUNT, NOTIFY_URL, PHONE, Shop, opened, transfer, verified};
use insta::assert_json_snapshot;
use tulay_sandbox::{
    kit::{Faults, NotificationState},
    paymongo::{DEMO_LIVE_SECRET_KEY, DEMO_ORGANIZATION, DEMO_WEBHOOK_SECRET},
};

#[tokio::test]
async fn a_payment_is_notified() {
    let shop = Shop::open().await;
    shop.paid("C1", "qrph", PHONE).await;
    shop.advance("48h").await;
    let [request] = &shop.receiver.received()[..] else { panic!("more than one") };
    assert_eq!((request.method().as_str(), request.uri().to_string()), ("POST", NOTIFY_URL.into()));
    assert_eq!(request.headers()["content-type"], "application/json");
    let (part, event) = opened(request);
    assert_eq!(part, "te");
    assert_json_snapshot!("payment_paid", event);
    let [record] = &shop.sandbox.notifications()[..] else { panic!("more than one") };
    assert_eq!((record.order_id.as_str(), record.event.as_str()), ("C1", "payment.paid"));
    assert_eq!(record.state, NotificationState::Acknowledged);
}

#[tokio::test]
async fn any_2xx_acknowledges() {
    for (status, acknowledged) in [(200, true), (204, true), (302, false), (400, false), (0, false)]
    {
        let shop = Shop::open().await;
        shop.receiver.answer_now([(status, "")]);
        shop.paid("C1", "qrph", PHONE).await;
        shop.advance("500ms").await;
        let state = shop.sandbox.notifications()[0].state;
        assert_eq!(state == NotificationState::Acknowledged, acknowledged, "{status}");
    }
}

#[tokio::test]
async fn events_can_be_false() {
    let shop = Shop::open().await;
    shop.faults(Faults { wrong_amount: 1, wrong_order: 1, ..Faults::default() });
    shop.shown("C1", "qrph", PHONE).await;
    shop.faults(Faults { wrong_amount: 1, wrong_order: 1, ..Faults::default() });
    shop.sandbox.pay("paymongo", "C1", None).unwrap();
    shop.advance("1s").await;
    let payment = shop.events().remove(0)["data"]["attributes"]["data"]["attributes"].clone();
    assert_eq!(payment["amount"], 10_001);
    assert_ne!(payment["metadata"]["reference_number"], "C1");
    shop.faults(Faults { bad_signature: 1, ..Faults::default() });
    shop.paid("C2", "qrph", PHONE).await;
    shop.advance("1s").await;
    let forged = shop.receiver.received().pop().unwrap();
    assert_eq!(verified(&forged), None);
}

#[tokio::test]
async fn a_live_event_can_come_to_a_test_address() {
    let shop = Shop::open().await;
    shop.paid("C1", "qrph", "+639171996002").await;
    shop.advance("1s").await;
    let (part, event) = opened(&shop.receiver.received()[0]);
    assert_eq!((part, &event["data"]["attributes"]["livemode"]), ("li", &true.into()));
    assert_eq!(event["data"]["attributes"]["data"]["attributes"]["livemode"], true);
}

#[tokio::test]
async fn live_events_fill_the_other_part() {
    let shop = Shop::open().await;
    let body = super::shop::batch(&transfer("P1", ACCOUNT)).to_string();
    let request = shop.request("POST", super::shop::BATCHES, DEMO_LIVE_SECRET_KEY, body);
    assert_eq!(shop.answer(request).await.0, 200);
    shop.advance("1s").await;
    let (part, event) = opened(&shop.receiver.received()[0]);
    assert_eq!((part, &event["data"]["attributes"]["livemode"]), ("li", &true.into()));
}

#[tokio::test]
async fn the_secret_and_the_merchant_are_shown() {
    let shop = Shop::open().await;
    assert_eq!(shop.sandbox.platform_key("paymongo").unwrap(), DEMO_WEBHOOK_SECRET);
    let unknown = "http://127.0.0.1:8300/".parse().unwrap();
    assert!(shop.sandbox.notify_at("paymongo", "org_none", unknown).is_err());
    shop.paid("C1", "qrph", PHONE).await;
    shop.sandbox.reset();
    assert!(shop.sandbox.ledger().movements().is_empty());
    assert_eq!(shop.get("/v1/payment_intents/pi_none").await.0, 404, "the key is known still");
    let debug = format!("{:?}", tulay_sandbox::paymongo::Merchant::demo());
    assert!(
        debug.contains(DEMO_ORGANIZATION) && !debug.contains("sk_") && !debug.contains("whsk_")
    );
}
