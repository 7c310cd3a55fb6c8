//! What proves a request: the key as the user of HTTP Basic. What proves a notification: an HMAC
//! over its time and body, under a secret that is this account's alone.

use bytes::Bytes;
use http::{Request, header};
use jiff::Timestamp;
use tulay_adapter::{request::basic, webhooks::verify_timed};
use tulay_core::{Result, Secret, WebhookRequest};

/// The secrets of an account.
#[derive(Debug)]
pub struct Keys {
    /// The key that requests bear.
    pub api_key: Secret,
    /// The secret that signs notifications.
    pub webhook_secret: Secret,
}

/// The request with its proof.
pub(crate) fn seal(
    keys: &Keys,
    _now: Timestamp,
    mut request: Request<Bytes>,
) -> Result<Request<Bytes>, http::Error> {
    let basic = basic(keys.api_key.expose().trim(), "")?;
    request.headers_mut().insert(header::AUTHORIZATION, basic);
    Ok(request)
}

/// Verifies the signature over time and body, byte for byte as they arrived.
pub(crate) fn verify(keys: &Keys, raw: &WebhookRequest, body: &[u8]) -> Result<()> {
    verify_timed([&keys.webhook_secret], &raw.headers, "paraw-signature", "v1", body).map(|_| ())
}
