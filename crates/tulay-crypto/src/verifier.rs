//! The trait of everything that verifies signatures.

use crate::{Base64Error, Signature};
use std::fmt;

/// Verifies with one public key.
///
/// # Rules for implementations
/// - Accepted is RSASSA-PKCS1-v1_5 with SHA-256 and nothing else: the algorithm belongs to the
///   key and is never read from a message.
/// - Give the bytes as they were received. Verify first, parse afterwards.
/// - A signature that is not exactly as long as the modulus is refused before any arithmetic.
pub trait Verifier: fmt::Debug + Send + Sync + 'static {
    /// Verifies that `signature` was made over exactly `message`.
    ///
    /// # Errors
    /// [`VerifyError::Length`] or [`VerifyError::Mismatch`].
    fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), VerifyError>;

    /// Verifies that `signature` was made over a message with this SHA-256 digest.
    ///
    /// For messages that are hashed while they stream in. The digest must be computed here: one
    /// that came with the message proves nothing.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    fn verify_digest(&self, sha256: &[u8; 32], signature: &Signature) -> Result<(), VerifyError>;
}

/// Refuses a signature that is not exactly as long as the modulus of the key.
pub(crate) fn require_length(signature: &Signature, expected: usize) -> Result<(), VerifyError> {
    let found = signature.as_bytes().len();
    if found == expected { Ok(()) } else { Err(VerifyError::Length { found, expected }) }
}

/// The signature does not prove anything about the message.
///
/// More than this is not said: the difference between two ways of being wrong is of use to a
/// forger only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature's text is not strict base64.
    #[error("the signature is {0}")]
    Encoding(#[from] Base64Error),
    /// The signature is not as long as the key's modulus, so another key must have made it.
    #[error(
        "the signature has {found} bytes, but this key makes signatures of {expected} bytes: it \
         is cut short, or made with a key of another size"
    )]
    Length {
        /// Bytes of the signature.
        found: usize,
        /// Bytes of the modulus.
        expected: usize,
    },
    /// The signature has the right form and does not fit key and message.
    #[error(
        "the signature does not verify: it was made with another key, or the bytes verified are \
         not exactly the bytes signed"
    )]
    Mismatch,
}
