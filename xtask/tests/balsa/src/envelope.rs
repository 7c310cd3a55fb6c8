//! What proves a request: an HMAC over time, method, path and body, the very bytes that are sent;
//! and what proves a notification: a token that is always the same.

use aws_lc_rs::{constant_time, hmac};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use tulay_core::Secret;

/// A request of the provider's form, signed at this time.
///
/// # Errors
/// When address or signature cannot stand in a request.
pub(crate) fn seal(
    method: Method,
    url: String,
    time: i64,
    key: &Secret,
    body: Bytes,
) -> Result<Request<Bytes>, http::Error> {
    let mut request = Request::builder()
        .method(method)
        .uri(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("balsa-time", time)
        .body(body)?;
    let sign = hex(hmac::sign(&signing_key(key), &signed(&request, time)).as_ref());
    let mut sign = HeaderValue::try_from(sign)?;
    sign.set_sensitive(true);
    request.headers_mut().insert("balsa-sign", sign);
    Ok(request)
}

/// Whether a notification's token is the one agreed on; it takes as long for any of its length.
pub(crate) fn is_token(told: Option<&HeaderValue>, token: &Secret) -> bool {
    let told = told.map(HeaderValue::as_bytes).filter(|told| !told.is_empty());
    let token = token.expose().trim().as_bytes();
    told.is_some_and(|told| constant_time::verify_slices_are_equal(told, token).is_ok())
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
