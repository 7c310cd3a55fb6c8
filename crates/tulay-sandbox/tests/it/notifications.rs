//! Notifications: signed, sent until they are acknowledged, and everything written down.

use crate::shop::{DISBURSE, NOTIFY_URL, Shop, disbursement, opened};
use jiff::{SignedDuration, Timestamp};
use tulay_sandbox::{
    kit::{DeliveryOutcome, Faults, NotificationState},
    starpay::{Merchant, Settings, Starpay},
};

async fn paid() -> Shop {
    let shop = Shop::open().await;
    shop.call(DISBURSE, &disbursement("M1", "09171234567")).await;
    shop
}

fn at(text: &str) -> Timestamp {
    format!("2026-11-20T{text}Z").parse().unwrap()
}

#[tokio::test]
async fn one_that_is_acknowledged_is_sent_once() {
    let shop = paid().await;
    shop.advance("48h").await;
    let [request] = &shop.receiver.received()[..] else { panic!("more than one") };
    assert_eq!(
        (request.method().as_str(), request.uri().to_string()),
        ("POST", NOTIFY_URL.to_owned())
    );
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(
        opened("request", request.body()).0,
        concat!(
            r#"{"code":"200","message":"success","#,
            r#""trxDate":"2026-11-20T09:00:00+08:00","trxAmount":1250,"trxState":"SUCCESS","#,
            r#""originalMsgId":"M1","orderNo":"202611200000000001","mchId":"101510000001"}"#,
        )
    );
    let record = shop.only_notification();
    assert_eq!(record.state, NotificationState::Acknowledged);
    assert_eq!((record.order_id.as_str(), record.event.as_str()), ("M1", "SUCCESS"));
    assert_eq!(record.deliveries.len(), 1);
    assert_eq!(record.deliveries[0].at, at("01:00:00.3"));
}

#[tokio::test]
async fn one_that_is_refused_comes_again_until_it_is_acknowledged() {
    let shop = paid().await;
    shop.receiver.answer_first([
        (500, r#"{"code":"200","message":"success"}"#),
        (0, ""),
        (200, r#"{"code":"500","message":"already handled"}"#),
    ]);
    shop.advance("300ms").await;
    assert_eq!(shop.receiver.received().len(), 1);
    shop.advance("999ms").await;
    assert_eq!(shop.receiver.received().len(), 1);
    shop.advance("1ms").await;
    assert_eq!(shop.receiver.received().len(), 2);
    shop.advance("48h").await;
    assert_eq!(shop.receiver.received().len(), 4);
    let record = shop.only_notification();
    assert_eq!(record.state, NotificationState::Acknowledged);
    let deliveries: Vec<_> = record.deliveries.iter().map(|d| (d.at, d.outcome)).collect();
    assert_eq!(
        deliveries,
        [
            (at("01:00:00.3"), DeliveryOutcome::Rejected(500)),
            (at("01:00:01.3"), DeliveryOutcome::NoAnswer),
            (at("01:00:06.3"), DeliveryOutcome::Rejected(200)),
            (at("01:00:21.3"), DeliveryOutcome::Acknowledged),
        ]
    );
    let bodies: Vec<_> = shop.receiver.received().iter().map(|r| r.body().clone()).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "repetitions are byte for byte alike");
}

#[tokio::test]
async fn only_the_acknowledgement_of_the_documents_counts() {
    for (status, body, acknowledged) in [
        (200, r#"{"code":"200","message":"success"}"#, true),
        (200, r#" {"code" : "200"} "#, true),
        (200, r#"{"code":200,"message":"success"}"#, false),
        (200, r#"{"code":"500"}"#, false),
        (200, r#"{"response":{"code":"200"}}"#, false),
        (200, "success", false),
        (200, "", false),
        (201, r#"{"code":"200"}"#, false),
        (302, r#"{"code":"200"}"#, false),
        (500, r#"{"code":"200"}"#, false),
    ] {
        let shop = paid().await;
        shop.receiver.answer_first([(status, body)]);
        shop.advance("1s").await;
        let state = shop.only_notification().state;
        assert_eq!(state == NotificationState::Acknowledged, acknowledged, "{status} {body}");
    }
}

#[tokio::test]
async fn notifications_end_after_the_last_attempt() {
    let shop = paid().await;
    shop.receiver.answer_first(vec![(503, ""); 100]);
    shop.advance("720h").await;
    let record = shop.only_notification();
    assert_eq!(record.state, NotificationState::Abandoned);
    assert_eq!(record.deliveries.len(), 24);
    let gaps: Vec<i64> = record
        .deliveries
        .windows(2)
        .map(|pair| pair[1].at.duration_since(pair[0].at).as_secs())
        .collect();
    assert_eq!(gaps[..8], [1, 5, 15, 60, 300, 900, 3600, 21_600]);
    assert!(gaps[7..].iter().all(|gap| *gap == 21_600));
}

#[tokio::test]
async fn the_schedule_is_a_setting() {
    let delays = vec![SignedDuration::from_secs(2); 2];
    let shop = Shop::open_with(|b| b.retries(delays)).await;
    shop.receiver.answer_first([(500, ""), (500, "")]);
    shop.call(DISBURSE, &disbursement("M1", "09171234567")).await;
    shop.advance("1h").await;
    let record = shop.only_notification();
    assert_eq!(record.state, NotificationState::Abandoned);
    let times: Vec<_> = record.deliveries.iter().map(|delivery| delivery.at).collect();
    assert_eq!(times, [at("01:00:02.3"), at("01:00:04.3")]);
}

#[tokio::test]
async fn without_an_address_it_goes_to_the_merchant_s_or_nowhere() {
    let url = "http://localhost:8300/hook";
    let configured = Merchant { notify_url: Some(url.parse().unwrap()), ..Merchant::demo() };
    for (merchant, expected) in [(configured, Some(url)), (Merchant::demo(), None)] {
        let settings = Settings { merchants: vec![merchant], ..Settings::default() };
        let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
        let members = disbursement("M1", "09171234567").without("notifyUrl");
        assert_eq!(shop.code(DISBURSE, &members).await, "200");
        shop.advance("1s").await;
        assert_eq!(shop.state("M1").await, "SUCCESS");
        let records = shop.sandbox.notifications();
        assert_eq!(records.first().map(|record| record.url.as_str()), expected);
    }
}

#[tokio::test]
async fn duplicates_are_sent_although_the_first_was_acknowledged() {
    let shop = paid().await;
    shop.faults(Faults { duplicate_notifications: 1, ..Faults::default() });
    shop.advance("48h").await;
    assert_eq!(shop.receiver.notices().len(), 2);
    assert_eq!(shop.receiver.notices()[0], shop.receiver.notices()[1]);
    assert_eq!(shop.only_notification().state, NotificationState::Acknowledged);
    assert_eq!(shop.sandbox.faults()["starpay"].duplicate_notifications, 0);
}

#[tokio::test]
async fn a_duplicate_that_is_acknowledged_ends_the_repetitions() {
    let shop = paid().await;
    shop.faults(Faults { duplicate_notifications: 1, ..Faults::default() });
    shop.receiver.answer_first([(500, "")]);
    shop.advance("48h").await;
    let outcomes: Vec<_> = shop.only_notification().deliveries.iter().map(|d| d.outcome).collect();
    assert_eq!(outcomes, [DeliveryOutcome::Rejected(500), DeliveryOutcome::Acknowledged]);
}

#[tokio::test]
async fn a_duplicate_is_not_repeated_itself() {
    let shop = paid().await;
    shop.faults(Faults { duplicate_notifications: 1, ..Faults::default() });
    shop.receiver.answer_first([(500, ""), (500, "")]);
    shop.advance("48h").await;
    let times: Vec<_> = shop.only_notification().deliveries.iter().map(|d| d.at).collect();
    assert_eq!(times, [at("01:00:00.3"), at("01:00:00.3"), at("01:00:01.3")]);
}

#[tokio::test]
async fn dropped_ones_are_never_sent() {
    let shop = paid().await;
    shop.faults(Faults { drop_notifications: 1, ..Faults::default() });
    shop.advance("48h").await;
    assert!(shop.receiver.received().is_empty());
    assert_eq!(shop.only_notification().state, NotificationState::Dropped);
    assert_eq!(shop.state("M1").await, "SUCCESS");
}

#[tokio::test]
async fn held_ones_come_later_and_in_the_wrong_order() {
    let shop = Shop::open().await;
    shop.faults(Faults { hold_notifications: true, ..Faults::default() });
    shop.call(DISBURSE, &disbursement("M1", "0917994001")).await;
    shop.advance("1h").await;
    assert!(shop.receiver.received().is_empty());
    let states: Vec<_> = shop.sandbox.notifications().iter().map(|r| r.state).collect();
    assert_eq!(states, [NotificationState::Held; 2]);
    shop.faults(Faults::default());
    shop.advance("0s").await;
    let states: Vec<_> = shop.receiver.notices().iter().map(|n| n["trxState"].clone()).collect();
    assert_eq!(states, ["REVERSED", "SUCCESS"]);
}

#[tokio::test]
async fn an_offline_sandbox_without_a_receiver_delivers_nothing() {
    let sandbox = tulay_sandbox::Sandbox::builder()
        .offline()
        .manual_clock(at("01:00:00"))
        .start()
        .await
        .unwrap();
    let body = crate::shop::signed(&disbursement("M1", "09171234567").text());
    let request =
        http::Request::post(format!("{}{DISBURSE}", sandbox.base_url("starpay").unwrap()))
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
    sandbox.transport().send(request).await.unwrap();
    sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(sandbox.notifications()[0].deliveries[0].outcome, DeliveryOutcome::NoAnswer);
}

#[tokio::test]
async fn scattered_ones_are_sent_three_times_in_any_order() {
    let shop = Shop::open().await;
    let faults = Faults { scatter_notifications: 5_000, ..Faults::default() };
    shop.sandbox.set_faults(Starpay::NAME, faults).unwrap();
    for order in 1..=3 {
        let account = format!("0917123456{order}");
        shop.call(DISBURSE, &disbursement(&format!("M{order}"), &account)).await;
    }
    shop.advance("48h").await;
    assert_eq!(shop.receiver.received().len(), 9);
    let records = shop.sandbox.notifications();
    let sent: Vec<Vec<_>> =
        records.iter().map(|it| it.deliveries.iter().map(|it| it.at).collect()).collect();
    for moments in &sent {
        assert_eq!(moments.len(), 3);
        let last = *moments.iter().max().unwrap();
        assert!(last <= at("01:00:05.3"), "{last}");
    }
    assert!(sent.concat().windows(2).any(|pair| pair[0] > pair[1]), "late and out of order");
}
