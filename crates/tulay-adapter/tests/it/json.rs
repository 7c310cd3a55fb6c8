//! JSON texts, with and without the members that are expected.

use proptest::prelude::*;
use serde::Deserialize;
use std::borrow::Cow;
use tulay_adapter::json::{
    Decimal, IfText, Members, Number, Reader, Text, object, order_id, present, provider_reference,
    whole_number,
};
use tulay_core::{Currency, ErrorKind, Money, Operation};

const ACME: Reader = Reader::new("acme", Operation::Payout);

#[derive(Debug, Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

#[test]
fn only_an_object_is_an_object() {
    for body in ["", "[]", r#"["7"]"#, "null", r#"{"id":"7"} x"#, r#"{"id":"7","id":"7"}"#] {
        assert!(object::<Row<'_>>(body.as_bytes()).is_none(), "{body}");
    }
    assert!(object::<Row<'_>>(b"{\"id\":\"\xff\"}").is_none(), "not UTF-8");
    assert_eq!(&*object::<Row<'_>>(b"\n{\"id\":7}").unwrap().id.0, "7");
}

#[test]
fn errors_name_the_member_and_not_its_value() {
    let of = |text| ACME.read::<Row<'_>>(text).unwrap_err();
    for (text, field) in [
        (r#"{"id":1.5}"#, Some("id")),
        (r#"{"id":"planted"} x"#, Some("the end")),
        (r#"["planted"]"#, None),
    ] {
        let error = of(text);
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unexpected, field), "{text}");
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}

#[test]
fn a_list_is_read_row_by_row() {
    let of = |text| ACME.rows::<Row<'_>>(text);
    let ids: Vec<String> =
        of(r#"[{"id":7},{"id":"8"}]"#).unwrap().into_iter().map(|r| r.id.into_string()).collect();
    assert_eq!(ids, ["7", "8"]);
    assert_eq!(of(r#"{"id":7}"#).unwrap_err().to_string(), "acme's data is no list");
    assert_eq!(of(r#"[["7"]]"#).unwrap_err().to_string(), "acme's message is no JSON object");
    assert_eq!(of(r#"[{"id":null}]"#).unwrap_err().field(), Some("id"));
}

#[test]
fn an_id_that_can_be_none_is_absent() {
    let of = |text: &'static str| IfText(Some(Text(text.into())));
    let id = order_id(&of("PCCT4DQCA7IYPBOIHLLI5GBEMB")).unwrap();
    assert_eq!(id.as_str(), "PCCT4DQCA7IYPBOIHLLI5GBEMB");
    assert_eq!(provider_reference(&of("A7")).unwrap().as_str(), "A7");
    for text in ["", "plan ted", "ñ", "\u{200b}"] {
        assert_eq!((order_id(&of(text)), provider_reference(&of(text))), (None, None), "{text:?}");
    }
    assert_eq!(order_id(&IfText::default()), None);
}

#[test]
fn amounts_have_a_currency() {
    let text = |text: &'static str| Some(Text(text.into()));
    let of = |amount, currency| ACME.amount("amount", text(amount), "currency", currency);
    assert_eq!(of("1250.00", text("PHP")).unwrap().unwrap().to_string(), "PHP1250.00");
    assert_eq!(of("1250.005", text("PHP")).unwrap_err().field(), Some("amount"));
    assert_eq!(of("1250.00", text("pesos")).unwrap_err().field(), Some("currency"));
    assert_eq!(of("1250.00", None).unwrap_err().field(), Some("currency"));
    assert_eq!(ACME.amount("amount", None, "currency", text("PHP")).unwrap(), None);
}

#[test]
fn numbers_are_read_without_a_float() {
    let of = |json: &str| {
        let number: Decimal<'_> = serde_json::from_str(json).unwrap();
        number.money(Currency::PHP).map(Money::minor)
    };
    for (json, minor) in [
        ("0", Some(0)),
        ("1.15", Some(115)),
        ("-7.5", Some(-750)),
        ("1e5", Some(10_000_000)),
        ("1.0E7", Some(1_000_000_000)),
        ("12.5e+1", Some(12_500)),
        ("125e-2", Some(125)),
        ("5e-3", None),
        ("0.05e3", Some(5000)),
        ("-1e2", Some(-10_000)),
        ("1250.000", Some(125_000)),
        (r#""1250""#, Some(125_000)),
        (r#""1250.5""#, Some(125_050)),
        ("9007199254740993.01", Some(900_719_925_474_099_301)),
        ("92233720368547758.08", None),
        ("9223372036854775808", None),
        ("1e31", None),
        ("1e99999999999", None),
        (r#""1,250.00""#, None),
        (r#""""#, None),
        (r#""e5""#, None),
        (r#""é1e2""#, None),
        ("true", None),
        ("{}", None),
        ("[1250]", None),
    ] {
        assert_eq!(of(json), minor, "{json}");
    }
}

#[test]
fn numbers_have_a_currency() {
    let number: Decimal<'_> = serde_json::from_str("1250.5").unwrap();
    let text = |text: &'static str| IfText(Some(Text(text.into())));
    let of = |currency| ACME.number("amount", Some(&number), "currency", &currency);
    assert_eq!(of(text("PHP")).unwrap().unwrap().to_string(), "PHP1250.50");
    assert_eq!(of(text("JPY")).unwrap_err().field(), Some("amount"));
    assert_eq!(of(IfText::default()).unwrap_err().field(), Some("currency"));
    assert_eq!(ACME.number("amount", None, "currency", &text("PHP")).unwrap(), None);
}

#[test]
fn units_are_whole() {
    assert_eq!(whole_number("10000"), Some(10_000));
    for text in ["", "100.00", "-1", "1e2", "+1", " 1", "99999999999999999999"] {
        assert_eq!(whole_number(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn every_amount_survives_as_a_number(minor: i64) {
        let money = Money::from_minor(minor, Currency::PHP);
        let json = serde_json::to_string(&Number(money)).unwrap();
        let number: Decimal<'_> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(number.money(Currency::PHP), Some(money));
    }

    #[test]
    fn no_number_panics(text in "[-+]?[0-9.]{0,6}[eE]?[-+]?[0-9]{0,4}.?") {
        let quoted = serde_json::to_string(&text).unwrap();
        let number: Decimal<'_> = serde_json::from_str(&quoted).unwrap();
        let _ = number.money(Currency::PHP);
    }

    #[test]
    fn no_bytes_panic(body: Vec<u8>, text: String) {
        let _ = object::<Row<'_>>(&body).is_some();
        let _ = ACME.read::<Row<'_>>(&text).is_ok();
        let _ = ACME.rows::<Row<'_>>(&text).is_ok();
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    terminal: IfText<'a>,
}

#[test]
fn optional_text_of_another_type_is_absent() {
    let of = |text: &str| {
        let message: Message<'_> = serde_json::from_str(text).unwrap();
        message.terminal.into_string()
    };
    assert_eq!(of(r#"{"terminal":"T\u00f1"}"#).as_deref(), Some("Tñ"));
    assert_eq!(of(r#"{"terminal":7}"#).as_deref(), Some("7"));
    assert_eq!(of("{}"), None);
    for value in [
        "null",
        "{}",
        r#"{"a":[{}]}"#,
        "[]",
        r#"["T7",{}]"#,
        "1.5",
        "1e400",
        r#""""#,
        r#"" ""#,
        r#""\ud83d""#,
    ] {
        assert_eq!(of(&format!(r#"{{"terminal":{value}}}"#)), None, "{value}");
    }
}

#[test]
fn plain_text_is_borrowed() {
    let text: Text<'_> = serde_json::from_str(r#""plain""#).unwrap();
    assert!(matches!(text.0, Cow::Borrowed("plain")));
    let text: Text<'_> = serde_json::from_str(r#""esc\"aped""#).unwrap();
    assert_eq!((&*text.0, format!("{text:?}").as_str()), ("esc\"aped", "***"));
}

#[test]
fn members_stand_once_and_only_one_list_is_the_list() {
    let members = |text: &'static str| serde_json::from_str::<Members<'_>>(text);
    assert!(members(r#"{"a":1,"a":1}"#).is_err());
    assert!(members("[1]").is_err());
    let list = |text| members(text).unwrap().only_list();
    assert_eq!(list(r#"{"a":{},"b":[ 1 ]}"#), Some("[ 1 ]"));
    assert_eq!(list(r#"{"a":[],"b":[1]}"#), None);
    assert_eq!(list(r#"{"a":"[]"}"#), None);
}

#[test]
fn members_print_names_alone() {
    let members: Members<'_> =
        serde_json::from_str(r#"{"name":"Ana Reyes","account":"09171234567"}"#).unwrap();
    assert_eq!(format!("{members:?}"), r#"{"account", "name"}"#);
}

#[test]
fn a_member_that_says_nothing_is_there() {
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow, default, deserialize_with = "present")]
        to: Option<IfText<'a>>,
    }
    let of = |text: &str| {
        let answer: Answer<'_> = serde_json::from_str(text).unwrap();
        answer.to.map(IfText::into_string)
    };
    assert_eq!(of("{}"), None);
    assert_eq!(of(r#"{"to":"7"}"#), Some(Some("7".to_owned())));
    for value in ["null", "{}", r#""""#, "[7]"] {
        assert_eq!(of(&format!(r#"{{"to":{value}}}"#)), Some(None), "{value}");
    }
}
