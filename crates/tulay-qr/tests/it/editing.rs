//! Only what is meant to change does.

use crate::vector;
use tulay_qr::{
    BuildErrorKind, EditWarning, Id, Initiation, Leniency, Path, Payload, PointOfInitiation,
    validate,
};

fn payload(name: &str) -> String {
    let all = vector::all();
    all.iter().find(|vector| vector.name() == name).unwrap().payload().to_owned()
}

#[test]
fn clearing_what_was_set_gives_the_code_back() {
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        if payload.amount().is_some() {
            continue;
        }
        let keep = PointOfInitiation::Keep;
        let set = payload.edit().set_amount("12", keep).unwrap().finish().text;
        let set = Payload::parse(&set).unwrap();
        assert_eq!(set.minor_units(), Some(1200), "{}", vector.name());
        assert_eq!(set.initiation(), payload.initiation());
        assert_eq!(set.edit().clear_amount(keep).finish().text, vector.payload());
    }
}

#[test]
fn a_code_becomes_dynamic_only_when_asked() {
    let text = payload("promptpay_mobile_static_c");
    let payload = Payload::parse(&text).unwrap();
    let kept = payload.edit().set_amount("1.50", PointOfInitiation::Keep).unwrap().finish();
    assert_eq!(Payload::parse(&kept.text).unwrap().initiation(), Some(Initiation::Static));
    let changed = payload.edit().set_amount("1.50", PointOfInitiation::Dynamic).unwrap().finish();
    assert_eq!(Payload::parse(&changed.text).unwrap().initiation(), Some(Initiation::Dynamic));

    let without = payload.edit().remove(Id::POINT_OF_INITIATION);
    let dynamic = without.set_amount("1.50", PointOfInitiation::Dynamic).unwrap().finish().text;
    assert!(dynamic.starts_with("000201010212"), "{dynamic}");
}

#[test]
fn amounts_that_no_code_may_state_are_refused() {
    let text = payload("promptpay_mobile_static_c");
    let payload = Payload::parse(&text).unwrap();
    let refused = |amount: &str| {
        let set = payload.edit().set_amount(amount, PointOfInitiation::Keep);
        set.map(|editor| editor.finish().text).unwrap_err().kind
    };
    for amount in ["", "0", "0.00", "1,000", "-1", "1e3", "12345678901.00", "१"] {
        assert_eq!(refused(amount), BuildErrorKind::BadAmount, "{amount}");
    }
    assert_eq!(refused("1.005"), BuildErrorKind::TooManyDecimals);

    let yen = text_with_currency(&text, "392");
    let yen = Payload::parse(&yen).unwrap();
    assert!(yen.edit().set_amount("100", PointOfInitiation::Keep).is_ok());
    assert!(yen.edit().set_amount("100.5", PointOfInitiation::Keep).is_err());
}

fn text_with_currency(text: &str, currency: &str) -> String {
    Payload::parse(text).unwrap().edit().set(Id::CURRENCY, currency).unwrap().finish().text
}

#[test]
fn an_edit_carries_what_is_wrong_with_the_code() {
    // A right CRC over values that no code may have.
    for (hashed, expected) in [
        (
            "00020101021126190015com.example.pay52045411530360858022H5904SHOP6006Manila6304",
            "bad_country",
        ),
        (
            "00020101021129370016A0000006770101110113006681234567853036085802TH6304",
            "scheme_currency_mismatch",
        ),
        ("0002010102115204541153036085802PH5904SHOP6006Manila6304", "missing_account"),
    ] {
        let text = format!("{hashed}{:04X}", tulay_qr::crc16(hashed.as_bytes()));
        let payload = Payload::parse(&text).unwrap();
        let set = payload.edit().set_amount("5.00", PointOfInitiation::Keep).unwrap().finish();
        let names: Vec<_> = set.errors.iter().map(|error| error.kind.name()).collect();
        assert_eq!(names, [expected], "{text}");
    }
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        assert_eq!(payload.edit().finish().errors, [], "{}", vector.name());
    }
}

#[test]
fn a_stale_integrity_value_is_said() {
    let text = payload("derived_duitnow_dynamic_hash82");
    let payload = Payload::parse(&text).unwrap();
    let edited = |amount| payload.edit().set_amount(amount, PointOfInitiation::Keep).unwrap();
    assert_eq!(edited("1.00").finish().warnings, [EditWarning::IntegrityValueStale]);
    assert_eq!(edited("0.05").finish().warnings, [], "the amount is what it was");
    let dropped = edited("1.00").remove(tulay_qr::duitnow::INTEGRITY).finish();
    assert_eq!(dropped.warnings, []);
    assert!(validate(&dropped.text).is_valid());
    let cleared = payload.edit().clear_amount(PointOfInitiation::Keep).finish();
    assert_eq!(cleared.warnings, [EditWarning::IntegrityValueStale]);
    // 82 means nothing to other schemes.
    let text = self::payload("qrph_p2m_static_snr");
    let other = Payload::parse(&text).unwrap().edit();
    let other = other.set(tulay_qr::duitnow::INTEGRITY, "AB").unwrap();
    assert_eq!(other.set_amount("1", PointOfInitiation::Keep).unwrap().finish().warnings, []);
}

#[test]
fn references_go_where_the_scheme_has_them() {
    let keep = PointOfInitiation::Keep;
    for (name, template, sub) in [
        ("qrph_p2m_static_snr", 62, 5),
        ("qrph_p2p_static_gcash_biz", 62, 5),
        ("promptpay_bill_ref3", 30, 2),
        ("duitnow_paynet_ex4_jompay", 62, 90),
    ] {
        let text = payload(name);
        let payload = Payload::parse(&text).unwrap();
        let edited = payload.edit().set_reference("INV-7", keep).unwrap().finish().text;
        let edited = Payload::parse(&edited).unwrap();
        let (template, sub) = (Id::new(template).unwrap(), Id::new(sub).unwrap());
        assert_eq!(edited.value_within(template, sub), Some("INV-7"), "{name}");
        let others = |payload: &Payload<'_>| -> Vec<_> {
            let mut objects = Vec::new();
            for object in payload.objects().filter(|object| object.id() != Id::CRC) {
                match object.objects().filter(|_| object.id() == template) {
                    Some(subs) => objects.extend(
                        subs.filter(|o| o.id() != sub).map(|o| (o.id(), o.value().to_owned())),
                    ),
                    None => objects.push((object.id(), object.value().to_owned())),
                }
            }
            objects
        };
        assert_eq!(others(&edited), others(&payload), "{name}: nothing else changed");
        assert_eq!(edited.validate().errors, []);
    }
    let text = payload("qrph_p2m_static_snr");
    let payload = Payload::parse(&text).unwrap();
    let refused = |text: &str| payload.edit().set_reference(text, keep).map(|_| ()).unwrap_err();
    assert_eq!(refused(&"x".repeat(26)).kind, BuildErrorKind::TooLong);
    assert_eq!(refused("").kind, BuildErrorKind::Missing);
    assert_eq!(refused("Peña").path.to_string(), "62.05");
    // 99 characters are all that a template may have.
    let path = Path::within(Id::ADDITIONAL_DATA, Id::new(60).unwrap());
    let full = payload.edit().set(path, &"x".repeat(60)).map(|_| ()).unwrap_err();
    assert_eq!((full.kind, full.limit()), (BuildErrorKind::TooLong, Some(99)));
}

#[test]
fn an_edit_corrects_and_reports_lenient_mistakes() {
    let text = format!("\u{FEFF} {}\r\n", payload("length_in_bytes"));
    let read = Payload::parse_leniently(&text).unwrap();
    let leniencies = [Leniency::ByteOrderMark, Leniency::WhiteSpace, Leniency::LengthsInBytes];
    assert_eq!(read.leniencies, leniencies);
    assert_eq!(read.payload.to_string(), text);
    let edited = read.payload.edit().finish();
    assert_eq!(edited.corrected, leniencies);
    assert_eq!(Payload::parse(&edited.text).unwrap().merchant_name(), Some("ร้านค้า"));

    let text = payload("crc_lowercase_qris");
    let read = Payload::parse_leniently(&text).unwrap();
    let edited = read.payload.edit().finish();
    assert_eq!(
        (edited.text.as_str(), &edited.corrected[..]),
        (text.replace("485f", "485F").as_str(), &[Leniency::LowercaseCrc][..])
    );
}

#[test]
fn nothing_shows_names_or_accounts_unasked() {
    let text = payload("qrph_p2p_static_with_88");
    let payload = Payload::parse(&text).unwrap();
    let shown = format!(
        "{payload:?} {:?} {:?} {:?} {:?} {:?}",
        payload.objects(),
        payload.accounts().collect::<Vec<_>>(),
        payload.additional(),
        payload.edit(),
        payload.edit().finish(),
    );
    for private in ["Juan", "1234567890", "9123456789", "INV-2025"] {
        assert!(!shown.contains(private), "{shown}");
    }
    assert!(shown.starts_with("Payload(QR Ph, 238 bytes)"), "{shown}");
}

#[test]
fn no_text_is_taken_for_a_template() {
    let text = payload("duitnow_static_rhb_82");
    let payload = Payload::parse(&text).unwrap();
    let set = |root, sub, value: &str| {
        let path = Path::within(root, Id::new(sub).unwrap());
        payload.edit().set(path, value).map(|editor| editor.finish().text)
    };
    for root in [Id::MERCHANT_NAME, Id::AMOUNT, tulay_qr::duitnow::INTEGRITY] {
        assert_eq!(set(root, 1, "x").unwrap_err().kind, BuildErrorKind::NotHere);
    }
    for (id, value) in [(Id::CRC, "ABCD"), (Id::FORMAT_INDICATOR, "01"), (Id::MERCHANT_NAME, "")] {
        assert!(payload.edit().set(id, value).is_err());
    }
    let added = set(Id::ADDITIONAL_DATA, 8, "GIFT").unwrap();
    assert!(added.contains("0707mss20190804GIFT8264"), "{added}");
    let new = set(Id::new(81).unwrap(), 0, "com.example").unwrap();
    assert!(new.contains("81150011com.example8264"), "{new}");
}
