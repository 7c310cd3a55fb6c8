//! Codes written from nothing.

use crate::vector;
use tulay_qr::{
    Amount, BuildErrorKind, Draft, Id, Payload, Tip, duitnow,
    promptpay::{Bill, BotBarcode, Receiver},
    qris, qrph, validate,
};

fn payload(name: &str) -> String {
    let all = vector::all();
    all.iter().find(|vector| vector.name() == name).unwrap().payload().to_owned()
}

fn id(number: u8) -> Id {
    Id::new(number).unwrap()
}

#[test]
fn published_codes_come_out_byte_for_byte() {
    let name = "qrph_p2p_static_with_88";
    let account = qrph::P2p {
        acquirer: "RUGUPHM1XXX",
        account: "1234567890",
        mobile: Some("+63-9123456789"),
        ..Default::default()
    };
    let draft = Draft {
        merchant_name: Some("Juan Dela Cruz"),
        merchant_city: Some("Quezon City"),
        additional: &[
            (id(0), "ph.ppmi.qrph"),
            (id(5), "INV-2025-001"),
            (id(7), "PTR10025"),
            (id(8), "***"),
        ],
        others: &[(id(88), "0012ph.ppmi.qrph0106ACQ456")],
        ..Default::default()
    };
    assert_eq!(account.build(&draft).unwrap(), payload(name));

    let account = qrph::P2m {
        acquirer: "GXCHPHM2XXX",
        merchant_id: Some("217020000054698716099"),
        flags: Some("000"),
        ..Default::default()
    };
    let draft = Draft {
        category_code: Some("5814"),
        merchant_name: Some("S and R MBTC 9182"),
        merchant_city: Some("Taguig"),
        postal_code: Some("1630"),
        additional: &[
            (id(0), "ph.ppmi.qrph"),
            (id(3), "SRSU0020"),
            (id(5), "217050000066990134094"),
            (id(7), "GEN00351"),
        ],
        ..Default::default()
    };
    assert_eq!(account.build(&draft).unwrap(), payload("qrph_p2m_static_snr"));

    let merchant = qris::Merchant {
        acquirer: "COM.DOKU.WWW",
        pan: "936008990000002475",
        merchant_id: Some("2475"),
        criteria: Some("URE"),
        national_id: Some("ID1020039293482"),
    };
    let draft = Draft {
        amount: Some("1000"),
        tip: Amount::parse("500").map(Tip::FixedFee),
        category_code: Some("5399"),
        merchant_name: Some("GUREUM SHOP"),
        merchant_city: Some("JAKARTA PUSAT"),
        postal_code: Some("10640"),
        additional: &[(id(7), "A01")],
        ..Default::default()
    };
    assert_eq!(merchant.build(&draft).unwrap(), payload("qris_dynamic_fee_fixed"));

    let merchant = duitnow::Merchant {
        acquirer: "588734",
        merchant_id: "QR0001",
        descriptor: Some("STALL 1"),
        mobile: Some("+60123456789"),
    };
    let draft = Draft {
        category_code: Some("5812"),
        merchant_name: Some("SYNTHETIC STALL"),
        merchant_city: Some("KUALA LUMPUR"),
        postal_code: Some("50000"),
        additional: &[(id(10), "C1234567890"), (id(11), "400")],
        ..Default::default()
    };
    assert_eq!(merchant.build(&draft).unwrap(), payload("derived_duitnow_mobile_channel"));
}

#[test]
fn what_was_read_is_built_again() {
    for vector in vector::valid_payloads() {
        let payload = Payload::parse(vector.payload()).unwrap();
        let draft = Draft {
            initiation: payload.initiation(),
            amount: payload.amount().map(|amount| amount.text()),
            tip: payload.tip(),
            category_code: payload.category_code(),
            merchant_name: payload.merchant_name(),
            merchant_city: payload.merchant_city(),
            postal_code: payload.postal_code(),
            ..Default::default()
        };
        let built = qrph::P2p::of(&payload)
            .map(|account| account.build(&draft))
            .or_else(|| qrph::P2m::of(&payload).map(|account| account.build(&draft)))
            .or_else(|| qris::Merchant::of(&payload).map(|m| m.build(&draft)))
            .or_else(|| duitnow::Merchant::of(&payload).map(|m| m.build(&draft)))
            .or_else(|| Receiver::of(&payload).map(|receiver| receiver.build(&draft)))
            .or_else(|| Bill::of(&payload).map(|bill| bill.build(&draft)));
        let Some(built) = built else {
            assert_eq!(vector.scheme(), "emv", "{}", vector.name());
            continue;
        };
        let built = match built {
            Ok(built) => built,
            // Static QRIS codes without national account occur, and are not built.
            Err(error) => {
                assert_eq!(error.to_string(), "51: a value is needed here", "{}", vector.name());
                assert_eq!(vector.name(), "qris_static_no51_mcc1111");
                continue;
            }
        };
        assert_eq!(validate(&built).errors, [], "{}", vector.name());
        let again = Payload::parse(&built).unwrap();
        assert_eq!(again.scheme(), payload.scheme(), "{}", vector.name());
        assert_eq!(again.amount(), payload.amount());
        assert_eq!(again.merchant_name(), payload.merchant_name());
        assert_eq!(qrph::P2m::of(&again), qrph::P2m::of(&payload));
        assert_eq!(qrph::P2p::of(&again), qrph::P2p::of(&payload));
        assert_eq!(duitnow::Merchant::of(&again), duitnow::Merchant::of(&payload));
        assert_eq!(Receiver::of(&again), Receiver::of(&payload));
        assert_eq!(Bill::of(&again), Bill::of(&payload));
    }
}

#[test]
fn thai_receivers_in_every_usual_spelling() {
    for spelling in [
        "0812345678",
        "081-234-5678",
        "+66 81 234 5678",
        "66812345678",
        "(+66) 081-234-5678",
        "0066812345678",
        "812345678",
    ] {
        let receiver = Receiver::mobile(spelling).unwrap();
        assert_eq!(receiver.as_str(), "0066812345678", "{spelling}");
    }
    for wrong in ["", "081234567", "08123456789", "08123x5678", "0912", "๐๘๑๒๓๔๕๖๗๘"]
    {
        assert_eq!(Receiver::mobile(wrong), None, "{wrong}");
    }
    assert_eq!(
        Receiver::national_or_tax_id("1-1111-11111-11-1").unwrap().as_str(),
        "1111111111111"
    );
    assert_eq!(Receiver::national_or_tax_id("111111111111"), None);
    assert_eq!(Receiver::e_wallet("140000801111111").unwrap().as_str(), "140000801111111");
    assert_eq!(Receiver::bank_account("014", "1234567890").unwrap().as_str(), "0141234567890");
    assert_eq!(Receiver::bank_account("14", "1234567890"), None);
    assert_eq!(Receiver::bank_account("014", &"1".repeat(41)), None);
    let receiver = Receiver::mobile("0801111111").unwrap();
    let text = receiver.build(&Draft { amount: Some("20.15"), ..Default::default() }).unwrap();
    let published = payload("promptpay_mobile_20_15");
    let read = Payload::parse(&published).unwrap();
    assert_eq!(Receiver::of(&Payload::parse(&text).unwrap()), Receiver::of(&read));
    assert_eq!(format!("{receiver:?}"), "Receiver { kind: Mobile, sub: 1, value: 13 characters }");
}

#[test]
fn the_bill_barcode_goes_both_ways() {
    let text = "|099400016550100\r123456789012\r\r0";
    let barcode = BotBarcode::parse(text).unwrap();
    assert_eq!((barcode.satang, barcode.bill.reference_2), (0, None));
    assert_eq!(barcode.to_text(), text);
    assert_eq!(barcode.amount(&mut String::new()), None);
    for wrong in ["", "|1\r2\r3", "|1\r2\r3\r4\r5", "1\r2\r3\r4", "|1\r2\r3\r+4", "|1\r2\r3\r"] {
        assert_eq!(BotBarcode::parse(wrong), None, "{wrong:?}");
    }
    let published = payload("promptpay_multi_kshop_static");
    let bill = Bill::of(&Payload::parse(&published).unwrap()).unwrap();
    let barcode = BotBarcode { bill, satang: 7500 };
    assert_eq!(barcode.to_text(), "|010753600031501\rKB000001995285\rKPS004KB000001995285\r7500");
}

#[test]
fn nothing_is_cut_short() {
    let merchant =
        duitnow::Merchant { acquirer: "588734", merchant_id: "QR0001", ..Default::default() };
    let good =
        Draft { category_code: Some("5812"), merchant_name: Some("NAME"), ..Default::default() };
    assert!(merchant.build(&good).is_ok());
    let long = "x".repeat(26);
    let full = "x".repeat(91);
    let refused = |draft: Draft<'_>| {
        // What stood in the buffer is as it was.
        let mut out = String::from("before");
        let error = merchant.write_to(&draft, &mut out).unwrap_err();
        assert_eq!(out, "before");
        (error.kind, error.path.to_string())
    };
    for (draft, kind, path) in [
        (Draft { merchant_name: Some(&long), ..good }, BuildErrorKind::TooLong, "59"),
        (Draft { merchant_name: None, ..good }, BuildErrorKind::Missing, "59"),
        (Draft { merchant_name: Some(""), ..good }, BuildErrorKind::Missing, "59"),
        (Draft { merchant_name: Some("Peña"), ..good }, BuildErrorKind::Malformed, "59"),
        (Draft { merchant_city: Some(&long), ..good }, BuildErrorKind::TooLong, "60"),
        (Draft { postal_code: Some("12345678901"), ..good }, BuildErrorKind::TooLong, "61"),
        (Draft { category_code: Some("581"), ..good }, BuildErrorKind::Malformed, "52"),
        (Draft { category_code: None, ..good }, BuildErrorKind::Missing, "52"),
        (Draft { amount: Some("0"), ..good }, BuildErrorKind::BadAmount, "54"),
        (Draft { amount: Some("1.005"), ..good }, BuildErrorKind::TooManyDecimals, "54"),
        (
            Draft { tip: Some(Tip::PercentageFee(10_000)), ..good },
            BuildErrorKind::BadPercentage,
            "57",
        ),
        (Draft { additional: &[(id(5), &long)], ..good }, BuildErrorKind::TooLong, "62.05"),
        (
            Draft { additional: &[(id(50), &full), (id(5), "x")], ..good },
            BuildErrorKind::TooLong,
            "62",
        ),
        (
            Draft { additional: &[(id(5), "a"), (id(5), "b")], ..good },
            BuildErrorKind::Duplicate,
            "62.05",
        ),
        (Draft { language: Some(("THA", "x", None)), ..good }, BuildErrorKind::Malformed, "64.00"),
        (Draft { others: &[(id(63), "ABCD")], ..good }, BuildErrorKind::NotHere, "63"),
        (Draft { others: &[(id(82), "a"), (id(82), "b")], ..good }, BuildErrorKind::NotHere, "82"),
    ] {
        assert_eq!(refused(draft), (kind, path.to_owned()));
    }
    let long = duitnow::Merchant { merchant_id: &full, ..merchant };
    assert_eq!(
        long.build(&good).unwrap_err().to_string(),
        "26.02: the value has 91 characters, and at most 28 are allowed"
    );
}

#[test]
fn other_scripts_stand_in_their_own_object() {
    let receiver = Receiver::mobile("0812345678").unwrap();
    let draft = Draft {
        language: Some(("TH", "ร้านกาแฟ", Some("กรุงเทพ"))), ..Default::default()
    };
    let text = receiver.build(&draft).unwrap();
    let payload = Payload::parse(&text).unwrap();
    assert_eq!(payload.language().unwrap().merchant_name, "ร้านกาแฟ");
    assert_eq!(validate(&text).errors, []);
}
