//! Fields of a request.

use bytes::Bytes;
use tulay_adapter::{
    codes::institutions,
    request::{bank_account, get, no_extras, one_line, post_json, with_order_id},
};
use tulay_core::{
    Capability, Country, Currency, Destination, Effect, ErrorKind, Extras, Guarantees, IdRules,
    Money, Operation, OrderId, PayoutRequest, Reference, Sensitive,
};

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

#[test]
fn a_payout_goes_to_a_bank_that_is_listed() {
    let guarantees = Guarantees::default();
    let mut payouts = Capability::new(Vec::new(), IdRules::STANDARD, guarantees);
    payouts.institutions = institutions(Country::PH, &[("BOPIPHMM", "BPI")]);
    let request = |bank| {
        let reference = Reference::new("R-1").unwrap();
        let payee = Destination::bank(bank, "007001002003").unwrap();
        PayoutRequest::new(reference, Country::PH, Money::from_minor(1, Currency::PHP), payee)
    };
    let listed = request("BOPIPHMM");
    assert_eq!(bank_account("acme", &payouts, &listed), Ok(("BPI", "007001002003")));
    let other = bank_account("acme", &payouts, &request("MBTCPHMM")).unwrap_err();
    assert_eq!(other.to_string(), "institution: expected a bank that acme pays to");
}

#[test]
fn an_order_id_stands_whole_in_its_header() {
    let id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let header = |order_id| {
        let request = get(Operation::Payout, "https://acme.example".into()).unwrap();
        let request = with_order_id(request, "idempotency-key", order_id).unwrap();
        request.headers().get("idempotency-key").map(|key| key.as_bytes().to_owned())
    };
    assert_eq!(header(Some(&id)), Some(id.as_str().as_bytes().to_owned()));
    assert_eq!(header(None), None);
}
