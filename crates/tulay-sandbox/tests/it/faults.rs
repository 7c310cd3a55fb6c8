//! What goes wrong on purpose, and stops going wrong when it was counted down.

use crate::shop::{DISBURSE, QUERY, Shop, disbursement, opened, query, verifies};
use serde_json::Value;
use tulay_core::TransportErrorKind;
use tulay_sandbox::kit::{Faults, Shape};

const ACCOUNT: &str = "09171234567";

async fn with(faults: Faults) -> Shop {
    let shop = Shop::open().await;
    shop.faults(faults);
    shop
}

#[tokio::test]
async fn lost_requests_do_nothing() {
    let shop = with(Faults { lose_requests: 1, ..Faults::default() }).await;
    let members = disbursement("M1", ACCOUNT);
    assert_eq!(shop.send(DISBURSE, &members).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.found("M1").await["code"], "565");
    assert_eq!(shop.code(DISBURSE, &members).await, "200");
}

#[tokio::test]
async fn lost_half_and_failing_answers_come_after_the_order_was_made() {
    for faults in [
        Faults { lose_answers: 1, ..Faults::default() },
        Faults { half_answer: 1, ..Faults::default() },
        Faults { http_500_after: 1, ..Faults::default() },
    ] {
        let shop = with(faults.clone()).await;
        match shop.send(DISBURSE, &disbursement("M1", ACCOUNT)).await {
            Err(kind) => assert_eq!(kind, TransportErrorKind::Interrupted),
            Ok(answer) => {
                assert_eq!(answer.status(), 500);
                assert!(answer.body().starts_with(b"<html>"));
            }
        }
        shop.advance("1s").await;
        assert_eq!(shop.state("M1").await, "SUCCESS", "{faults:?}");
        assert_eq!(shop.sandbox.ledger().times_paid("M1"), 1);
        assert_eq!(shop.sandbox.faults()["starpay"], Faults::default(), "counted down");
    }
}

#[tokio::test]
async fn signatures_can_be_bad_on_answers_and_notifications() {
    let shop = with(Faults { bad_signature: 1, ..Faults::default() }).await;
    let answer = shop.send(DISBURSE, &disbursement("M1", ACCOUNT)).await.unwrap();
    let envelope: Value = serde_json::from_slice(answer.body()).unwrap();
    assert!(!verifies(&cut(answer.body()), envelope["signature"].as_str().unwrap()));

    shop.faults(Faults { bad_signature: 1, ..Faults::default() });
    shop.advance("1s").await;
    let notification = shop.receiver.received().remove(0);
    let envelope: Value = serde_json::from_slice(notification.body()).unwrap();
    assert!(!verifies(&cut(notification.body()), envelope["signature"].as_str().unwrap()));
    assert_eq!(shop.state("M1").await, "SUCCESS");
}

#[tokio::test]
async fn amounts_and_orders_can_be_wrong_in_answers_look_ups_and_notifications() {
    let wrong = || Faults { wrong_amount: 1, wrong_order: 1, ..Faults::default() };
    let shop = with(wrong()).await;
    let answer = shop.call(DISBURSE, &disbursement("M1", ACCOUNT)).await;
    assert_eq!((&answer["trxAmount"], &answer["msgId"]), (&1251.into(), &"MX".into()));
    shop.faults(wrong());
    shop.advance("1s").await;
    let notice = shop.receiver.notices().remove(0);
    assert_eq!((&notice["trxAmount"], &notice["originalMsgId"]), (&1251.into(), &"MX".into()));
    shop.faults(wrong());
    let found = shop.call(QUERY, &query("Q1", "M1")).await;
    assert_eq!((&found["trxAmount"], &found["originalMsgId"]), (&1251.into(), &"MX".into()));
    assert_eq!(found["msgId"], "Q1");
    assert_eq!(shop.sandbox.ledger().movements()[0].money.minor(), 1250);
}

#[tokio::test]
async fn a_rejection_without_an_amount_does_not_use_a_wrong_amount_up() {
    let shop = with(Faults { wrong_amount: 1, ..Faults::default() }).await;
    assert_eq!(shop.found("M1").await["code"], "565");
    assert_eq!(shop.call(DISBURSE, &disbursement("M1", ACCOUNT)).await["trxAmount"], 1251);
}

#[tokio::test]
async fn look_ups_can_miss_an_order_that_is_there() {
    let shop = with(Faults { hide_orders: 1, ..Faults::default() }).await;
    assert_eq!(shop.found("M1").await["code"], "565", "there is none to hide yet");
    shop.call(DISBURSE, &disbursement("M1", ACCOUNT)).await;
    assert_eq!(shop.found("M1").await["code"], "565");
    assert_eq!(shop.state("M1").await, "PROCESSING");
}

#[tokio::test]
async fn ids_can_be_burned_by_rejections_but_not_by_strangers() {
    let shop = with(Faults { use_up_ids: true, ..Faults::default() }).await;
    let members = disbursement("M1", ACCOUNT);
    let stranger = members.text();
    let forged = crate::shop::enveloped(&stranger, "AAAA");
    let rejection = shop.post(DISBURSE, forged).await.unwrap();
    assert_eq!(opened("response", rejection.body()).1["code"], "402");
    let nameless = members.clone().without("msgId").with("service", "\"x\"");
    assert_eq!(shop.code(DISBURSE, &nameless).await, "514");
    assert_eq!(shop.code(DISBURSE, &members.clone().with("currency", "\"USD\"")).await, "420");
    assert_eq!(shop.code(DISBURSE, &members).await, "403");
    assert_eq!(shop.found("M1").await["code"], "565");
    assert_eq!(shop.code(DISBURSE, &disbursement("M2", ACCOUNT)).await, "200");

    let lost = disbursement("M3", "0917992002");
    assert_eq!(shop.send(DISBURSE, &lost).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.code(DISBURSE, &lost).await, "200", "what never arrived burns nothing");
}

#[tokio::test]
async fn rejections_can_be_unsigned_and_successes_never_are() {
    let shop = with(Faults { sign_rejections: false, ..Faults::default() }).await;
    let members = disbursement("M1", "0917990418");
    let answer = shop.send(DISBURSE, &members).await.unwrap();
    assert_eq!(
        answer.body(),
        concat!(
            r#"{"response":{"code":"418","message":"Invalid Bank","#,
            r#""msgId":"M1","mchId":"101510000001"}}"#,
        )
    );
    assert_eq!(shop.code(DISBURSE, &disbursement("M2", ACCOUNT)).await, "200");
}

#[tokio::test]
async fn content_comes_as_text_and_as_an_array_of_text() {
    for shape in [Shape::Text, Shape::ArrayOfText] {
        let faults = Faults { answer_shape: shape, notification_shape: shape, ..Faults::default() };
        let shop = with(faults).await;
        let answer = shop.send(DISBURSE, &disbursement("M1", ACCOUNT)).await.unwrap();
        shop.advance("1s").await;
        let notification = shop.receiver.received().remove(0);
        for (member, body) in [("response", answer.body()), ("request", notification.body())] {
            let envelope: Value = serde_json::from_slice(body).unwrap();
            let (content, signature) = match shape {
                Shape::ArrayOfText => (&envelope[member][0], &envelope["signature"][0]),
                _ => (&envelope[member], &envelope["signature"]),
            };
            let text = content.as_str().unwrap();
            assert!(verifies(text, signature.as_str().unwrap()));
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(value["code"], "200");
        }
    }
}

#[tokio::test]
async fn faults_are_set_from_the_start_and_by_file() {
    let file = "[starpay]\nuse_up_ids = true\nlose_answers = 2\nanswer_shape = \"array_of_text\"\n";
    let mut read: std::collections::BTreeMap<String, Faults> = toml::from_str(file).unwrap();
    let faults = read.remove("starpay").unwrap();
    let shop = Shop::open_with(|b| b.faults("starpay", faults.clone())).await;
    assert_eq!(shop.sandbox.faults()["starpay"], faults);
    assert!(faults.sign_rejections);
    assert!(toml::from_str::<Faults>("lose_anwsers = 2").is_err());
}

/// The signed text of an object-shaped message, unverified.
fn cut(body: &[u8]) -> String {
    let envelope: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_slice(body).unwrap();
    let content = envelope.get("response").or(envelope.get("request")).unwrap();
    content.get().to_owned()
}
