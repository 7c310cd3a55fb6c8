//! Section 2: what a merchant sent, taken apart strictly.

use super::{code::Code, settings::SignedText};
use crate::kit::{
    answers::says_json,
    json::{Members, compact},
    keys::{MerchantKey, decoded},
};
use bytes::Bytes;
use http::Uri;
use serde_json::value::RawValue;

/// What stands in `request`, and how it was signed. It has no `Debug`, as names and accounts do.
pub(super) struct Request<'a> {
    as_sent: &'a str,
    compact: String,
    members: Members<'a>,
    signature: Option<&'a RawValue>,
}

impl<'a> Request<'a> {
    /// Takes a body apart. `None` is a bad request: not JSON in UTF-8, not said to be, not the
    /// envelope, or with a member that is there twice.
    pub(super) fn read(http: &'a http::Request<Bytes>) -> Option<Self> {
        let body = std::str::from_utf8(http.body()).ok().filter(|_| says_json(http.headers()))?;
        let envelope: Members<'a> = serde_json::from_str(body).ok()?;
        let request = envelope.get("request")?;
        Some(Self {
            as_sent: request.get(),
            compact: compact(request)?,
            members: serde_json::from_str(request.get()).ok()?,
            signature: envelope.get("signature"),
        })
    }

    /// The signature's bytes, if it is a string of strict base64.
    pub(super) fn signature(&self) -> Option<Vec<u8>> {
        decoded(&serde_json::from_str::<String>(self.signature?.get()).ok()?)
    }

    pub(super) fn is_signed_by(
        &self,
        key: &MerchantKey,
        signature: &[u8],
        over: SignedText,
    ) -> bool {
        let as_sent = || key.verifies(self.as_sent, signature);
        let compact = || key.verifies(&self.compact, signature);
        match over {
            SignedText::AsSent => as_sent(),
            SignedText::Compact => compact(),
            SignedText::Either => as_sent() || (self.compact != self.as_sent && compact()),
        }
    }

    /// A member that is a string, whatever it says.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.members.get(name)?.get()).ok()
    }

    /// A member that has to be there.
    pub(super) fn required(&self, name: &str, longest: usize) -> Result<String, Code> {
        self.optional(name, longest)?.ok_or(Code::ILLEGAL_PARAMETER)
    }

    /// A member that may be left out, but is neither null nor empty nor too long when it is there.
    pub(super) fn optional(&self, name: &str, longest: usize) -> Result<Option<String>, Code> {
        if self.members.get(name).is_none() {
            return Ok(None);
        }
        let fits = |text: &String| {
            (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        self.text(name).filter(fits).map(Some).ok_or(Code::ILLEGAL_PARAMETER)
    }

    /// A message number: 1 to 32 visible ASCII characters.
    pub(super) fn message_id(&self, name: &str) -> Result<String, Code> {
        let id = self.required(name, 32)?;
        let visible = id.bytes().all(|byte| byte.is_ascii_graphic());
        if visible { Ok(id) } else { Err(Code::ILLEGAL_PARAMETER) }
    }

    /// An amount in centavos, above zero: a whole number of up to 12 digits, or the same digits as
    /// a string.
    pub(super) fn amount(&self, name: &str) -> Result<i64, Code> {
        let written = self.members.get(name).map(RawValue::get).unwrap_or_default();
        let digits = match self.text(name) {
            Some(text) => text,
            None => written.to_owned(),
        };
        let plain = digits.len() <= 12
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        let amount: Option<i64> = digits.parse().ok().filter(|_| plain);
        amount.ok_or(Code::ILLEGAL_PARAMETER)
    }

    /// An absolute http or https address of at most 256 characters, if there is one.
    pub(super) fn address(&self, name: &str) -> Result<Option<Uri>, Code> {
        let Some(text) = self.optional(name, 256)? else { return Ok(None) };
        let absolute =
            |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        text.parse().ok().filter(absolute).map(Some).ok_or(Code::ILLEGAL_PARAMETER)
    }
}
