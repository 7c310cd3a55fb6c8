//! What proves a request: here, a key that signs nothing. Where bytes are signed, this file signs
//! the very bytes that are sent, and cuts the signed text out of what arrives, byte for byte.

use bytes::Bytes;
use http::{Request, header};
use jiff::Timestamp;
use tulay_adapter::request::bearer;
use tulay_core::Secret;

/// The secrets of an account.
#[derive(Debug)]
pub struct Keys {
    /// The key that requests bear.
    pub api_key: Secret,
}

/// The request with its proof; an error when the key cannot stand in a header. A proof that signs
/// the time takes it from here.
pub(crate) fn seal(
    keys: &Keys,
    _now: Timestamp,
    mut request: Request<Bytes>,
) -> Result<Request<Bytes>, http::Error> {
    let bearer = bearer(keys.api_key.expose().trim())?;
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    Ok(request)
}
