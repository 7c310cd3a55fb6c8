//! Notifications: signed, not quite compact, sent until they are acknowledged.

use super::shop::{ID, NOTIFY_URL, PH, Shop, opened, order_id, peso, rupiah};
use serde_json::json;
use tulay_sandbox::{
    kit::{Faults, NotificationState},
    regional::{DEMO_APP_ID, Merchant, Regional, Settings},
};

#[tokio::test]
async fn one_is_sent_to_where_the_merchant_said() {
    let shop = Shop::open().await;
    shop.call(ID, &rupiah("1", "109594480004")).await;
    shop.advance("48h").await;
    let [request] = &shop.receiver.received()[..] else { panic!("more than one") };
    assert_eq!((request.method().as_str(), request.uri().to_string()), ("POST", NOTIFY_URL.into()));
    assert_eq!(request.headers()["content-type"], "application/json");
    // Alphabetical, without nulls, and with the blank of the documents' sample.
    assert_eq!(
        opened(request.body()).0,
        format!(
            concat!(
                r#"{{"amount":12500,"createTime":"2026-11-20 09:00:00","#,
                r#""eventName":"disbursement.success","mchOrderId":"{}","remark":"gaji","#,
                r#""returnTime":"2026-11-20 09:00:00","transactionId":"D1656505190221600001", "#,
                r#""transactionStatus":"COMPLETED"}}"#,
            ),
            order_id("1")
        )
    );
    let records = shop.sandbox.notifications();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].state, NotificationState::Acknowledged);
    assert_eq!(records[0].event, "disbursement.success");
}

#[tokio::test]
async fn without_an_address_nothing_is_notified() {
    let shop = Shop::open_with(|builder| builder).await;
    shop.call(PH, &peso("1", "09171234567")).await;
    shop.advance("1h").await;
    assert!(shop.sandbox.notifications().is_empty());
    let url = "http://localhost:8300/hook";
    let merchant = Merchant { notify_url: Some(url.parse().unwrap()), ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Regional::new(settings).unwrap())).await;
    shop.call(PH, &peso("1", "09171234567")).await;
    shop.advance("1h").await;
    assert_eq!(shop.sandbox.notifications()[0].url, url);
}

#[tokio::test]
async fn the_address_is_set_over_http_too() {
    let shop = crate::shop::Shop::open().await;
    let path = format!("/_sandbox/regional/merchants/{DEMO_APP_ID}/notify-url");
    let (status, answer) = shop.control("PUT", &path, &format!("{NOTIFY_URL}\n")).await;
    assert_eq!((status, &answer["notify_url"]), (200, &json!(NOTIFY_URL)));
    for (path, body) in [
        (path.as_str(), "not an address"),
        (path.as_str(), "/notify"),
        (path.as_str(), "ftp://127.0.0.1/"),
        ("/_sandbox/regional/merchants/nobody/notify-url", NOTIFY_URL),
        ("/_sandbox/nobody/merchants/x/notify-url", NOTIFY_URL),
    ] {
        assert_eq!(shop.control("PUT", path, body).await.0, 422, "{path} {body}");
    }
    let starpay = "/_sandbox/starpay/merchants/101510000001/notify-url";
    assert_eq!(shop.control("PUT", starpay, NOTIFY_URL).await.0, 200);
}

#[tokio::test]
async fn only_the_acknowledgement_of_the_documents_counts() {
    for (status, body, acknowledged) in [
        (200, r#"{"code":10000,"message":"Success"}"#, true),
        (200, r#" {"code" : 10000} "#, true),
        (200, r#"{"code":"10000","message":"Success"}"#, false),
        (200, r#"{"code":1,"msg":"success","data":{}}"#, false),
        (200, r#"{"code":"200","message":"success"}"#, false),
        (200, "success", false),
        (200, "", false),
        (201, r#"{"code":10000}"#, false),
        (500, r#"{"code":10000}"#, false),
        (0, "", false),
    ] {
        let shop = Shop::open_with(|builder| builder).await;
        shop.sandbox.notify_at("regional", DEMO_APP_ID, NOTIFY_URL.parse().unwrap()).unwrap();
        shop.receiver.answer_now([(status, body)]);
        shop.call(PH, &peso("1", "09171234567")).await;
        shop.advance("1s").await;
        let state = shop.sandbox.notifications()[0].state;
        assert_eq!(state == NotificationState::Acknowledged, acknowledged, "{status} {body}");
        shop.advance("24h").await;
        assert_eq!(shop.sandbox.notifications()[0].state, NotificationState::Acknowledged);
    }
}

#[tokio::test]
async fn notifications_can_be_false() {
    let shop = Shop::open().await;
    shop.faults(Faults { wrong_amount: 1, wrong_order: 2, ..Faults::default() });
    shop.call(PH, &peso("1", "09171234567")).await;
    shop.advance("1s").await;
    let notice = shop.notices().remove(0);
    assert_eq!(notice["amount"], 1251);
    assert_ne!(notice["mchOrderId"], order_id("1"));
    shop.faults(Faults { bad_signature: 1, ..Faults::default() });
    shop.call(PH, &peso("2", "09171234567")).await;
    shop.advance("1s").await;
    let body = shop.receiver.received().pop().unwrap().into_body();
    assert!(std::panic::catch_unwind(|| opened(&body)).is_err());
}
