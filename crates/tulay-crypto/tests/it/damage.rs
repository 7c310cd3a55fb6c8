//! Compiled once for each backend: a damaged key or signature does nothing, and never panics.

use super::backend::{RsaSigner, RsaVerifier};
use crate::data;
use proptest::prelude::*;
use tulay_crypto::{PrivateKey, PublicKey, Signature, Verifier, VerifyError};

#[test]
fn no_byte_of_a_private_key_is_unguarded() {
    let genuine = data::bytes("rsa2048.pkcs1.der");
    for at in 0..genuine.len() {
        let mut damaged = genuine.clone();
        damaged[at] ^= 1 << (at % 8);
        let signer = PrivateKey::parse(&damaged).and_then(|key| RsaSigner::new(&key));
        assert!(signer.is_err(), "byte {at}");
    }
}

#[test]
fn a_damaged_public_key_verifies_nothing() {
    let genuine = data::bytes("rsa2048.public-pkcs1.der");
    let (message, signature) = (data::message(), data::openssl_signature(2048));
    for at in 0..genuine.len() {
        let mut damaged = genuine.clone();
        damaged[at] ^= 1 << (at % 8);
        let verifier = PublicKey::parse(&damaged).and_then(|key| RsaVerifier::new(&key));
        assert!(
            verifier.is_err() || verifier.unwrap().verify(&message, &signature).is_err(),
            "byte {at}"
        );
    }
}

proptest! {
    #[test]
    fn one_flipped_bit_of_the_signature_never_verifies(bit in 0..2048_usize) {
        let mut bytes = data::openssl_signature(2048).as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let verifier = RsaVerifier::new(&data::public("rsa2048.spki.pem")).unwrap();
        let result = verifier.verify(&data::message(), &Signature::from_bytes(bytes));
        prop_assert_eq!(result, Err(VerifyError::Mismatch));
    }

    #[test]
    fn one_flipped_bit_of_the_message_never_verifies(bit in 0..8 * data::message().len()) {
        let mut message = data::message();
        message[bit / 8] ^= 1 << (bit % 8);
        let verifier = RsaVerifier::new(&data::public("rsa2048.spki.pem")).unwrap();
        let result = verifier.verify(&message, &data::openssl_signature(2048));
        prop_assert_eq!(result, Err(VerifyError::Mismatch));
    }

    #[test]
    fn several_damaged_bytes_never_panic(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut der = data::bytes("rsa2048.pkcs8.der");
        for (at, byte) in damage {
            *at.get_mut(&mut der) = byte;
        }
        if let Ok(signer) = PrivateKey::parse(&der).and_then(|key| RsaSigner::new(&key)) {
            let _ = signer.sign_blocking(b"a message");
        }
    }
}
