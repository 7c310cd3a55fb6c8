//! What is signed, and how the signed text is cut out of what arrives.
//!
//! ```text
//! {"request":{…},"signature":"…"}     what we send, and how they notify (2.4, 6.3)
//! {"response":{…},"signature":"…"}    how they answer (6.2)
//! ```
//!
//! Signed is the text of the inner value, and nothing else (2.2). It is sent compact. It may
//! arrive as an object, as a text that holds one, or as either in an array of one; signed is then
//! the innermost text, byte for byte as it arrived.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use tulay_adapter::{
    json::{self, unquoted},
    webhooks::SignedText,
};
use tulay_crypto::Signature;

/// Puts a signed request into its envelope: the very bytes that were signed.
pub(crate) fn seal(request: &str, signature: &Signature) -> Bytes {
    let signature = signature.to_base64();
    Bytes::from([r#"{"request":"#, request, r#","signature":""#, &signature, r#""}"#].concat())
}

/// Which member holds the signed value.
#[derive(Clone, Copy)]
pub(crate) enum Inner {
    Request,
    Response,
}

/// Cuts an envelope open; `None` when it is none.
pub(crate) fn cut(body: &[u8], inner: Inner) -> Option<SignedText<'_>> {
    let envelope: Envelope<'_> = json::object(body)?;
    let value = match inner {
        Inner::Request => envelope.request,
        Inner::Response => envelope.response,
    };
    let signature = envelope.signature.and_then(only).and_then(unquoted);
    Some(SignedText {
        text: innermost(value?)?,
        signature: signature.and_then(|text| Signature::from_base64(&text).ok()),
    })
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    request: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    signature: Option<&'a RawValue>,
}

/// The object's text as it stands, or the text of the string that holds it.
fn innermost(value: &RawValue) -> Option<Cow<'_, str>> {
    let value = only(value)?;
    match value.get().as_bytes().first()? {
        b'{' => Some(Cow::Borrowed(value.get())),
        _ => unquoted(value),
    }
}

/// The value itself, or the one element of an array.
fn only(value: &RawValue) -> Option<&RawValue> {
    if !value.get().starts_with('[') {
        return Some(value);
    }
    let [element] = serde_json::from_str::<[&RawValue; 1]>(value.get()).ok()?;
    Some(element)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(body: &str) -> Option<String> {
        cut(body.as_bytes(), Inner::Request).map(|sealed| sealed.text.into_owned())
    }

    #[test]
    fn the_signed_text_is_cut_out_byte_for_byte() {
        let spaced = "{ \"b\" : 1.10,\n \"a\":\"\\/\" }";
        let quoted = serde_json::to_string(spaced).unwrap();
        for body in [
            format!(r#"{{"request": {spaced} , "signature":"AAAA"}}"#),
            format!(r#"{{"signature":["AAAA"],"request":[ {spaced} ],"more":1}}"#),
            format!(r#"{{"request":{quoted},"signature":"AAAA"}}"#),
            format!(r#"{{"request":[{quoted}],"signature":["AAAA"]}}"#),
        ] {
            assert_eq!(text(&body).as_deref(), Some(spaced), "{body}");
        }
    }

    #[test]
    fn what_is_no_envelope_is_not_cut() {
        for body in [
            "",
            "[]",
            r#"[{},null,"AAAA"]"#,
            "{}",
            r#"{"response":{},"signature":"AAAA"}"#,
            r#"{"request":1,"signature":"AAAA"}"#,
            r#"{"request":[],"signature":"AAAA"}"#,
            r#"{"request":[{},{}],"signature":"AAAA"}"#,
            r#"{"request":{},"request":{},"signature":"AAAA"}"#,
            r#"{"request":{},"signature":"AAAA"} x"#,
        ] {
            assert_eq!(text(body), None, "{body}");
        }
    }

    #[test]
    fn a_signature_that_cannot_be_read_is_none() {
        for signature in ["null", "7", r#""A""#, r#""AA A=""#, r#"["AAAA","AAAA"]"#] {
            let body = format!(r#"{{"request":{{}},"signature":{signature}}}"#);
            assert!(cut(body.as_bytes(), Inner::Request).unwrap().signature.is_none());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>) {
            let _ = cut(&body, Inner::Request);
        }
    }
}
