//! Intents, codes and pages, and the payers before them.

use super::shop::{INTENTS, METHODS, PHONE, Shop, codes, intent, method, with};
use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use std::io::Cursor;
use tulay_core::TransportErrorKind;
use tulay_sandbox::{
    kit::{Direction, Faults},
    paymongo::{Paymongo, Settings},
};

/// The text that a picture shows.
fn read(picture: &Value) -> String {
    let base64 = picture.as_str().unwrap().strip_prefix("data:image/png;base64,").unwrap();
    let mut decoder = png::Decoder::new(Cursor::new(STANDARD.decode(base64).unwrap()));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let [grid] = &image.detect_grids()[..] else { panic!("not one code") };
    grid.decode().unwrap().1
}

/// An answer without the picture, which has a test of its own.
fn without_picture(mut answer: Value) -> Value {
    answer["data"]["attributes"]["next_action"]["code"]["image_url"] = "picture".into();
    answer
}

async fn state(shop: &Shop, id: &str) -> String {
    let found = shop.found(&format!("{INTENTS}/{id}")).await;
    found["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_payment_by_qr_ph_in_answers() {
    let shop = Shop::open().await;
    let (_, made) = shop.post(INTENTS, &intent("C1")).await;
    assert_json_snapshot!("intent", made);
    let (_, method) = shop.post(METHODS, &method("qrph", PHONE)).await;
    assert_json_snapshot!("method", method);
    let id = made["data"]["id"].as_str().unwrap();
    let (_, attached) = shop.attach(id, method["data"]["id"].as_str().unwrap()).await;
    assert_json_snapshot!("attached", without_picture(attached));
    shop.advance("1m").await;
    let paid = shop.sandbox.pay("paymongo", "C1", Some("100.00")).unwrap();
    assert_eq!((paid.order_id.as_str(), paid.direction), ("C1", Direction::In));
    let (_, found) = shop.get(&format!("{INTENTS}/{id}")).await;
    assert_json_snapshot!("succeeded", found);
    let (_, payment) = shop.get(&format!("/v1/payments/{}", paid.provider_reference)).await;
    assert_eq!(payment["data"], found["data"]["attributes"]["payments"][0]);
}

#[tokio::test]
async fn the_picture_shows_the_code_that_is_paid() {
    let shop = Shop::open().await;
    let (id, next_action) = shop.shown("C1", "qrph", PHONE).await;
    assert_eq!(next_action["type"], "consume_qr");
    let text = read(&next_action["code"]["image_url"]);
    let payload = tulay_qr::Payload::parse(&text).unwrap();
    assert!(text.contains("5406100.00"), "{text}");
    assert_eq!(tulay_qr::qrph::P2m::of(&payload).unwrap().acquirer, "PAEYPHM2XXX");
    shop.sandbox.pay("paymongo", &text, None).unwrap();
    assert_eq!(state(&shop, &id).await, "succeeded");
    assert_eq!(shop.sandbox.ledger().movements().len(), 1);
}

#[tokio::test]
async fn a_payer_can_name_what_was_shown() {
    for name in ["/code/id", "/code/test_url"] {
        let shop = Shop::open().await;
        let (_, next_action) = shop.shown("C1", "qrph", PHONE).await;
        let name = next_action.pointer(name).unwrap().as_str().unwrap();
        shop.sandbox.pay("paymongo", name, None).unwrap();
        assert!(shop.sandbox.pay("paymongo", name, None).is_err(), "it is paid");
    }
    let shop = Shop::open().await;
    shop.shown("C1", "qrph", PHONE).await;
    assert!(shop.sandbox.pay("paymongo", "C1", Some("99.99")).is_err());
    assert!(shop.sandbox.pay("paymongo", "C2", None).is_err());
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn of_two_intents_of_one_order_each_is_paid_once() {
    // Nothing makes the repetition of an intent harmless.
    let shop = Shop::open().await;
    let (first, _) = shop.shown("C1", "qrph", PHONE).await;
    let (second, _) = shop.shown("C1", "qrph", PHONE).await;
    shop.sandbox.pay("paymongo", "C1", None).unwrap();
    assert_eq!(state(&shop, &first).await, "succeeded");
    shop.sandbox.pay("paymongo", "C1", None).unwrap();
    assert_eq!(state(&shop, &second).await, "succeeded");
    assert!(shop.sandbox.pay("paymongo", "C1", None).is_err());
    assert_eq!(shop.sandbox.ledger().of_order("C1").count(), 2);
}

#[tokio::test]
async fn wallets_show_a_page() {
    for (kind, open_for) in [("gcash", "4h"), ("paymaya", "30m"), ("grab_pay", "15m")] {
        let shop = Shop::open().await;
        let (id, next_action) = shop.shown("C1", kind, PHONE).await;
        assert_eq!(next_action["type"], "redirect");
        assert_eq!(next_action["redirect"]["return_url"], "https://shop.example.com/thanks");
        shop.advance(open_for).await;
        assert_eq!(state(&shop, &id).await, "awaiting_payment_method", "{kind}");
        assert!(shop.events().is_empty(), "a page expires without an event");
        let url = next_action["redirect"]["url"].as_str().unwrap();
        assert!(shop.sandbox.pay("paymongo", url, None).is_err());
        let (_, next_action) = shop.shown("C2", kind, PHONE).await;
        let url = next_action["redirect"]["url"].as_str().unwrap();
        shop.sandbox.pay("paymongo", url, None).unwrap();
    }
}

#[tokio::test]
async fn an_expired_code_can_be_replaced() {
    let shop = Shop::open().await;
    let (id, first) = shop.shown("C1", "qrph", PHONE).await;
    assert_eq!(first["code"]["expires_at"], "2026-11-20T01:30:00Z");
    shop.advance("29m59s").await;
    assert_eq!(state(&shop, &id).await, "awaiting_next_action");
    shop.advance("1s").await;
    let found = shop.found(&format!("{INTENTS}/{id}")).await;
    assert_eq!(found["status"], "awaiting_payment_method");
    assert_eq!((&found["next_action"], &found["last_payment_error"]), (&Value::Null, &Value::Null));
    assert_json_snapshot!("expired", shop.events().remove(0));
    let first = first["code"]["id"].as_str().unwrap();
    assert!(shop.sandbox.pay("paymongo", first, None).is_err());
    let again = shop.made(METHODS, &method("qrph", PHONE)).await;
    let (status, _) = shop.attach(&id, again["id"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    shop.sandbox.pay("paymongo", &id, None).unwrap();
    assert_eq!(state(&shop, &id).await, "succeeded");
    shop.advance("1h").await;
    assert_eq!(shop.event_names(), ["qrph.expired", "payment.paid"]);
}

#[tokio::test]
async fn a_method_says_when_its_code_expires() {
    let shop = Shop::open().await;
    for (seconds, rejected) in [
        (59, Some("parameter_below_minimum")),
        (60, None),
        (9_000, None),
        (9_001, Some("parameter_above_maximum")),
    ] {
        let asked = with(method("qrph", PHONE), "expiry_seconds", seconds);
        let (_, answer) = shop.post(METHODS, &asked).await;
        match rejected {
            Some(code) => assert_eq!(codes(&answer), [code], "{seconds}"),
            None => assert_eq!(answer["data"]["type"], "payment_method", "{seconds}"),
        }
    }
    let made = shop.made(INTENTS, &intent("C1")).await;
    let asked = with(method("qrph", PHONE), "expiry_seconds", 60);
    let method = shop.made(METHODS, &asked).await;
    // The time runs from the attachment on.
    shop.advance("10m").await;
    let id = made["id"].as_str().unwrap();
    let (_, answer) = shop.attach(id, method["id"].as_str().unwrap()).await;
    let code = &answer["data"]["attributes"]["next_action"]["code"];
    assert_eq!(code["expires_at"], "2026-11-20T01:11:00Z");
}

#[tokio::test]
async fn a_payment_can_come_after_the_expiry() {
    let shop = Shop::open().await;
    let (id, _) = shop.shown("C1", "qrph", "+639171996001").await;
    shop.advance("1h").await;
    assert_eq!(state(&shop, &id).await, "awaiting_payment_method");
    shop.sandbox.pay("paymongo", "C1", None).unwrap();
    shop.advance("1s").await;
    assert_eq!(state(&shop, &id).await, "succeeded");
    assert_eq!(shop.event_names(), ["qrph.expired", "payment.paid"]);
}

#[tokio::test]
async fn a_failed_payment_can_be_followed_by_one() {
    let shop = Shop::open().await;
    let (id, _) = shop.shown("C1", "qrph", "+639171991001").await;
    assert!(shop.sandbox.pay("paymongo", "C1", None).is_err());
    let found = shop.found(&format!("{INTENTS}/{id}")).await;
    assert_eq!(found["status"], "awaiting_payment_method");
    assert_eq!(found["last_payment_error"]["failed_code"], "RJCT");
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.sandbox.pay("paymongo", "C1", None).unwrap();
    let found = shop.found(&format!("{INTENTS}/{id}")).await;
    assert_eq!(found["status"], "succeeded");
    assert_eq!(found["payments"][0]["attributes"]["status"], "failed");
    assert_eq!(found["payments"][1]["attributes"]["status"], "paid");
    assert!(found["last_payment_error"].is_null());
    shop.advance("1s").await;
    assert_eq!(shop.event_names(), ["payment.failed", "payment.paid"]);
}

#[tokio::test]
async fn a_payer_can_fail_for_good() {
    let shop = Shop::open().await;
    let (id, _) = shop.shown("C1", "gcash", "+639171991000").await;
    assert!(shop.sandbox.pay("paymongo", "C1", None).is_err());
    assert!(shop.sandbox.pay("paymongo", "C1", None).is_err());
    assert_eq!(state(&shop, &id).await, "awaiting_payment_method");
    shop.advance("5h").await;
    assert_eq!(shop.event_names(), ["payment.failed"]);
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn a_payment_can_be_processed_slowly() {
    let shop = Shop::open().await;
    let (id, _) = shop.shown("C1", "qrph", "+639171993001").await;
    shop.sandbox.pay("paymongo", "C1", None).unwrap();
    assert_eq!(state(&shop, &id).await, "processing");
    shop.advance("10m").await;
    assert_eq!(state(&shop, &id).await, "succeeded");
}

#[tokio::test]
async fn the_answer_to_an_attachment_can_be_lost() {
    for (phone, is_made) in
        [("+639171992001", true), ("+639171992002", false), ("+639171992004", true)]
    {
        let shop = Shop::open().await;
        let made = shop.made(INTENTS, &intent("C1")).await;
        let method = shop.made(METHODS, &method("qrph", phone)).await;
        let id = made["id"].as_str().unwrap();
        let body = json!({ "data": { "attributes": { "payment_method": method["id"] } } });
        let path = format!("{INTENTS}/{id}/attach");
        let key = tulay_sandbox::paymongo::DEMO_SECRET_KEY;
        let request = || shop.request("POST", &path, key, body.to_string());
        assert_eq!(shop.send(request()).await.unwrap_err(), TransportErrorKind::Interrupted);
        let expected = if is_made { "awaiting_next_action" } else { "awaiting_payment_method" };
        assert_eq!(state(&shop, id).await, expected, "{phone}");
        let (status, answer) = shop.answer(request()).await;
        match is_made {
            true => assert_eq!(codes(&answer), ["resource_processing_state"]),
            false => assert_eq!(status, 200),
        }
    }
}

#[tokio::test]
async fn answers_can_be_false_or_hidden() {
    let shop = Shop::open().await;
    let id = shop.made(INTENTS, &intent("C1")).await["id"].as_str().unwrap().to_owned();
    let path = format!("{INTENTS}/{id}");
    shop.faults(Faults { wrong_amount: 1, wrong_order: 1, hide_orders: 1, ..Faults::default() });
    assert_eq!(codes(&shop.get(&path).await.1), ["resource_not_found"]);
    let found = shop.found(&path).await;
    assert_eq!(found["amount"], 10_001);
    assert_ne!(found["metadata"]["reference_number"], "C1");
    let found = shop.found(&path).await;
    assert_eq!(
        (&found["amount"], &found["metadata"]["reference_number"]),
        (&json!(10_000), &json!("C1"))
    );
}

#[tokio::test]
async fn payments_repeat_metadata_by_default() {
    let settings = Settings { payments_repeat_metadata: false, ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Paymongo::new(settings).unwrap())).await;
    let payment = shop.paid("C1", "qrph", PHONE).await;
    let found = shop.found(&format!("/v1/payments/{payment}")).await;
    assert!(found["metadata"].is_null() && found["payment_intent_id"].is_string());
}
