//! What proves a request: here, a key that signs nothing. Where bytes are signed, this file signs
//! the very bytes that are sent, and cuts the signed text out of what arrives, byte for byte.

use crate::client::Client;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use tulay_adapter::request::json;
use tulay_core::Secret;

/// The secrets of an account.
#[derive(Debug)]
pub struct Keys {
    /// The key that requests bear.
    pub api_key: Secret,
}

/// A request in the provider's form; an error when address or key cannot stand in one.
pub(crate) fn seal(
    client: &Client,
    method: Method,
    path: &str,
    body: &str,
) -> Result<Request<Bytes>, http::Error> {
    let key = client.keys.api_key.expose().trim();
    let mut bearer = HeaderValue::try_from(format!("Bearer {key}"))?;
    bearer.set_sensitive(true);
    let mut request = json(method, client.base_url.with(path), body.to_owned())?;
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    Ok(request)
}
