//! The bytes of a signature.

use crate::{
    encoding::{self, Base64Error},
    misread::{Misread, dense},
};
use std::{borrow::Cow, fmt};

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

    /// Reads what a person or a tool hands over: base64 in lines of any length, with white space
    /// around, or the bytes themselves.
    ///
    /// It is for files and arguments. What comes over the wire is read by
    /// [`from_base64`](Self::from_base64), which accepts one text alone.
    ///
    /// # Errors
    /// [`SignatureTextError`] says what the text is instead (hexadecimal, base64 of the URL alphabet,
    /// base64 of base64, UTF-16 …), and what to do.
    pub fn read(source: &[u8]) -> Result<Self, SignatureTextError> {
        if source.trim_ascii().is_empty() {
            return Err(SignatureTextError::new("empty", "check where it was to be read from"));
        }
        if let Some(misread) = Misread::of(source).filter(|misread| *misread == Misread::Utf16) {
            return Err(SignatureTextError::of(misread));
        }
        // A signature is random: one in ten to the ninetieth is ASCII throughout.
        let text = std::str::from_utf8(source).map(|text| text.trim_start_matches('\u{FEFF}'));
        let Some(text) = text.ok().filter(|text| text.is_ascii()) else {
            return Ok(Self(source.to_vec()));
        };
        let dense = dense(text.as_bytes());
        let decoded = encoding::decode(&String::from_utf8_lossy(&dense));
        // Blanks may stand for plus signs: then what is left of them is another signature.
        let blank = text.lines().any(|line| line.trim_ascii().contains(' '));
        match decoded {
            Ok(bytes) if !blank => match Misread::of_decoded(&bytes) {
                Some(misread) => Err(SignatureTextError::of(misread)),
                None if Misread::of(source) == Some(Misread::Hexadecimal) => {
                    Err(SignatureTextError::of(Misread::Hexadecimal))
                }
                None => Ok(Self(bytes)),
            },
            decoded => Err(match (Misread::of(text.as_bytes()), decoded) {
                (Some(misread), _) => SignatureTextError::of(misread),
                (None, Ok(_)) => SignatureTextError::of(Misread::BlankForPlus),
                (None, Err(error)) => {
                    let fix = "give the whole signature, as its base64 or as its bytes";
                    SignatureTextError::new(error.to_string(), fix)
                }
            }),
        }
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

/// A text is no signature: what it is, and the fix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature is {found}; {fix}")]
pub struct SignatureTextError {
    found: Cow<'static, str>,
    fix: &'static str,
}

impl SignatureTextError {
    /// What was found instead.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What to do about it.
    #[must_use]
    pub const fn fix(&self) -> &'static str {
        self.fix
    }

    fn new(found: impl Into<Cow<'static, str>>, fix: &'static str) -> Self {
        Self { found: found.into(), fix }
    }

    fn of(misread: Misread) -> Self {
        Self::new(misread.found(), misread.fix())
    }
}
