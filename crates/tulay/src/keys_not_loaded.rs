//! What a provider gets that is only asked what it can do.

use async_trait::async_trait;
use http::{Request, Response};
use tulay_core::TransportErrorKind::NotSent;
use tulay_core::{Invalid, Secret, SecretSource, Secrets, Transport, TransportError};

/// Opens no secret, and sends nothing.
#[derive(Debug)]
pub(crate) struct KeysNotLoaded;

impl Secrets for KeysNotLoaded {
    fn read(&self, _: &SecretSource) -> Result<Secret, Invalid> {
        Secret::new("not opened".to_owned())
    }
}

#[async_trait]
impl Transport for KeysNotLoaded {
    async fn send(
        &self,
        _: Request<bytes::Bytes>,
    ) -> Result<Response<bytes::Bytes>, TransportError> {
        Err(TransportError::new(NotSent, "the configuration was read without its keys"))
    }
}
