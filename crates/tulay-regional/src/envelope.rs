//! What is signed, how it travels, and how the parts are cut out of what arrives.
//!
//! ```text
//! {"appId":"…","sign":"…","param":"{\"timestamp\":…}"}    what we send
//! {"code":10000,"message":"Success","data":…}              how they answer, unsigned
//! {"sign":"…","param":"{…}"}                               how they notify
//! ```
//!
//! `param` is a text that holds JSON, and that text is what is signed, byte for byte: nothing is
//! sorted, trimmed or left out ("Unified Async Notification Param", steps 1 to 3). Published
//! notifications are not always compact, so what arrived is verified before it is read.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tulay_adapter::{
    json::{IfText, Text, object, unquoted},
    webhooks::SignedText,
};
use tulay_crypto::Signature;

/// The text of `param` as it is signed and sent: what was prepared, which is an object, with the
/// time stamp as its first member, in milliseconds. `None` when it is no object with a member.
pub(crate) fn stamped(prepared: &str, at: Timestamp) -> Option<String> {
    let rest = prepared.strip_prefix('{').filter(|rest| rest.starts_with('"'))?;
    Some(format!(r#"{{"timestamp":{},{rest}"#, at.as_millisecond()))
}

/// A prepared text with an instant that `create` compares with the clock: the instant or `-`, a
/// blank, and the text.
pub(crate) fn with_instant(instant: Option<Timestamp>, param: &str) -> String {
    let instant = instant.map_or_else(|| "-".to_owned(), |at| at.to_string());
    format!("{instant} {param}")
}

/// The parts of [`with_instant`]; `None` of any other text.
pub(crate) fn instant_and_text(body: &str) -> Option<(Option<Timestamp>, &str)> {
    let (instant, param) = body.split_once(' ')?;
    let instant = match instant {
        "-" => None,
        instant => Some(instant.parse().ok()?),
    };
    Some((instant, param))
}

/// Puts a signed `param` into its envelope.
pub(crate) fn seal(app_id: &str, param: &str, signature: &Signature) -> Bytes {
    let sign = signature.to_base64();
    // Every quote in it will be escaped.
    let mut body = Vec::with_capacity(param.len() * 2 + sign.len());
    // Text alone, which JSON can always hold.
    let request = Request { app_id, sign: &sign, param };
    serde_json::to_writer(&mut body, &request).unwrap_or_default();
    Bytes::from(body)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    app_id: &'a str,
    sign: &'a str,
    param: &'a str,
}

/// An answer, of which nothing is signed.
pub(crate) struct Answered<'a> {
    /// What became of the call.
    pub(crate) code: Text<'a>,
    /// In words.
    pub(crate) message: IfText<'a>,
    /// The business data; `None` where it is null or left out, as in rejections.
    pub(crate) data: Option<&'a RawValue>,
}

impl<'a> Answered<'a> {
    /// Cuts an answer open; `None` when it is none.
    pub(crate) fn cut(body: &'a [u8]) -> Option<Self> {
        let AnswerMembers { code, message, data } = object(body)?;
        Some(Self { code, message, data })
    }
}

#[derive(Deserialize)]
struct AnswerMembers<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(default)]
    message: IfText<'a>,
    data: Option<&'a RawValue>,
}

/// Cuts a notification open; `None` when it is none.
pub(crate) fn cut(body: &[u8]) -> Option<SignedText<'_>> {
    // Most of what reading costs is the escapes of `param`. They are read once all else is.
    let NotificationMembers { sign, param } = object(body)?;
    let sign = sign.and_then(unquoted);
    let signature = sign.and_then(|sign| Signature::from_base64(&sign).ok());
    Some(SignedText { text: unquoted(param)?, signature })
}

#[derive(Deserialize)]
struct NotificationMembers<'a> {
    #[serde(borrow)]
    sign: Option<&'a RawValue>,
    #[serde(borrow)]
    param: &'a RawValue,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(body: &str) -> Option<String> {
        cut(body.as_bytes()).map(|sealed| sealed.text.into_owned())
    }

    #[test]
    fn instant_and_text_are_read_as_written() {
        let at: Timestamp = "2026-11-20T02:00:00.5Z".parse().unwrap();
        for instant in [None, Some(at)] {
            let body = with_instant(instant, r#"{"a":"b c"}"#);
            assert_eq!(instant_and_text(&body), Some((instant, r#"{"a":"b c"}"#)));
        }
        for body in ["", "{}", "soon {}", " {}"] {
            assert_eq!(instant_and_text(body), None, "{body}");
        }
    }

    #[test]
    fn the_time_stamp_is_the_first_member() {
        let at: Timestamp = "2026-11-20T10:00:00.123+08:00".parse().unwrap();
        assert_eq!(
            stamped(r#"{"mchOrderId":"P"}"#, at).as_deref(),
            Some(r#"{"timestamp":1795140000123,"mchOrderId":"P"}"#)
        );
        for text in ["", "{}", "[]", "x", "{ }"] {
            assert_eq!(stamped(text, at), None, "{text}");
        }
    }

    #[test]
    fn the_signed_text_is_cut_out_byte_for_byte() {
        let spaced = "{ \"b\" : 1.10,\n \"a\":\"\\/ñ\" }";
        let quoted = serde_json::to_string(spaced).unwrap();
        let escaped = quoted.replace('ñ', "\\u00f1");
        for body in [
            format!(r#"{{"sign":"AAAA","param":{quoted}}}"#),
            format!("\n{{\"param\" : {quoted} , \"more\":1,\"sign\":\"AAAA\"}}"),
            format!(r#"{{"sign":"AAAA","param":{escaped}}}"#),
        ] {
            assert_eq!(text(&body).as_deref(), Some(spaced), "{body}");
        }
    }

    #[test]
    fn what_is_no_notification_is_not_cut() {
        for body in [
            "",
            "[]",
            r#"["AAAA","{}"]"#,
            "{}",
            r#"{"sign":"AAAA"}"#,
            r#"{"sign":"AAAA","params":"{}"}"#,
            r#"{"sign":"AAAA","param":{}}"#,
            r#"{"sign":"AAAA","param":null}"#,
            r#"{"sign":"AAAA","param":"{}","param":"{}"}"#,
            r#"{"sign":"AAAA","sign":"AAAA","param":"{}"}"#,
            r#"{"sign":"AAAA","param":"{}"} x"#,
        ] {
            assert_eq!(text(body), None, "{body}");
        }
    }

    #[test]
    fn a_signature_that_cannot_be_read_is_none() {
        for sign in ["null", "7", r#""A""#, r#""AA A=""#, r#"["AAAA"]"#] {
            let body = format!(r#"{{"sign":{sign},"param":"{{}}"}}"#);
            assert!(cut(body.as_bytes()).unwrap().signature.is_none());
        }
    }

    #[test]
    fn what_is_no_answer_is_not_cut() {
        for body in [
            "",
            "null",
            r#"[10000,"Success",null]"#,
            r#"{"message":"Success"}"#,
            r#"{"code":10000.0}"#,
            r#"{"code":null}"#,
            r#"{"code":10000,"code":21002}"#,
            r#"{"code":10000,"data":{},"data":{}}"#,
            r#"{"code":10000"#,
        ] {
            assert!(Answered::cut(body.as_bytes()).is_none(), "{body}");
        }
        // Both published shapes of a rejection.
        for body in [r#"{"code":21016,"message":"x"}"#, r#"{"code":"21010","data":null}"#] {
            assert!(Answered::cut(body.as_bytes()).unwrap().data.is_none(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>) {
            let _ = (cut(&body).is_some(), Answered::cut(&body).is_some());
        }

        #[test]
        fn what_is_sealed_is_cut_out_again(param in ".*") {
            let sealed = seal("1", &param, &Signature::from_bytes(vec![1; 3]));
            prop_assert_eq!(cut(&sealed).unwrap().text, param);
        }
    }
}
