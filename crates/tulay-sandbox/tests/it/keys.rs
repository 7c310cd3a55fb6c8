//! The published keys, and the keys that are taken.

use crate::shop::{DISBURSE, OTHER_KEY, Shop, disbursement, enveloped, opened, public_pem, sign};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs8::{DecodePrivateKey, DecodePublicKey},
    rand_core::OsRng,
    traits::PublicKeyParts,
};
use tulay_sandbox::starpay::{
    DEMO_MERCHANT_PRIVATE_KEY, DEMO_MERCHANT_PUBLIC_KEY, PLATFORM_PUBLIC_KEY,
};

#[test]
fn published_halves_belong_together() {
    let platform = include_str!("../../keys/starpay.platform.private.pem");
    assert_pair(DEMO_MERCHANT_PRIVATE_KEY, DEMO_MERCHANT_PUBLIC_KEY);
    assert_pair(platform, PLATFORM_PUBLIC_KEY);
    assert_ne!(DEMO_MERCHANT_PUBLIC_KEY, PLATFORM_PUBLIC_KEY);
}

/// Asserts that two keys are the halves of one pair of 2048 bits.
pub(crate) fn assert_pair(private: &str, public: &str) {
    let private = RsaPrivateKey::from_pkcs8_pem(private).unwrap();
    let public = RsaPublicKey::from_public_key_pem(public).unwrap();
    assert_eq!(private.to_public_key(), public);
    assert_eq!(public.n().bits(), 2048);
}

#[tokio::test]
async fn the_platform_key_is_shown() {
    let shop = Shop::open().await;
    assert_eq!(shop.sandbox.platform_key("starpay").unwrap(), PLATFORM_PUBLIC_KEY);
    let unknown = shop.sandbox.platform_key("startpay").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "provider: expected one of starpay, regional, xendit, paymongo"
    );
}

#[tokio::test]
async fn keys_are_taken_in_pem_and_bare_and_replace_the_one_before() {
    let shop = Shop::open().await;
    let pem = public_pem(&OTHER_KEY);
    let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let text = disbursement("M1", "09171234567").text();
    let body = enveloped(&text, &sign(&OTHER_KEY, &text));
    let code = async || {
        let answer = shop.post(DISBURSE, body.clone()).await.unwrap();
        opened("response", answer.body()).1["code"].clone()
    };
    assert_eq!(code().await, "402");
    for key in [pem.clone(), lines.join("\n"), lines.concat(), format!("\n{pem}\n\n")] {
        shop.sandbox.reset();
        shop.sandbox
            .register_merchant("starpay", "101510000001", DEMO_MERCHANT_PUBLIC_KEY)
            .unwrap();
        shop.sandbox.register_merchant("starpay", "101510000001", &key).unwrap();
        assert_eq!(code().await, "200", "{key}");
    }
}

#[tokio::test]
async fn keys_and_ids_that_do_not_fit_are_refused() {
    let shop = Shop::open().await;
    let short = public_pem(&RsaPrivateKey::new(&mut OsRng, 1024).unwrap());
    for key in ["", "AAAA", "not base64!", DEMO_MERCHANT_PRIVATE_KEY, short.as_str()] {
        let refused = shop.sandbox.register_merchant("starpay", "M1", key).unwrap_err();
        assert_eq!(refused.field(), "public_key");
    }
    for id in ["", "a/b", "ñ", &"1".repeat(33)] {
        let refused =
            shop.sandbox.register_merchant("starpay", id, DEMO_MERCHANT_PUBLIC_KEY).unwrap_err();
        assert_eq!(refused.field(), "merchant");
    }
}
