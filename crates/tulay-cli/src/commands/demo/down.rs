//! Simulated providers that are unreachable.

use crate::error::CliError;
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;
use tulay::{
    Builder, Invalid,
    adapter::{Transport, TransportError, TransportErrorKind},
};
use tulay_sandbox::Sandbox;

/// Refuses connections to these simulated providers.
pub(super) fn down(builder: Builder, names: &[String], at: &Sandbox) -> Result<Builder, CliError> {
    if names.is_empty() {
        return Ok(builder);
    }
    let address = |name: &String| {
        let refused =
            |error: Invalid| CliError::usage("down", format!("--down {name}: {}", error.problem()));
        let address = at.base_url(name).map_err(refused)?;
        Ok(format!("{address}/"))
    };
    let down = names.iter().map(address).collect::<Result<Vec<_>, CliError>>()?;
    Ok(builder.wrap_transport(move |others| Arc::new(Down { down: down.clone(), others })))
}

#[derive(Debug)]
struct Down {
    /// The addresses that all of a provider's begin with.
    down: Vec<String>,
    others: Arc<dyn Transport>,
}

#[async_trait]
impl Transport for Down {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let address = request.uri().to_string();
        if self.down.iter().any(|down| address.starts_with(down.as_str())) {
            return Err(TransportError::new(TransportErrorKind::NotSent, "connection refused"));
        }
        self.others.send(request).await
    }
}
