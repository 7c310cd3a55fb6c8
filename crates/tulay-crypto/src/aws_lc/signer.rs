//! Signing with a private key.

use crate::{KeyError, PrivateKey, PublicKey, SignError, Signature, Signer, key::Wanted};
use async_trait::async_trait;
use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use std::fmt;

/// Signs with a key in memory, through this backend.
pub struct RsaSigner {
    key: KeyPair,
    public: PublicKey,
}

impl RsaSigner {
    /// Prepares `key` for signing, once for all messages.
    ///
    /// # Errors
    /// [`KeyStage::Consistency`](crate::KeyStage::Consistency) if its numbers do not belong
    /// together.
    pub fn new(key: &PrivateKey) -> Result<Self, KeyError> {
        let public = key.public_key().clone();
        let key = KeyPair::from_pkcs8(key.pkcs8()).map_err(|_| Wanted::Private.inconsistent())?;
        Ok(Self { key, public })
    }

    /// [`Signer::sign`] for callers without an async runtime: the same work, on this thread.
    ///
    /// # Errors
    /// As there.
    pub fn sign_blocking(&self, message: &[u8]) -> Result<Signature, SignError> {
        let mut bytes = vec![0; self.public.signature_length()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut bytes)
            .map_err(|_| SignError::new("the RSA computation failed its own check"))?;
        Ok(Signature::from_bytes(bytes))
    }
}

#[async_trait]
impl Signer for RsaSigner {
    async fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        self.sign_blocking(message)
    }

    fn public_key(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }
}

impl fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RsaSigner").field(&self.public).finish()
    }
}
