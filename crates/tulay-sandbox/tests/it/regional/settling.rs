//! What becomes of payouts, and of money.

use super::shop::{ID, ID_CHECK, PH, PH_CHECK, Shop, order_id, peso, rupiah};
use serde_json::json;
use tulay_core::{Currency, Money};
use tulay_sandbox::kit::{Direction, Faults};

#[tokio::test]
async fn a_payout_is_pending_and_then_completed() {
    let shop = Shop::open().await;
    let created = shop.call(PH, &peso("1", "09171234567")).await;
    assert_eq!(
        created,
        json!({ "code": 10000, "message": "Success", "data": {
            "mchOrderId": order_id("1"),
            "transactionId": "D1656505190221600001",
            "transactionStatus": "PENDING",
            "transactionTime": "2026-11-20 09:00:00",
        }})
    );
    let pending = shop.found(PH_CHECK, "1").await;
    assert_eq!(pending["data"]["transactionStatus"], "PENDING");
    assert_eq!(pending["data"]["returnTime"], "");
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.advance("300ms").await;
    let found = shop.found(PH_CHECK, "1").await;
    assert_eq!(
        found["data"],
        json!({
            "mchOrderId": order_id("1"),
            "transactionId": "D1656505190221600001",
            "amount": 1250,
            "transactionStatus": "COMPLETED",
            "createTime": "2026-11-20 09:00:00",
            "returnTime": "2026-11-20 09:00:00",
            "remark": null,
            "failedCode": null,
            "failedMessage": null,
        })
    );
    let ledger = shop.sandbox.ledger();
    let [movement] = ledger.movements() else { panic!("{ledger:?}") };
    assert_eq!(movement.money, Money::from_minor(1250, Currency::PHP));
    assert_eq!(movement.provider_reference, "D1656505190221600001");
    assert_eq!(shop.balance("PH").await, "999987.50");
    assert_eq!(shop.balance("ID").await, "250000000.00");
}

#[tokio::test]
async fn the_same_number_is_another_amount_in_indonesia() {
    let shop = Shop::open().await;
    assert_eq!(shop.code(ID, &rupiah("1", "109594480004")).await, 10000);
    shop.advance("1s").await;
    let found = shop.found(ID_CHECK, "1").await;
    assert_eq!(found["data"]["amount"], 12500);
    let money = shop.sandbox.ledger().movements()[0].money;
    assert_eq!(money, Money::parse("12500.00", Currency::IDR).unwrap());
    assert_eq!(shop.balance("ID").await, "249987500.00");
    assert_eq!(shop.balance("PH").await, "1000000.00");
}

#[tokio::test]
async fn answers_can_be_false() {
    let shop = Shop::open().await;
    shop.faults(Faults { wrong_order: 1, ..Faults::default() });
    let created = shop.call(PH, &peso("1", "09171234567")).await;
    assert_ne!(created["data"]["mchOrderId"], order_id("1"));
    shop.faults(Faults { wrong_amount: 1, ..Faults::default() });
    assert_eq!(shop.found(PH_CHECK, "1").await["data"]["amount"], 1251);
    assert_eq!(shop.found(PH_CHECK, "1").await["data"]["amount"], 1250);
}

#[tokio::test]
async fn a_reset_gives_balances_back_and_keeps_transaction_ids_going() {
    let shop = Shop::open().await;
    shop.call(PH, &peso("1", "09171234567")).await;
    shop.advance("1s").await;
    shop.sandbox.reset();
    assert_eq!(shop.balance("PH").await, "1000000.00");
    assert_eq!(shop.found(PH_CHECK, "1").await["code"], 21006);
    let again = shop.call(PH, &peso("1", "09171234567")).await;
    assert_eq!(again["data"]["transactionId"], "D1656505190221600002");
    shop.advance("1s").await;
    assert_eq!(shop.notices().len(), 2, "the address stays");
    let directions: Vec<_> =
        shop.sandbox.ledger().movements().iter().map(|m| m.direction).collect();
    assert_eq!(directions, [Direction::Out]);
}
