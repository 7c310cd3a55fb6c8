//! What proves a request: the secret key, by HTTP Basic (quick setup). And what proves a
//! notification: a token that is always the same. Neither signs a byte.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};
use tulay_adapter::request;
use tulay_core::{Operation, OrderId, Secret};

pub use tulay_adapter::keys::ApiKeys as Keys;

/// How secret keys of the test mode begin (quick setup), and live ones (general knowledge).
pub(crate) const TEST_KEYS: &[&str] = &["xnd_development_"];
pub(crate) const LIVE_KEYS: &[&str] = &["xnd_production_"];

/// Where a request bears its key against duplicates.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Where a notification bears its token.
const TOKEN: &str = "x-callback-token";
/// The version of payment requests that is spoken here.
const API_VERSION: &str = "2024-11-11";

/// Whether a notification carries one of the tokens, whole and in this case.
pub(crate) fn bears_token(keys: &Keys, headers: &HeaderMap) -> bool {
    let presented = headers.get(TOKEN).map(HeaderValue::as_bytes).unwrap_or_default();
    keys.webhook_secrets().iter().any(|token| token.is(presented))
}

/// The request with the key of the account; an order's also bears its order id, whole, as the key
/// against duplicates.
pub(crate) fn seal(
    operation: Operation,
    secret_key: &Secret,
    order_id: Option<&OrderId>,
    mut request: Request<Bytes>,
) -> Result<Request<Bytes>, http::Error> {
    let headers = request.headers_mut();
    headers.insert(header::AUTHORIZATION, request::basic(secret_key.expose(), "")?);
    if let Some(order_id) = order_id {
        headers.insert(IDEMPOTENCY_KEY, HeaderValue::try_from(order_id.as_str())?);
    }
    if matches!(operation, Operation::Collection | Operation::CollectionFind) {
        headers.insert("api-version", HeaderValue::from_static(API_VERSION));
    }
    Ok(request)
}
