//! Reading and writing have the same rules: what is read without a note is written again, byte for
//! byte, and what is written is read without one.

use crate::vector;
use proptest::{prelude::*, sample::select};
use tulay_qr::{
    BuildError, BuildErrorKind, Draft, Id, Payload, PointOfInitiation, crc16, emv, validate,
};

fn with_crc(hashed: &str) -> String {
    let hashed = format!("{hashed}6304");
    format!("{hashed}{:04X}", crc16(hashed.as_bytes()))
}

fn object(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.chars().count())
}

/// The code written anew from what can be read of it.
fn rewritten(payload: &Payload<'_>) -> Result<String, BuildError> {
    let accounts: Vec<_> =
        payload.accounts().map(|account| (account.id(), account.object().value())).collect();
    let additional = payload.additional().objects().into_iter().flatten();
    let additional: Vec<_> = additional.map(|object| (object.id(), object.value())).collect();
    let others = payload.objects().filter(|object| object.id().number() > 64);
    let others: Vec<_> = others.map(|object| (object.id(), object.value())).collect();
    let language = payload.language();
    let merchant = emv::Merchant {
        format_indicator: payload.value(Id::FORMAT_INDICATOR).unwrap_or_default(),
        accounts: &accounts,
        currency: payload.currency().unwrap(),
        country: payload.country().unwrap_or_default(),
        merchant_is_mandatory: false,
    };
    merchant.build(&Draft {
        initiation: payload.initiation(),
        amount: payload.value(Id::AMOUNT),
        tip: payload.tip(),
        category_code: payload.category_code(),
        merchant_name: payload.merchant_name(),
        merchant_city: payload.merchant_city(),
        postal_code: payload.postal_code(),
        additional: &additional,
        language: language.map(|l| (l.language, l.merchant_name, l.merchant_city)),
        others: &others,
    })
}

fn is_forbidden(text: &str) -> bool {
    validate(text).warnings.iter().any(|warning| warning.kind.is_forbidden())
}

/// The value of an object: good, at a limit, or beyond it.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9 ]{1,40}",
        "[0-9]{1,20}",
        "[0-9]{1,4}\\.[0-9]{0,4}",
        "[A-Z]{1,3}",
        "[ -~]{1,12}[éร京][ -~]{0,12}",
    ]
}

/// An object of one of these forms, or none.
fn maybe(id: &'static str, values: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    let values = values.iter().map(|value| match *value {
        "" => String::new(),
        value => object(id, value),
    });
    select(values.collect::<Vec<_>>())
}

fn account() -> impl Strategy<Value = String> {
    let guid =
        |guid: &str, value: &str| object("26", &[object("00", guid), object("01", value)].concat());
    let transfer = |value: &str| {
        let subs = [object("00", "com.p2pqrpay"), object("01", "ACQ"), object("04", value)];
        object("27", &subs.concat())
    };
    prop_oneof![
        2 => Just(object("26", &object("00", "com.example.pay"))),
        1 => value().prop_map(|value| object("04", &value)),
        1 => value().prop_map(move |value| guid("com.example.pay", &value)),
        1 => value().prop_map(move |value| guid(&value, "1")),
        1 => value().prop_map(move |value| transfer(&value)),
    ]
}

/// The objects behind the city.
fn rest() -> impl Strategy<Value = String> {
    let sub = select(vec!["00", "01", "05", "08", "09", "10", "50", "90"]);
    let postal = prop::option::of(value().prop_map(|value| object("61", &value)));
    let label = (sub, value()).prop_map(|(sub, value)| object("62", &object(sub, &value)));
    let languages = select(vec!["TH", "T", "THA", "zh", "1x", "é"]);
    let city = prop::option::of(value().prop_map(|city| object("02", &city)));
    let language = (languages, value(), city).prop_map(|(language, name, city)| {
        let city = city.unwrap_or_default();
        object("64", &[object("00", language), object("01", &name), city].concat())
    });
    (postal, prop::option::of(label), prop::option::of(language))
        .prop_map(|(a, b, c)| [a, b, c].map(Option::unwrap_or_default).concat())
}

/// A code whose objects stand in the order in which they are written.
fn code() -> impl Strategy<Value = String> {
    let or = |id: &'static str, usual: &'static str| {
        let value = prop_oneof![3 => Just(usual.to_owned()), 1 => value()];
        value.prop_map(move |value| object(id, &value))
    };
    let amounts =
        ["", "1", "10.00", ".5", "5.", "0.50", "00.50", "0012", "999.123", "1.5", "0", "1,0"];
    let tips = ["", "550201", "5502025604.500", "55020256043.50", "5502025606310.55"];
    let percentages = ["", "550203570503.25", "550203570500.00", "55020457011"];
    let tips: Vec<_> = tips.into_iter().chain(percentages).collect();
    (
        account(),
        or("52", "5411"),
        maybe("53", &["608", "392", "123", "764", "048", "999"]),
        maybe("54", &amounts),
        select(tips),
        maybe("58", &["PH", "PH", "PH", "ZZ", "TH", "ph", "UK", "XX"]),
        or("59", "SHOP"),
        or("60", "Manila"),
        rest(),
    )
        .prop_map(|(account, category, currency, amount, tip, country, name, city, rest)| {
            with_crc(
                &[
                    "000201010212",
                    &account,
                    &category,
                    &currency,
                    &amount,
                    tip,
                    &country,
                    &name,
                    &city,
                    &rest,
                ]
                .concat(),
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reading_notes_exactly_what_writing_refuses(text in code()) {
        let Ok(payload) = Payload::parse(&text) else { return Ok(()) };
        let findings = payload.validate();
        let written = rewritten(&payload);
        let accepted = written.as_ref().is_ok_and(|text| validate(text).is_valid());
        let clean = findings.is_valid() && !is_forbidden(&text);
        // A fee that cannot be read is an error, and is not there to be written.
        prop_assume!(clean || payload.tip().is_some() || payload.get(Id::TIP_INDICATOR).is_none());
        prop_assert_eq!(clean, accepted, "{} {:?} {:?}", text, findings, written);
        if clean {
            prop_assert_eq!(written.unwrap(), text);
        }
    }

    #[test]
    fn what_an_edit_writes_is_read_without_a_note(
        text in code(),
        amount in "[0-9.]{1,6}",
        label in value(),
    ) {
        let Ok(payload) = Payload::parse(&text) else { return Ok(()) };
        if !payload.validate().is_valid() || is_forbidden(&text) {
            return Ok(());
        }
        let keep = PointOfInitiation::Keep;
        let edited = payload.edit().set_amount(&amount, keep);
        if let Ok(edited) = edited.and_then(|edited| edited.set_reference(&label, keep)) {
            let edited = edited.finish();
            prop_assert_eq!(edited.errors, []);
            prop_assert!(!is_forbidden(&edited.text), "{}", edited.text);
        }
    }
}

#[test]
fn codes_in_use_are_written_unless_a_note_forbids_it() {
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        let accepted = rewritten(&payload).is_ok();
        assert_eq!(accepted, !is_forbidden(vector.payload()), "{}", vector.name());
    }
}

#[test]
fn a_note_stands_at_the_value_that_breaks_a_rule() {
    let shop = |id: &str, value: &str| {
        let objects = [
            ("26", "0015com.example.pay"),
            ("52", "5411"),
            ("53", "608"),
            ("54", "1.00"),
            ("58", "PH"),
            ("59", "SHOP"),
            ("60", "Manila"),
            ("61", "1000"),
            ("62", "0501A"),
        ];
        let objects =
            objects.map(|(own, usual)| object(own, if own == id { value } else { usual }));
        with_crc(&format!("000201010212{}", objects.concat()))
    };
    let long = |length: usize| "x".repeat(length);
    for (id, value, kind, path, within, limit) in [
        ("62", object("05", &long(35)), "value_length", "62.05", 4, Some(25)),
        ("62", object("01", &long(26)), "value_length", "62.01", 4, Some(25)),
        ("62", object("03", "Caf\u{E9}"), "value_character", "62.03", 7, None),
        ("61", long(11), "value_length", "61", 0, Some(10)),
        ("59", long(26), "name_too_long", "59", 0, Some(25)),
        ("60", long(16), "city_too_long", "60", 0, Some(15)),
        ("59", "SARI\u{2019}S".to_owned(), "not_ans", "59", 4, None),
        ("52", "54A1".to_owned(), "bad_mcc", "52", 2, None),
        ("53", "123".to_owned(), "unknown_currency", "53", 0, None),
        ("53", "392".to_owned(), "amount_decimals", "54", 0, None),
        ("54", ".5".to_owned(), "amount_form", "54", 0, None),
        ("54", "007".to_owned(), "amount_form", "54", 0, None),
        ("58", "ZZ".to_owned(), "unknown_country", "58", 0, None),
        ("26", object("00", &long(33)), "value_length", "26.00", 4, Some(32)),
    ] {
        let text = shop(id, &value);
        let findings = validate(&text);
        assert_eq!(findings.errors, [], "{text}");
        let warning = findings.warnings.iter().find(|warning| warning.kind.name() == kind);
        let warning = warning.unwrap_or_else(|| panic!("{text}: {findings:?}"));
        assert!(warning.kind.is_forbidden());
        assert_eq!((warning.path.unwrap().to_string().as_str(), warning.limit), (path, limit));
        let payload = Payload::parse(&text).unwrap();
        let object = payload.get(Id::new(path[..2].parse().unwrap()).unwrap()).unwrap();
        assert_eq!(warning.byte_offset, object.value_byte_offset() + within, "{text}");
    }
}

#[test]
fn a_refusal_names_character_and_limit() {
    let payload = vector::valid_payloads().remove(0).payload().to_owned();
    let payload = Payload::parse(&payload).unwrap();
    for (id, value, message, position, limit) in [
        (
            59,
            "x".repeat(35).as_str(),
            "59: the value has 35 characters, and at most 25 are allowed",
            None,
            Some(25),
        ),
        (59, "Sari\u{2019}s", "59: character 5 of the value is not printable ASCII", Some(5), None),
        (52, "541", "52: the value has 3 characters, and exactly 4 are needed", None, Some(4)),
        (52, "54l1", "52: character 3 of the value is not a digit", Some(3), None),
        (
            58,
            "Ph",
            "58: character 2 of the value is not a capital letter from A to Z",
            Some(2),
            None,
        ),
        (58, "ZZ", "58: these letters are no country of ISO 3166-1", None, None),
        (53, "123", "53: this number is no currency of ISO 4217", None, None),
    ] {
        let error = payload.edit().set(Id::new(id).unwrap(), value).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!((error.position(), error.limit()), (position, limit), "{message}");
    }
}

#[test]
fn an_amount_is_refused_with_how_to_write_it() {
    let shop =
        with_crc("00020101021126190015com.example.pay5204541153036085802PH5904SHOP6006Manila");
    let payload = Payload::parse(&shop).unwrap();
    for (amount, write) in [(".5", "0.50"), ("0012.5", "12.50"), ("00.05", "0.05"), ("007", "7.00")]
    {
        let error = payload.edit().set_amount(amount, PointOfInitiation::Keep).map(|_| ());
        let error = error.unwrap_err();
        assert_eq!(error.kind, BuildErrorKind::BadAmount);
        assert!(error.to_string().ends_with(&format!("write {write}")), "{error}");
        assert!(payload.edit().set_amount(write, PointOfInitiation::Keep).is_ok());
    }
}
