//! Our signer and the other side's verifier, as one value.

use crate::{
    KeyError, PrivateKey, PublicKey, RsaSigner, RsaVerifier, Signature, Signer, Verifier,
    VerifyError, keys_not_loaded::KeysNotLoaded,
};
use std::{fmt, sync::Arc};

/// Whose signature is made, and whose is believed: ours, and the other side's. Either may be a key
/// or something that keeps one to itself.
#[derive(Clone)]
#[non_exhaustive]
pub struct Keys {
    /// Signs what goes out.
    pub signer: Arc<dyn Signer>,
    /// Verifies what comes in.
    pub verifier: Arc<dyn Verifier>,
}

impl Keys {
    /// A signer and a verifier.
    #[must_use]
    pub fn new(signer: Arc<dyn Signer>, verifier: Arc<dyn Verifier>) -> Self {
        Self { signer, verifier }
    }

    /// No keys are loaded: enough for reading capabilities. Signing fails, and no signature
    /// verifies.
    #[must_use]
    pub fn not_loaded() -> Self {
        Self::new(Arc::new(KeysNotLoaded), Arc::new(KeysNotLoaded))
    }

    /// Reads both keys, in any form that [`PrivateKey::parse`] and [`PublicKey::parse`] take.
    ///
    /// # Errors
    /// When a key cannot be read, or both belong to the same pair: then our own public key stands
    /// where the other side's should.
    pub fn parse(private_key: &[u8], public_key: &[u8]) -> Result<Self, KeysError> {
        let private = PrivateKey::parse(private_key).map_err(KeysError::Private)?;
        let signer = RsaSigner::new(&private).map_err(KeysError::Private)?;
        Self::signed_by(Arc::new(signer), public_key)
    }

    /// The same with a signer that does not hand out its key.
    ///
    /// # Errors
    /// [`KeysError::Public`]; [`KeysError::SamePair`] if the signer knows its public key and it is
    /// this one. A signer that does not know its public key cannot be checked.
    pub fn signed_by(signer: Arc<dyn Signer>, public_key: &[u8]) -> Result<Self, KeysError> {
        let public = PublicKey::parse(public_key).map_err(KeysError::Public)?;
        if signer.public_key() == Some(&public) {
            return Err(KeysError::SamePair);
        }
        let verifier = RsaVerifier::new(&public).map_err(KeysError::Public)?;
        Ok(Self::new(signer, Arc::new(verifier)))
    }
}

impl Keys {
    /// Believes the signatures of another key of the other side too, as during a rotation.
    ///
    /// # Errors
    /// As [`signed_by`](Self::signed_by).
    pub fn or_verified_by(self, public_key: &[u8]) -> Result<Self, KeysError> {
        let other = Self::signed_by(self.signer, public_key)?;
        let verifier = EitherVerifier(self.verifier, other.verifier);
        Ok(Self::new(other.signer, Arc::new(verifier)))
    }
}

/// Two keys of one signer, both valid.
#[derive(Debug)]
struct EitherVerifier(Arc<dyn Verifier>, Arc<dyn Verifier>);

impl Verifier for EitherVerifier {
    fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), VerifyError> {
        let first = self.0.verify(message, signature);
        first.or_else(|error| self.1.verify(message, signature).map_err(|_| error))
    }

    fn verify_digest(&self, sha256: &[u8; 32], signature: &Signature) -> Result<(), VerifyError> {
        let first = self.0.verify_digest(sha256, signature);
        first.or_else(|error| self.1.verify_digest(sha256, signature).map_err(|_| error))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(***)")
    }
}

/// Which of two keys cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// Our private key.
    #[error("our key: {0}")]
    Private(KeyError),
    /// The other side's public key.
    #[error("the other side's key: {0}")]
    Public(KeyError),
    /// The public key is the half of our own private key.
    #[error("the other side's key: it is our own public key")]
    SamePair,
}
