//! Whatever is sent, it is answered; and no key pays twice.

use super::shop::{PAYOUTS, REFUNDS, REQUESTS, Shop, WALLET, basic, peso, with};
use http::Method;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tulay_sandbox::{kit::Faults, xendit::DEMO_SECRET_KEY};

fn in_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn moves_nothing(body: impl Into<bytes::Bytes>) -> Result<(), TestCaseError> {
    let body = body.into();
    in_runtime(async {
        let shop = Shop::open().await;
        let authorization = basic(DEMO_SECRET_KEY);
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
            ("api-version", "2024-11-11"),
            ("idempotency-key", "K1"),
        ];
        for path in [PAYOUTS, REQUESTS, REFUNDS] {
            let answer = shop.exchange(Method::POST, path, &headers, body.clone()).await.unwrap();
            prop_assert_eq!(answer.status(), 400);
        }
        shop.advance("1s").await;
        prop_assert!(shop.sandbox.ledger().movements().is_empty());
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_rejected(body: Vec<u8>) {
        moves_nothing(body)?;
    }

    #[test]
    fn any_text_is_rejected(text in r#"\{?("[a-z_]{1,12}":("[^"\\]{0,20}"|-?[0-9]{1,25}|null|\[\]),?){0,6}\}?"#) {
        moves_nothing(text)?;
    }

    #[test]
    fn a_key_pays_once_whatever_gets_lost(
        steps in prop::collection::vec((0..3_u8, 0..2_u8, 0..4_u8, 0..400_u16), 1..12),
    ) {
        let (keys, paid) = in_runtime(async {
            let shop = Shop::open().await;
            let mut keys = BTreeSet::new();
            for (key, amount, fault, wait) in steps {
                shop.faults(Faults {
                    lose_requests: u32::from(fault == 1),
                    lose_answers: u32::from(fault == 2),
                    use_up_ids: fault == 3,
                    ..Faults::default()
                });
                let reference = format!("R{key}");
                let body = with(peso(&reference, WALLET), "amount", 10 + i32::from(amount));
                let _ = shop.send(&format!("K{key}"), &body).await;
                keys.insert(reference);
                shop.advance(&format!("{wait}ms")).await;
            }
            shop.advance("1h").await;
            let ledger = shop.sandbox.ledger();
            (keys.clone(), keys.iter().map(|key| ledger.times_paid(key)).collect::<Vec<_>>())
        });
        prop_assert!(paid.iter().all(|times| *times <= 1), "{keys:?} {paid:?}");
    }
}
