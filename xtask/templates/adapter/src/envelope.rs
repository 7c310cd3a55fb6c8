//! What proves a request: here, a key that is always the same and signs nothing. Where bytes are
//! signed, this file signs the very bytes that are sent, and cuts the signed text out of what
//! arrives byte for byte.

use crate::client::Client;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use tulay_core::Secret;

/// The secrets of an account.
#[derive(Debug)]
pub struct Keys {
    /// The key that requests bear.
    pub api_key: Secret,
}

/// A request in the provider's form.
///
/// # Errors
/// When address or key cannot stand in a request.
pub(crate) fn seal(
    client: &Client,
    method: Method,
    path: &str,
    body: &str,
) -> Result<Request<Bytes>, http::Error> {
    let key = client.keys.api_key.expose().trim();
    let mut bearer = HeaderValue::try_from(format!("Bearer {key}"))?;
    bearer.set_sensitive(true);
    Request::builder()
        .method(method)
        .uri(client.base_url.with(path))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, bearer)
        .body(Bytes::from(body.to_owned()))
}
