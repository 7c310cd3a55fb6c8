//! What becomes of payouts, and of money.

use super::shop::{PAYOUTS, Shop, WALLET, peso, with};
use serde_json::json;
use tulay_core::{Currency, Money};
use tulay_sandbox::kit::{Direction, Faults};

#[tokio::test]
async fn a_payout_is_accepted_requested_and_then_succeeds() {
    let shop = Shop::open().await;
    let (status, created) = shop.pay_out("K1", &peso("R1", WALLET)).await;
    assert_eq!((status, &created["status"]), (200, &json!("ACCEPTED")));
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.advance("150ms").await;
    assert_eq!(shop.statuses("R1").await, ["REQUESTED"]);
    assert_eq!(shop.balance().await, 1_000_000);
    shop.advance("150ms").await;
    let id = created["id"].as_str().unwrap();
    let (_, found) = shop.get(&format!("{PAYOUTS}/{id}")).await;
    assert_eq!(found["status"], "SUCCEEDED");
    let ledger = shop.sandbox.ledger();
    let [movement] = ledger.movements() else { panic!("{ledger:?}") };
    assert_eq!(movement.money, Money::from_minor(1250, Currency::PHP));
    assert_eq!((movement.order_id.as_str(), movement.provider_reference.as_str()), ("R1", id));
    assert_eq!(movement.direction, Direction::Out);
    assert_eq!(shop.balance().await, 999_987.5);
}

#[tokio::test]
async fn a_balance_that_does_not_suffice_fails_the_payout() {
    let shop = Shop::open().await;
    let body = with(with(peso("R1", "12345"), "channel_code", "PH_BDO"), "amount", 1_000_000.01);
    assert_eq!(shop.pay_out("K1", &body).await.0, 200);
    shop.advance("1s").await;
    let (_, found) = shop.get(&format!("{PAYOUTS}?reference_id=R1")).await;
    assert_eq!(found[0]["failure_code"], "INSUFFICIENT_BALANCE");
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn answers_can_be_false() {
    let shop = Shop::open().await;
    shop.faults(Faults { wrong_order: 1, wrong_amount: 1, ..Faults::default() });
    let (_, created) = shop.pay_out("K1", &peso("R1", WALLET)).await;
    assert_eq!((&created["reference_id"], &created["amount"]), (&json!("RX"), &json!(12.51)));
    shop.faults(Faults { wrong_order: 1, wrong_amount: 1, ..Faults::default() });
    let (_, found) = shop.get(&format!("{PAYOUTS}?reference_id=R1")).await;
    assert_eq!((&found[0]["reference_id"], &found[0]["amount"]), (&json!("RX"), &json!(12.51)));
    let (_, found) = shop.get(&format!("{PAYOUTS}?reference_id=R1")).await;
    assert_eq!((&found[0]["reference_id"], &found[0]["amount"]), (&json!("R1"), &json!(12.5)));
}

#[tokio::test]
async fn look_ups_can_miss_a_payout_that_is_there() {
    let shop = Shop::open().await;
    shop.faults(Faults { hide_orders: 2, ..Faults::default() });
    assert_eq!(shop.statuses("R1").await.len(), 0, "there is none to hide yet");
    let (_, created) = shop.pay_out("K1", &peso("R1", WALLET)).await;
    let path = format!("{PAYOUTS}/{}", created["id"].as_str().unwrap());
    assert_eq!(shop.statuses("R1").await.len(), 0);
    let (status, error) = shop.get(&path).await;
    assert_eq!((status, &error["error_code"]), (404, &json!("DATA_NOT_FOUND")));
    assert_eq!(shop.get(&path).await.0, 200);
}

#[tokio::test]
async fn lost_half_and_failing_answers_come_after_the_payout() {
    for faults in [
        Faults { lose_answers: 1, ..Faults::default() },
        Faults { half_answer: 1, ..Faults::default() },
        Faults { http_500_after: 1, ..Faults::default() },
    ] {
        let shop = Shop::open().await;
        shop.faults(faults.clone());
        let answer = shop.send("K1", &peso("R1", WALLET)).await;
        assert!(answer.is_err() || answer.unwrap().status() == 500);
        assert_eq!(shop.pay_out("K1", &peso("R1", WALLET)).await.0, 200);
        shop.advance("1s").await;
        assert_eq!(shop.sandbox.ledger().times_paid("R1"), 1, "{faults:?}");
    }
    let shop = Shop::open().await;
    shop.faults(Faults { lose_requests: 1, ..Faults::default() });
    assert!(shop.send("K1", &peso("R1", WALLET)).await.is_err());
    assert_eq!(shop.statuses("R1").await.len(), 0);
}

#[tokio::test]
async fn another_account_does_not_see_a_payout() {
    let shop = Shop::open().await;
    let (_, created) = shop.pay_out("K1", &peso("R1", WALLET)).await;
    let other = tulay_sandbox::xendit::DEMO_IDR_SECRET_KEY;
    let path = format!("{PAYOUTS}/{}", created["id"].as_str().unwrap());
    assert_eq!(shop.get_by(other, &path).await.0, 404);
    let (_, list) = shop.get_by(other, &format!("{PAYOUTS}?reference_id=R1")).await;
    assert_eq!(list, json!([]));
}

#[tokio::test]
async fn a_reset_forgets_payouts_and_keys() {
    let shop = Shop::open().await;
    let (_, first) = shop.pay_out("K1", &peso("R1", WALLET)).await;
    shop.advance("1s").await;
    shop.sandbox.reset();
    assert_eq!(shop.balance().await, 1_000_000);
    assert_eq!(shop.statuses("R1").await.len(), 0);
    let (_, again) = shop.pay_out("K1", &peso("R1", WALLET)).await;
    assert_ne!(again["id"], first["id"]);
}
