//! Digests of what the journal keeps or must not keep.

use serde::{Deserialize, Serialize};
use std::fmt;
use tulay_core::Invalid;

/// A SHA-256, such as that of a prepared request. Its text is hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("digest", "64 hexadecimal digits");
        let digits: Option<Vec<u32>> = text.chars().map(|it| it.to_digit(16)).collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or_else(invalid)?;
        let (pairs, _) = digits.as_chunks::<2>();
        let bytes: Vec<u8> =
            pairs.iter().filter_map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect();
        bytes.try_into().map(Self).map_err(|_| invalid())
    }
}
