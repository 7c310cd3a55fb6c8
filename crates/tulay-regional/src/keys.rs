//! Whose signature is made, and whose is believed: what is wrong with a key, by its field.

use tulay_core::Invalid;
use tulay_crypto::{KeyError, KeysError};

pub(crate) fn unusable(error: KeysError) -> Invalid {
    let invalid = |field: &'static str, error: KeyError| {
        let (stage, found, fix) = (error.stage(), error.found(), error.fix());
        Invalid::new(field, format!("a usable RSA key, but {found} (stage: {stage}); {fix}"))
    };
    match error {
        KeysError::Private(error) => invalid("private_key", error),
        KeysError::Public(error) => invalid("platform_key", error),
        _ => {
            let expected = "the platform's public key; this is the merchant's own";
            Invalid::new("platform_key", expected)
        }
    }
}
