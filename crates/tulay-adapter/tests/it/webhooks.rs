//! Signed notifications.

use crate::context::{PLATFORM_KEY, offline};
use bytes::Bytes;
use std::{borrow::Cow, cell::Cell};
use tulay_adapter::{
    keys::Signers,
    webhooks::{
        LARGEST, MOST_EVENTS, SignedText, events, is_hmac_sha256, open_body, open_signed,
        open_token, operation_of, read_body, read_signed, unmatched, verify_timed,
    },
};
use tulay_core::{
    Authenticity, Error, ErrorKind, KeySource, Notification, Observation, Operation, OrderId,
    Result, Secret, SecretSource, WebhookRequest,
};
use tulay_crypto::{Keys, PrivateKey, RsaSigner, Signature};

/// `TEXT SIGNATURE`
fn cut(body: &[u8]) -> Option<SignedText<'_>> {
    let (text, signature) = std::str::from_utf8(body).ok()?.rsplit_once(' ')?;
    let signature = Signature::from_base64(signature).ok();
    Some(SignedText { text: Cow::Borrowed(text), signature })
}

fn key_pair() -> Keys {
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
        Ok(Notification::Unmatched {
            observation: Observation::new(text.to_owned()),
            terminal: None,
        })
    };
    let opened = open_signed("acme", &*key_pair().verifier, &raw, cut, parse);
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

/// Made with `openssl dgst -sha256 -hmac whsk_a` over `1796000000.{"a":1}`.
const TIMED: &str =
    "t=1796000000,v1=35d741ac68b856e6ec3f4d0307ca16a866875b873088496061fc465396afc8c1";

fn timed(values: &[&str], body: &[u8]) -> Result<i64, ErrorKind> {
    let mut headers = http::HeaderMap::new();
    for value in values {
        headers.append("acme-signature", value.parse().unwrap());
    }
    let secrets = ["whsk_b", "whsk_a"].map(|secret| Secret::new(secret).unwrap());
    verify_timed(&secrets, &headers, "acme-signature", "v1", body).map_err(|error| error.kind())
}

#[test]
fn a_timed_signature_covers_time_and_body() {
    let body = br#"{"a":1}"#;
    assert_eq!(timed(&[TIMED], body), Ok(1_796_000_000));
    assert_eq!(timed(&[&TIMED.replace(",v1", ",v0=1,v1")], body), Ok(1_796_000_000));
    assert!(timed(&[TIMED], br#"{"a":2}"#).is_err());
    assert!(timed(&[&TIMED.replace("=179", "=178")], body).is_err());
}

#[test]
fn a_timed_signature_stands_once_and_has_digits() {
    let (time, signature) = TIMED.split_once(',').unwrap();
    for values in [
        &[][..],
        &[""],
        &[TIMED, TIMED],
        &[time],
        &[signature],
        &[&format!("{time},{TIMED}")],
        &[&format!("{TIMED},{signature}")],
        &[&format!("{time},v1=")],
        &[&TIMED.replace("t=", "t=+")],
        &[&TIMED.replace("t=", " t=")],
        &[&TIMED.to_ascii_uppercase().replace("T=", "t=").replace("V1=", "v1=")],
    ] {
        assert_eq!(timed(values, br#"{"a":1}"#), Err(ErrorKind::Signature), "{values:?}");
    }
}

#[test]
fn a_body_is_parsed_only_after_it_verified() {
    let open = |body: &[u8], genuine: bool| {
        let raw = WebhookRequest::new(
            "/notify".parse().unwrap(),
            http::HeaderMap::new(),
            Bytes::copy_from_slice(body),
        );
        let parsed = Cell::new(false);
        let verify = |bytes: &[u8]| match genuine && bytes == body {
            true => Ok(()),
            false => Err(Error::new(Operation::Notification, ErrorKind::Signature, "forged")),
        };
        let opened = open_body(&raw, verify, |text| {
            parsed.set(true);
            Ok(Notification::Unmatched {
                observation: Observation::new(text.to_owned()),
                terminal: None,
            })
        });
        (parsed.get(), opened.map(|_| ()).map_err(|error| error.kind()))
    };
    assert_eq!(open(b"{}", true), (true, Ok(())));
    assert_eq!(open(b"{}", false), (false, Err(ErrorKind::Signature)));
    assert_eq!(open(b"\xff", true), (false, Ok(())), "genuine, and no text");
    assert_eq!(open(b"", true), (false, Err(ErrorKind::Unexpected)));
    assert_eq!(open(&vec![b' '; LARGEST + 1], true), (false, Err(ErrorKind::Unexpected)));
}

/// What came of an event whose text is the name of an error's kind, or any other text.
fn parse(text: &str) -> Result<Notification> {
    let kinds = [ErrorKind::Unexpected, ErrorKind::Mismatch, ErrorKind::Unrelated];
    let text = text.trim_matches('"');
    match kinds.into_iter().find(|kind| kind.as_str() == text) {
        Some(kind) => Err(Error::new(Operation::Notification, kind, "as the test says")),
        None => Ok(unmatched(Observation::new(Cow::Borrowed(text)))),
    }
}

fn keys(events: Result<Vec<Notification>>) -> Result<Vec<String>, ErrorKind> {
    let key = |events: Vec<Notification>| events.iter().map(Notification::key).collect();
    events.map(key).map_err(|error| error.kind())
}

#[test]
fn a_genuine_message_that_cannot_be_read_is_kept() {
    let read = |body: &[u8]| keys(read_body(body, parse));
    let unreadable = Ok(vec!["unreadable".to_owned()]);
    assert_eq!(read(br#""unexpected""#), unreadable);
    assert_eq!(read(b"\xff"), unreadable);
    for kind in [ErrorKind::Mismatch, ErrorKind::Unrelated] {
        assert_eq!(read(format!("\"{kind}\"").as_bytes()), Err(kind));
        assert_eq!(read(format!("[\"paid\",\"{kind}\"]").as_bytes()), Err(kind));
    }
}

#[test]
fn an_array_of_events_is_read_event_by_event() {
    let read = |text: &str| keys(events(text, parse));
    let paid = || r#"unmatched   "paid" "#.to_owned();
    assert_eq!(read(r#" ["paid" , "paid"]"#), Ok(vec![paid(), paid()]));
    let one_unreadable = Ok(vec![paid(), "unreadable".to_owned(), paid()]);
    assert_eq!(read(r#"["paid","unexpected","paid"]"#), one_unreadable);
    let array = |n| format!("[{}]", vec![r#""paid""#; n].join(","));
    assert_eq!(read(&array(MOST_EVENTS)), Ok(vec![paid(); MOST_EVENTS]));
    for text in ["[]", "[", "[paid]", r#"["paid"]["paid"]"#, &array(MOST_EVENTS + 1), &array(1000)]
    {
        assert_eq!(read(text), Ok(vec!["unreadable".to_owned()]), "{text}");
    }
}

#[test]
fn a_stored_body_is_read_without_a_key() {
    let body = signed(r#"{"state":"paid"}"#);
    let opened = opened(body.clone()).1.unwrap();
    let parse = |text: &str| Ok(unmatched(Observation::new(Cow::Borrowed(text))));
    assert_eq!(read_signed("acme", body.as_bytes(), cut, parse).unwrap(), opened);
    let error = read_signed("acme", b"{}", cut, parse).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    assert_eq!(error.to_string(), "the notification is not one of acme's");
}

#[test]
fn a_token_makes_a_hint() {
    let raw = WebhookRequest::new("/".parse().unwrap(), http::HeaderMap::new(), "[1,2]".into());
    let opened = open_token(&raw, || Ok(()), parse).unwrap();
    assert_eq!((opened.get().len(), opened.authenticity()), (2, Authenticity::SharedToken));
    let refused = || Err(Error::new(Operation::Notification, ErrorKind::Signature, "no token"));
    assert_eq!(open_token(&raw, refused, parse).unwrap_err().kind(), ErrorKind::Signature);
}
