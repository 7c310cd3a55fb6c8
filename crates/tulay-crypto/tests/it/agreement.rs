//! Two unrelated implementations agree on every byte.

use crate::data::{self, BITS};
use proptest::prelude::*;
use tulay_crypto::{Verifier, aws_lc, rsa};

#[test]
fn the_default_backend_is_aws_lc() {
    fn same<T>(_: fn(&tulay_crypto::PrivateKey) -> T, _: fn(&tulay_crypto::PrivateKey) -> T) {}
    same(tulay_crypto::RsaSigner::new, aws_lc::RsaSigner::new);
}

#[test]
fn a_key_generated_by_one_backend_works_in_the_other() {
    for key in [aws_lc::generate(2048).unwrap(), rsa::generate(2048).unwrap()] {
        let one = aws_lc::RsaSigner::new(&key).unwrap().sign_blocking(b"a message").unwrap();
        let two = rsa::RsaSigner::new(&key).unwrap().sign_blocking(b"a message").unwrap();
        assert_eq!(one, two);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn both_make_the_same_signature_and_verify_it(
        message in prop::collection::vec(any::<u8>(), 0..512),
        bits in prop::sample::select(&BITS),
    ) {
        let key = data::private(&format!("rsa{bits}.pkcs8.der"));
        let one = aws_lc::RsaSigner::new(&key).unwrap().sign_blocking(&message).unwrap();
        let two = rsa::RsaSigner::new(&key).unwrap().sign_blocking(&message).unwrap();
        prop_assert_eq!(&one, &two);
        aws_lc::RsaVerifier::new(key.public_key()).unwrap().verify(&message, &two).unwrap();
        rsa::RsaVerifier::new(key.public_key()).unwrap().verify(&message, &one).unwrap();
    }
}
