//! The key pair and signature that the provider publishes with "Unified Async Notification Param".
//! The text that was signed is not published; its digest was recovered from the signature.

use crate::support::*;
use proptest::prelude::*;
use tulay_core::*;
use tulay_crypto::{PrivateKey, RsaSigner, Signature};
use tulay_regional::{Keys, Regional};

fn published(name: &str) -> String {
    let published: serde_json::Value =
        serde_json::from_str(include_str!("data/published.json")).unwrap();
    published[name].as_str().unwrap().to_owned()
}

/// Keys with the published one as the platform's.
fn keys() -> Keys {
    Keys::parse(MERCHANT_KEY, published("public_key_spki_base64").as_bytes()).unwrap()
}

fn published_signer() -> RsaSigner {
    let private = published("private_key_pkcs8_base64");
    RsaSigner::new(&PrivateKey::parse(private.as_bytes()).unwrap()).unwrap()
}

#[test]
fn the_published_signature_verifies() {
    let digest = published("signed_sha256_hex");
    let digest: Vec<u8> = (0..digest.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digest[at..at + 2], 16).unwrap())
        .collect();
    let mut digest: [u8; 32] = digest.try_into().unwrap();
    let signature = Signature::from_base64(&published("sign_base64")).unwrap();
    keys().verifier.verify_digest(&digest, &signature).unwrap();
    digest[31] ^= 1;
    assert!(keys().verifier.verify_digest(&digest, &signature).is_err());
    assert!(keys().verifier.verify(b"{}", &signature).is_err());
}

#[test]
fn the_published_keys_are_one_pair() {
    let (private, public) =
        (published("private_key_pkcs8_base64"), published("public_key_spki_base64"));
    let refused = Keys::parse(private.as_bytes(), public.as_bytes()).unwrap_err();
    assert_eq!(refused, tulay_crypto::KeysError::SamePair);
}

#[test]
fn a_notification_signed_with_the_published_key_is_opened() {
    let context = context(Platform::says(500, ""));
    let id = ProviderId::new("regional").unwrap();
    let regional = Regional::new(id, settings(), keys(), context).unwrap();
    let text = notice("disbursement.success", "COMPLETED");
    let sign = published_signer().sign_blocking(text.as_bytes()).unwrap().to_base64();
    let open = |body: String| {
        let raw = WebhookRequest::new("/".parse().unwrap(), http::HeaderMap::new(), body.into());
        regional.open(&raw)
    };
    assert!(open(enveloped(&text, &sign)).is_ok());
    assert!(open(enveloped(&text, &published("sign_base64"))).is_err());
    assert!(open(signed(&text)).is_err());
}

proptest! {
    #[test]
    fn any_param_signed_with_the_published_key_verifies(param in ".{0,200}") {
        let signature = published_signer().sign_blocking(param.as_bytes()).unwrap();
        prop_assert!(keys().verifier.verify(param.as_bytes(), &signature).is_ok());
        let other = format!("{param} ");
        prop_assert!(keys().verifier.verify(other.as_bytes(), &signature).is_err());
    }
}
