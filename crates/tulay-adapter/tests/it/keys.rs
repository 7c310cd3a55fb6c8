//! Both keys of an account.

use crate::context::{OTHER_PLATFORM_KEY, OUR_KEY, PLATFORM_KEY, offline};
use std::sync::Arc;
use tulay_adapter::keys::{Signers, sign};
use tulay_core::{Effect, ErrorKind, KeySource, Operation, SecretSource};
use tulay_crypto::{PrivateKey, RsaSigner};

fn file(name: &str) -> KeySource {
    KeySource::File(name.into())
}

#[test]
fn errors_name_the_field_and_no_key() {
    let signer = RsaSigner::new(&PrivateKey::parse(OUR_KEY.as_bytes()).unwrap()).unwrap();
    let signers = Signers::default().with("kms", Arc::new(signer));
    let context = offline();
    let read = |private: &KeySource, platform: &str| {
        let platform = SecretSource::File(platform.into()).into();
        signers.read_keys(private, &platform, &context).map(|_| ())
    };
    let kms = KeySource::Signer("kms".into());
    assert_eq!(read(&file("ours"), "theirs"), Ok(()));
    assert_eq!(read(&kms, "theirs"), Ok(()));
    for (private, platform, field) in [
        (file("missing"), "theirs", "private_key"),
        (file("ours"), "missing", "platform_key"),
        (file("no key"), "theirs", "private_key"),
        (file("ours"), "no key", "platform_key"),
        (file("ours"), "our half", "platform_key"),
        (kms, "our half", "platform_key"),
        (KeySource::Signer("hsm".into()), "theirs", "private_key.signer"),
    ] {
        let error = read(&private, platform).unwrap_err();
        assert_eq!(error.field(), field, "{private:?} {platform}");
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}

#[tokio::test]
async fn two_platform_keys_are_valid_at_once() {
    let listed = |json| serde_json::from_str(json).unwrap();
    let read = |sources| Signers::default().read_keys(&file("ours"), &sources, &offline());
    let signer = |key: &str| RsaSigner::new(&PrivateKey::parse(key.as_bytes()).unwrap()).unwrap();
    let (old, new) = (signer(PLATFORM_KEY), signer(OTHER_PLATFORM_KEY));
    let both = read(listed(r#"[{"file":"theirs"},{"file":"their next"}]"#)).unwrap();
    for signer in [&old, &new] {
        let signature = signer.sign_blocking(b"{}").unwrap();
        assert!(both.verifier.verify(b"{}", &signature).is_ok());
        assert!(both.verifier.verify(b"{ }", &signature).is_err());
    }
    let alone = read(listed(r#"{"file":"their next"}"#)).unwrap();
    let signature = old.sign_blocking(b"{}").unwrap();
    assert!(alone.verifier.verify(b"{}", &signature).is_err());
    let error = read(listed(r#"[{"file":"theirs"},{"file":"our half"}]"#)).unwrap_err();
    assert_eq!(error.field(), "platform_key");
}

#[tokio::test]
async fn keys_are_not_read_for_capabilities_only() {
    let mut context = offline();
    context.capabilities_only = true;
    let missing = SecretSource::Env("MISSING".into()).into();
    let keys = Signers::default().read_keys(&file("missing"), &missing, &context).unwrap();
    let error = sign(&keys, Operation::Payout, "{}").await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::NotSent));
}
