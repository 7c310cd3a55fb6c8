//! Codes that came damaged: the cause is named, and where it is proven the code is given back.

use tulay_qr::{
    ErrorKind, Leniency, Lookalike, Payload, crc16, inspect, inspect_leniently, lookalike, repair,
    whole_crc,
};

/// The text with its CRC.
fn with_crc(hashed: &str) -> String {
    let hashed = format!("{hashed}6304");
    format!("{hashed}{:04X}", crc16(hashed.as_bytes()))
}

const SHOP: &str =
    "00020101021126280015com.example.pay0105M00015204541153036085802PH5912EXAMPLE SHOP6006Manila";

fn kinds(text: &str) -> Vec<ErrorKind> {
    inspect(text).findings.errors.iter().map(|error| error.kind).collect()
}

#[test]
fn damage_is_named_and_undone() {
    let code = with_crc(SHOP);
    let (front, back) = code.split_at(60);
    let encoded: String = code.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for (text, cause, repairs) in [
        (format!("{front}\n{back}"), ErrorKind::LineBreak, &[Leniency::LineBreaks][..]),
        (format!("{front}\r\n   {back}"), ErrorKind::LineBreak, &[Leniency::LineBreaks]),
        (
            code.replacen("EXAMPLE SHOP", "EXAMPLE\nSHOP", 1),
            ErrorKind::LineBreak,
            &[Leniency::LineBreaks],
        ),
        (
            code.replacen(' ', "\u{A0}", 1),
            ErrorKind::InvisibleCharacter,
            &[Leniency::NoBreakSpaces],
        ),
        (
            format!("{front}\u{200B}{back}"),
            ErrorKind::InvisibleCharacter,
            &[Leniency::InvisibleCharacters],
        ),
        (
            format!("\u{FEFF}{front}\u{AD}{back}"),
            ErrorKind::ByteOrderMark,
            &[Leniency::ByteOrderMark, Leniency::InvisibleCharacters],
        ),
        (code.replace(' ', "%20"), ErrorKind::PercentEncoded, &[Leniency::PercentEncoding]),
        (encoded, ErrorKind::PercentEncoded, &[Leniency::PercentEncoding]),
        (
            code.replace(' ', "+").replace("com.", "com%2E"),
            ErrorKind::PercentEncoded,
            &[Leniency::PercentEncoding],
        ),
    ] {
        assert_eq!(kinds(&text)[0], cause, "{text:?}: {:?}", kinds(&text));
        let repaired = repair(&text).unwrap_or_else(|| panic!("{text:?}"));
        assert_eq!((&repaired.text, &repaired.repairs[..]), (&code, repairs), "{text:?}");
    }
}

#[test]
fn what_stands_around_a_code_is_named() {
    let code = with_crc(SHOP);
    for (text, cause, at) in [
        (format!("\u{FEFF}{code}"), ErrorKind::ByteOrderMark, 0),
        (format!("{code}\r\n"), ErrorKind::WhiteSpace, code.len()),
        (format!("\u{A0}{code}"), ErrorKind::WhiteSpace, 0),
        (format!("{code}\u{200B}"), ErrorKind::WhiteSpace, code.len()),
        (format!("\"{code}\""), ErrorKind::Quotes, 0),
        (format!("'{code}"), ErrorKind::Quotes, 0),
        (format!("\u{201C}{code}\u{201D}"), ErrorKind::Quotes, 0),
        (format!("{code}`"), ErrorKind::Quotes, code.len()),
    ] {
        let seen = inspect(&text);
        let first = seen.findings.errors[0];
        assert_eq!((first.kind, first.offset), (cause, at), "{text:?}: {:?}", kinds(&text));
        let lenient = inspect_leniently(&text);
        assert!(lenient.is_valid() && lenient.leniencies.len() == 1, "{text:?}: {lenient:?}");
        assert_eq!(repair(&text), None, "a lenient reading is enough");
    }
}

#[test]
fn repair_needs_the_right_crc() {
    let code = with_crc(SHOP).replace("Manila", "Manala");
    for text in [
        code.replace(' ', "\u{A0}"),
        code.replace(' ', "%20"),
        format!("{}\n{}", &code[..50], &code[50..]),
        "%41%42".to_owned(),
        "\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(repair(&text), None, "{text:?}");
        assert!(!inspect(&text).is_valid());
    }
}

/// The objects with lengths in bytes.
fn in_bytes(objects: &[(&str, &str)]) -> String {
    let objects = objects.iter().map(|(id, value)| format!("{id}{:02}{value}", value.len()));
    with_crc(&objects.collect::<String>())
}

#[test]
fn lengths_in_bytes_are_named_with_their_object() {
    let start =
        [("00", "01"), ("26", "0015com.example.pay"), ("52", "5411"), ("53", "764"), ("58", "TH")];
    for (rest, path) in [
        ([("59", "ร้านกาแฟ"), ("60", "Bangkok")], "59"),
        ([("59", "最佳运输"), ("60", "Beijing")], "59"),
        ([("59", "SHOP"), ("60", "กรุงเทพ")], "60"),
        ([("59", "Caf\u{E9}"), ("60", "Cebu")], "59"),
    ] {
        let text = in_bytes(&[&start[..], &rest].concat());
        let seen = inspect(&text);
        let cause = seen.findings.errors.iter().find(|e| e.kind == ErrorKind::LengthInBytes);
        let cause = cause.unwrap_or_else(|| panic!("{text}: {:?}", seen.findings));
        assert_eq!(cause.path.unwrap().to_string(), path);
        assert_eq!(text[cause.byte_offset - 2..cause.byte_offset], *path);
        let lenient = inspect_leniently(&text);
        assert!(lenient.is_valid(), "{text}: {:?}", lenient.findings);
        assert_eq!(lenient.leniencies, [Leniency::LengthsInBytes]);

        // A wrong CRC is another matter, and is not overlooked.
        let changed = text.replace("5411", "5412");
        assert!(kinds(&changed).contains(&ErrorKind::LengthInBytes), "{changed}");
        assert!(!inspect_leniently(&changed).is_valid());
    }
    let nested = in_bytes(&[&start[..], &[("62", "0512ร้าน")]].concat());
    let nested = inspect(&nested).findings.errors;
    let nested = nested.iter().find(|error| error.kind == ErrorKind::LengthInBytes).unwrap();
    assert_eq!(nested.path.unwrap().to_string(), "62.05");
}

#[test]
fn a_crc_without_its_leading_zeros_is_named_and_shown() {
    let mut found = 0;
    for number in 0..4000 {
        let reference = number.to_string();
        let length = reference.len();
        let hashed = format!("{SHOP}62{:02}05{length:02}{reference}", 4 + length);
        let crc = crc16(format!("{hashed}6304").as_bytes());
        if crc >= 0x1000 {
            continue;
        }
        found += 1;
        let short = format!("{crc:X}");
        for header in ["6304".to_owned(), format!("63{:02}", short.len())] {
            let text = format!("{hashed}{header}{short}");
            assert!(kinds(&text).contains(&ErrorKind::CrcShort), "{text}: {:?}", kinds(&text));
            assert_eq!(whole_crc(&text), Some(format!("{crc:04X}")), "{text}");
            assert!(!inspect_leniently(&text).is_valid());
            // Not that of this text.
            let other = text.replace("Manila", "Manala");
            assert!(whole_crc(&other).is_none() && !kinds(&other).contains(&ErrorKind::CrcShort));
        }
    }
    assert!(found > 100, "{found}");
    assert_eq!(whole_crc(&with_crc(SHOP)), None);
}

#[test]
fn a_text_cut_short_is_called_so() {
    let code = with_crc(SHOP);
    for length in 1..code.len() {
        let seen = inspect(&code[..length]);
        let said = seen.findings.errors.iter().any(|error| error.to_string().contains("cut short"));
        assert!(said, "{length}: {:?}", seen.findings.errors);
    }
}

#[test]
fn other_codes_and_files_are_named() {
    for (text, expected) in [
        ("mailto:shop@example.com?subject=Hi", Lookalike::Email),
        ("shop@example.com", Lookalike::Email),
        ("MATMSG:TO:shop@example.com;;", Lookalike::Email),
        ("WIFI:S:Cafe;T:WPA;P:secret;;", Lookalike::WiFi),
        ("wifi:T:nopass;S:x;;", Lookalike::WiFi),
        ("BEGIN:VCARD\nVERSION:3.0", Lookalike::Contact),
        ("MECARD:N:Doe;;", Lookalike::Contact),
        ("tel:+639171234567", Lookalike::Telephone),
        ("SMSTO:+639171234567:hi", Lookalike::Telephone),
        ("geo:14.6,121.0", Lookalike::Place),
        ("https://example.com/pay", Lookalike::Url),
        ("HTTP://EXAMPLE.COM", Lookalike::Url),
        ("www.example.com", Lookalike::Url),
        ("upi://pay?pa=x@bank&am=1", Lookalike::Upi),
        ("bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT", Lookalike::CryptoCurrency),
        ("BCD\n002\n1\nSCT", Lookalike::Epc),
        ("SPC\n0200\n1", Lookalike::SwissBill),
        ("ST00012|Name=X|PersonalAcc=1", Lookalike::Gost),
        ("\u{FEFF}ST00011|Name=X", Lookalike::Gost),
        ("|099400016550100\n123\n\n0", Lookalike::BotBarcode),
        ("|0994000165501\r123\r\r0", Lookalike::BotBarcode),
        ("004000060000010103002021900021231231212000115102TH91049C30", Lookalike::ThaiSlip),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", Lookalike::Pem),
        ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", Lookalike::Base64Key),
        ("<!doctype html><html>", Lookalike::Html),
        ("<?xml version='1.0'?>", Lookalike::Html),
        ("{\"code\": 1}", Lookalike::Json),
        ("reference,amount\nA,1", Lookalike::Csv),
        ("0001;x\n0002;y", Lookalike::Csv),
    ] {
        assert_eq!(lookalike(text), Some(expected), "{text}");
        assert_eq!(inspect(text).lookalike, Some(expected), "{text}");
    }
    for text in ["", "hello", "123456", "0002", &with_crc(SHOP), "a@b"] {
        assert_eq!(lookalike(text), None, "{text}");
    }
}

#[test]
fn errors_never_repeat_the_text() {
    for text in ["Maria Dela Cruz", "0012Maria,0917123", "5999Maria Dela Cruz\u{200B}\n"] {
        let seen = inspect(text);
        let shown = format!("{:?} {:?}", seen.findings, repair(text));
        let said: Vec<_> = seen.findings.errors.iter().map(ToString::to_string).collect();
        assert!(!shown.contains("Maria") && !said.concat().contains("Maria"), "{said:?}");
    }
    let repaired = repair(&with_crc(SHOP).replace(' ', "%20")).unwrap();
    assert!(!format!("{repaired:?}").contains("EXAMPLE"));
    assert!(Payload::parse(&repaired.text).is_ok());
}
