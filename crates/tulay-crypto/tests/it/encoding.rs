//! A signature has exactly one text.

use tulay_crypto::{Base64Error, Signature, VerifyError};

#[test]
fn only_the_canonical_text_is_read() {
    use Base64Error::{Alphabet, Padding, TrailingBits, UrlAlphabet, WhiteSpace};
    let cases: &[(&str, Result<&[u8], Base64Error>)] = &[
        ("", Ok(b"")),
        ("AA==", Ok(b"\0")),
        ("AAA=", Ok(b"\0\0")),
        ("AAAA", Ok(b"\0\0\0")),
        ("+/+/", Ok(b"\xfb\xff\xbf")),
        ("-_-_", Err(UrlAlphabet)),
        ("+/-_", Err(UrlAlphabet)),
        ("AAA", Err(Padding)),
        ("AA", Err(Padding)),
        ("AA=", Err(Padding)),
        ("A", Err(Padding)),
        ("A===", Err(Padding)),
        ("=", Err(Padding)),
        ("====", Err(Padding)),
        ("AAAA====", Err(Padding)),
        ("AA==AA==", Err(Padding)),
        ("AA=A", Err(Padding)),
        ("AB==", Err(TrailingBits)),
        ("A/==", Err(TrailingBits)),
        ("AAB=", Err(TrailingBits)),
        ("AAAA\n", Err(WhiteSpace)),
        ("AAAA\r\n", Err(WhiteSpace)),
        (" AAAA", Err(WhiteSpace)),
        ("AA AA", Err(WhiteSpace)),
        ("AAAA\tAAAA", Err(WhiteSpace)),
        ("AA*A", Err(Alphabet)),
        ("AAA\0", Err(Alphabet)),
        ("\u{feff}AAAA", Err(Alphabet)),
        ("AAAé", Err(Alphabet)),
        ("AAA\u{a0}", Err(Alphabet)),
        ("AAA%3D", Err(Alphabet)),
        ("data:,AA==", Err(Alphabet)),
    ];
    for (text, expected) in cases {
        let found = Signature::from_base64(text);
        assert_eq!(found.as_ref().map(Signature::as_bytes), expected.as_ref().copied(), "{text:?}");
        if let Ok(signature) = found {
            assert_eq!(signature.to_base64(), *text);
        }
    }
}

#[test]
fn an_unreadable_signature_does_not_verify() {
    let error: VerifyError = Signature::from_base64("AAAA\n").unwrap_err().into();
    assert_eq!(
        error.to_string(),
        "the signature is not strict base64: white space, such as a line break at the end"
    );
}
