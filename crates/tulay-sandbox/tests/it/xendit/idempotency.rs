//! Keys and references: what makes one payout, and what makes two.

use super::shop::{PAYOUTS, Shop, WALLET, peso, with};
use http::Method;
use serde_json::json;
use tulay_core::TransportErrorKind;
use tulay_sandbox::{
    kit::Faults,
    xendit::{Edition, Settings},
};

#[tokio::test]
async fn the_same_key_and_text_make_one_payout() {
    for edition in [Edition::Reference, Edition::TestMode] {
        let shop = Shop::open_as(Settings { edition, ..Settings::default() }).await;
        let body = peso("R1", WALLET);
        let (_, first) = shop.pay_out("K1", &body).await;
        shop.advance("1s").await;
        // Blanks make no other text.
        let spaced = body.to_string().replace(':', " : ");
        let spaced = serde_json::from_str(&spaced).unwrap();
        for again in [&body, &spaced] {
            let (status, answer) = shop.pay_out("K1", again).await;
            assert_eq!((status, &answer["id"]), (200, &first["id"]));
            let expected = if edition == Edition::Reference { "ACCEPTED" } else { "SUCCEEDED" };
            assert_eq!(answer["status"], expected);
        }
        shop.advance("1h").await;
        assert_eq!(shop.sandbox.ledger().times_paid("R1"), 1);
    }
}

#[tokio::test]
async fn the_same_key_with_another_text_is_a_duplicate() {
    for (edition, expected) in [(Edition::Reference, 400), (Edition::TestMode, 409)] {
        let shop = Shop::open_as(Settings { edition, ..Settings::default() }).await;
        let body = peso("R1", WALLET);
        shop.pay_out("K1", &body).await;
        for other in [
            with(body.clone(), "amount", 13),
            with(body.clone(), "reference_id", "R2"),
            with(body.clone(), "metadata", json!({})),
            // Even if it would be rejected by itself.
            with(body.clone(), "channel_code", "PH_NONE"),
        ] {
            let (status, error) = shop.pay_out("K1", &other).await;
            assert_eq!((status, &error["error_code"]), (expected, &json!("DUPLICATE_ERROR")));
        }
        shop.advance("1h").await;
        assert_eq!(shop.sandbox.ledger().movements().len(), 1);
    }
}

#[tokio::test]
async fn another_key_pays_the_same_reference_twice() {
    let shop = Shop::open().await;
    let body = peso("R1", WALLET);
    let (_, first) = shop.pay_out("K1", &body).await;
    let (_, second) = shop.pay_out("K2", &body).await;
    assert_ne!(first["id"], second["id"]);
    shop.advance("1s").await;
    assert_eq!(shop.statuses("R1").await, ["SUCCEEDED", "SUCCEEDED"]);
    assert_eq!(shop.sandbox.ledger().times_paid("R1"), 2);
    assert_eq!(shop.sandbox.ledger().paid_more_than_once(), ["R1"]);
}

#[tokio::test]
async fn a_forgotten_key_pays_twice() {
    let keys_live_for = Some("24h".parse().unwrap());
    let shop = Shop::open_as(Settings { keys_live_for, ..Settings::default() }).await;
    let body = peso("R1", WALLET);
    let (_, first) = shop.pay_out("K1", &body).await;
    shop.advance("23h59m59s").await;
    assert_eq!(shop.pay_out("K1", &body).await.1["id"], first["id"]);
    shop.advance("1s").await;
    let (status, second) = shop.pay_out("K1", &body).await;
    assert_eq!(status, 200);
    assert_ne!(second["id"], first["id"]);
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("R1"), 2);
    // The key is known anew.
    assert_eq!(shop.pay_out("K1", &body).await.1["id"], second["id"]);
}

#[tokio::test]
async fn a_key_is_one_account_s() {
    let shop = Shop::open().await;
    assert_eq!(shop.pay_out("K1", &peso("R1", WALLET)).await.0, 200);
    let other = super::shop::rupiah("R1", "1234567890");
    assert_eq!(shop.pay_out("K1", &other).await.0, 200);
}

#[tokio::test]
async fn a_key_whose_request_is_not_done_is_answered_with_409() {
    let shop = Shop::open().await;
    let body = peso("R1", "09171992005");
    assert_eq!(shop.send("K1", &body).await.unwrap_err(), TransportErrorKind::Interrupted);
    let (status, error) = shop.pay_out("K1", &body).await;
    assert_eq!((status, &error["error_code"]), (409, &json!("REQUEST_IN_PROGRESS")));
    shop.advance("1m").await;
    assert_eq!(shop.pay_out("K1", &body).await.0, 200);
    assert_eq!(shop.sandbox.ledger().times_paid("R1"), 1);
}

#[tokio::test]
async fn a_rejection_uses_a_key_up_only_if_that_is_set() {
    let shop = Shop::open().await;
    let body = peso("R1", WALLET);
    let wrong = with(body.clone(), "channel_code", "PH_NONE");
    assert_eq!(shop.pay_out("K1", &wrong).await.0, 400);
    assert_eq!(shop.pay_out("K1", &body).await.0, 200);

    shop.faults(Faults { use_up_ids: true, ..Faults::default() });
    let (_, first) = shop.pay_out("K2", &wrong).await;
    assert_eq!(first["error_code"], "CHANNEL_CODE_NOT_SUPPORTED");
    assert_eq!(shop.pay_out("K2", &wrong).await.1, first, "it is remembered");
    assert_eq!(shop.pay_out("K2", &body).await.1["error_code"], "DUPLICATE_ERROR");
}

#[tokio::test]
async fn a_key_has_1_to_100_characters() {
    let shop = Shop::open().await;
    let body = peso("R1", WALLET);
    let long = "k".repeat(101);
    for key in ["", long.as_str()] {
        let (status, error) = shop.pay_out(key, &body).await;
        assert_eq!((status, &error["error_code"]), (400, &json!("API_VALIDATION_ERROR")));
    }
    let without = shop.post(PAYOUTS, None, &body).await.unwrap();
    assert_eq!(without.status(), 400);
    assert_eq!(shop.pay_out(&long[1..], &body).await.0, 200);
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let shop = Shop::in_test_mode().await;
    let mut ids = Vec::new();
    for key in 0..12 {
        let (_, made) = shop.pay_out(&format!("K{key}"), &peso("R1", WALLET)).await;
        ids.insert(0, made["id"].clone());
    }
    let (_, first) = shop.get(&format!("{PAYOUTS}?reference_id=R1")).await;
    assert_eq!(first["has_more"], true);
    let rows = |page: &serde_json::Value| -> Vec<_> {
        page["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
    };
    assert_eq!(rows(&first), ids[..10]);
    let next = first["links"][0]["href"].as_str().unwrap();
    let (_, second) = shop.get(next).await;
    assert_eq!((&second["has_more"], second.get("links")), (&json!(false), None));
    assert_eq!(rows(&second), ids[10..]);
    let (_, all) = shop.get(&format!("{PAYOUTS}?reference_id=R1&limit=12")).await;
    assert_eq!(rows(&all), ids);
}

#[tokio::test]
async fn the_address_of_the_reference_ends_in_a_slash() {
    let shop = Shop::open().await;
    shop.pay_out("K1", &peso("R 1/ñ", WALLET)).await;
    for path in ["/v2/payouts/?reference_id=R%201%2F%C3%B1", "/v2/payouts?reference_id=R+1/%c3%b1"]
    {
        assert_eq!(shop.get(path).await.1[0]["reference_id"], "R 1/ñ");
    }
    let (status, error) = shop.get(PAYOUTS).await;
    assert_eq!((status, &error["error_code"]), (400, &json!("API_VALIDATION_ERROR")));
    let answer = shop.exchange(Method::DELETE, PAYOUTS, &[], "").await.unwrap();
    assert_eq!(answer.status(), 401, "who asks is looked at first");
    assert_eq!(shop.get("/v2/payouts/x/y").await.0, 404);
}
