//! Logging.

use crate::reply::Reply;
use tulay_core::{Answer, Operation, Result};

/// Logs one exchange at the level `debug`: ids, codes and the effect, never a name, an account or
/// the provider's words. `id` is the one that the request went by: of the order or the message.
pub fn exchange(
    provider: &str,
    operation: Operation,
    path: &str,
    id: Option<&str>,
    outcome: &Result<Reply>,
) {
    let (answer, effect) = match outcome {
        Ok(reply) => (Some(&reply.answer), None),
        Err(error) => (error.answer(), Some(error.effect())),
    };
    let status = answer.map(|answer| answer.status.as_u16());
    let code = answer.map_or("-", Answer::shown_code);
    let effect = effect.map(tracing::field::display);
    tracing::debug!(%operation, path, id, status, code, effect, "{provider} answered");
}
