//! Account numbers that cause a failure.

use super::shop::{PAYOUTS, Shop, peso, with};
use serde_json::json;
use tulay_core::{Clock, TransportErrorKind};
use tulay_sandbox::kit::Direction;

#[tokio::test]
async fn rejections_on_request_make_no_payout() {
    let shop = Shop::open().await;
    for (number, status, code) in [
        (1, 400, "DUPLICATE_ERROR"),
        (2, 400, "API_VALIDATION_ERROR"),
        (3, 400, "CHANNEL_CODE_NOT_SUPPORTED"),
        (4, 400, "MINIMUM_TRANSFER_LIMIT_ERROR"),
        (5, 400, "MAXIMUM_TRANSFER_LIMIT_ERROR"),
        (6, 400, "AMOUNT_INCREMENT_NOT_SUPPORTED"),
        (7, 401, "INVALID_API_KEY"),
        (8, 403, "REQUEST_FORBIDDEN_ERROR"),
        (9, 429, "RATE_LIMIT_EXCEEDED"),
        (10, 500, "SERVER_ERROR"),
        (11, 400, "INVALID_VALUE_ERROR"),
        (12, 503, "CHANNEL_UNAVAILABLE"),
    ] {
        let body = peso("R1", &format!("09171{}", 990_000 + number));
        let (answered, error) = shop.pay_out("K1", &body).await;
        assert_eq!((answered, &error["error_code"]), (status, &json!(code)));
    }
    shop.advance("1h").await;
    assert_eq!(shop.statuses("R1").await.len(), 0);
}

#[tokio::test]
async fn payouts_fail_after_they_were_accepted() {
    let shop = Shop::open().await;
    let bank =
        |reference: &str, account: &str| with(peso(reference, account), "channel_code", "PH_BDO");
    for (reference, body, code) in [
        ("R1", peso("R1", "09171991001"), "INSUFFICIENT_BALANCE"),
        ("R2", peso("R2", "09171991007"), "DESTINATION_MAXIMUM_LIMIT"),
        ("R3", bank("R3", "98018521"), "TRANSFER_ERROR"),
        ("R4", peso("R4", "123456"), "TEMPORARY_TRANSFER_ERROR"),
        ("R5", bank("R5", "999999"), "REJECTED_BY_CHANNEL"),
        ("R6", bank("R6", "121212"), "INVALID_DESTINATION"),
    ] {
        assert_eq!(shop.pay_out(reference, &body).await.0, 200);
        shop.advance("300ms").await;
        let (_, found) = shop.get(&format!("{PAYOUTS}?reference_id={reference}")).await;
        let row = &found[0];
        assert_eq!((&row["status"], &row["failure_code"]), (&json!("FAILED"), &json!(code)));
        assert_eq!(shop.notices().pop().unwrap()["event"], "payout.failed");
    }
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn an_answer_is_lost_broken_or_an_error_and_the_money_moves() {
    for (digits, status) in [
        ("992001", Err(TransportErrorKind::Interrupted)),
        ("992003", Ok(502)),
        ("992004", Err(TransportErrorKind::Interrupted)),
    ] {
        let shop = Shop::open().await;
        let body = peso("R1", &format!("09171{digits}"));
        let answer = shop.send("K1", &body).await.map(|answer| answer.status().as_u16());
        assert_eq!(answer, status, "{digits}");
        // The key answers as if nothing had been lost.
        assert_eq!(shop.pay_out("K1", &body).await.1["status"], "ACCEPTED");
        shop.advance("1s").await;
        assert_eq!(shop.sandbox.ledger().times_paid("R1"), 1);
    }
}

#[tokio::test]
async fn a_first_request_is_lost_before_anything_is_done() {
    let shop = Shop::open().await;
    let body = peso("R1", "09171992002");
    assert_eq!(shop.send("K1", &body).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.statuses("R1").await.len(), 0);
    assert_eq!(shop.pay_out("K1", &body).await.0, 200);
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("R1"), 1);
}

#[tokio::test]
async fn some_are_slow() {
    let shop = Shop::open().await;
    shop.pay_out("K1", &peso("R1", "09171993001")).await;
    shop.advance("599s").await;
    assert_eq!(shop.statuses("R1").await, ["REQUESTED"]);
    shop.advance("1s").await;
    assert_eq!(shop.statuses("R1").await, ["SUCCEEDED"]);

    let before = shop.sandbox.clock().now();
    assert_eq!(shop.pay_out("K2", &peso("R2", "09171993002")).await.0, 200);
    assert_eq!(shop.sandbox.clock().now().duration_since(before).as_secs(), 3);
    assert_eq!(shop.notices().len(), 2, "the notification was there first");
}

#[tokio::test]
async fn a_payout_is_reversed_after_it_succeeded() {
    let shop = Shop::open().await;
    shop.pay_out("K1", &peso("R1", "09171994001")).await;
    shop.advance("1s").await;
    assert_eq!(shop.statuses("R1").await, ["SUCCEEDED"]);
    shop.advance("1m").await;
    assert_eq!(shop.statuses("R1").await, ["REVERSED"]);
    let directions: Vec<_> =
        shop.sandbox.ledger().movements().iter().map(|m| m.direction).collect();
    assert_eq!(directions, [Direction::Out, Direction::Back]);
    assert_eq!(shop.balance().await, 1_000_000);
    let events: Vec<_> = shop.notices().iter().map(|n| n["event"].clone()).collect();
    assert_eq!(events, ["payout.succeeded", "payout.reversed"]);
}

#[tokio::test]
async fn states_without_an_event_are_not_notified() {
    let shop = Shop::open().await;
    for (reference, account, halfway, end) in [
        ("R1", "09171996002", "PENDING_COMPLIANCE_ASSESSMENT", "COMPLIANCE_REJECTED"),
        ("R2", "09171996003", "CANCELLED", "CANCELLED"),
        ("R3", "131313", "ACCEPTED", "ACCEPTED"),
    ] {
        shop.pay_out(reference, &peso(reference, account)).await;
        shop.advance("150ms").await;
        assert_eq!(shop.statuses(reference).await, [halfway]);
        shop.advance("24h").await;
        assert_eq!(shop.statuses(reference).await, [end]);
    }
    assert!(shop.notices().is_empty());
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.pay_out("R4", &peso("R4", "09171996001")).await;
    shop.advance("150ms").await;
    assert_eq!(shop.statuses("R4").await, ["PENDING_COMPLIANCE_ASSESSMENT"]);
    shop.advance("150ms").await;
    assert_eq!(shop.statuses("R4").await, ["SUCCEEDED"]);
}
