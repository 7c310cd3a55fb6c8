use crate::support::Folder;
use serde_json::{Value, json};

/// A QR Ph code of a fictitious merchant, without an amount.
const SHOP: &str = "00020101021126280015com.example.pay0105M00015204541153036085802PH5912EXAMPLE SHOP6006Manila62210509A6304ABCD070463046304DB3B";

/// The codes that the library is tested with, and what is to be found in each.
fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../tulay-qr/tests/qr.json")).unwrap()
}

fn vector(name: &str) -> String {
    let vectors = vectors();
    let vector = vectors.iter().find(|vector| vector["name"] == name).unwrap();
    vector["payload"].as_str().unwrap().to_owned()
}

#[test]
fn json_says_what_other_programs_rely_on() {
    let folder = Folder::new();
    for vector in vectors().iter().step_by(7) {
        let name = &vector["name"];
        let ended =
            folder.run_with(&["qr", "decode", "--json", "-"], vector["payload"].as_str().unwrap());
        let (valid, decoded) = (vector["valid"] == true, ended.json());
        assert_eq!(ended.exit, if valid { 0 } else { 4 }, "{name}: {}", ended.err);
        assert_eq!(decoded["schema"], "tulay.qr-decode/1");
        assert_eq!((&decoded["environment"], &decoded["valid"]), (&Value::Null, &json!(valid)));
        if valid {
            for member in [
                "scheme",
                "kind",
                "initiation",
                "amount",
                "currency",
                "country",
                "merchant_name",
                "merchant_city",
                "mcc",
                "crc",
            ] {
                let expected = &vector["expect"][member];
                // Of links, the vectors say neither kind nor amount.
                let said = !expected.is_null() || vector["scheme"] != "sbp";
                assert!(!said || decoded[member] == *expected, "{name} {member}");
            }
            for member in ["accounts", "additional"] {
                let expected = vector["expect"].get(member).cloned().unwrap_or_else(|| json!({}));
                assert_eq!(decoded[member], expected, "{name} {member}");
            }
        } else {
            assert_eq!(decoded["errors"][0]["error"], vector["expect"]["error"], "{name}");
        }
    }
}

#[test]
fn people_see_a_tree_with_what_is_wrong_underlined() {
    let folder = Folder::new();
    let decoded = |name: &str| folder.run(&["qr", "decode", &vector(name)]);
    let seen = decoded("qrph_p2p_static_with_88");
    assert_eq!((seen.exit, seen.err.as_str()), (0, ""));
    insta::assert_snapshot!("valid", seen.out);
    let seen = decoded("tip_percent_100");
    assert_eq!(seen.exit, 4);
    insta::assert_snapshot!("wrong_value", seen.out);
    insta::assert_snapshot!("wrong_structure", decoded("nested_value_overruns").out);
    insta::assert_snapshot!("cut_short", decoded("pub_truncated_unicef").out);
    insta::assert_snapshot!("not_a_payment_code", decoded("pub_thai_slip_mini_qr").out);
    insta::assert_snapshot!("link", decoded("sbp_bad_sum_edited").out);
    insta::assert_snapshot!("control_character", decoded("control_char_in_name").out);
}

#[test]
fn a_code_comes_from_an_argument_a_file_or_standard_input() {
    let folder = Folder::new();
    folder.write("code.txt", format!("{SHOP}\r\n"));
    let by_argument = folder.run(&["qr", "decode", SHOP]);
    let by_file = folder.run(&["qr", "decode", "--file", "code.txt"]);
    let by_input = folder.run_with(&["qr", "decode", "-"], &format!("{SHOP}\n"));
    assert_eq!((by_argument.exit, &by_argument.out), (0, &by_file.out));
    assert_eq!(by_argument.out, by_input.out);
    assert_eq!(folder.run_with(&["qr", "decode", "--file", "-"], SHOP).out, by_file.out);
    for arguments in [&["qr", "decode"][..], &["qr", "decode", SHOP, "--file", "code.txt"]] {
        assert_eq!(folder.run(arguments).exit, 2, "{arguments:?}");
    }
}

#[test]
fn a_text_is_never_the_name_of_a_file() {
    let folder = Folder::new();
    folder.write("code.txt", SHOP);
    folder.write("merchant.pem", "-----BEGIN PRIVATE KEY-----\nMIIplanted\n");
    for name in ["code.txt", "merchant.pem", "./code.txt"] {
        let decoded = folder.run(&["qr", "decode", name]);
        assert_eq!(decoded.exit, 4, "{name}");
        assert!(decoded.out.starts_with("not a payment code\n"), "{}", decoded.out);
        assert!(decoded.out.contains("--file"), "the way to read it: {}", decoded.out);
        assert!(!decoded.out.contains("planted"), "{}", decoded.out);
        assert_eq!(folder.run(&["qr", "render", name]).exit, 4, "{name}");
        let edited = folder.run(&["qr", "encode", "--from", name, "--amount", "1"]);
        assert_eq!((edited.exit, edited.out.as_str()), (4, ""), "{name}");
    }
    let scanned = "-----BEGIN PRIVATE KEY-----\nMIIplanted";
    for arguments in
        [&["qr", "decode", scanned][..], &["qr", "decode", scanned, "--json", "--lenient"]]
    {
        let decoded = folder.run(arguments);
        assert_eq!(decoded.exit, 4, "{}", decoded.err);
        assert!(!(decoded.out + &decoded.err).contains("planted"));
    }
    let edited = folder.run(&["qr", "encode", "--from-file", "code.txt", "--amount", "1.00"]);
    assert_eq!(edited.exit, 0, "{}", edited.err);
    assert_eq!(folder.run(&["qr", "render", "--file", "code.txt"]).exit, 0);
}

#[test]
fn a_file_that_is_no_code_is_named_and_not_printed() {
    let folder = Folder::new();
    for (content, said) in [
        (&b"-----BEGIN PRIVATE KEY-----\nMIIplanted\n-----END PRIVATE KEY-----\n"[..], "in PEM"),
        (b"MIIplantedEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n", "base64 of a key"),
        (b"reference,amount,account\nA,1,planted\n", "a table"),
        (b"0012planted Dela Cruz;0917\n0013Juan;0918\n", "a table"),
        (b"<html><body>planted</body></html>", "HTML"),
        (b"{\"account\": \"planted\"}", "JSON"),
        (b"BEGIN:VCARD\nN:planted\nEND:VCARD", "visiting card"),
        (b"WIFI:S:Cafe;P:planted;;", "Wi-Fi"),
        (b"planted@example.com", "e-mail"),
        (b"planted, and nothing else", "expected here"),
        (b"0012planted Dela", ""),
        (b"\x89PNG\r\n\x1a\nplanted\xff", "a PNG picture"),
        (b"%PDF-1.7 planted", "a PDF document"),
        (b"%PDF-1.7 planted\xff", "a PDF document"),
        (b"\xff\xd8\xff\xe0planted", "a JPEG picture"),
        (b"PK\x03\x04planted\xff", "ZIP"),
        (b"\xff\xfep\0l\0a\0n\0t\0e\0d\0", "UTF-16"),
        (b"\x30\x82\x04\xa2planted", "DER"),
        (b"planted\xff", "no UTF-8 text"),
    ] {
        folder.write("file", content);
        for arguments in [
            &["qr", "decode", "--file", "file"][..],
            &["qr", "decode", "--lenient", "--file", "file"],
            &["qr", "decode", "--json", "--file", "file"],
            &["qr", "render", "--file", "file"],
            &["qr", "encode", "--from-file", "file", "--amount", "1"],
        ] {
            let ended = folder.run(arguments);
            let printed = ended.out + &ended.err;
            assert!(matches!(ended.exit, 2 | 4), "{arguments:?} {printed}");
            assert!(!printed.contains("planted"), "{arguments:?} {printed}");
            let json = arguments.contains(&"--json") && ended.exit == 4;
            assert!(json || printed.contains(said), "{arguments:?} {said}: {printed}");
        }
    }
}

#[test]
fn a_tampered_code_is_not_signed_anew() {
    let folder = Folder::new();
    let encode = |json: &str| folder.run_with(&["qr", "encode", "--json", "-"], json);
    for (name, change) in [
        ("qrph_p2m_static_snr", ("S and R", "S AND R")),
        ("promptpay_mobile_20_15", ("20.15", "90.15")),
        ("duitnow_paynet_ex4_jompay", ("5303458", "5303459")),
    ] {
        let text = vector(name);
        let tampered = text.replacen(change.0, change.1, 1);
        assert_ne!(tampered, text, "{name}");
        let decoded = folder.run(&["qr", "decode", "--json", &tampered]);
        assert_eq!(decoded.exit, 4);
        let encoded = encode(&decoded.out);
        assert_eq!((encoded.exit, encoded.out.as_str()), (4, ""), "{name}: {}", encoded.err);
        assert!(encoded.error()["message"].as_str().unwrap().contains("63: crc_mismatch"));
        let edited = folder.run(&["qr", "encode", "--from", &tampered, "--amount", "1"]);
        assert_eq!((edited.exit, edited.out.as_str()), (4, ""), "{name}");
        assert!(edited.err.contains("the CRC does not match"), "{}", edited.err);
    }
    let good: Value = folder.run(&["qr", "decode", "--json", SHOP]).json();
    let with = |member: &str, value: Value| {
        let mut parts = good.clone();
        parts[member] = value;
        encode(&parts.to_string())
    };
    assert_eq!(with("valid", json!(true)).exit, 0);
    for (member, value) in [
        ("valid", json!(false)),
        ("valid", json!("true")),
        ("valid", json!(0)),
        ("errors", json!([{ "error": "bad_amount", "path": "54" }])),
        ("errors", json!(["planted"])),
        ("errors", json!("planted")),
        ("errors", json!({ "error": "planted value" })),
    ] {
        let encoded = with(member, value.clone());
        assert_eq!((encoded.exit, encoded.out.as_str()), (4, ""), "{member} {value}");
        assert!(!encoded.err.contains("planted"), "{}", encoded.err);
    }
}

#[test]
fn a_code_that_is_not_valid_is_not_edited() {
    let folder = Folder::new();
    for name in ["amount_comma", "missing_mcc", "tip_percent_100", "currency_mismatch_qris_myr"] {
        let edited = folder.run(&["qr", "encode", "--from", &vector(name), "--amount", "1"]);
        assert_eq!((edited.exit, edited.out.as_str()), (4, ""), "{name}: {}", edited.err);
        assert!(edited.err.contains("it was not changed"), "{}", edited.err);
    }
    let link =
        folder.run(&["qr", "encode", "--from", &vector("sbp_static_no_sum"), "--amount", "1"]);
    assert_eq!(link.exit, 2);
    assert!(link.err.contains("issued by the bank"), "{}", link.err);
}

#[test]
fn a_link_in_another_currency_shows_no_sum() {
    let folder = Folder::new();
    let origin = "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB";
    for (query, said) in [
        ("cur=USD&sum=100", "the currency of SBP is RUB (character 57)"),
        ("sum=1000.50&cur=RUB", "the sum has to be kopecks"),
        ("sum=-1&cur=RUB", "the sum has to be kopecks"),
        ("sum=100&sum=200&cur=RUB", "given a second time (character 61)"),
    ] {
        let decoded = folder.run(&["qr", "decode", &format!("{origin}?{query}")]);
        assert_eq!(decoded.exit, 4, "{query}");
        assert!(decoded.out.contains(said), "{}", decoded.out);
        assert!(
            !decoded.out.contains("1.00") && !decoded.out.contains("sum   "),
            "{}",
            decoded.out
        );
    }
    let capitals =
        folder.run(&["qr", "decode", &origin.replace("https://qr.nspk", "HTTPS://QR.NSPK")]);
    assert_eq!(capitals.exit, 0, "{}", capitals.out);
}

#[test]
fn damage_is_named_and_undone_when_lenient() {
    let folder = Folder::new();
    let clean = folder.run(&["qr", "decode", "--json", SHOP]).json();
    for (text, said, leniency) in [
        (format!("\u{FEFF}{SHOP}"), "byte order mark", "byte_order_mark"),
        (format!("{}\n  {}", &SHOP[..60], &SHOP[60..]), "several lines", "line_breaks"),
        (SHOP.replace(' ', "\u{A0}"), "cannot be seen", "no_break_spaces"),
        (SHOP.replace(' ', "%20"), "percent-encoded", "percent_encoding"),
        (format!("\"{SHOP}\""), "quotation mark", "quotes"),
    ] {
        let strict = folder.run_with(&["qr", "decode", "-"], &text);
        assert_eq!(strict.exit, 4);
        assert!(strict.out.contains(said), "{said}: {}", strict.out);
        assert!(strict.out.contains("--lenient reads it"), "{}", strict.out);
        let lenient = folder.run_with(&["qr", "decode", "--lenient", "--json", "-"], &text).json();
        assert_eq!(lenient["valid"], true);
        assert_eq!(lenient["leniencies"], json!([leniency]));
        assert_eq!(lenient["merchant_name"], clean["merchant_name"]);
        let edited = ["qr", "encode", "--lenient", "--from", "-", "--amount", "42.00"];
        let edited = folder.run_with(&edited, &text);
        assert_eq!(edited.exit, 0, "{}", edited.err);
        assert!(edited.err.contains("corrected: "), "{}", edited.err);
    }
    let short = folder.run(&["qr", "decode", &vector("crc_not_padded")]);
    assert!(short.out.contains("a leading 0 was lost"), "{}", short.out);
    assert!(short.out.contains("the CRC is 00D7"), "{}", short.out);
}

#[test]
fn an_amount_is_never_written_without_a_digit_before_the_point() {
    let folder = Folder::new();
    for (amount, write) in [(".5", "0.50"), (".05", "0.05"), ("0042", "42 or 0.42")] {
        let set = folder.run(&["qr", "encode", "--from", SHOP, "--amount", amount]);
        assert_eq!((set.exit, set.out.as_str()), (2, ""), "{amount}");
        assert!(set.err.contains(&format!("write {write}")), "{}", set.err);
    }
}

#[test]
fn a_long_text_is_refused_at_once() {
    let folder = Folder::new();
    folder.write("long", format!("000201{}", "59011".repeat(5000)));
    let decoded = folder.run(&["qr", "decode", "--file", "long"]);
    assert_eq!(decoded.exit, 4);
    assert!(decoded.out.contains("4,296 characters"), "{}", decoded.out);
    assert_eq!(decoded.out.lines().count(), 2, "{}", decoded.out);
}

#[test]
fn leniency_reads_on_and_reports() {
    let folder = Folder::new();
    let text = format!("{}  ", vector("crc_lowercase_qris"));
    let strict = folder.run(&["qr", "decode", "--json", &text]);
    assert_eq!(strict.exit, 4);
    assert_eq!(strict.json()["errors"][0]["error"], "white_space");
    assert_eq!(strict.json()["errors"][1]["error"], "trailing_data");
    let lenient = folder.run(&["qr", "decode", "--json", "--lenient", &text]);
    assert_eq!(lenient.exit, 0);
    assert_eq!(lenient.json()["leniencies"], json!(["white_space", "crc_lowercase"]));
    let shown = folder.run(&["qr", "decode", "--lenient", &text]).out;
    assert!(shown.contains("overlooked: the CRC is in lower case"), "{shown}");
}

#[test]
fn what_decode_gives_encode_takes() {
    let folder = Folder::new();
    let mut taken = 0;
    for vector in vectors().iter().filter(|v| v["valid"] == true && v["scheme"] != "sbp") {
        let text = vector["payload"].as_str().unwrap();
        let decoded = folder.run(&["qr", "decode", "--json", text]);
        let encoded = folder.run_with(&["qr", "encode", "--json", "-"], &decoded.out);
        if vector["name"] == "emv_primitive_mai_jcb_mastercard" {
            // Yen have no decimals: the code occurs, and is not written anew.
            assert_eq!(encoded.exit, 2);
            continue;
        }
        assert_eq!(encoded.exit, 0, "{}: {}", vector["name"], encoded.err);
        let again = encoded.json()["payload"].as_str().unwrap().to_owned();
        let again = folder.run(&["qr", "decode", "--json", &again]).json();
        for member in [
            "scheme",
            "kind",
            "initiation",
            "amount",
            "accounts",
            "additional",
            "unreserved",
            "language",
            "merchant_name",
            "tip_indicator",
        ] {
            assert_eq!(again[member], decoded.json()[member], "{} {member}", vector["name"]);
        }
        taken += 1;
    }
    assert_eq!(taken, 54);
}

#[test]
fn parts_that_make_no_valid_code_are_refused() {
    let folder = Folder::new();
    let parts = |change: &str, value: Value| {
        let mut parts = json!({
            "scheme": "promptpay", "currency": "THB", "country": "TH", "amount": "20.15",
            "accounts": { "29": { "00": "A000000677010111", "01": "0066801111111" } },
        });
        parts[change] = value;
        folder.run_with(&["qr", "encode", "--json", "-"], &parts.to_string())
    };
    let good = parts("postal_code", json!("10110"));
    assert_eq!(good.exit, 0, "{}", good.err);
    assert_eq!(good.json()["warnings"][0]["warning"], "promptpay_absent");
    for (change, value, said) in [
        ("amout", json!("1"), "unknown field `amout`"),
        ("amount", json!("1.005"), "54: the amount has more decimals than the currency"),
        ("country", json!("th"), "58: "),
        ("country", json!("MY"), "this is not the scheme's country"),
        ("currency", json!("baht"), "currency: expected the number"),
        ("accounts", json!({}), "26: a value is needed here"),
        (
            "accounts",
            json!({ "29": { "00": "A000000677010111", "1": "x" } }),
            "an ID is two digits",
        ),
        (
            "accounts",
            json!({ "29": { "00": "A000000677010111", "01": "0801111111" } }),
            "29.01: the receiver",
        ),
        ("postal_code", json!(917_123), "line 1"),
        ("initiation", json!("once"), "expected static or dynamic"),
        ("tip_indicator", json!("03"), "fee_percent: "),
        ("language", json!({ "00": "TH" }), "language: "),
    ] {
        let refused = parts(change, value);
        assert_eq!(refused.exit, 2, "{change}");
        let message = refused.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(said), "{message}");
        assert!(!message.contains("917"), "{message}");
    }
}

#[test]
fn amounts_and_references_are_set_and_said() {
    let folder = Folder::new();
    let set = folder.run(&["qr", "encode", "--from", SHOP, "--amount", "42.00"]);
    assert_eq!(set.exit, 0, "{}", set.err);
    assert_eq!(
        set.out,
        "00020101021226280015com.example.pay0105M0001520454115303608540542.005802PH5912EXAMPLE SHOP6006Manila62210509A6304ABCD0704630463042A25\n"
    );
    let kept = folder.run(&[
        "qr",
        "encode",
        "--from",
        SHOP,
        "--amount",
        "42",
        "--keep-initiation",
        "--json",
    ]);
    assert!(kept.json()["payload"].as_str().unwrap().starts_with("000201010211"));
    assert_eq!(kept.json()["warnings"][0]["warning"], "amount_with_static");
    let cleared = folder.run(&["qr", "encode", "--from", set.out.trim(), "--clear-amount"]).out;
    assert!(!cleared.contains("42.00"));
    let referred = folder.run(&["qr", "encode", "--from", SHOP, "--reference", "INV-7"]).out;
    assert!(referred.contains("0505INV-7"), "{referred}");

    let by_hand = vector("duitnow_paynet_ex3_hash82").replace("540510.00", "540511.00");
    let by_hand = folder.run(&["qr", "encode", "--from", &by_hand, "--amount", "12.00", "--json"]);
    assert_eq!(by_hand.exit, 4, "its CRC does not match");
    assert_eq!(by_hand.error()["code"], "payload");
    let duitnow = vector("duitnow_paynet_ex3_hash82");
    let duitnow = folder.run(&["qr", "encode", "--from", &duitnow, "--amount", "11.00", "--json"]);
    assert_eq!(duitnow.json()["warnings"][0]["warning"], "integrity_value_stale");
    assert!(duitnow.err.contains("issuers may refuse"), "{}", duitnow.err);

    for (arguments, exit) in [
        (&["--from", SHOP, "--amount", "1,000"][..], 2),
        (&["--from", SHOP, "--amount", "0"], 2),
        (&["--from", "nonsense", "--amount", "1"], 4),
        (&["--from", SHOP, "--from-file", "code.txt", "--amount", "1"], 2),
        (&["--amount", "1"], 2),
        (&[], 2),
    ] {
        assert_eq!(
            folder.run(&[&["qr", "encode"], arguments].concat()).exit,
            exit,
            "{arguments:?}"
        );
    }
}

#[test]
fn pictures_are_drawn_and_nothing_is_overwritten() {
    let folder = Folder::new();
    let drawn = folder.run(&["qr", "render", SHOP]);
    assert_eq!(drawn.exit, 0);
    let width = drawn.out.lines().next().unwrap().chars().count();
    assert_eq!(drawn.out.lines().count(), width.div_ceil(2), "two modules a line");
    let inverted = folder.run(&["qr", "render", "--invert", SHOP]).out;
    assert!(drawn.out.starts_with("████") && inverted.starts_with("    "));

    let both = folder.run(&["qr", "render", SHOP, "--svg", "a.svg", "--png", "a.png", "--json"]);
    assert_eq!((both.exit, both.json()["modules"].as_u64()), (0, Some(width as u64 - 8)));
    assert!(folder.read("a.svg").starts_with("<svg "));
    let png = std::fs::read(folder.path().join("a.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(folder.run(&["qr", "render", SHOP, "--svg", "a.svg"]).exit, 2);
    assert_eq!(folder.run(&["qr", "render", SHOP, "--svg", "none/a.svg"]).exit, 1);
}

#[test]
fn codes_that_are_not_valid_are_drawn_only_when_asked() {
    let folder = Folder::new();
    let refused = folder.run(&["qr", "render", "https://example.com"]);
    assert_eq!((refused.exit, refused.out.as_str()), (4, ""));
    assert!(refused.err.contains("--unchecked"), "{}", refused.err);
    assert_eq!(folder.run(&["qr", "render", "--unchecked", "https://example.com"]).exit, 0);
    let link = vector("sbp_static_no_sum");
    assert_eq!(folder.run(&["qr", "render", &link]).exit, 0);
}
