//! What a request's signature may be over.

use crate::shop::{DISBURSE, Shop, disbursement, enveloped, opened, signed};
use tulay_sandbox::starpay::{Settings, SignedText, Starpay};

/// One request sent in four ways, and what each reading makes of it.
#[tokio::test]
async fn the_text_as_sent_or_written_again_in_the_same_order() {
    for (signed_text, expected) in [
        (SignedText::Either, ["200", "200", "200", "402"]),
        (SignedText::AsSent, ["200", "402", "200", "402"]),
        (SignedText::Compact, ["200", "200", "402", "402"]),
    ] {
        let settings = Settings { signed_text, ..Settings::default() };
        let shop = Shop::open_with(|b| b.provider(Starpay::new(settings).unwrap())).await;
        for (n, expected) in expected.into_iter().enumerate() {
            let members = disbursement(&format!("M{n}"), &format!("0917000000{n}"))
                .with("trxAmount", "1250")
                .with("attach", "\"ñ/\"");
            let compact = members.text();
            let spaced = compact.replace("\":", "\": ").replace(",\"", ", \"");
            let escaped = spaced.replace("ñ/", "\\u00f1\\/");
            let signature_of = |text: &str| {
                let whole = signed(text);
                whole.rsplit_once(":\"").unwrap().1.trim_end_matches("\"}").to_owned()
            };
            let body = match n {
                0 => enveloped(&compact, &signature_of(&compact)),
                1 => enveloped(&escaped, &signature_of(&compact)),
                2 => enveloped(&escaped, &signature_of(&escaped)),
                _ => enveloped(&escaped, &signature_of(&spaced)),
            };
            let answer = shop.post(DISBURSE, body).await.unwrap();
            let code = opened("response", answer.body()).1["code"].clone();
            assert_eq!(code, expected, "{signed_text:?} {n}");
        }
    }
}

#[tokio::test]
async fn blanks_around_the_envelope_do_not_matter() {
    let shop = Shop::open().await;
    let text = disbursement("M1", "09171234567").text();
    let body = signed(&text).replace(",\"signature\"", " ,\n \"signature\" ");
    let answer = shop.post(DISBURSE, format!(" {body}\n")).await.unwrap();
    assert_eq!(opened("response", answer.body()).1["code"], "200");
}
