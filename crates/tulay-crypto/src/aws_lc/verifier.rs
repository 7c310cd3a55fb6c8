//! Verifying with a public key.

use crate::{
    KeyError, PublicKey, Signature, Verifier, VerifyError, key::Wanted, verifier::require_length,
};
use aws_lc_rs::{
    digest::{Digest, SHA256},
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256},
};
use std::fmt;

/// Verifies with a public key, through this backend.
pub struct RsaVerifier {
    key: ParsedPublicKey,
    public: PublicKey,
}

impl RsaVerifier {
    /// Prepares `key` for verifying, once for all messages.
    ///
    /// # Errors
    /// [`KeyStage::Consistency`](crate::KeyStage::Consistency) if the backend finds that these
    /// numbers cannot be an RSA key.
    pub fn new(key: &PublicKey) -> Result<Self, KeyError> {
        let public = key.clone();
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.spki())
            .map_err(|_| Wanted::Public.inconsistent())?;
        Ok(Self { key, public })
    }
}

impl Verifier for RsaVerifier {
    fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), VerifyError> {
        require_length(signature, self.public.signature_length())?;
        self.key.verify_sig(message, signature.as_bytes()).map_err(|_| VerifyError::Mismatch)
    }

    fn verify_digest(&self, sha256: &[u8; 32], signature: &Signature) -> Result<(), VerifyError> {
        require_length(signature, self.public.signature_length())?;
        Digest::import_less_safe(sha256, &SHA256)
            .and_then(|digest| self.key.verify_digest_sig(&digest, signature.as_bytes()))
            .map_err(|_| VerifyError::Mismatch)
    }
}

impl fmt::Debug for RsaVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RsaVerifier").field(&self.public).finish()
    }
}
