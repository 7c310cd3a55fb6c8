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
    let by_file = folder.run(&["qr", "decode", "code.txt"]);
    let by_input = folder.run_with(&["qr", "decode", "-"], &format!("{SHOP}\n"));
    assert_eq!((by_argument.exit, &by_argument.out), (0, &by_file.out));
    assert_eq!(by_argument.out, by_input.out);
    folder.write("code.bin", [0xFF, 0xFE]);
    assert_eq!(folder.run(&["qr", "decode", "code.bin"]).exit, 2);
}

#[test]
fn leniency_reads_on_and_reports() {
    let folder = Folder::new();
    let text = format!("{}  ", vector("crc_lowercase_qris"));
    let strict = folder.run(&["qr", "decode", "--json", &text]);
    assert_eq!(strict.exit, 4);
    assert_eq!(strict.json()["errors"][0]["error"], "trailing_data");
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
        ("initiation", json!("once"), "expected static or dynamic"),
        ("tip_indicator", json!("03"), "fee_percent: "),
        ("language", json!({ "00": "TH" }), "language: "),
    ] {
        let refused = parts(change, value);
        assert_eq!(refused.exit, 2, "{change}");
        let message = refused.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(said), "{message}");
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
