//! Our key and the other side's, together.

use crate::data;
use std::sync::Arc;
use tulay_crypto::{Keys, KeysError, RsaSigner};

#[test]
fn ours_signs_and_theirs_verifies() {
    let (ours, theirs) = (data::bytes("rsa2048.pkcs8.pem"), data::bytes("rsa4096.spki.der"));
    let keys = Keys::parse(&ours, &theirs).unwrap();
    let ours = data::private("rsa2048.pkcs8.pem");
    assert_eq!(keys.signer.public_key(), Some(ours.public_key()));
    let signer = Arc::new(RsaSigner::new(&ours).unwrap());
    let kept = Keys::signed_by(signer, &theirs).unwrap();
    assert_eq!(kept.signer.public_key(), Some(ours.public_key()));
    assert_eq!(format!("{keys:?}"), "Keys(***)");
}

#[test]
fn it_is_said_which_of_the_two_is_wrong() {
    let (ours, half) = (data::bytes("rsa2048.pkcs8.pem"), data::bytes("rsa2048.spki.der"));
    assert_eq!(Keys::parse(&ours, &half).unwrap_err(), KeysError::SamePair);
    let signer = Arc::new(RsaSigner::new(&data::private("rsa2048.pkcs8.pem")).unwrap());
    assert_eq!(Keys::signed_by(signer, &half).unwrap_err(), KeysError::SamePair);
    assert!(matches!(Keys::parse(b"x", &half).unwrap_err(), KeysError::Private(_)));
    assert!(matches!(Keys::parse(&ours, b"x").unwrap_err(), KeysError::Public(_)));
}
