//! The bytes of a signature.

use crate::encoding::{self, Base64Error};
use std::fmt;

/// An RSA signature: as many bytes as the key's modulus has.
///
/// It is only bytes; whether it belongs to a message, a [`Verifier`](crate::Verifier) says.
/// A signature is public, so `Debug` shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Signature(Vec<u8>);

impl Signature {
    /// Takes the bytes as they are. Their length is checked when they are verified.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Reads strict base64: the standard alphabet, padded, without white space, canonical.
    ///
    /// The text must be exactly what [`to_base64`](Self::to_base64) writes. Trim a line break
    /// yourself where a protocol allows one.
    ///
    /// # Errors
    /// [`Base64Error`] names the first rule that the text breaks.
    pub fn from_base64(text: &str) -> Result<Self, Base64Error> {
        encoding::decode(text).map(Self)
    }

    /// The bytes, big-endian, as they go on the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The standard base64 text, padded and in one line.
    #[must_use]
    pub fn to_base64(&self) -> String {
        encoding::encode(&self.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signature").field(&self.to_base64()).finish()
    }
}
