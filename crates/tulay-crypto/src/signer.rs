//! The trait of everything that signs.

use crate::{PublicKey, Signature};
use async_trait::async_trait;
use std::{borrow::Cow, error::Error, fmt};

/// Signs with one private key, wherever that key lives.
///
/// # Rules for implementations
/// - The signature is RSASSA-PKCS1-v1_5 with SHA-256 over exactly `message`. The signer hashes;
///   the caller must not.
/// - The same message and key always give the same signature.
/// - `sign` is asynchronous because a key-management service or an HSM may sit behind it. A local
///   signer ([`RsaSigner`](crate::RsaSigner)) computes inline and is ready at its first poll.
/// - An implementation never retries on its own, and never puts key material into an error.
///
/// # Example
/// A key that lives in a vault:
///
/// ```
/// use async_trait::async_trait;
/// use tulay_crypto::{PublicKey, SignError, Signature, Signer};
/// # #[derive(Debug)]
/// # struct Vault;
/// # impl Vault {
/// #     async fn sign_sha256_with_rsa(&self, _: &[u8]) -> Result<Vec<u8>, std::io::Error> {
/// #         Ok(Vec::new())
/// #     }
/// # }
///
/// #[derive(Debug)]
/// struct VaultSigner {
///     vault: Vault,
/// }
///
/// #[async_trait]
/// impl Signer for VaultSigner {
///     async fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
///         let answer = self.vault.sign_sha256_with_rsa(message).await;
///         answer.map(Signature::from_bytes).map_err(|error| {
///             SignError::new("the vault did not sign; is it unsealed?").with_source(error)
///         })
///     }
///
///     fn public_key(&self) -> Option<&PublicKey> {
///         None
///     }
/// }
/// ```
#[async_trait]
pub trait Signer: fmt::Debug + Send + Sync + 'static {
    /// Signs `message`.
    ///
    /// # Errors
    /// [`SignError`] when no signature was made; nothing has left the program then, unless the
    /// key lives elsewhere.
    async fn sign(&self, message: &[u8]) -> Result<Signature, SignError>;

    /// The public key that verifies what this signer signs, if the signer knows it.
    ///
    /// It allows a check at start: is this the key that the provider registered, and is the
    /// provider's own key really another one?
    fn public_key(&self) -> Option<&PublicKey>;
}

/// No signature was made.
#[derive(Debug, thiserror::Error)]
#[error("cannot sign: {reason}")]
pub struct SignError {
    reason: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SignError {
    /// States why, as a sentence that someone can act on. It must not contain key material.
    #[must_use]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: reason.into(), source: None }
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}
