//! What the last six digits of an account ask for.

use super::shop::{ID, ID_CHECK, PH, PH_CHECK, Shop, peso, rupiah};
use tulay_core::{Clock, TransportErrorKind};
use tulay_sandbox::kit::Direction;

#[tokio::test]
async fn codes_of_a_call_are_rejections_without_an_order() {
    let shop = Shop::open().await;
    for code in 21000..=21028 {
        let account = format!("09171{:06}", 990_000 + code - 21_000);
        let param = peso(&code.to_string(), &account);
        assert_eq!(shop.code(PH, &param).await, code);
        assert_eq!(shop.found(PH_CHECK, &code.to_string()).await["code"], 21006);
        assert_eq!(shop.code(PH, &param).await, code, "the ids were not used up");
    }
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    assert_eq!(shop.balance("PH").await, "1000000.00");
}

#[tokio::test]
async fn a_rejection_is_lost_once() {
    let shop = Shop::open().await;
    let param = peso("1", "09171980018");
    let lost = shop.send(PH, &param).await.map(|answer| answer.status());
    assert_eq!(lost, Err(TransportErrorKind::Interrupted));
    assert_eq!(shop.found(PH_CHECK, "1").await["code"], 21006);
    assert_eq!(shop.code(PH, &param).await, 21018);
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn codes_of_a_transaction_fail_after_they_were_accepted() {
    let shop = Shop::open().await;
    for (digits, code, message) in [
        ("991000", -10000, "Transaction Service Error"),
        ("991003", -10003, "Transaction Insufficient Balance"),
        ("991005", -10005, "Transaction Destination Account Error"),
        ("991007", -10007, "Transaction Channel T"),
    ] {
        let account = format!("1095{digits}");
        assert_eq!(shop.code(ID, &rupiah(digits, &account)).await, 10000);
        shop.advance("300ms").await;
        let failed = shop.found(ID_CHECK, digits).await;
        let data = &failed["data"];
        assert_eq!(
            (&failed["code"], &data["transactionStatus"]),
            (&10000.into(), &"FAILED".into())
        );
        assert_eq!((&data["failedCode"], &data["failedMessage"]), (&code.into(), &message.into()));
        let notice = shop.notices().pop().unwrap();
        assert_eq!(notice["eventName"], "disbursement.failed");
        assert_eq!(notice["failedCode"], code);
    }
    assert!(shop.sandbox.ledger().movements().is_empty());
    assert_eq!(shop.balance("ID").await, "250000000.00", "it was given back");
}

#[tokio::test]
async fn an_answer_is_lost_broken_or_an_error_and_the_money_moves() {
    for (digits, status) in [
        ("992001", Err(TransportErrorKind::Interrupted)),
        ("992003", Ok(502)),
        ("992004", Err(TransportErrorKind::Interrupted)),
    ] {
        let shop = Shop::open().await;
        let param = peso("1", &format!("09171{digits}"));
        let answer = shop.send(PH, &param).await.map(|answer| answer.status().as_u16());
        assert_eq!(answer, status, "{digits}");
        assert_eq!(shop.code(PH, &param).await, 21007);
        shop.advance("1s").await;
        assert_eq!(shop.found(PH_CHECK, "1").await["data"]["transactionStatus"], "COMPLETED");
        assert_eq!(shop.sandbox.ledger().movements().len(), 1);
    }
}

#[tokio::test]
async fn a_first_request_is_lost_before_anything_is_done() {
    let shop = Shop::open().await;
    let param = peso("1", "09171992002");
    assert_eq!(shop.send(PH, &param).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.found(PH_CHECK, "1").await["code"], 21006);
    assert_eq!(shop.code(PH, &param).await, 10000);
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().movements().len(), 1);
}

#[tokio::test]
async fn some_are_slow() {
    let shop = Shop::open().await;
    shop.call(PH, &peso("1", "09171993001")).await;
    shop.advance("599s").await;
    assert_eq!(shop.found(PH_CHECK, "1").await["data"]["transactionStatus"], "PENDING");
    shop.advance("1s").await;
    assert_eq!(shop.found(PH_CHECK, "1").await["data"]["transactionStatus"], "COMPLETED");

    let before = shop.sandbox.clock().now();
    assert_eq!(shop.code(PH, &peso("2", "09171993002")).await, 10000);
    assert_eq!(shop.sandbox.clock().now().duration_since(before).as_secs(), 3);
    assert_eq!(shop.notices().len(), 2, "the notification was there first");
}

#[tokio::test]
async fn a_bank_returns_what_was_paid() {
    let shop = Shop::open().await;
    shop.call(PH, &peso("1", "09171994001")).await;
    shop.advance("1s").await;
    assert_eq!(shop.found(PH_CHECK, "1").await["data"]["transactionStatus"], "COMPLETED");
    shop.advance("1m").await;
    let data = shop.found(PH_CHECK, "1").await["data"].clone();
    assert_eq!(
        (&data["transactionStatus"], &data["failedCode"]),
        (&"FAILED".into(), &(-10005).into())
    );
    let directions: Vec<_> =
        shop.sandbox.ledger().movements().iter().map(|m| m.direction).collect();
    assert_eq!(directions, [Direction::Out, Direction::Back]);
    assert_eq!(shop.balance("PH").await, "1000000.00");
    let states: Vec<_> = shop.notices().iter().map(|n| n["transactionStatus"].clone()).collect();
    assert_eq!(states, ["COMPLETED", "FAILED"]);
}
