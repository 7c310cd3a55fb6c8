//! Signed notifications.

use crate::context::{PLATFORM_KEY, offline};
use bytes::Bytes;
use std::{borrow::Cow, cell::Cell};
use tulay_adapter::{
    keys::Signers,
    webhooks::{LARGEST, SignedText, is_hmac_sha256, open_signed, operation_of},
};
use tulay_core::{
    Error, ErrorKind, KeySource, Notification, Observation, Operation, OrderId, Result, Secret,
    SecretSource, WebhookRequest,
};
use tulay_crypto::{Keys, PrivateKey, RsaSigner, Signature};

/// `TEXT SIGNATURE`
fn cut(body: &[u8]) -> Option<SignedText<'_>> {
    let (text, signature) = std::str::from_utf8(body).ok()?.rsplit_once(' ')?;
    let signature = Signature::from_base64(signature).ok();
    Some(SignedText { text: Cow::Borrowed(text), signature })
}

fn keys() -> Keys {
    let (ours, theirs) =
        (KeySource::File("ours".into()), SecretSource::File("theirs".into()).into());
    Signers::default().read_keys(&ours, &theirs, &offline()).unwrap()
}

fn signed(text: &str) -> String {
    let key = PrivateKey::parse(PLATFORM_KEY.as_bytes()).unwrap();
    let signature = RsaSigner::new(&key).unwrap().sign_blocking(text.as_bytes()).unwrap();
    format!("{text} {}", signature.to_base64())
}

/// The text that was parsed, if any, and what came of the body.
fn opened(body: impl Into<Bytes>) -> (Option<String>, Result<Vec<Notification>, ErrorKind>) {
    let raw = WebhookRequest::new("/notify".parse().unwrap(), http::HeaderMap::new(), body.into());
    let parsed = Cell::new(None);
    let parse = |text: &str| {
        parsed.set(Some(text.to_owned()));
        Ok(Notification::Unmatched { observation: Observation::new(text.to_owned()) })
    };
    let opened = open_signed("acme", &*keys().verifier, &raw, cut, parse);
    let events = opened.map(tulay_core::Verified::into_inner).map_err(|e: Error| e.kind());
    (parsed.into_inner(), events)
}

#[test]
fn the_text_that_verified_is_the_text_that_is_parsed() {
    let (parsed, events) = opened(signed("{\"state\" : \"paid\"}"));
    assert_eq!(parsed.as_deref(), Some("{\"state\" : \"paid\"}"));
    assert_eq!(events.unwrap().len(), 1);
}

#[test]
fn nothing_is_parsed_that_does_not_verify() {
    let changed = signed("{\"state\":\"paid\"}").replace("paid", "fail");
    let large = signed(&"x".repeat(LARGEST));
    for (body, kind) in [
        (changed, ErrorKind::Signature),
        ("{} ???".to_owned(), ErrorKind::Signature),
        ("{}".to_owned(), ErrorKind::Unexpected),
        (String::new(), ErrorKind::Unexpected),
        (large, ErrorKind::Unexpected),
    ] {
        assert_eq!(opened(body), (None, Err(kind)));
    }
}

#[test]
fn our_order_id_says_the_operation_before_the_path_does() {
    let all = [Operation::Payout, Operation::Collection];
    let payout = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let of = |id, path| operation_of(id, path, &all);
    assert_eq!(of(Some(&payout), "/notify/acme/collection"), Some(Operation::Payout));
    assert_eq!(of(None, "/notify/acme/collection"), Some(Operation::Collection));
    assert_eq!(of(None, "/notify/acme/collection/"), Some(Operation::Collection));
    for path in ["", "/", "/notify/acme/refund", "/notify/acme/collection/7"] {
        assert_eq!(of(None, path), None, "{path}");
    }
}

#[test]
fn a_signed_text_prints_nothing_of_it() {
    let text = r#"{"name":"Ana Reyes"}"#;
    let signed = SignedText { text: text.into(), signature: None };
    assert_eq!(format!("{signed:?}"), "SignedText(20 bytes, unsigned)");
}

#[test]
fn an_hmac_is_compared_whole_and_in_small_letters() {
    let secrets = ["old", "Jefe"].map(|text| Secret::new(text).unwrap());
    let is = |signature: &str| {
        let message: [&[u8]; 1] = [b"what do ya want for nothing?"];
        is_hmac_sha256(&secrets, &message, signature.as_bytes())
    };
    let right = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert!(is(right), "any of the secrets counts");
    let changed = right.replace("5b", "5c");
    for wrong in ["", "5b", &right[..63], &right[..62], &format!("{right}00"), &changed, "zz"] {
        assert!(!is(wrong), "{wrong}");
    }
    assert!(!is(&right.to_uppercase()));
    assert!(!is_hmac_sha256(&[], &[], b""));
}
