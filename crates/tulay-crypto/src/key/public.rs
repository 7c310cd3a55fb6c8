//! RSA public keys.

use super::{
    error::{KeyError, Wanted},
    pem,
    shape::Shape,
    source, strength,
};
use crate::{backend::digest::sha256, encoding};
use pkcs8::{
    SubjectPublicKeyInfoRef,
    der::{self, Decode, Document, Encode, asn1::BitStringRef},
};
use std::fmt;

/// An RSA public key of 2048 to 8192 bits.
///
/// Two keys are equal if their numbers are, whatever form they were read from.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    bits: usize,
    spki: Document,
}

impl PublicKey {
    /// Reads a public key in any usual form.
    ///
    /// Accepted is SPKI (`PUBLIC KEY`) or PKCS#1 (`RSA PUBLIC KEY`), as PEM with any text around
    /// it, as DER, or as bare base64 with any line breaks. PEM labels are not relied on.
    ///
    /// # Errors
    /// [`KeyError`] for anything else, a certificate, a private key and a key that is too weak
    /// included; it names what was found and the fix.
    pub fn parse(source: &[u8]) -> Result<Self, KeyError> {
        let der = source::to_der(source, Wanted::Public)?;
        let damaged = |error: der::Error| Wanted::Public.damaged(&error);
        match Shape::of(&der).map_err(damaged)? {
            Shape::Spki => {
                let info = SubjectPublicKeyInfoRef::from_der(&der).map_err(damaged)?;
                Wanted::Public.require_rsa(info.algorithm.oid)?;
                Self::from_pkcs1(info.subject_public_key.raw_bytes())
            }
            Shape::Pkcs1Public => Self::from_pkcs1(&der),
            other => Err(Wanted::Public.not(other)),
        }
    }

    /// Bits of the modulus: what is meant by the size of an RSA key.
    #[must_use]
    pub const fn bits(&self) -> usize {
        self.bits
    }

    /// SHA-256 over the key's SPKI form, in hexadecimal: the same for every form of the key.
    ///
    /// `openssl pkey -pubin -in public.pem -outform DER | sha256sum` prints the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = sha256(self.spki());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key as `PUBLIC KEY` PEM, which every tool reads.
    #[must_use]
    pub fn to_spki_pem(&self) -> String {
        pem::write("PUBLIC KEY", self.spki())
    }

    /// The key's SPKI form as base64 in one line, which many payment portals ask for.
    #[must_use]
    pub fn to_spki_base64(&self) -> String {
        encoding::encode(self.spki())
    }

    pub(crate) fn spki(&self) -> &[u8] {
        self.spki.as_bytes()
    }

    pub(crate) const fn signature_length(&self) -> usize {
        self.bits.div_ceil(8)
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let key =
            pkcs1::RsaPublicKey::from_der(der).map_err(|error| Wanted::Public.damaged(&error))?;
        Self::from_numbers(&key, Wanted::Public)
    }

    pub(super) fn from_numbers(
        key: &pkcs1::RsaPublicKey<'_>,
        wanted: Wanted,
    ) -> Result<Self, KeyError> {
        let bits = strength::check(key, wanted)?;
        let spki = to_spki(key).map_err(|error| wanted.damaged(&error))?;
        Ok(Self { bits, spki })
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits, sha256 {})", self.bits(), self.fingerprint())
    }
}

fn to_spki(key: &pkcs1::RsaPublicKey<'_>) -> der::Result<Document> {
    let pkcs1 = key.to_der()?;
    Document::encode_msg(&SubjectPublicKeyInfoRef {
        algorithm: pkcs1::ALGORITHM_ID,
        subject_public_key: BitStringRef::from_bytes(&pkcs1)?,
    })
}
