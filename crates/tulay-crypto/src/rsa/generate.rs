//! New keys.

use crate::{KeyError, PrivateKey};
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey, rand_core::OsRng};

/// Makes a new key with this backend; see [`PrivateKey::generate`].
///
/// # Errors
/// As there.
pub fn generate(bits: usize) -> Result<PrivateKey, KeyError> {
    let size = match bits {
        2048 | 3072 | 4096 => bits,
        other => return Err(KeyError::cannot_generate(other)),
    };
    let key = RsaPrivateKey::new(&mut OsRng, size).map_err(|_| KeyError::generation_failed())?;
    let der = key.to_pkcs8_der().map_err(|_| KeyError::generation_failed())?;
    PrivateKey::parse(der.as_bytes())
}
