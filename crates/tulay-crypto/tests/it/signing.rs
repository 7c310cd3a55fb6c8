//! Compiled once for each backend.

use super::backend::{self, RsaSigner, RsaVerifier};
use crate::data::{self, BITS, ENCODINGS, PRIVATE_FORMS, PUBLIC_FORMS};
use std::sync::Arc;
use tulay_crypto::{KeyStage, PrivateKey, PublicKey, Signature, Signer, Verifier, VerifyError};

#[test]
fn signs_as_openssl_does_with_every_form_of_the_key() {
    for bits in BITS {
        for form in PRIVATE_FORMS {
            for encoding in ENCODINGS {
                let key = data::private(&format!("rsa{bits}.{form}.{encoding}"));
                let signature =
                    RsaSigner::new(&key).unwrap().sign_blocking(&data::message()).unwrap();
                assert_eq!(signature, data::openssl_signature(bits), "{form} {encoding}");
            }
        }
    }
}

#[test]
fn verifies_what_openssl_signed_with_every_form_of_the_key() {
    for bits in BITS {
        for form in PUBLIC_FORMS {
            for encoding in ENCODINGS {
                let key = data::public(&format!("rsa{bits}.{form}.{encoding}"));
                let verifier = RsaVerifier::new(&key).unwrap();
                verifier.verify(&data::message(), &data::openssl_signature(bits)).unwrap();
            }
        }
    }
}

#[test]
fn the_outermost_sizes_and_exponents_work() {
    for name in ["rsa2050", "rsa8192", "exponent33"] {
        let key = data::private(&format!("edge/{name}.pem"));
        let signature = Signature::from_bytes(data::bytes(&format!("edge/{name}.signature")));
        let signer = RsaSigner::new(&key).unwrap();
        assert_eq!(signer.sign_blocking(&data::message()).unwrap(), signature, "{name}");
        RsaVerifier::new(key.public_key()).unwrap().verify(&data::message(), &signature).unwrap();
    }
}

#[test]
fn signs_through_the_trait_without_waiting() {
    let key = data::private("rsa2048.pkcs8.pem");
    let signer: Arc<dyn Signer> = Arc::new(RsaSigner::new(&key).unwrap());
    let signature = data::at_once(signer.sign(&data::message())).unwrap();
    assert_eq!(signature, data::openssl_signature(2048));
    assert_eq!(signer.public_key(), Some(key.public_key()));
}

#[test]
fn verifies_the_published_signature_by_its_digest() {
    let published = data::published();
    let key = PublicKey::parse(published.public.as_bytes()).unwrap();
    let verifier = RsaVerifier::new(&key).unwrap();
    verifier.verify_digest(&published.sha256, &published.signature).unwrap();

    let mut other = published.sha256;
    other[31] ^= 1;
    assert_eq!(verifier.verify_digest(&other, &published.signature), Err(VerifyError::Mismatch));
}

#[test]
fn the_published_pair_signs_and_verifies() {
    let published = data::published();
    let private = PrivateKey::parse(published.private.as_bytes()).unwrap();
    let public = PublicKey::parse(published.public.as_bytes()).unwrap();
    let signature = RsaSigner::new(&private).unwrap().sign_blocking(b"a message").unwrap();
    RsaVerifier::new(&public).unwrap().verify(b"a message", &signature).unwrap();
}

#[test]
fn the_empty_message_and_a_long_one_sign_and_verify() {
    let key = data::private("rsa2048.pkcs8.pem");
    let signer = RsaSigner::new(&key).unwrap();
    let verifier = RsaVerifier::new(key.public_key()).unwrap();
    for message in [Vec::new(), vec![0x5a; 1 << 20]] {
        verifier.verify(&message, &signer.sign_blocking(&message).unwrap()).unwrap();
    }
}

#[test]
fn a_wrong_key_does_not_verify() {
    let signature = data::openssl_signature(2048);
    let other = PublicKey::parse(data::published().public.as_bytes()).unwrap();
    let verifier = RsaVerifier::new(&other).unwrap();
    assert_eq!(verifier.verify(&data::message(), &signature), Err(VerifyError::Mismatch));
}

#[test]
fn a_signature_of_another_length_is_refused() {
    let verifier = RsaVerifier::new(&data::public("rsa2048.spki.pem")).unwrap();
    let genuine = data::openssl_signature(2048);
    let sources = [
        Vec::new(),
        genuine.as_bytes()[1..].to_vec(),
        [b"\0", genuine.as_bytes()].concat(),
        data::openssl_signature(4096).as_bytes().to_vec(),
    ];
    for bytes in sources {
        let found = bytes.len();
        assert_eq!(
            verifier.verify(&data::message(), &Signature::from_bytes(bytes)),
            Err(VerifyError::Length { found, expected: 256 })
        );
    }
}

#[test]
fn generates_keys_that_work() {
    let key = backend::generate(2048).unwrap();
    assert_eq!(key.bits(), 2048);
    let signature = RsaSigner::new(&key).unwrap().sign_blocking(b"a message").unwrap();
    RsaVerifier::new(key.public_key()).unwrap().verify(b"a message", &signature).unwrap();
}

#[test]
fn generates_no_other_sizes() {
    for bits in [0, 1024, 2047, 2049, 8192, usize::MAX] {
        assert_eq!(backend::generate(bits).unwrap_err().stage(), KeyStage::Generate);
    }
}
