//! RSA private keys.

use super::{
    PublicKey,
    error::{KeyError, Wanted},
    pem,
    shape::Shape,
    source,
};
use pkcs8::{
    PrivateKeyInfo,
    der::{self, Decode, SecretDocument},
};
use std::fmt;
use zeroize::Zeroizing;

/// An RSA private key of 2048 to 8192 bits.
///
/// It is wiped from memory when dropped, cannot be printed or serialised, and cannot be cloned:
/// share it, or better the signer made from it, behind an `Arc`.
pub struct PrivateKey {
    pkcs8: SecretDocument,
    public: PublicKey,
}

impl PrivateKey {
    /// Reads a private key in any usual form.
    ///
    /// Accepted is PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), not encrypted, as PEM
    /// with any text around it, as DER, or as bare base64 with any line breaks. PEM labels are
    /// not relied on.
    ///
    /// Whether the numbers of the key belong together is arithmetic, and checked when a signer is
    /// made from it.
    ///
    /// # Errors
    /// [`KeyError`] for anything else, an encrypted key, a public key and a key that is too weak
    /// included; it names what was found and the fix.
    pub fn parse(source: &[u8]) -> Result<Self, KeyError> {
        let der = source::to_der(source, Wanted::Private)?;
        let damaged = |error: der::Error| Wanted::Private.damaged(&error);
        match Shape::of(&der).map_err(damaged)? {
            Shape::Pkcs8 => {
                let info = PrivateKeyInfo::from_der(&der).map_err(damaged)?;
                Wanted::Private.require_rsa(info.algorithm.oid)?;
                Self::from_pkcs1(info.private_key)
            }
            Shape::Pkcs1Private => Self::from_pkcs1(&der),
            other => Err(Wanted::Private.not(other)),
        }
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Bits of the modulus: what is meant by the size of an RSA key.
    #[must_use]
    pub const fn bits(&self) -> usize {
        self.public.bits()
    }

    /// The key as `PRIVATE KEY` PEM, which every tool reads. The text is wiped when dropped.
    ///
    /// Write it only to a place that no other user can read.
    #[must_use]
    pub fn to_pkcs8_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(pem::write("PRIVATE KEY", self.pkcs8()))
    }

    pub(crate) fn pkcs8(&self) -> &[u8] {
        self.pkcs8.as_bytes()
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let damaged = |error: der::Error| Wanted::Private.damaged(&error);
        let key = pkcs1::RsaPrivateKey::from_der(der).map_err(damaged)?;
        if key.other_prime_infos.is_some() {
            return Err(Wanted::Private.three_primes());
        }
        let public = PublicKey::from_numbers(&key.public_key(), Wanted::Private)?;
        let info = PrivateKeyInfo::new(pkcs1::ALGORITHM_ID, der);
        let pkcs8 = SecretDocument::encode_msg(&info).map_err(damaged)?;
        Ok(Self { pkcs8, public })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.bits())
    }
}
