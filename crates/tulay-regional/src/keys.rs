//! Whose signature is made, and whose is believed.

use std::{fmt, sync::Arc};
use tulay_core::Invalid;
use tulay_crypto::{KeyError, PrivateKey, PublicKey, RsaSigner, RsaVerifier, Signer, Verifier};

/// Signs as the merchant, verifies as the platform. Either may be a key or something that keeps
/// one to itself.
#[derive(Clone)]
#[non_exhaustive]
pub struct Keys {
    /// Signs requests.
    pub signer: Arc<dyn Signer>,
    /// Verifies notifications; answers are not signed.
    pub verifier: Arc<dyn Verifier>,
}

impl Keys {
    /// A signer and a verifier.
    #[must_use]
    pub fn new(signer: Arc<dyn Signer>, verifier: Arc<dyn Verifier>) -> Self {
        Self { signer, verifier }
    }

    /// Reads both keys, in any form that [`PrivateKey::parse`] and [`PublicKey::parse`] take.
    ///
    /// # Errors
    /// When a key cannot be read, or both belong to the same pair: then the merchant's own public
    /// key stands where the platform's should.
    pub fn parse(private_key: &[u8], platform_key: &[u8]) -> Result<Self, Invalid> {
        let private = PrivateKey::parse(private_key).map_err(|e| unusable("private_key", &e))?;
        let platform = PublicKey::parse(platform_key).map_err(|e| unusable("platform_key", &e))?;
        if private.public_key() == &platform {
            let expected = "the platform's public key; this is the merchant's own";
            return Err(Invalid::new("platform_key", expected));
        }
        let signer = RsaSigner::new(&private).map_err(|e| unusable("private_key", &e))?;
        let verifier = RsaVerifier::new(&platform).map_err(|e| unusable("platform_key", &e))?;
        Ok(Self::new(Arc::new(signer), Arc::new(verifier)))
    }
}

pub(crate) fn unusable(field: &'static str, error: &KeyError) -> Invalid {
    let (stage, found, mend) = (error.stage(), error.found(), error.mend());
    Invalid::new(field, format!("a usable RSA key, but {found} (stage: {stage}); {mend}"))
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(***)")
    }
}
