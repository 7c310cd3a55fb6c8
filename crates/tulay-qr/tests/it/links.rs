//! Links of SBP: what they ask for is certain, or they are refused.

use tulay_qr::{Content, ErrorKind, SbpLink, SbpPurpose, crc16, inspect, inspect_leniently};

const ORIGIN: &str = "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB";

/// A link with this query, and how many characters stand before the query.
fn link(query: &str) -> (String, usize) {
    (format!("{ORIGIN}?{query}"), ORIGIN.len() + 1)
}

#[test]
fn a_wrong_parameter_is_an_error_at_its_place() {
    let cases = [
        ("cur=USD&sum=100", ErrorKind::SbpBadCurrency, 4),
        ("sum=100&cur=EUR", ErrorKind::SbpBadCurrency, 12),
        ("sum=100&cur=rub", ErrorKind::SbpBadCurrency, 12),
        ("sum=100&cur=", ErrorKind::SbpBadCurrency, 12),
        ("sum=100&cur=643", ErrorKind::SbpBadCurrency, 12),
        ("type=02&sum=1000.50&cur=RUB", ErrorKind::SbpBadSum, 12),
        ("sum=-1&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=0&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=007&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=1e5&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=99999999999999999999&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=1234567890123&cur=RUB", ErrorKind::SbpBadSum, 4),
        ("sum=100&sum=1&cur=RUB", ErrorKind::SbpRepeatedParameter, 8),
        ("sum=100&cur=RUB&cur=RUB", ErrorKind::SbpRepeatedParameter, 16),
        ("type=01&type=02", ErrorKind::SbpRepeatedParameter, 8),
        ("crc=0000&crc=0000", ErrorKind::SbpRepeatedParameter, 9),
        ("type=03", ErrorKind::SbpBadType, 5),
        ("type=", ErrorKind::SbpBadType, 5),
        ("bank=12345", ErrorKind::SbpBadBank, 5),
        ("SUM=100&cur=RUB", ErrorKind::SbpBadParameter, 0),
        ("sum&cur=RUB", ErrorKind::SbpBadParameter, 0),
        ("sum=100&&cur=RUB", ErrorKind::SbpBadParameter, 8),
        ("sum=1 00&cur=RUB", ErrorKind::SbpBadCharacter, 5),
        ("sum=100&cur=RUB#sum=1", ErrorKind::SbpBadCharacter, 15),
        ("%73um=100", ErrorKind::SbpBadCharacter, 0),
        ("sum=100\n&cur=RUB", ErrorKind::SbpBadCharacter, 7),
        ("sum=\u{661}00", ErrorKind::SbpBadCharacter, 4),
    ];
    for (query, kind, at) in cases {
        let (text, before) = link(query);
        let error = SbpLink::parse(&text).unwrap_err();
        assert_eq!((error.kind, error.offset), (kind, before + at), "{query}");
        let seen = inspect(&text);
        assert!(!seen.is_valid() && seen.content.is_none(), "{query}");
        assert!(seen.findings.errors.contains(&error), "{query}");
    }
}

#[test]
fn broken_and_false_links_are_known_as_links() {
    for text in [
        "https://qr.nspk.ru/x?cur=USD",
        "HTTPS://QR.NSPK.RU/",
        "http://qr.nspk.ru",
        "https://qr.nspk.ru.example.com/",
        "https://user@sub.nspk.ru:1/",
        " qr.nspk.ru/AD1",
    ] {
        assert!(SbpLink::looks_like(text), "{text}");
        assert_eq!(inspect(text).scheme().name(), "sbp", "{text}");
    }
    for text in ["", "https://example.com/qr.nspk.ru", "nspk", "0002qr", "https://nspk.example"] {
        assert!(!SbpLink::looks_like(text), "{text}");
    }
}

#[test]
fn every_wrong_parameter_is_named() {
    let (text, _) = link("type=9&sum=1.5&cur=USD");
    let kinds: Vec<_> = inspect(&text).findings.errors.iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [ErrorKind::SbpBadType, ErrorKind::SbpBadSum, ErrorKind::SbpBadCurrency]);
}

#[test]
fn capitals_of_scheme_and_host_are_no_error() {
    let text = format!("{ORIGIN}?type=02&bank=100000000111&sum=100&cur=RUB&crc=1A23");
    for spelling in ["HTTPS://QR.NSPK.RU", "Https://Qr.nspk.ru", "https://QR.NSPK.RU"] {
        let text = text.replace("https://qr.nspk.ru", spelling);
        let seen = inspect(&text);
        assert!(seen.is_valid(), "{spelling}: {:?}", seen.findings);
        let Some(Content::Sbp(link)) = seen.content else { panic!("{spelling}") };
        assert_eq!((link.sum(), link.crc_matches()), (Some(100), Some(true)));
        assert_eq!(link.as_str(), text);
    }
    let text = text.replace("https", "BANK100000000007").replace("qr.nspk", "QR.nspk");
    assert_eq!(SbpLink::parse(&text).unwrap().purpose(), SbpPurpose::Payment);
}

#[test]
fn a_link_without_currency_is_in_roubles_with_a_note() {
    let (text, _) = link("type=02&sum=100");
    let seen = inspect(&text);
    assert!(seen.is_valid());
    assert_eq!(seen.findings.warnings[0].kind.name(), "sbp_currency_missing");
}

#[test]
fn unknown_parameters_are_passed_over() {
    let hashed = format!("{ORIGIN}?type=02&sum=100&cur=RUB&new=1");
    let text = format!("{hashed}&crc={:04X}", crc16(hashed.as_bytes()));
    assert!(inspect(&text).is_valid());
}

#[test]
fn a_wrong_checksum_of_a_link_is_a_note_when_lenient() {
    let (text, _) = link("type=02&sum=200&cur=RUB&crc=1A23");
    assert_eq!(inspect(&text).findings.errors[0].kind, ErrorKind::SbpCrcMismatch);
    let seen = inspect_leniently(&text);
    assert!(seen.is_valid());
    assert_eq!(seen.findings.warnings[0].kind.name(), "sbp_crc_mismatch");
}

#[test]
fn links_lead_to_exactly_these_hosts() {
    let id = "AS100001ORTF4GAF80KPJ53K186D9A3G";
    for (link, purpose) in [
        (format!("https://qr.nspk.ru/{id}"), SbpPurpose::Payment),
        (format!("bank100000000007://qr.nspk.ru/{id}?type=01"), SbpPurpose::Payment),
        (format!("https://sub.nspk.ru/{id}"), SbpPurpose::Subscription),
    ] {
        assert_eq!(SbpLink::parse(&link).unwrap().purpose(), purpose, "{link}");
    }
    for (link, kind) in [
        ("https://qr.nspk.ru@example.com/", ErrorKind::SbpBadHost),
        ("https://qr.nspk.ru:443@example.com/", ErrorKind::SbpBadHost),
        ("https://xqr.nspk.ru/", ErrorKind::SbpBadHost),
        ("https://qr.nspk.ru\\example.com/", ErrorKind::SbpBadHost),
        ("https://qr.nspk.ru", ErrorKind::SbpMissingId),
        ("https://qr.nspk.ru/?type=01", ErrorKind::SbpMissingId),
        ("https://qr.nspk.ru/as100001ortf4gaf80kpj53k186d9a3g", ErrorKind::SbpBadId),
        ("bank123://qr.nspk.ru/", ErrorKind::SbpBadScheme),
        ("qr.nspk.ru/", ErrorKind::SbpBadScheme),
        ("http://qr.nspk.ru/", ErrorKind::SbpBadScheme),
        ("https://user@qr.nspk.ru/", ErrorKind::SbpBadHost),
        ("https://qr.nspk.ru:8443/", ErrorKind::SbpBadHost),
        ("https://qr.nspk.ru./", ErrorKind::SbpBadHost),
        ("https://QR.NSPK.RU.example.com/", ErrorKind::SbpBadHost),
    ] {
        assert_eq!(SbpLink::parse(link).unwrap_err().kind, kind, "{link}");
        assert_eq!(inspect(link).findings.errors[0].kind, kind, "{link}");
    }
}
