//! What other programs are given.

use crate::vector;
use serde_json::{Value, json};
use tulay_qr::{inspect, inspect_leniently};

#[test]
fn vectors_are_decoded_as_expected() {
    for vector in vector::all() {
        let decoded = serde_json::to_value(inspect(vector.payload())).unwrap();
        assert_eq!(decoded["valid"], vector.is_valid(), "{}", vector.name());
        if !vector.is_valid() {
            let error = &decoded["errors"][0];
            for member in ["error", "offset", "byte_offset", "path"] {
                let expected = &vector.expect()[member];
                let known = !expected.is_null() || member == "path";
                assert!(!known || error[member] == *expected, "{} {member}", vector.name());
            }
            continue;
        }
        for (member, expected) in vector.expect().as_object().unwrap() {
            if !matches!(
                member.as_str(),
                "warnings" | "set_amount" | "id_order" | "chars" | "bytes"
            ) {
                assert_eq!(decoded[member], *expected, "{} {member}", vector.name());
            }
        }
    }
}

#[test]
fn the_shape_is_the_same_when_nothing_can_be_read() {
    let decoded = serde_json::to_value(inspect("")).unwrap();
    let expected: Value = json!({
        "valid": false, "scheme": "emv", "kind": null, "initiation": null, "amount": null,
        "currency": null, "format_indicator": null, "country": null, "merchant_name": null,
        "merchant_city": null, "postal_code": null, "mcc": null, "tip_indicator": null,
        "fee_fixed": null, "fee_percent": null, "accounts": {}, "additional": {},
        "language": {}, "unreserved": {}, "crc": null,
        "errors": [{ "error": "empty", "offset": 0, "byte_offset": 0, "path": null }],
        "warnings": [], "leniencies": [], "lookalike": null,
    });
    assert_eq!(decoded, expected);
}

#[test]
fn leniencies_and_lookalikes_are_named() {
    let text =
        " https://qr.nspk.ru/AS100003N9QZSJSLFXW0UUB6L23E0UDB?type=01&sum=10000&cur=RUB&crc=A3DD\n";
    let decoded = serde_json::to_value(inspect_leniently(text)).unwrap();
    assert_eq!(decoded["leniencies"], json!(["white_space", "sbp_crc_mismatch"]));
    assert_eq!(decoded["warnings"][0]["warning"], "sbp_crc_mismatch");
    assert_eq!((&decoded["amount"], &decoded["kind"]), (&json!("100.00"), &json!("payment")));
    for (text, lookalike) in [
        ("004000060000010103002021900021231231212000115102TH91049C30", "thai_slip"),
        ("ST00012|Name=ООО|PersonalAcc=40702810000000000001", "gost_st00012"),
        ("https://example.com/pay", "url"),
        ("|099400016550100\r1\r2\r0", "bot_barcode"),
        ("0002020102110424PK00ABCD00000000000000001004AB12", "raast_p2p"),
    ] {
        let decoded = serde_json::to_value(inspect(text)).unwrap();
        assert_eq!(
            (decoded["lookalike"].as_str(), &decoded["valid"]),
            (Some(lookalike), &json!(false))
        );
    }
}
