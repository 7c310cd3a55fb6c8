//! New keys.

use crate::{KeyError, PrivateKey};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};

/// Makes a new key with this backend; see [`PrivateKey::generate`].
///
/// # Errors
/// As there.
pub fn generate(bits: usize) -> Result<PrivateKey, KeyError> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        other => return Err(KeyError::cannot_generate(other)),
    };
    let key = KeyPair::generate(size).map_err(|_| KeyError::generation_failed())?;
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| KeyError::generation_failed())?;
    PrivateKey::parse(der.as_ref())
}
