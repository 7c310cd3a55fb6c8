//! New keys, by the backend that is in use.

use crate::{KeyError, PrivateKey, backend};

impl PrivateKey {
    /// Makes a new key of 2048, 3072 or 4096 bits with public exponent 65537.
    ///
    /// It takes from a tenth of a second to several seconds: keep it off an async runtime.
    ///
    /// # Errors
    /// [`KeyStage::Generate`](crate::KeyStage::Generate) for other sizes, and if the system has no
    /// random numbers.
    pub fn generate(bits: usize) -> Result<Self, KeyError> {
        backend::generate(bits)
    }
}
