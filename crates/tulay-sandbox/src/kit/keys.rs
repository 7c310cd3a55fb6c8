//! SHA256withRSA as providers sign: keys, signing and verifying, all on the `rsa` crate, which no
//! adapter uses.

use base64::{Engine, engine::general_purpose::STANDARD};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{DecodePrivateKey, DecodePublicKey},
    rand_core::OsRng,
    sha2::Sha256,
    signature::{RandomizedSigner, SignatureEncoding, Verifier},
    traits::PublicKeyParts,
};
use std::fmt;
use tulay_core::Invalid;

/// The key that a simulated platform signs with. `Debug` does not show it.
pub struct PlatformKey(SigningKey<Sha256>);

impl PlatformKey {
    /// Reads PKCS#8 in PEM.
    ///
    /// # Errors
    /// When it is no private RSA key in that form.
    pub fn from_pem(pem: &str) -> Result<Self, Invalid> {
        let key = RsaPrivateKey::from_pkcs8_pem(pem)
            .map_err(|_| Invalid::new("platform_key", "a private RSA key: PKCS#8 in PEM"))?;
        Ok(Self(SigningKey::new(key)))
    }

    /// Signs a text, blinded: unblinded signing in this crate leaks the key by its timing.
    #[must_use]
    pub fn sign(&self, text: &str) -> Option<Vec<u8>> {
        let signature = self.0.try_sign_with_rng(&mut OsRng, text.as_bytes()).ok()?;
        Some(signature.to_vec())
    }
}

impl fmt::Debug for PlatformKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlatformKey(***)")
    }
}

/// The key that a merchant's requests verify under.
#[derive(Clone)]
pub struct MerchantKey(VerifyingKey<Sha256>);

impl MerchantKey {
    /// Reads SubjectPublicKeyInfo in PEM, or bare base64 as it is pasted, line breaks and all.
    ///
    /// # Errors
    /// When it is no such key, or one of less than 2048 bits.
    pub fn read(text: &str) -> Result<Self, Invalid> {
        let refused = || {
            let expected =
                "an RSA key of 2048 to 4096 bits: SubjectPublicKeyInfo in PEM or bare base64";
            Invalid::new("public_key", expected)
        };
        let key = if text.contains("-----BEGIN") {
            RsaPublicKey::from_public_key_pem(text.trim()).map_err(|_| refused())?
        } else {
            let bare: String = text.split_ascii_whitespace().collect();
            let der = STANDARD.decode(bare).map_err(|_| refused())?;
            RsaPublicKey::from_public_key_der(&der).map_err(|_| refused())?
        };
        if key.n().bits() < 2048 {
            return Err(refused());
        }
        Ok(Self(VerifyingKey::new(key)))
    }

    /// Whether a signature was made over exactly this text.
    #[must_use]
    pub fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        Signature::try_from(signature)
            .is_ok_and(|signature| self.0.verify(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Debug for MerchantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MerchantKey")
    }
}

/// Standard base64 with all of its padding, and nothing else.
#[must_use]
pub fn decoded(base64: &str) -> Option<Vec<u8>> {
    STANDARD.decode(base64).ok().filter(|bytes| !bytes.is_empty())
}

/// Bytes as standard base64 in one line.
#[must_use]
pub fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
