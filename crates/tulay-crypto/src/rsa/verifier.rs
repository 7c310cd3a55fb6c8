//! Verifying with a public key.

use super::digest::sha256;
use crate::{
    KeyError, PublicKey, Signature, Verifier, VerifyError, key::Wanted, verifier::require_length,
};
use pkcs8::{SubjectPublicKeyInfoRef, der::Decode};
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey, sha2::Sha256};
use std::fmt;

/// Verifies with a public key, through this backend.
pub struct RsaVerifier {
    key: RsaPublicKey,
    padding: Pkcs1v15Sign,
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
        let key = load(key).ok_or_else(|| Wanted::Public.inconsistent())?;
        Ok(Self { key, padding: Pkcs1v15Sign::new::<Sha256>(), public })
    }
}

impl Verifier for RsaVerifier {
    fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), VerifyError> {
        self.verify_digest(&sha256(message), signature)
    }

    fn verify_digest(&self, sha256: &[u8; 32], signature: &Signature) -> Result<(), VerifyError> {
        require_length(signature, self.public.signature_length())?;
        self.key
            .verify(self.padding.clone(), sha256, signature.as_bytes())
            .map_err(|_| VerifyError::Mismatch)
    }
}

impl fmt::Debug for RsaVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RsaVerifier").field(&self.public).finish()
    }
}

/// `RsaPublicKey::new` stops at 4096 bits; `PublicKey` has its own, larger bound.
fn load(key: &PublicKey) -> Option<RsaPublicKey> {
    let info = SubjectPublicKeyInfoRef::from_der(key.spki()).ok()?;
    let file = pkcs1::RsaPublicKey::from_der(info.subject_public_key.raw_bytes()).ok()?;
    let number = |number: pkcs1::UintRef<'_>| BigUint::from_bytes_be(number.as_bytes());
    let (modulus, exponent) = (number(file.modulus), number(file.public_exponent));
    RsaPublicKey::new_with_max_size(modulus, exponent, key.bits()).ok()
}
