//! Which sizes and exponents are accepted, by every backend alike.

use super::error::{KeyError, KeyStage, Wanted};
use pkcs1::RsaPublicKey;

const MIN_BITS: usize = 2048;
/// aws-lc takes no larger key, and a verifier must bound its work.
const MAX_BITS: usize = 8192;

/// A smaller exponent turns a sloppy padding check, anywhere, into a forgery.
const MIN_EXPONENT: u64 = 65_537;
/// No backend takes an exponent of more than 33 bits.
const MAX_EXPONENT: u64 = (1 << 33) - 1;

/// The bits of the key, if it is neither weak nor too large.
pub(super) fn check(key: &RsaPublicKey<'_>, wanted: Wanted) -> Result<usize, KeyError> {
    let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    let leading_zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - leading_zeros;
    if !(MIN_BITS..=MAX_BITS).contains(&bits) {
        return Err(wanted.refuse(
            KeyStage::Strength,
            format!("it has {bits} bits, and only {MIN_BITS} to {MAX_BITS} are accepted"),
            match wanted {
                Wanted::Private => {
                    "make a new key, `openssl genpkey -algorithm RSA \
                     -pkeyopt rsa_keygen_bits:2048 -out private.pem`, and register its public half"
                }
                Wanted::Public => "ask the other side for a key of 2048 to 8192 bits",
            },
        ));
    }
    let exponent = exponent
        .iter()
        .try_fold(0_u64, |value, byte| Some(value.checked_mul(256)? | u64::from(*byte)))
        .unwrap_or(u64::MAX);
    if !(MIN_EXPONENT..=MAX_EXPONENT).contains(&exponent) {
        return Err(wanted.refuse(
            KeyStage::Strength,
            match exponent {
                0..MIN_EXPONENT => format!("its public exponent is {exponent}, below 65537"),
                _ => "its public exponent is longer than 33 bits".to_owned(),
            },
            "use a key with the usual exponent, 65537",
        ));
    }
    if exponent % 2 == 0 || modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(wanted.refuse(
            KeyStage::Strength,
            "its modulus or its public exponent is even",
            "copy the key again from its source",
        ));
    }
    Ok(bits)
}
