//! Transfers: keys, replays, limits, and items that fail.

use super::shop::{ACCOUNT, BATCHES, Shop, batch, codes, transfer, with};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tulay_core::TransportErrorKind;
use tulay_sandbox::{
    kit::{Direction, Faults},
    paymongo::{Merchant, Paymongo, Settings},
};

async fn settings(settings: Settings) -> Shop {
    Shop::open_with(|builder| builder.provider(Paymongo::new(settings).unwrap())).await
}

#[tokio::test]
async fn a_transfer_in_answers() {
    let shop = Shop::open().await;
    let asked = with(transfer("P1", ACCOUNT), "callback_url", "http://127.0.0.1:8300/back");
    let (status, made) = shop.answer(shop.batch(Some("K1"), &batch(&asked))).await;
    assert_eq!(status, 200);
    assert_json_snapshot!("batch", made);
    let made = &made["data"]["transfers"][0];
    assert_eq!(shop.wallet().await, 100_000_000);
    shop.advance("1s").await;
    let (_, found) = shop.get(&format!("/v2/transfers/{}", made["id"].as_str().unwrap())).await;
    assert_json_snapshot!("transfer", found);
    assert_eq!(shop.wallet().await, 100_000_000 - 1_250 - 1_000);
    let moved = shop.sandbox.ledger().of_order("P1").cloned().collect::<Vec<_>>();
    assert_eq!((moved.len(), moved[0].money.minor()), (1, 1_250));
    let received = shop.receiver.received();
    assert_eq!(received[0].uri().path(), "/back");
    assert!(received[0].headers().get("paymongo-signature").is_none());
    let event = super::shop::opened(&received[1]).1;
    assert_json_snapshot!("transfer_event", event);
    let callback: Value = serde_json::from_slice(received[0].body()).unwrap();
    assert_eq!(callback["data"], event["data"]["attributes"]["data"]);
}

#[tokio::test]
async fn the_first_response_to_a_key_is_given_again() {
    let shop = Shop::open().await;
    let first = shop.send(shop.batch(Some("K1"), &batch(&transfer("P1", ACCOUNT)))).await.unwrap();
    shop.advance("23h59m59s").await;
    // Whatever is asked for by then.
    let other = batch(&with(transfer("P2", ACCOUNT), "amount", 9_999));
    let again = shop.send(shop.batch(Some("K1"), &other)).await.unwrap();
    assert_eq!(first.body(), again.body());
    assert_eq!(shop.sandbox.ledger().movements().len(), 1);
    // Its memory ends, and the same key pays again.
    shop.advance("1s").await;
    shop.transferred("K1", &transfer("P1", ACCOUNT)).await;
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().paid_more_than_once(), ["P1"]);
}

#[tokio::test]
async fn without_a_key_every_request_pays() {
    let shop = Shop::open().await;
    for _ in 0..2 {
        let (status, _) = shop.answer(shop.batch(None, &batch(&transfer("P1", ACCOUNT)))).await;
        assert_eq!(status, 200);
    }
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("P1"), 2);
}

#[tokio::test]
async fn rejections_are_given_again_too() {
    let bad = batch(&with(transfer("P1", ACCOUNT), "amount", 0));
    let good = batch(&transfer("P1", ACCOUNT));
    let shop = Shop::open().await;
    assert_eq!(shop.answer(shop.batch(Some("K1"), &bad)).await.0, 400);
    assert_eq!(shop.answer(shop.batch(Some("K1"), &good)).await.0, 400);
    let shop = settings(Settings { replays_rejections: false, ..Settings::default() }).await;
    assert_eq!(shop.answer(shop.batch(Some("K1"), &bad)).await.0, 400);
    assert_eq!(shop.answer(shop.batch(Some("K1"), &good)).await.0, 200);
}

#[tokio::test]
async fn a_request_in_progress_is_a_conflict() {
    let shop = Shop::open().await;
    let late = batch(&transfer("P1", "0917993002"));
    let request = shop.batch(Some("K1"), &late);
    // The first answer is lost while it is under way, so that the clock does not wait for it.
    shop.faults(Faults { lose_answers: 1, ..Faults::default() });
    assert_eq!(shop.send(request).await.unwrap_err(), TransportErrorKind::Interrupted);
    let (status, answer) = shop.answer(shop.batch(Some("K1"), &late)).await;
    assert_eq!((status, codes(&answer)), (409, vec!["idempotency_in_progress"]));
    shop.advance("3s").await;
    assert_eq!(shop.answer(shop.batch(Some("K1"), &late)).await.0, 200);
    assert_eq!(shop.sandbox.ledger().times_paid("P1"), 1);
}

#[tokio::test]
async fn lost_answers_are_replayed_and_lost_requests_made() {
    for (account, times) in [("0917992001", 1), ("0917992002", 0), ("0917992004", 1)] {
        let shop = Shop::open().await;
        let body = batch(&transfer("P1", account));
        let lost = shop.send(shop.batch(Some("K1"), &body)).await;
        assert_eq!(lost.unwrap_err(), TransportErrorKind::Interrupted, "{account}");
        shop.advance("1s").await;
        assert_eq!(shop.sandbox.ledger().times_paid("P1"), times, "{account}");
        assert_eq!(shop.answer(shop.batch(Some("K1"), &body)).await.0, 200);
        shop.advance("1s").await;
        assert_eq!(shop.sandbox.ledger().times_paid("P1"), 1, "{account}");
    }
    let shop = Shop::open().await;
    let body = batch(&transfer("P1", "0917992003"));
    let broken = shop.send(shop.batch(Some("K1"), &body)).await.unwrap();
    assert_eq!((broken.status().as_u16(), broken.body().starts_with(b"<html>")), (502, true));
    assert_eq!(shop.answer(shop.batch(Some("K1"), &body)).await.0, 200);
}

#[tokio::test]
async fn a_batch_can_be_accepted_whose_item_fails() {
    for (account, at_once, code) in [
        ("999999990002", "pending", "test_failed_number"),
        ("999999990003", "pending", "account_not_found"),
        ("999999990004", "pending", "account_not_active"),
        ("999999990005", "pending", "account_limit_reached"),
        ("999999990006", "pending", "internal_server_error"),
        ("0917991004", "pending", "account_not_active"),
        ("0917991104", "failed", "account_not_active"),
    ] {
        let shop = Shop::open().await;
        let made = shop.transferred("K1", &transfer("P1", account)).await;
        assert_eq!(made["status"], at_once, "{account}");
        shop.advance("1s").await;
        let path = format!("/v2/transfers/{}", made["id"].as_str().unwrap());
        let found = shop.get(&path).await.1["data"].clone();
        assert_eq!(
            (&found["status"], &found["provider_error_code"]),
            (&json!("failed"), &json!(code))
        );
        assert_eq!(shop.event_names(), ["transfer.outward.failed"]);
        assert!(shop.sandbox.ledger().movements().is_empty());
        assert_eq!(shop.wallet().await, 100_000_000);
    }
    let shop = Shop::open().await;
    let made = shop.transferred("K1", &transfer("P1", "999999990001")).await;
    shop.advance("1s").await;
    assert_eq!(shop.transfer_state(&made).await, "succeeded");
}

#[tokio::test]
async fn a_wallet_that_does_not_suffice_fails_the_item() {
    let merchant = Merchant { opening_wallet: 2_249, ..Merchant::demo() };
    let shop = settings(Settings { merchants: vec![merchant], ..Settings::default() }).await;
    let made = shop.transferred("K1", &transfer("P1", ACCOUNT)).await;
    shop.advance("1s").await;
    assert_eq!(shop.transfer_state(&made).await, "failed");
    let made = shop.transferred("K2", &with(transfer("P2", ACCOUNT), "amount", 1_249)).await;
    shop.advance("1s").await;
    assert_eq!((shop.transfer_state(&made).await.as_str(), shop.wallet().await), ("succeeded", 0));
}

#[tokio::test]
async fn a_transfer_can_come_back() {
    let shop = Shop::open().await;
    let made = shop.transferred("K1", &transfer("P1", "0917994001")).await;
    shop.advance("1s").await;
    assert_eq!(shop.transfer_state(&made).await, "succeeded");
    shop.advance("1m").await;
    assert_eq!(shop.transfer_state(&made).await, "failed");
    let ledger = shop.sandbox.ledger();
    let directions: Vec<_> = ledger.of_order("P1").map(|moved| moved.direction).collect();
    assert_eq!(directions, [Direction::Out, Direction::Back]);
    assert_eq!(shop.event_names(), ["transfer.outward.successful", "transfer.outward.failed"]);
}

#[tokio::test]
async fn items_that_do_not_fit_are_rejected() {
    let shop = Shop::open().await;
    let good = || transfer("P1", ACCOUNT);
    let account = |name: &str, value: Value| {
        with(
            good(),
            "destination_account",
            with(good()["destination_account"].clone(), name, value),
        )
    };
    let source = |name: &str, value: Value| {
        with(good(), "source_account", with(good()["source_account"].clone(), name, value))
    };
    for (item, code) in [
        (with(good(), "amount", 5_000_001), "parameter_above_maximum"),
        (with(good(), "amount", 0), "parameter_below_minimum"),
        (with(good(), "amount", "1250"), "parameter_data_type_invalid"),
        (with(good(), "amount", 12.5), "parameter_data_type_invalid"),
        (with(good(), "currency", "USD"), "parameter_invalid"),
        (with(good(), "provider", "swift"), "parameter_invalid"),
        (with(good(), "provider", Value::Null), "parameter_required"),
        (with(good(), "destination_account", Value::Null), "parameter_required"),
        (with(good(), "callback_url", "here"), "parameter_format_invalid"),
        (account("number", Value::Null), "parameter_required"),
        (account("name", json!("")), "parameter_required"),
        (account("bic", json!("GXCHPHM2")), "parameter_invalid"),
        (account("bic", json!("XXXXPHM2XXX")), "parameter_invalid"),
        (source("number", json!("978000000002")), "parameter_invalid"),
    ] {
        let (status, answer) = shop.answer(shop.batch(None, &batch(&item))).await;
        assert_eq!((status, codes(&answer)), (400, vec![code]), "{item}");
    }
    let (_, answer) = shop.answer(shop.batch(None, &batch(&json!({})))).await;
    assert_eq!(answer["errors"][0]["source"]["pointer"], "transfers.0.provider");
    for body in [json!({}), json!({ "transfers": [] }), json!({ "transfers": [1] }), json!([])] {
        assert_eq!(shop.answer(shop.batch(None, &body)).await.0, 400, "{body}");
    }
    // One item that does not fit rejects the batch.
    let mixed = json!({ "transfers": [good(), with(good(), "amount", 0)] });
    assert_eq!(shop.answer(shop.batch(None, &mixed)).await.0, 400);
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.transferred("K1", &with(good(), "amount", 5_000_000)).await;
    shop.transferred("K2", &with(with(good(), "amount", 5_000_001), "provider", "pesonet")).await;
}

#[tokio::test]
async fn an_account_can_ask_for_a_rejection() {
    let shop = Shop::open().await;
    for (account, status, code) in [
        ("0917990400", 400, "parameter_invalid"),
        ("0917990403", 403, "access_forbidden"),
        ("0917990409", 409, "idempotency_in_progress"),
        ("0917990429", 429, "rate_limit_exceeded"),
        ("0917990500", 500, "internal_server_error"),
        ("0917990503", 503, "service_unavailable"),
    ] {
        let (answered, answer) =
            shop.answer(shop.batch(None, &batch(&transfer("P1", account)))).await;
        assert_eq!((answered, codes(&answer)), (status, vec![code]));
    }
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn wallets_and_institutions_are_listed() {
    let shop = Shop::open().await;
    let (_, wallets) = shop.get("/v2/wallets?status=activated").await;
    assert_json_snapshot!("wallets", wallets);
    let id = wallets["data"][0]["id"].as_str().unwrap();
    let (_, wallet) = shop.get(&format!("/v2/wallets/{id}")).await;
    assert_eq!(wallet["data"], wallets["data"][0]);
    assert_eq!(shop.get("/v2/wallets?status=deactivated").await.1, json!({ "data": [] }));
    assert_eq!(shop.get("/v2/wallets/wallet_none").await.0, 404);
    let path = "/v2/transfers/receiving_institutions";
    let (_, rows) = shop.get(&format!("{path}?provider=instapay")).await;
    let rows = rows["data"].as_array().unwrap();
    let gcash = rows.iter().find(|row| row["bic"] == "GXCHPHM2XXX").unwrap();
    assert_eq!(gcash, &json!({ "bic": "GXCHPHM2XXX", "name": "GCash", "provider": "instapay" }));
    assert!(rows.len() > 80);
    assert_eq!(shop.get(path).await.0, 400);
}

#[tokio::test]
async fn a_transfer_that_is_not_there_is_404() {
    let shop = Shop::open().await;
    let (status, answer) = shop.get("/v2/transfers/tr_none").await;
    assert_eq!((status, codes(&answer)), (404, vec!["resource_not_found"]));
    let made = shop.transferred("K1", &transfer("P1", ACCOUNT)).await;
    let path = format!("/v2/transfers/{}", made["id"].as_str().unwrap());
    shop.faults(Faults { hide_orders: 1, wrong_amount: 1, wrong_order: 1, ..Faults::default() });
    assert_eq!(shop.get(&path).await.0, 404);
    let found = shop.get(&path).await.1["data"].clone();
    assert_eq!((&found["amount"], &found["reference_number"]), (&json!(1_251), &json!("PX")));
    let shop = settings(Settings { transfer_not_found_as_seen: true, ..Settings::default() }).await;
    assert_eq!(codes(&shop.get("/v2/transfers/tr_none").await.1), ["not_found"]);
}

#[tokio::test]
async fn modes_have_books_of_their_own() {
    let shop = Shop::open().await;
    let made = shop.transferred("K1", &transfer("P1", ACCOUNT)).await;
    let path = format!("/v2/transfers/{}", made["id"].as_str().unwrap());
    let live = tulay_sandbox::paymongo::DEMO_LIVE_SECRET_KEY;
    assert_eq!(shop.answer(shop.request("GET", &path, live, "")).await.0, 404);
    let mut request =
        shop.request("POST", BATCHES, live, batch(&transfer("P2", ACCOUNT)).to_string());
    request.headers_mut().insert("idempotency-key", "K1".parse().unwrap());
    let (_, answer) = shop.answer(request).await;
    assert_eq!(answer["data"]["transfers"][0]["reference_number"], "P2", "its keys too");
    assert_eq!(answer["data"]["transfers"][0]["livemode"], true);
}
