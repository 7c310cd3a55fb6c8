//! Keys that stay closed.

use crate::{PublicKey, SignError, Signature, Signer, Verifier, VerifyError};
use async_trait::async_trait;

/// Signs nothing and believes nothing.
#[derive(Debug)]
pub(crate) struct KeysNotLoaded;

#[async_trait]
impl Signer for KeysNotLoaded {
    async fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
        Err(SignError::new("the keys were not opened"))
    }

    fn public_key(&self) -> Option<&PublicKey> {
        None
    }
}

impl Verifier for KeysNotLoaded {
    fn verify(&self, _: &[u8], _: &Signature) -> Result<(), VerifyError> {
        Err(VerifyError::Mismatch)
    }

    fn verify_digest(&self, _: &[u8; 32], _: &Signature) -> Result<(), VerifyError> {
        Err(VerifyError::Mismatch)
    }
}
