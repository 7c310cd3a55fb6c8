//! What becomes of an accepted disbursement, of money and of the balance.

use crate::shop::{
    BALANCE, DISBURSE, QUERY, RECEIVERS, Shop, disbursement, opened, query, reading,
};
use std::collections::BTreeSet;
use tulay_core::{Clock, Currency, Money};
use tulay_sandbox::{
    kit::Direction,
    starpay::{DEMO_MERCHANT_ID, Merchant, Settings, Starpay},
};

#[tokio::test]
async fn accepted_is_processing_until_it_settles() {
    let shop = Shop::open().await;
    let sent = shop.send(DISBURSE, &disbursement("M1", "09171234567")).await.unwrap();
    assert_eq!(sent.headers()["content-type"], "application/json;charset=UTF-8");
    let (accepted, _) = opened("response", sent.body());
    assert_eq!(
        accepted,
        concat!(
            r#"{"code":"200","message":"success","msgId":"M1","mchId":"101510000001","#,
            r#""trxDate":"2026-11-20T09:00:00+08:00","trxAmount":1250,"trxState":"PROCESSING","#,
            r#""orderNo":"202611200000000001"}"#,
        )
    );
    shop.advance("299ms").await;
    assert_eq!(shop.state("M1").await, "PROCESSING");
    assert!(shop.sandbox.ledger().movements().is_empty());
    shop.advance("1ms").await;

    let found = shop.send(QUERY, &query("Q1", "M1")).await.unwrap();
    assert_eq!(
        opened("response", found.body()).0,
        concat!(
            r#"{"code":"200","message":"success","msgId":"Q1","mchId":"101510000001","#,
            r#""trxDate":"2026-11-20T09:00:00+08:00","trxAmount":1250,"trxState":"SUCCESS","#,
            r#""originalMsgId":"M1","orderNo":"202611200000000001"}"#,
        )
    );
    let ledger = shop.sandbox.ledger();
    let [paid] = ledger.movements() else { panic!("{ledger:?}") };
    assert_eq!((paid.provider, paid.account.as_str()), ("starpay", DEMO_MERCHANT_ID));
    assert_eq!(
        (paid.order_id.as_str(), paid.provider_reference.as_str()),
        ("M1", "202611200000000001")
    );
    assert_eq!(
        (paid.direction, paid.money),
        (Direction::Out, Money::from_minor(1250, Currency::PHP))
    );
    assert_eq!(paid.at, "2026-11-20T01:00:00.3Z".parse().unwrap());
}

#[tokio::test]
async fn the_settle_delay_is_a_setting() {
    let shop = Shop::open_with(|b| b.finality_delay(jiff::SignedDuration::ZERO)).await;
    shop.call(DISBURSE, &disbursement("M1", "09171234567")).await;
    assert_eq!(shop.state("M1").await, "PROCESSING");
    shop.advance("0s").await;
    assert_eq!(shop.state("M1").await, "SUCCESS");
}

#[tokio::test]
async fn above_the_ceiling_it_is_accepted_and_fails() {
    let shop = Shop::open().await;
    for (id, account, amount, state) in
        [("M1", "09170000001", "5000000", "SUCCESS"), ("M2", "09170000002", "\"5000001\"", "FAIL")]
    {
        let members = disbursement(id, account).with("trxAmount", amount);
        assert_eq!(shop.call(DISBURSE, &members).await["trxState"], "PROCESSING");
        shop.advance("1s").await;
        assert_eq!(shop.state(id).await, state);
    }
    let failed = shop.found("M2").await;
    assert_eq!(failed["errorCode"], "AM02");
    assert_eq!(failed["errorMessage"], "Not Allowed Amount");
    assert_eq!(failed["trxAmount"], 5_000_001);
    assert_eq!(shop.sandbox.ledger().times_paid("M2"), 0);
}

#[tokio::test]
async fn the_balance_pays_and_when_it_is_short_nothing_moves() {
    let merchant = Merchant { opening_balance: 2_000, ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
    shop.call(DISBURSE, &disbursement("M1", "09170000001")).await;
    shop.call(DISBURSE, &disbursement("M2", "09170000002")).await;
    shop.call(DISBURSE, &disbursement("M3", "09170000003").with("trxAmount", "750")).await;
    shop.advance("1s").await;
    assert_eq!(shop.state("M1").await, "SUCCESS");
    assert_eq!(shop.found("M2").await["errorCode"], "AM04");
    assert_eq!(shop.state("M3").await, "SUCCESS");
    let answer =
        shop.send(BALANCE, &reading("B1", "unified.disburse.inquireBalance")).await.unwrap();
    assert_eq!(
        opened("response", answer.body()).0,
        concat!(
            r#"{"code":"200","message":"success","msgId":"B1","mchId":"101510000001","#,
            r#""balance":0,"currency":"PHP"}"#,
        )
    );
    let ledger = shop.sandbox.ledger();
    assert_eq!(ledger.movements().len(), 2);
    assert_eq!(ledger.times_paid("M2"), 0);
    assert!(ledger.paid_more_than_once().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_copies_at_the_same_time_one_is_an_order() {
    let shop = std::sync::Arc::new(Shop::open().await);
    let copies: Vec<_> = (0..8)
        .map(|_| {
            let shop = std::sync::Arc::clone(&shop);
            tokio::spawn(
                async move { shop.code(DISBURSE, &disbursement("M1", "09170000001")).await },
            )
        })
        .collect();
    let mut codes = Vec::new();
    for copy in copies {
        codes.push(copy.await.unwrap());
    }
    codes.sort();
    assert_eq!((codes[0].as_str(), codes[1].as_str(), codes.len()), ("200", "403", 8));
    assert_eq!(codes[1], codes[7]);
    shop.advance("1s").await;
    assert_eq!(shop.sandbox.ledger().times_paid("M1"), 1);
}

#[tokio::test]
async fn order_numbers_are_the_day_and_ten_digits_and_never_come_twice() {
    let shop = Shop::open().await;
    let mut numbers = BTreeSet::new();
    for round in 0..3 {
        for n in 0..3 {
            let id = format!("M{round}{n}");
            let accepted = shop.call(DISBURSE, &disbursement(&id, &format!("0917000{id}"))).await;
            let number = accepted["orderNo"].as_str().unwrap().to_owned();
            assert_eq!(number.len(), 18);
            assert!(number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
            assert!(numbers.insert(number));
        }
        shop.sandbox.reset();
        shop.advance("24h").await;
    }
    assert!(numbers.last().unwrap().starts_with("20261121"), "{numbers:?}");
}

#[tokio::test]
async fn receivers_are_the_directory_under_the_names_of_this_provider() {
    let shop = Shop::open().await;
    let asked = reading("R1", "pay.starpay.instapay.bank.list");
    let answer = shop.call(RECEIVERS, &asked).await;
    let rows = answer["receivers"].as_array().unwrap();
    assert!(rows.len() > 80);
    let row = |name: &str| rows.iter().find(|row| row["bankName"] == name).unwrap();
    let wallet = row("Alipay / Lazada Wallet");
    assert_eq!(
        (&wallet["swiftCode"], &wallet["bankCode"]),
        (&"APHIPHM2XXX".into(), &"7021".into())
    );
    assert_eq!(wallet["underMaintenance"], "false");
    assert_eq!(row("AllBank (A Thrift Bank), Inc.")["bankCode"], "0210");
    assert_eq!(row("Sun Savings Bank, Inc.")["swiftCode"], "SUSVPHM1XXX");
    for row in rows {
        let code = row["bankCode"].as_str().unwrap();
        assert!(code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()));
    }
}

#[tokio::test]
async fn reset_forgets_orders_money_and_schedule_but_not_merchants() {
    let shop = Shop::open().await;
    let before = shop.balance().await;
    shop.call(DISBURSE, &disbursement("M1", "09170000001")).await;
    shop.advance("1s").await;
    shop.call(DISBURSE, &disbursement("M2", "09170000002")).await;
    shop.sandbox
        .register_merchant(
            "starpay",
            "103500000001",
            tulay_sandbox::starpay::DEMO_MERCHANT_PUBLIC_KEY,
        )
        .unwrap();
    shop.sandbox.reset();
    shop.advance("1h").await;
    assert!(shop.sandbox.ledger().movements().is_empty());
    assert!(shop.sandbox.notifications().is_empty());
    assert_eq!(shop.balance().await, before);
    assert_eq!(shop.found("M1").await["code"], "565");
    assert_eq!(shop.found("M2").await["code"], "565");
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", "09170000001")).await, "200");
    let other = disbursement("M1", "09170000001").with("mchId", "\"103500000001\"");
    assert_eq!(shop.code(DISBURSE, &other).await, "200");
}

#[tokio::test]
async fn what_was_scheduled_before_a_reset_does_not_happen_to_a_new_order() {
    let shop = Shop::open().await;
    shop.call(DISBURSE, &disbursement("M1", "09170000001")).await;
    shop.sandbox.reset();
    shop.call(DISBURSE, &disbursement("M1", "0917993001")).await;
    shop.advance("1m").await;
    assert_eq!(shop.state("M1").await, "PROCESSING");
}

#[tokio::test]
async fn time_does_not_go_back_but_what_is_due_is_done() {
    let shop = Shop::open_with(|b| b.finality_delay(jiff::SignedDuration::ZERO)).await;
    let before = shop.sandbox.clock().now();
    shop.call(DISBURSE, &disbursement("M1", "09170000001")).await;
    shop.advance("-1h").await;
    assert_eq!(shop.sandbox.clock().now(), before);
    assert_eq!(shop.state("M1").await, "SUCCESS");
}

#[tokio::test]
async fn nothing_personal_is_printed() {
    let shop = Shop::open().await;
    shop.call(DISBURSE, &disbursement("M1", "09171234567")).await;
    shop.advance("1s").await;
    let printed = format!("{:?}", shop.sandbox);
    assert!(printed.contains("202611200000000001"), "{printed}");
    assert!(!printed.contains("09171234567") && !printed.contains("Peña"), "{printed}");
}
