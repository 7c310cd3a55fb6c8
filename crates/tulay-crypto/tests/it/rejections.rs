//! What is refused, at which stage, and in which words.

use crate::data;
use std::fmt::Write as _;
use tulay_crypto::{KeyError, PrivateKey, PublicKey, RsaSigner};

#[test]
fn a_rejection_names_what_was_found_and_the_fix() {
    let mut table = String::new();
    for (name, source) in files().into_iter().chain(texts()) {
        let private = PrivateKey::parse(&source).map(drop);
        let public = PublicKey::parse(&source).map(drop);
        writeln!(table, "{name}\n  {}\n  {}\n", said(private), said(public)).unwrap();
    }
    let inconsistent = RsaSigner::new(&PrivateKey::parse(&altered()).unwrap()).map(drop);
    writeln!(table, "a signer for a key with one wrong bit\n  {}\n", said(inconsistent)).unwrap();
    write!(table, "a size to generate\n  {}", said(PrivateKey::generate(1024).map(drop))).unwrap();
    insta::assert_snapshot!(table);
}

#[test]
fn every_truncation_is_refused() {
    for name in ["rsa2048.pkcs8.der", "rsa2048.pkcs1.der"] {
        let der = data::bytes(name);
        assert!((0..der.len()).all(|length| PrivateKey::parse(&der[..length]).is_err()), "{name}");
    }
    for name in ["rsa2048.spki.der", "rsa2048.public-pkcs1.der"] {
        let der = data::bytes(name);
        assert!((0..der.len()).all(|length| PublicKey::parse(&der[..length]).is_err()), "{name}");
    }
}

fn said(result: Result<(), KeyError>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
}

fn altered() -> Vec<u8> {
    let mut der = data::bytes("rsa2048.pkcs8.der");
    der[700] ^= 1;
    der
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    [
        "rsa2048.pkcs1.pem",
        "rsa2048.pkcs8.base64",
        "rsa2048.public-pkcs1.der",
        "rsa2048.spki.pem",
        "bad/certificate.der",
        "bad/certificate.pem",
        "bad/ec.private.pem",
        "bad/ec.public.pem",
        "bad/ec.sec1.pem",
        "bad/ed25519.private.pem",
        "bad/encrypted.pkcs1.pem",
        "bad/encrypted.pkcs8.der",
        "bad/encrypted.pkcs8.pem",
        "bad/exponent3.private.pem",
        "bad/exponent3.public.pem",
        "bad/exponent34.private.pem",
        "bad/openssh.private",
        "bad/openssh.public",
        "bad/pss.private.pem",
        "bad/rsa1024.private.pem",
        "bad/rsa1024.public.pem",
        "bad/rsa2047.private.pem",
        "bad/store.p12",
        "bad/three-primes.pem",
    ]
    .map(|name| (name, data::bytes(name)))
    .into()
}

fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let pem = data::text("rsa2048.spki.pem");
    let der = data::bytes("rsa2048.spki.der");
    vec![
        ("empty", Vec::new()),
        ("white space", b" \r\n\t".into()),
        ("a sentence", b"change me!".into()),
        ("hexadecimal", b"30820122300d06092a864886f70d0101".into()),
        ("binary", vec![0xff, 0xfe, 0x00, 0x2d]),
        ("DER of something else", vec![0x30, 0x03, 0x01, 0x01, 0xff]),
        ("DER cut short", der[..100].into()),
        ("DER with a byte too many", [der.as_slice(), b"\0"].concat()),
        ("DER damaged inside", [&der[..30], &[0xff; 264]].concat()),
        ("DER with an even modulus", [&der[..288], &[0], &der[289..]].concat()),
        ("DER with an even exponent", [&der[..293], &[2]].concat()),
        ("PEM with damaged base64", pem.replacen("AQEF", "AQ!F", 1).into()),
        ("PEM with escaped line breaks", pem.replace('\n', "\\n").into()),
        ("PEM without its END", pem.replace("-----END PUBLIC KEY-----", "").into()),
        ("PEM whose BEGIN is cut short", pem.replacen("KEY-----", "KEY", 1).into()),
        ("PEM with another END", pem.replace("END PUBLIC", "END RSA PUBLIC").into()),
        ("PEM, two sections", pem.repeat(2).into()),
    ]
}
