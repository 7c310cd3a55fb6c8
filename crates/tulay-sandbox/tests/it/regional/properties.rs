//! Whatever is sent, it is answered, and what is not a payout moves nothing.

use super::shop::{PH, Shop, signed};
use proptest::prelude::*;

fn moves_nothing(body: impl Into<bytes::Bytes>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Shop::open().await;
        let answer = shop.post(PH, body).await.unwrap();
        let refused = answer.body().starts_with(br#"{"code":210"#);
        prop_assert!(refused);
        shop.advance("1s").await;
        prop_assert!(shop.sandbox.ledger().movements().is_empty());
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_refused(body: Vec<u8>) {
        moves_nothing(body)?;
    }

    #[test]
    fn any_signed_text_is_refused(text in r#"\{?("[a-zA-Z]{1,12}":("[^"\\]{0,20}"|-?[0-9]{1,25}|null|\[\]),?){0,6}\}?"#) {
        moves_nothing(signed(&text))?;
    }
}
