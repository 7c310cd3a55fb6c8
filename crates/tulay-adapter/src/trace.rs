//! Logging.

use crate::reply::Reply;
use http::{Request, header::HeaderValue};
use tulay_core::{Operation, ProviderResponse, Result};

/// Logs one exchange at the level `debug`: ids, codes and the effect, never a name, an account or
/// the provider's words. `id` is the one that the request went by: of the order or the message.
pub fn exchange(
    provider: &str,
    operation: Operation,
    path: &str,
    id: Option<&str>,
    outcome: &Result<Reply>,
) {
    let (response, effect) = match outcome {
        Ok(reply) => (Some(&reply.response), None),
        Err(error) => (error.response(), Some(error.effect())),
    };
    let status = response.map(|response| response.status.as_u16());
    let code = response.map_or("-", ProviderResponse::shown_code);
    let effect = effect.map(tracing::field::display);
    tracing::debug!(%operation, path, id, status, code, effect, "{provider} answered");
}

/// What the log repeats of a request: its path, and its key against duplicates where that stands in
/// the header `idempotency-key`.
pub(crate) struct Traced {
    path: String,
    key: Option<HeaderValue>,
}

impl Traced {
    pub(crate) fn of<T>(request: &Request<T>) -> Self {
        let key = request.headers().get("idempotency-key").cloned();
        Self { path: request.uri().path().to_owned(), key }
    }

    pub(crate) fn log(&self, provider: &str, operation: Operation, outcome: &Result<Reply>) {
        let key = self.key.as_ref().and_then(|key| key.to_str().ok());
        exchange(provider, operation, &self.path, key, outcome);
    }
}
