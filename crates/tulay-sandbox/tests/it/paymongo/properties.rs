//! Whatever is sent, it is answered by JSON, and nothing moves.

use super::shop::{BATCHES, INTENTS, METHODS, REFUNDS, Shop};
use bytes::Bytes;
use proptest::prelude::*;
use tulay_sandbox::paymongo::DEMO_SECRET_KEY;

const VALUE: &str = r#"("[^"\\]{0,20}"|-?[0-9]{1,25}|null|\[\]|\{\}|true|2000|"qrph"|"PHP")"#;

const NAME: &str = r#""(amount|currency|type|billing|metadata|transfers|provider|reason|data)""#;

fn moves_nothing(body: &[u8]) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Shop::open().await;
        for path in [INTENTS, METHODS, "/v1/payment_intents/pi_1/attach", REFUNDS, BATCHES] {
            let body = Bytes::copy_from_slice(body);
            let (status, _) = shop.answer(shop.request("POST", path, DEMO_SECRET_KEY, body)).await;
            prop_assert!([200, 400, 404].contains(&status), "{path}: {status}");
        }
        shop.advance("1s").await;
        prop_assert!(shop.sandbox.ledger().movements().is_empty());
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_answered(body: Vec<u8>) {
        moves_nothing(&body)?;
    }

    #[test]
    fn any_attributes_are_answered(
        members in proptest::collection::vec((NAME, VALUE), 0..6),
    ) {
        let members: Vec<_> = members.iter().map(|(n, v)| format!("{n}:{v}")).collect();
        let members = members.join(",");
        moves_nothing(format!(r#"{{"data":{{"attributes":{{{members}}}}}}}"#).as_bytes())?;
        moves_nothing(format!(r#"{{"transfers":[{{{members}}}]}}"#).as_bytes())?;
    }

    #[test]
    fn any_path_is_answered(path in "(/v1|/v2)?(/[a-z_{}%.]{0,12}){0,4}") {
        let path = path.replace(['{', '}', '%'], "x");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shop = Shop::open().await;
            let (status, _) = shop.get(&path).await;
            prop_assert!([200, 404].contains(&status), "{path}: {status}");
            Ok(())
        })?;
    }
}
