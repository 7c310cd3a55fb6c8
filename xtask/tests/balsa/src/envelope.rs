//! What proves a request: an HMAC over time, method, path and body, the very bytes that are sent;
//! and what proves a notification: a token that is always the same.

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{HeaderValue, Request};
use jiff::Timestamp;
use tulay_core::Secret;

/// The secrets of an account.
#[derive(Debug)]
pub struct Keys {
    /// The key that signs requests.
    pub api_key: Secret,
    /// The token that notifications bear.
    pub token: Secret,
}

/// The request with its signature, of the time at which it is sent.
///
/// # Errors
/// When the signature cannot stand in a header.
pub(crate) fn seal(
    keys: &Keys,
    now: Timestamp,
    mut request: Request<Bytes>,
) -> Result<Request<Bytes>, http::Error> {
    let time = now.as_second();
    request.headers_mut().insert("balsa-time", time.into());
    let key = signing_key(&keys.api_key);
    let sign = hex(hmac::sign(&key, &signed(&request, time)).as_ref());
    let mut sign = HeaderValue::try_from(sign)?;
    sign.set_sensitive(true);
    request.headers_mut().insert("balsa-sign", sign);
    Ok(request)
}

/// Whether a notification bears the token.
pub(crate) fn is_token(value: Option<&HeaderValue>, token: &Secret) -> bool {
    value.is_some_and(|value| token.is(value.as_bytes()))
}

fn signing_key(key: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.expose().trim().as_bytes())
}

/// Time, method, path with query, and body, each on a line of its own.
fn signed(request: &Request<Bytes>, time: i64) -> Vec<u8> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let head = format!("{time}\n{}\n{path}\n", request.method());
    [head.as_bytes(), request.body()].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
