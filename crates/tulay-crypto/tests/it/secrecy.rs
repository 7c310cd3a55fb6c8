//! Nothing that can be printed holds a piece of a private key.

use crate::data;
use std::fmt::{Debug, Display};
use tulay_crypto::{PrivateKey, PublicKey, RsaSigner, SignError};

#[test]
fn nothing_printable_holds_key_material() {
    let secret = Secret::of("rsa2048.pkcs8");
    let key = data::private("rsa2048.pkcs8.pem");
    let signer = RsaSigner::new(&key).unwrap();
    secret.assert_absent(&format!("{key:?} {key:#?} {signer:?} {signer:#?}"));
    secret.assert_absent(&shown(SignError::new("the vault is sealed").with_source("HTTP 503")));

    for damaged in damaged() {
        let private = PrivateKey::parse(&damaged).and_then(|key| RsaSigner::new(&key));
        secret.assert_absent(&shown(private.unwrap_err()));
        secret.assert_absent(&shown(PublicKey::parse(&damaged).unwrap_err()));
    }
}

#[test]
fn keys_print_their_size_and_what_is_public() {
    let key = data::private("rsa2048.pkcs8.pem");
    let fingerprint = data::text("rsa2048.fingerprint");
    let public = format!("PublicKey(2048 bits, sha256 {})", fingerprint.trim_end());
    assert_eq!(format!("{key:?}"), "PrivateKey(2048 bits)");
    assert_eq!(format!("{:?}", key.public_key()), public);
    assert_eq!(format!("{:?}", RsaSigner::new(&key).unwrap()), format!("RsaSigner({public})"));
}

#[test]
fn a_signing_error_tells_its_cause() {
    let error = SignError::new("the vault is sealed").with_source("HTTP 503");
    assert_eq!(error.to_string(), "cannot sign: the vault is sealed");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "HTTP 503");
}

fn shown(error: impl Debug + Display) -> String {
    format!("{error} {error:?} {error:#?}")
}

/// A private key, damaged in every way that has an error of its own.
fn damaged() -> Vec<Vec<u8>> {
    let pem = data::text("rsa2048.pkcs8.pem");
    let base64 = data::text("rsa2048.pkcs8.base64");
    let der = data::bytes("rsa2048.pkcs8.der");
    let (label, body) = (&base64[40..72], &base64[72..]);
    let mut altered = der.clone();
    altered[700] ^= 1;
    vec![
        pem.replacen("MII", "M!I", 1).into(),
        pem.replace('\n', "\\n").into(),
        pem.repeat(2).into(),
        pem.replace("-----END", "-----").into(),
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----").into(),
        base64[..base64.len() - 1].into(),
        base64.replace('/', "_").replace('+', "-").into(),
        der[..600].into(),
        [der.as_slice(), b"\0"].concat(),
        der[26..].iter().rev().copied().collect(),
        altered,
    ]
}

/// A key in the three ways that bytes get printed.
struct Secret {
    base64: String,
    hexadecimal: String,
    decimal: String,
}

impl Secret {
    fn of(name: &str) -> Self {
        let der = data::bytes(&format!("{name}.der"));
        let decimal: Vec<_> = der.iter().map(u8::to_string).collect();
        Self {
            base64: data::text(&format!("{name}.base64")),
            hexadecimal: der.iter().map(|byte| format!("{byte:02x}")).collect(),
            decimal: decimal.join(", "),
        }
    }

    fn assert_absent(&self, printed: &str) {
        let lower = printed.to_lowercase();
        let one_line = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        for (secret, length, text) in [
            (&self.base64, 8, printed),
            (&self.hexadecimal, 12, lower.as_str()),
            (&self.decimal, 20, one_line.as_str()),
        ] {
            let found = secret
                .as_bytes()
                .windows(length)
                .find(|piece| text.as_bytes().windows(length).any(|window| window == *piece));
            assert!(found.is_none(), "a piece of the key is printed: {printed}");
        }
    }
}
