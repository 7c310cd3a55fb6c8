//! Rules that no vector has.

use tulay_qr::{
    ErrorKind, Kind, Leniency, Payload, Scheme, crc16, inspect, inspect_leniently, validate,
};

/// The text with its CRC.
fn with_crc(hashed: &str) -> String {
    let hashed = format!("{hashed}6304");
    format!("{hashed}{:04X}", crc16(hashed.as_bytes()))
}

const SHOP: &str =
    "00020101021126280015com.example.pay0105M00015204541153036085802PH5912EXAMPLE SHOP6006Manila";

/// A shop's code with one object changed, added, or, without a value, left out.
fn shop_with(id: &str, value: &str) -> String {
    let read = with_crc(SHOP);
    let mut text = String::new();
    for object in Payload::parse(&read).unwrap().objects().filter(|o| o.id().number() != 63) {
        if object.id().to_string() != id {
            text += &format!("{}{:02}{}", object.id(), object.value().len(), object.value());
        }
    }
    if !value.is_empty() {
        text += &format!("{id}{:02}{value}", value.chars().count());
    }
    with_crc(&text)
}

#[test]
fn each_mistake_is_found_where_it_is() {
    let end = |text: &str| text.len();
    let value = |text: &str| text.len() - 8 - 2;
    for (id, new, kind, path, at) in [
        ("01", "13", ErrorKind::BadPointOfInitiation, Some("01"), value as fn(&str) -> usize),
        ("58", "ph", ErrorKind::BadCountry, Some("58"), value),
        ("55", "04", ErrorKind::BadTipIndicator, Some("55"), value),
        ("55", "02", ErrorKind::TipValueMissing, Some("56"), end),
        ("55", "03", ErrorKind::TipValueMissing, Some("57"), end),
        ("57", "10", ErrorKind::TipValueUnexpected, Some("57"), |text| text.len() - 8 - 2 - 4),
        ("54", "00", ErrorKind::BadAmount, Some("54"), value),
        ("26", "", ErrorKind::MissingAccount, None, end),
        ("52", "", ErrorKind::MissingMandatory, Some("52"), end),
        ("64", "0002TH", ErrorKind::MissingMandatory, Some("64.01"), end),
    ] {
        let text = shop_with(id, new);
        let errors = validate(&text).errors;
        assert_eq!(errors.len(), 1, "{id} {new}: {errors:?}");
        assert_eq!((errors[0].kind, errors[0].offset), (kind, at(&text)), "{id} {new}");
        assert_eq!(errors[0].path.map(|path| path.to_string()).as_deref(), path, "{id} {new}");
    }
    // 02 in front is DuitNow's alone.
    let errors = validate(&with_crc(&SHOP.replacen("000201", "000202", 1))).errors;
    assert_eq!((errors[0].kind, errors[0].offset), (ErrorKind::BadFormatIndicator, 4));
    let errors = validate(&format!("{SHOP}6304XYZW")).errors;
    assert_eq!((errors[0].kind, errors[0].offset), (ErrorKind::CrcNotHex, SHOP.len() + 4));
}

#[test]
fn all_problems_come_at_once() {
    let text = "00020101021326280015com.example.pay0105M000152045411530360A5802ph5912EXAMPLE SHOP54010630412CD";
    let names: Vec<_> = validate(text).errors.iter().map(|error| error.kind.name()).collect();
    let expected = [
        "crc_mismatch",
        "bad_point_of_initiation",
        "missing_mandatory",
        "bad_currency",
        "bad_country",
        "bad_amount",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_specification_own_sample_is_valid() {
    // EMVCo MPM 1.0, annex A: letters of three bytes, objects out of order.
    let text = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678\
                520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.72\
                53031565502016233030412340603***0708A60086670902ME91320016A011223344998877070812345678\
                6304A13A";
    let seen = inspect(text);
    assert!(seen.is_valid(), "{:?}", seen.findings);
    let payload = Payload::parse(text).unwrap();
    assert_eq!(payload.language().unwrap().merchant_name, "最佳运输");
    assert_eq!(payload.minor_units(), Some(2372));
}

#[test]
fn other_thai_payments_are_thai() {
    let text = with_crc("00020101021131310016A0000006770101130107ABCDEFG53037645802TH");
    let payload = Payload::parse(&text).unwrap();
    assert_eq!((payload.scheme(), payload.kind()), (Scheme::PromptPay, Kind::Merchant));
    assert!(validate(&text).is_valid());
}

#[test]
fn what_stands_around_a_code_is_passed_over_when_lenient() {
    let code = with_crc(SHOP);
    for (text, leniencies) in [
        (format!("\u{FEFF}{code}"), &[Leniency::ByteOrderMark][..]),
        (format!("{code}\r\n"), &[Leniency::WhiteSpace]),
        (format!("\t{code}"), &[Leniency::WhiteSpace]),
        (format!("\u{FEFF} {code} "), &[Leniency::ByteOrderMark, Leniency::WhiteSpace]),
    ] {
        assert!(!inspect(&text).is_valid());
        let seen = inspect_leniently(&text);
        assert_eq!((seen.is_valid(), &seen.leniencies[..]), (true, leniencies), "{text:?}");
    }
    let text = format!(" {}", shop_with("58", "ph"));
    let errors = inspect_leniently(&text).findings.errors;
    assert_eq!(errors[0].offset, text.len() - 10, "offsets count what was passed over");
}
