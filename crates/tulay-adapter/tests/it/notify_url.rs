//! The addresses that orders are notified at.

use crate::context::offline;
use tulay_adapter::notify_url::{check_address, notify_url};
use tulay_core::*;

const OPERATIONS: [Operation; 4] =
    [Operation::Payout, Operation::Collection, Operation::StaticCode, Operation::Refund];

fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

fn with_key(key: &str) -> AdapterContext {
    let mut context = offline();
    context.notify_url = "https://pay.example/notify/acme".parse().ok();
    context.notify_key = Secret::new(key).ok();
    context
}

fn uri(target: &str) -> http::Uri {
    target.parse().unwrap()
}

#[test]
fn an_address_names_the_operation() {
    let order = id("CCCT4DQCA7IYPBOIHLLI5GBEMB");
    let mut context = offline();
    assert_eq!(notify_url(&context, Operation::Payout, &order), None);
    for base in ["https://pay.example/notify/acme", "https://pay.example/notify/acme/"] {
        context.notify_url = Some(base.parse().unwrap());
        let url = notify_url(&context, Operation::StaticCode, &order);
        assert_eq!(url.as_deref(), Some("https://pay.example/notify/acme/static_code"));
    }
}

#[test]
fn an_address_part_follows_from_key_and_order() {
    let (one, two) = (id("CCCT4DQCA7IYPBOIHLLI5GBEMB"), id("CAAAAAAAAAAAAAAAAAAAAAAAAA"));
    let url = |key, operation, order| notify_url(&with_key(key), operation, order).unwrap();
    let first = url("key one", Operation::Collection, &one);
    assert_eq!(first, url("key one", Operation::Collection, &one));
    // HMAC-SHA-256 of "collection\nCCCT4DQCA7IYPBOIHLLI5GBEMB", by another implementation.
    assert_eq!(first, "https://pay.example/notify/acme/5fquA_PbW5oTxIewL0QFtA/collection");
    for other in [
        url("key two", Operation::Collection, &one),
        url("key one", Operation::Collection, &two),
        url("key one", Operation::Refund, &one),
    ] {
        assert_ne!(first, other);
        assert_eq!(
            first.len() - "collection".len(),
            other.len() - other.rsplit('/').next().unwrap().len()
        );
    }
}

#[test]
fn a_notification_has_to_arrive_at_its_address() {
    let order = id("CCCT4DQCA7IYPBOIHLLI5GBEMB");
    let context = with_key("a key of the application");
    for operation in OPERATIONS {
        let url = notify_url(&context, operation, &order).unwrap();
        let path = url.strip_prefix("https://pay.example").unwrap();
        let check = |target: &str| check_address(&context, &uri(target), operation, &order);
        // A proxy may have taken a part of the path away; query and last slash do not matter.
        let short = path.strip_prefix("/notify").unwrap();
        for right in [path, short, &format!("{path}/"), &format!("{path}?a=b")] {
            assert!(check(right).is_ok(), "{right}");
        }
        let part = path.rsplit('/').nth(1).unwrap();
        let other = notify_url(&with_key("another key"), operation, &order).unwrap();
        for wrong in [
            "/".to_owned(),
            format!("/notify/acme/{operation}"),
            format!("/notify/acme/{part}"),
            format!("/notify/acme/{part}/{part}/{operation}x"),
            format!("/notify/acme//{operation}"),
            path.replace(part, &part[..part.len() - 1]),
            path.replace(part, &format!("{part}A")),
            path.replace(part, &part.to_lowercase()),
            other.strip_prefix("https://pay.example").unwrap().to_owned(),
        ] {
            let error = check(&wrong).unwrap_err();
            let found = (error.kind(), error.field());
            assert_eq!(found, (ErrorKind::Unrelated, Some("target")), "{wrong}");
            assert!(!error.to_string().contains(part));
        }
    }
}

#[test]
fn an_address_of_another_order_is_refused() {
    let context = with_key("a key of the application");
    let (ours, theirs) = (id("CCCT4DQCA7IYPBOIHLLI5GBEMB"), id("CAAAAAAAAAAAAAAAAAAAAAAAAA"));
    let url = notify_url(&context, Operation::Collection, &theirs).unwrap();
    let target = uri(url.strip_prefix("https://pay.example").unwrap());
    assert!(check_address(&context, &target, Operation::Collection, &ours).is_err());
    assert!(check_address(&context, &target, Operation::Collection, &theirs).is_ok());
}

#[test]
fn every_address_is_right_without_a_key() {
    let mut context = with_key("key");
    context.notify_key = None;
    let order = id("CCCT4DQCA7IYPBOIHLLI5GBEMB");
    for target in ["/", "/x/y", "/notify/acme/collection"] {
        assert!(check_address(&context, &uri(target), Operation::Collection, &order).is_ok());
    }
}
