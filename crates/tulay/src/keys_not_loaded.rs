//! What a provider gets that is only asked what it can do.

use crate::system::RandomMessageIds;
use async_trait::async_trait;
use http::{Request, Response};
use tulay_core::TransportErrorKind::NotSent;
use tulay_core::{Invalid, MessageIds, Secret, SecretSource, Secrets, Transport, TransportError};

/// Opens no secret, and sends nothing.
#[derive(Debug)]
pub(crate) struct KeysNotLoaded;

impl Secrets for KeysNotLoaded {
    fn read(&self, _: &SecretSource) -> Result<Secret, Invalid> {
        // An adapter may verify by it, so it must be one that no sender can know.
        let ids = RandomMessageIds::new();
        Secret::new(ids.fresh() + &ids.fresh())
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
