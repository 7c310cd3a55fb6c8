//! Logging.

use crate::reply::Reply;
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
