//! Signing with a private key.

use super::digest::sha256;
use crate::{KeyError, PrivateKey, PublicKey, SignError, Signature, Signer, key::Wanted};
use async_trait::async_trait;
use pkcs8::{PrivateKeyInfo, der::Decode};
use rsa::{
    BigUint, Pkcs1v15Sign, RsaPrivateKey, rand_core::OsRng, sha2::Sha256, traits::PrivateKeyParts,
};
use std::fmt;
use zeroize::Zeroizing;

/// Signs with a key in memory, through this backend.
pub struct RsaSigner {
    key: RsaPrivateKey,
    padding: Pkcs1v15Sign,
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
        let key = load(key.pkcs8()).ok_or_else(|| Wanted::Private.inconsistent())?;
        Ok(Self { key, padding: Pkcs1v15Sign::new::<Sha256>(), public })
    }

    /// [`Signer::sign`] for callers without an async runtime: the same work, on this thread.
    ///
    /// # Errors
    /// As there.
    pub fn sign_blocking(&self, message: &[u8]) -> Result<Signature, SignError> {
        // `sign_with_rng` blinds; `sign` of this crate does not and must never stand here.
        let bytes = self
            .key
            .sign_with_rng(&mut OsRng, self.padding.clone(), &sha256(message))
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

/// The crate checks modulus and exponents; the three shortcut numbers it computes itself, so they
/// are compared with the file's, which must not pass here and fail elsewhere.
fn load(pkcs8: &[u8]) -> Option<RsaPrivateKey> {
    let info = PrivateKeyInfo::from_der(pkcs8).ok()?;
    let file = pkcs1::RsaPrivateKey::from_der(info.private_key).ok()?;
    let number = |number: pkcs1::UintRef<'_>| BigUint::from_bytes_be(number.as_bytes());
    let key = RsaPrivateKey::from_components(
        number(file.modulus),
        number(file.public_exponent),
        number(file.private_exponent),
        vec![number(file.prime1), number(file.prime2)],
    )
    .ok()?;
    let same = key.dp()? == &*Zeroizing::new(number(file.exponent1))
        && key.dq()? == &*Zeroizing::new(number(file.exponent2))
        && Zeroizing::new(key.crt_coefficient()?) == Zeroizing::new(number(file.coefficient));
    same.then_some(key)
}
