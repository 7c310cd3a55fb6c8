//! What proves a request: the secret key, by HTTP Basic (quick setup). And what proves a
//! notification: a token that is always the same. Neither signs a byte.

use crate::settings::{Settings, XenditConfig};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};
use tulay_adapter::{keys::check_mode, request};
use tulay_core::{AdapterContext, Invalid, Operation, OrderId, Secret};

/// How secret keys of the test mode begin (quick setup), and live ones (general knowledge).
const TEST_KEYS: &[&str] = &["xnd_development_"];
const LIVE_KEYS: &[&str] = &["xnd_production_"];

/// Where a request bears its key against duplicates.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Where a notification bears its token.
const TOKEN: &str = "x-callback-token";
/// The version of payment requests that is spoken here.
const API_VERSION: &str = "2024-11-11";

/// The secrets of an account.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `None` where keys are not read.
    secret_key: Option<Secret>,
    callback_tokens: Vec<Secret>,
}

impl Keys {
    /// The secret API key, and the tokens that notifications may carry: each is valid, so that a
    /// token can be changed without losing a notification.
    #[must_use]
    pub fn new(secret_key: Secret, callback_tokens: Vec<Secret>) -> Self {
        // Files end with a line break.
        let trimmed = |secret: Secret| Secret::new(secret.expose().trim()).unwrap_or(secret);
        let callback_tokens = callback_tokens.into_iter().map(trimmed).collect();
        Self { secret_key: Some(trimmed(secret_key)), callback_tokens }
    }

    /// Keys that send nothing and open nothing.
    #[must_use]
    pub const fn not_loaded() -> Self {
        Self { secret_key: None, callback_tokens: Vec::new() }
    }

    /// Reads the keys of a configuration, unless the context says that none are read.
    pub(crate) fn read(config: &XenditConfig, context: &AdapterContext) -> Result<Self, Invalid> {
        if context.capabilities_only {
            return Ok(Self::not_loaded());
        }
        let read =
            |source, field| context.secrets.read(source).map_err(|error| error.with_field(field));
        let secret_key = read(&config.secret_key, "secret_key")?;
        let tokens = config.callback_token.iter().map(|token| read(token, "callback_token"));
        Ok(Self::new(secret_key, tokens.collect::<Result<_, _>>()?))
    }

    /// The secret API key; `None` where keys are not read.
    pub(crate) const fn secret_key(&self) -> Option<&Secret> {
        self.secret_key.as_ref()
    }

    /// Refuses a key of the other mode. Live and test have one host, so only the key would say
    /// that a test moves money.
    pub(crate) fn checked(&self, settings: &Settings) -> Result<(), Invalid> {
        let Some(key) = &self.secret_key else { return Ok(()) };
        check_mode("secret_key", settings.environment, key, TEST_KEYS, LIVE_KEYS)
    }

    /// Whether a notification carries one of the tokens, whole and in this case.
    pub(crate) fn open(&self, headers: &HeaderMap) -> bool {
        let presented = headers.get(TOKEN).map(HeaderValue::as_bytes).unwrap_or_default();
        self.callback_tokens.iter().any(|token| token.is(presented))
    }
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
