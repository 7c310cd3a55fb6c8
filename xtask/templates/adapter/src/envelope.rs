//! What proves a request: here, a key that is always the same and signs nothing. Where bytes are
//! signed, this file signs the very bytes that are sent, and cuts the signed text out of what
//! arrives byte for byte.

use bytes::Bytes;
use http::{Method, Request, header};
use tulay_core::Secret;

/// A request of the provider's form.
///
/// # Errors
/// When address or key cannot stand in a request.
pub(crate) fn seal(
    method: Method,
    url: String,
    api_key: &Secret,
    body: Bytes,
) -> Result<Request<Bytes>, http::Error> {
    let mut bearer = header::HeaderValue::try_from(format!("Bearer {}", api_key.expose().trim()))?;
    bearer.set_sensitive(true);
    Request::builder()
        .method(method)
        .uri(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, bearer)
        .body(body)
}
