//! The files of `tests/data`, and small helpers.

use std::{
    path::Path,
    pin::pin,
    task::{Context, Poll, Waker},
};
use tulay_crypto::{PrivateKey, PublicKey, Signature};

pub(crate) const BITS: [usize; 2] = [2048, 4096];
pub(crate) const PRIVATE_FORMS: [&str; 2] = ["pkcs8", "pkcs1"];
pub(crate) const PUBLIC_FORMS: [&str; 2] = ["spki", "public-pkcs1"];
pub(crate) const ENCODINGS: [&str; 3] = ["pem", "der", "base64"];

pub(crate) fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

pub(crate) fn private(name: &str) -> PrivateKey {
    PrivateKey::parse(&bytes(name)).unwrap()
}

pub(crate) fn public(name: &str) -> PublicKey {
    PublicKey::parse(&bytes(name)).unwrap()
}

/// What openssl signed over `message.json`.
pub(crate) fn openssl_signature(bits: usize) -> Signature {
    Signature::from_bytes(bytes(&format!("rsa{bits}.signature")))
}

pub(crate) fn message() -> Vec<u8> {
    bytes("message.json")
}

/// The published example of a provider: key pair, signature, and the digest that it signs.
pub(crate) struct Published {
    pub(crate) private: String,
    pub(crate) public: String,
    pub(crate) signature: Signature,
    pub(crate) sha256: [u8; 32],
}

pub(crate) fn published() -> Published {
    let json: serde_json::Value =
        serde_json::from_slice(&bytes("regional_published_signature.json")).unwrap();
    let field = |name: &str| json[name].as_str().unwrap().to_owned();
    let digest = field("signed_sha256_hex");
    let byte = |at: usize| u8::from_str_radix(&digest[2 * at..2 * at + 2], 16).unwrap();
    Published {
        private: field("private_key_pkcs8_base64"),
        public: field("public_key_spki_base64"),
        signature: Signature::from_base64(&field("sign_base64")).unwrap(),
        sha256: std::array::from_fn(byte),
    }
}

/// Local signing must be ready at its first poll; that is also all the runtime a test needs.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits for something"),
    }
}
