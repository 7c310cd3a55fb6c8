//! Every form of a key is the same key.

use crate::data::{self, BITS, ENCODINGS, PRIVATE_FORMS, PUBLIC_FORMS};
use tulay_crypto::{PrivateKey, PublicKey};

#[test]
fn every_form_of_a_private_key_is_the_same_key() {
    for bits in BITS {
        let public = data::public(&format!("rsa{bits}.spki.pem"));
        let pem = data::text(&format!("rsa{bits}.pkcs8.pem"));
        for form in PRIVATE_FORMS {
            for encoding in ENCODINGS {
                let key = data::private(&format!("rsa{bits}.{form}.{encoding}"));
                assert_eq!(key.bits(), bits);
                assert_eq!(key.public_key(), &public, "{form} {encoding}");
                assert_eq!(*key.to_pkcs8_pem(), pem, "{form} {encoding}");
            }
        }
    }
}

#[test]
fn every_form_of_a_public_key_is_the_same_key() {
    for bits in BITS {
        for form in PUBLIC_FORMS {
            for encoding in ENCODINGS {
                let key = data::public(&format!("rsa{bits}.{form}.{encoding}"));
                assert_eq!(key.bits(), bits);
                assert_eq!(key.to_spki_pem(), data::text(&format!("rsa{bits}.spki.pem")));
                assert_eq!(key.to_spki_base64(), data::text(&format!("rsa{bits}.spki.base64")));
                assert_eq!(
                    key.fingerprint(),
                    data::text(&format!("rsa{bits}.fingerprint")).trim_end()
                );
            }
        }
    }
}

#[test]
fn different_keys_differ() {
    let [small, large] = BITS.map(|bits| data::public(&format!("rsa{bits}.spki.der")));
    assert_ne!(small, large);
    assert_ne!(small.fingerprint(), large.fingerprint());
}

#[test]
fn text_is_read_as_people_paste_it() {
    let pem = data::text("rsa2048.pkcs8.pem");
    let base64 = data::text("rsa2048.pkcs8.base64");
    let (first, last) = base64.split_at(700);
    let pasted = [
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', " "),
        pem.replace('\n', ""),
        pem.replace('\n', "\n    "),
        pem.trim_end().to_owned(),
        format!("\u{feff}{pem}"),
        format!("Bag Attributes\n  friendlyName: key\n{pem}\nend of file\n"),
        pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
        format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----"),
        format!("{base64}\n"),
        format!("  {first}\r\n\t{last}  \n\n"),
    ];
    let key = data::public("rsa2048.spki.pem");
    for text in pasted {
        assert_eq!(PrivateKey::parse(text.as_bytes()).unwrap().public_key(), &key, "{text}");
    }
    let latin1 = [b"cl\xe9: ".as_slice(), pem.as_bytes()].concat();
    assert_eq!(PrivateKey::parse(&latin1).unwrap().public_key(), &key);
}

#[test]
fn the_published_keys_are_a_pair() {
    let published = data::published();
    let private = PrivateKey::parse(published.private.as_bytes()).unwrap();
    let public = PublicKey::parse(published.public.as_bytes()).unwrap();
    assert_eq!(private.public_key(), &public);
    assert_eq!(public.to_spki_base64(), published.public);
}

#[test]
fn a_generated_key_survives_its_own_text() {
    let key = PrivateKey::generate(2048).unwrap();
    let again = PrivateKey::parse(key.to_pkcs8_pem().as_bytes()).unwrap();
    assert_eq!(key.bits(), 2048);
    assert_eq!(again.public_key(), key.public_key());
    assert_eq!(
        PublicKey::parse(key.public_key().to_spki_pem().as_bytes()).unwrap(),
        *key.public_key()
    );
}
