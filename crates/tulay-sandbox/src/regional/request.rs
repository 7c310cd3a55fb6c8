//! What a merchant sent, taken apart strictly: the envelope, and the `param` in it.

use super::code::Code;
use crate::kit::{
    answers::says_json,
    json::Members,
    keys::{MerchantKey, decoded},
};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

/// The envelope. It has no `Debug`, as names and accounts are in it.
pub(super) struct Envelope {
    pub(super) app_id: Option<String>,
    /// The text that is signed.
    pub(super) param: String,
    sign: Option<Vec<u8>>,
}

impl Envelope {
    /// Takes a body apart. `None` is a bad request: not JSON in UTF-8, not said to be, not the
    /// envelope, with a member that is there twice, or with a `param` that is no text.
    pub(super) fn read(http: &http::Request<Bytes>) -> Option<Self> {
        let body = std::str::from_utf8(http.body()).ok().filter(|_| says_json(http.headers()))?;
        let envelope: Members<'_> = serde_json::from_str(body).ok()?;
        let text = |name| envelope.get(name).and_then(text);
        Some(Self {
            app_id: text("appId"),
            param: text("param")?,
            sign: text("sign").and_then(|sign| decoded(&sign)),
        })
    }

    pub(super) fn is_signed_by(&self, key: &MerchantKey) -> bool {
        self.sign.as_ref().is_some_and(|sign| key.verifies(&self.param, sign))
    }
}

/// What stands in `param`.
pub(super) struct Param<'a>(Members<'a>);

impl<'a> Param<'a> {
    /// Reads the text of an object that has no member twice.
    pub(super) fn read(text: &'a str) -> Result<Self, Code> {
        serde_json::from_str(text).map(Self).map_err(|_| Code::PARAM)
    }

    /// Refuses a time stamp that is none, or of none of these times.
    pub(super) fn admit_time(
        &self,
        honest: &[Timestamp],
        window: SignedDuration,
    ) -> Result<(), Code> {
        let written = self.digits("timestamp").ok_or(Code::TIMESTAMP)?;
        let at = written.parse().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let at = at.ok_or(Code::TIMESTAMP)?;
        let of_now = honest.iter().any(|now| now.duration_since(at).abs() <= window);
        if of_now { Ok(()) } else { Err(Code::TIMESTAMP_EXPIRED) }
    }

    /// A text that has to be there, of at most so many characters.
    pub(super) fn required(&self, name: &str, longest: usize) -> Result<String, Code> {
        self.optional(name, longest)?.ok_or(Code::PARAM)
    }

    /// A text that may be left out, but is neither null nor empty nor too long when it is there.
    pub(super) fn optional(&self, name: &str, longest: usize) -> Result<Option<String>, Code> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let fits = |text: &String| {
            (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        text(value).filter(fits).map(Some).ok_or(Code::PARAM)
    }

    /// An id of letters and digits, of a length within these.
    pub(super) fn id(&self, name: &str, (least, most): (usize, usize)) -> Result<String, Code> {
        let id = self.required(name, most)?;
        let plain = id.len() >= least && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if plain { Ok(id) } else { Err(Code::PARAM) }
    }

    /// A whole number of up to 15 digits without a sign, or the same digits as text.
    pub(super) fn number(&self, name: &str) -> Result<i64, Code> {
        let digits = self.digits(name).filter(|digits| digits.len() <= 15);
        digits.and_then(|digits| digits.parse().ok()).ok_or(Code::PARAM)
    }

    /// As [`number`](Self::number), where it may be left out.
    pub(super) fn optional_number(&self, name: &str) -> Result<Option<i64>, Code> {
        if self.0.get(name).is_none() {
            return Ok(None);
        }
        self.number(name).map(Some)
    }

    fn digits(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?;
        let written = text(value).unwrap_or_else(|| value.get().to_owned());
        let plain = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
        Some(written).filter(|_| plain)
    }
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}
