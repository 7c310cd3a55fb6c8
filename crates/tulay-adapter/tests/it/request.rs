//! Fields of a request.

use bytes::Bytes;
use tulay_adapter::request::{get, no_extras, one_line, post_json};
use tulay_core::Sensitive;
use tulay_core::{Effect, ErrorKind, Extras, Operation};

#[test]
fn only_extras_of_this_provider_are_refused() {
    let of = |key: &str| {
        let extras = Extras::from([(key.to_owned(), Sensitive::new("x").unwrap())]);
        no_extras("acme", &extras).is_ok()
    };
    assert!(of("starpay.note") && of("acmes.note") && of("note"));
    assert!(!of("acme.note") && !of("acme."));
}

#[test]
fn texts_are_counted_in_characters() {
    assert_eq!(one_line("name", Some("Ñañé"), 4), Ok(Some("Ñañé")));
    assert!(one_line("name", Some("Ñañéz"), 4).is_err());
    assert!(one_line("name", Some("a\u{85}"), 4).is_err(), "a control character");
    assert_eq!(one_line("name", None, 4), Ok(None));
}

#[test]
fn a_url_that_is_none_is_not_sent() {
    let url = || "https://a b".to_owned();
    let post = post_json(Operation::Payout, url(), Bytes::new()).unwrap_err();
    assert_eq!((post.kind(), post.effect()), (ErrorKind::Configuration, Effect::NotSent));
    assert_eq!(get(Operation::Health, url()).unwrap_err().kind(), ErrorKind::Configuration);
}
