//! What the last six digits of an account ask for.

use crate::shop::{DISBURSE, Shop, disbursement};
use tulay_core::{Clock, TransportErrorKind};

const TEN_MINUTES: &str = "10m";

#[tokio::test]
async fn codes_of_section_7_are_rejections_without_an_order() {
    let shop = Shop::open().await;
    let listed = "400 401 402 403 404 406 410 411 412 413 414 415 416 417 418 419 420 426 427 503 511 \
                  512 513 514 558 565 566 577";
    assert_eq!(listed.split_whitespace().count(), 28, "all but 200");
    for code in listed.split_whitespace() {
        let members = disbursement(&format!("M{code}"), &format!("0917990{code}"));
        assert_eq!(shop.code(DISBURSE, &members).await, code);
        assert_eq!(shop.found(&format!("M{code}")).await["code"], "565");
        assert_eq!(shop.code(DISBURSE, &members).await, code, "the id was not used up");
    }
    shop.advance(TEN_MINUTES).await;
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn codes_of_section_9_fail_after_they_were_accepted() {
    let shop = Shop::open().await;
    for (digits, code, title) in [
        ("991001", "AC01", "Incorrect Account Number"),
        ("991003", "AC03", "Invalid Creditor Account Number"),
        ("991004", "AC04", "Closed Account Number"),
        ("991006", "AC06", "Blocked Account"),
        ("991007", "AC07", "Closed Creditor Account Number"),
        ("991012", "AC12", "Invalid Account Type"),
        ("991014", "AC14", "Invalid Creditor Account Type"),
        ("991101", "AG01", "Transaction Forbidden"),
        ("991103", "AG03", "Transaction Not Supported"),
        ("991301", "AB01", "Aborted Clearing Timeout"),
        ("991105", "AB05", "Timeout Creditor Agent"),
        ("991106", "AB06", "Timeout Instructed Agent"),
        ("991108", "AB08", "Offline Creditor Agent"),
        ("991109", "AB09", "Error Creditor Agent"),
        ("991202", "AM02", "Not Allowed Amount"),
        ("991204", "AM04", "Insufficient Funds"),
        ("991206", "AM06", "Too Low Amount"),
        ("991207", "AM07", "Blocked Amount"),
        ("991209", "AM09", "Wrong Amount"),
        ("991211", "AM11", "Invalid Transaction Currency"),
        ("991212", "AM12", "Invalid Amount"),
    ] {
        let accepted = shop.call(DISBURSE, &disbursement(digits, &format!("0917{digits}"))).await;
        assert_eq!(
            (&accepted["code"], &accepted["trxState"]),
            (&"200".into(), &"PROCESSING".into())
        );
        assert!(accepted.get("errorCode").is_none());
        shop.advance("300ms").await;
        let failed = shop.found(digits).await;
        assert_eq!((&failed["code"], &failed["trxState"]), (&"200".into(), &"FAIL".into()));
        assert_eq!((&failed["errorCode"], &failed["errorMessage"]), (&code.into(), &title.into()));
        let notice = shop.receiver.notices().pop().unwrap();
        assert_eq!((&notice["trxState"], &notice["errorCode"]), (&"FAIL".into(), &code.into()));
    }
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn an_answer_is_lost_and_the_money_moves() {
    let shop = Shop::open().await;
    let members = disbursement("M1", "0917992001");
    assert_eq!(shop.send(DISBURSE, &members).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.state("M1").await, "PROCESSING");
    assert_eq!(shop.code(DISBURSE, &members).await, "403");
    shop.advance("1s").await;
    assert_eq!(shop.state("M1").await, "SUCCESS");
    assert_eq!(shop.sandbox.ledger().times_paid("M1"), 1);
}

#[tokio::test]
async fn a_request_is_lost_and_the_same_sent_again_arrives() {
    let shop = Shop::open().await;
    let members = disbursement("M1", "0917992002");
    assert_eq!(shop.send(DISBURSE, &members).await.unwrap_err(), TransportErrorKind::Interrupted);
    assert_eq!(shop.found("M1").await["code"], "565");
    shop.advance(TEN_MINUTES).await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    assert_eq!(shop.code(DISBURSE, &members).await, "200");
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("M1"), 1);
}

#[tokio::test]
async fn a_gateway_answers_with_a_page_and_the_money_moves() {
    let shop = Shop::open().await;
    let answer = shop.send(DISBURSE, &disbursement("M1", "0917992003")).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (502, &"text/html".parse().unwrap())
    );
    assert!(answer.body().starts_with(b"<html>"));
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("M1"), 1);
}

#[tokio::test]
async fn half_an_answer_and_the_money_moves() {
    let shop = Shop::open().await;
    let lost = shop.send(DISBURSE, &disbursement("M1", "0917992004")).await.unwrap_err();
    assert_eq!(lost, TransportErrorKind::Interrupted);
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("M1"), 1);
}

#[tokio::test]
async fn a_slow_one_takes_ten_minutes() {
    let shop = Shop::open().await;
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", "0917993001")).await, "200");
    shop.advance("9m 59s").await;
    assert_eq!(shop.state("M1").await, "PROCESSING");
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.advance("1s").await;
    assert_eq!(shop.state("M1").await, "SUCCESS");
}

#[tokio::test]
async fn a_late_answer_comes_after_the_notification() {
    let shop = Shop::open().await;
    let began = shop.sandbox.clock().now();
    let answer = shop.call(DISBURSE, &disbursement("M1", "0917993002")).await;
    assert_eq!(answer["trxState"], "PROCESSING", "it says how things were");
    assert_eq!(shop.sandbox.clock().now().duration_since(began).as_secs(), 3);
    assert_eq!(shop.receiver.notices()[0]["trxState"], "SUCCESS");
}

#[tokio::test]
async fn a_reversal_brings_the_money_back_and_is_notified() {
    let shop = Shop::open().await;
    let before = shop.balance().await;
    shop.call(DISBURSE, &disbursement("M1", "0917994001")).await;
    shop.advance("1s").await;
    assert_eq!(shop.state("M1").await, "SUCCESS");
    assert_eq!(shop.balance().await, before - 1250);
    shop.advance("1m").await;
    assert_eq!(shop.state("M1").await, "REVERSED");
    assert_eq!(shop.balance().await, before);
    let states: Vec<_> = shop.receiver.notices().iter().map(|n| n["trxState"].clone()).collect();
    assert_eq!(states, ["SUCCESS", "REVERSED"]);
    let ledger = shop.sandbox.ledger();
    let directions: Vec<_> = ledger.of_order("M1").map(|m| format!("{:?}", m.direction)).collect();
    assert_eq!(directions, ["Out", "Back"]);
    assert_eq!(ledger.times_paid("M1"), 1);
}
