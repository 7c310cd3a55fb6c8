//! The published keys, and the keys that are taken.

use super::shop::{PH, Shop, enveloped, peso};
use crate::shop::{OTHER_KEY, public_pem, sign};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs8::{DecodePrivateKey, DecodePublicKey},
    traits::PublicKeyParts,
};
use tulay_sandbox::{
    regional::{
        DEMO_APP_ID, DEMO_MERCHANT_PRIVATE_KEY, DEMO_MERCHANT_PUBLIC_KEY, PLATFORM_PUBLIC_KEY,
    },
    starpay,
};

#[test]
fn published_halves_belong_together_and_to_nobody_else() {
    let platform = include_str!("../../../keys/regional.platform.private.pem");
    for (private, public) in
        [(DEMO_MERCHANT_PRIVATE_KEY, DEMO_MERCHANT_PUBLIC_KEY), (platform, PLATFORM_PUBLIC_KEY)]
    {
        let private = RsaPrivateKey::from_pkcs8_pem(private).unwrap();
        let public = RsaPublicKey::from_public_key_pem(public).unwrap();
        assert_eq!(private.to_public_key(), public);
        assert_eq!(public.n().bits(), 2048);
    }
    assert_ne!(DEMO_MERCHANT_PUBLIC_KEY, PLATFORM_PUBLIC_KEY);
    assert_ne!(PLATFORM_PUBLIC_KEY, starpay::PLATFORM_PUBLIC_KEY);
}

#[tokio::test]
async fn keys_replace_the_one_before_and_ids_are_checked() {
    let shop = Shop::open().await;
    assert_eq!(shop.sandbox.platform_key("regional").unwrap(), PLATFORM_PUBLIC_KEY);
    let param = shop.stamped(&peso("1", "09171234567"));
    let body = enveloped(DEMO_APP_ID, &param, &sign(&OTHER_KEY, &param));
    let answer = async || shop.post(PH, body.clone()).await.unwrap().into_body();
    assert!(answer().await.starts_with(br#"{"code":21001"#));
    shop.sandbox.register_merchant("regional", DEMO_APP_ID, &public_pem(&OTHER_KEY)).unwrap();
    assert!(answer().await.starts_with(br#"{"code":10000"#));
    for id in ["", "a/b", "ñ", &"1".repeat(65)] {
        let refused = shop.sandbox.register_merchant("regional", id, DEMO_MERCHANT_PUBLIC_KEY);
        assert_eq!(refused.unwrap_err().field(), "merchant");
    }
    let refused = shop.sandbox.register_merchant("regional", "M1", "AAAA").unwrap_err();
    assert_eq!(refused.field(), "public_key");
}
