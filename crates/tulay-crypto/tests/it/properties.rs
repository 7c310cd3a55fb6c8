//! Whatever arrives, reading it ends in a value or an error.

use crate::data;
use proptest::prelude::*;
use tulay_crypto::{PrivateKey, PublicKey, Signature};

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        let _ = PrivateKey::parse(&bytes);
        let _ = PublicKey::parse(&bytes);
    }

    #[test]
    fn arbitrary_der_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        let der = [&[0x30, 0x82], length.as_slice(), &bytes].concat();
        let _ = PrivateKey::parse(&der);
        let _ = PublicKey::parse(&der);
    }

    #[test]
    fn arbitrary_text_never_panics(
        text in "(-----(BEGIN|END) ?[A-Z ]{0,16}(-----)?|[ -~\n]{0,40}){0,8}"
    ) {
        let _ = PrivateKey::parse(text.as_bytes());
        let _ = PublicKey::parse(text.as_bytes());
    }

    #[test]
    fn a_damaged_pem_never_panics(at in any::<prop::sample::Index>(), byte: u8) {
        let mut pem = data::bytes("rsa2048.pkcs8.pem");
        *at.get_mut(&mut pem) = byte;
        let _ = PrivateKey::parse(&pem);
        let _ = PublicKey::parse(&pem);
    }

    #[test]
    fn what_from_base64_reads_is_what_to_base64_writes(text in "\\PC{0,12}|[A-Za-z0-9+/=]{0,12}") {
        if let Ok(signature) = Signature::from_base64(&text) {
            prop_assert_eq!(signature.to_base64(), text);
        }
    }

    #[test]
    fn what_to_base64_writes_is_read_again(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let signature = Signature::from_bytes(bytes);
        prop_assert_eq!(Signature::from_base64(&signature.to_base64()).unwrap(), signature);
    }
}
