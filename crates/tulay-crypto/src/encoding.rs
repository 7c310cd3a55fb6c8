//! Strict base64, and the reasons for which a text is not.

use base64::{
    DecodeError, DecodeSliceError, decoded_len_estimate,
    prelude::{BASE64_STANDARD, Engine as _},
};
use zeroize::Zeroizing;

/// Why a text is not the one base64 text that its bytes have.
///
/// Accepted is the standard alphabet with padding, without white space and without stray bits in
/// the last character. Every other spelling of the same bytes is refused, so that a signature has
/// exactly one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Base64Error {
    /// A character that no base64 uses.
    #[error("not strict base64: a character outside A-Z a-z 0-9 + / =")]
    Alphabet,
    /// The length is not a multiple of four, or `=` stands where it may not.
    #[error("not strict base64: cut short or wrongly padded")]
    Padding,
    /// The last character carries bits that belong to no byte.
    #[error("not strict base64: stray bits in the last character")]
    TrailingBits,
    /// `-` and `_` of the URL alphabet.
    #[error("not strict base64: the URL alphabet, with - and _ where + and / belong")]
    UrlAlphabet,
    /// A space, tab or line break.
    #[error("not strict base64: white space, such as a line break at the end")]
    WhiteSpace,
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

pub(crate) fn encode_onto(text: &mut String, bytes: &[u8]) {
    BASE64_STANDARD.encode_string(bytes, text);
}

pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    BASE64_STANDARD.decode(text).map_err(|error| diagnose(text.as_bytes(), &error))
}

/// The same for secrets: nothing of them stays behind in memory, not even after an error.
pub(crate) fn decode_secret(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Base64Error> {
    let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(text.len())]);
    match BASE64_STANDARD.decode_slice(text, &mut bytes) {
        Ok(length) => {
            bytes.truncate(length);
            Ok(bytes)
        }
        Err(DecodeSliceError::DecodeError(error)) => Err(diagnose(text, &error)),
        // The estimate is never too small.
        Err(DecodeSliceError::OutputSliceTooSmall) => Err(Base64Error::Padding),
    }
}

/// A foreign character explains more than the wrong length that it causes, so it is named first.
fn diagnose(text: &[u8], error: &DecodeError) -> Base64Error {
    let foreign = text
        .iter()
        .find(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')));
    match (foreign, error) {
        (Some(b'-' | b'_'), _) => Base64Error::UrlAlphabet,
        (Some(byte), _) if byte.is_ascii_whitespace() => Base64Error::WhiteSpace,
        (Some(_), _) => Base64Error::Alphabet,
        (None, DecodeError::InvalidLastSymbol { .. }) => Base64Error::TrailingBits,
        (None, _) => Base64Error::Padding,
    }
}
