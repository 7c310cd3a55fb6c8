//! What a merchant sent, taken apart strictly: the key, the body and the query.

use super::rejection::Rejection;
use crate::kit::{
    answers::says_json,
    json::{Members, compact},
    keys::decoded,
};
use bytes::Bytes;
use http::{HeaderMap, Request, Uri, header};
use serde_json::value::RawValue;
use tulay_core::{Currency, Money};

/// The secret key of a request: the user of HTTP Basic. The password is ignored: it "can be left
/// empty", and "you may include any value" (reference, "Get balance").
pub(super) fn secret_key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let pair = String::from_utf8(decoded(encoded.trim())?).ok()?;
    let (user, _) = pair.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| user.to_owned())
}

/// The `Idempotency-key`, of 1 to 100 characters, if there is one.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Rejection> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=100).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or(Rejection::VALIDATION)
}

/// The value of a name in the query, decoded.
pub(super) fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(known, _)| *known == name).find_map(|(_, value)| unescaped(value))
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A body of JSON, or an object in it. It has no `Debug`, as names and accounts are in it.
pub(super) struct Body<'a>(Members<'a>);

impl<'a> Body<'a> {
    /// Takes a body apart that is said to be JSON, is an object in UTF-8, and has no member twice; and
    /// the same text without blanks, by which two bodies are compared.
    pub(super) fn read(http: &'a Request<Bytes>) -> Result<(Self, String), Rejection> {
        let read = || {
            let text = std::str::from_utf8(http.body()).ok()?;
            let json: &RawValue = serde_json::from_str(text).ok()?;
            Some((Self(serde_json::from_str(text).ok()?), compact(json)?))
        };
        let read = says_json(http.headers()).then(read).flatten();
        read.ok_or(Rejection::VALIDATION)
    }

    /// A text that has to be there, of at most so many characters.
    pub(super) fn required(&self, name: &str, longest: usize) -> Result<String, Rejection> {
        self.optional(name, longest)?.ok_or(Rejection::MISSING)
    }

    /// A text that may be left out, but is neither null nor empty nor too long when it is there.
    pub(super) fn optional(&self, name: &str, longest: usize) -> Result<Option<String>, Rejection> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let text: Option<String> = serde_json::from_str(value.get()).ok();
        let fits = |text: &String| {
            (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        text.filter(fits).map(Some).ok_or(Rejection::VALIDATION)
    }

    /// An amount that has to be there.
    pub(super) fn amount(&self, name: &str, currency: Currency) -> Result<Money, Rejection> {
        self.optional_amount(name, currency)?.ok_or(Rejection::MISSING)
    }

    /// A number above zero, without an exponent, with at most the decimals of the currency on the wire:
    /// two for PHP, none for IDR.
    pub(super) fn optional_amount(
        &self,
        name: &str,
        currency: Currency,
    ) -> Result<Option<Money>, Rejection> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let text = value.get();
        if !text.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(Rejection::VALIDATION);
        }
        let money = Money::parse(text, currency).map_err(|_| Rejection::DECIMALS)?;
        let is_whole = money.minor().checked_rem(100) == Some(0);
        if currency == Currency::IDR && !is_whole {
            return Err(Rejection::DECIMALS);
        }
        if money.minor() > 0 { Ok(Some(money)) } else { Err(Rejection::VALIDATION) }
    }

    /// An object that has to be there.
    pub(super) fn object(&self, name: &str) -> Result<Self, Rejection> {
        let value = self.0.get(name).ok_or(Rejection::MISSING)?;
        serde_json::from_str(value.get()).map(Self).map_err(|_| Rejection::VALIDATION)
    }

    /// Refuses a member that is there and no object.
    pub(super) fn optional_object(&self, name: &str) -> Result<(), Rejection> {
        if self.0.get(name).is_none() { Ok(()) } else { self.object(name).map(|_| ()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let uri: Uri = "/v2/payouts?limit=1&reference_id=a%2Fb+%C3%B1&x".parse().unwrap();
        assert_eq!(query(&uri, "reference_id").unwrap(), "a/b ñ");
        assert_eq!(query(&uri, "limit").unwrap(), "1");
        assert_eq!(query(&uri, "x"), None);
        for broken in ["/?a=%2", "/?a=%zz", "/?a=%ff", "/"] {
            assert_eq!(query(&broken.parse().unwrap(), "a"), None, "{broken}");
        }
    }
}
