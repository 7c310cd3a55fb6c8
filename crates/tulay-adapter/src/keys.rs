//! The keys of an account: ours, which signs, and the platform's, which verifies.

use crate::request::not_sent;
use std::{collections::BTreeMap, sync::Arc};
use tulay_core::{
    AdapterContext, Invalid, KeySource, Operation, Result, SecretSource, SecretSources,
};
use tulay_crypto::{KeyError, Keys, KeysError, Signature, Signer};

/// Signers that the application registers in code, by the names that configurations use:
/// `private_key = { signer = "kms" }`. A signer keeps its key to itself.
#[derive(Clone, Debug, Default)]
pub struct Signers(BTreeMap<String, Arc<dyn Signer>>);

impl Signers {
    /// Registers a signer; a later one of the same name replaces it.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, signer: Arc<dyn Signer>) -> Self {
        self.0.insert(name.into(), signer);
        self
    }

    /// Reads the keys of an account; several of the platform may be valid at once. Where the context
    /// says that no keys are read, the result
    /// signs nothing and verifies nothing.
    ///
    /// # Errors
    /// At `private_key`, `private_key.signer` or `platform_key`: what was found, and what to do. No
    /// error repeats a key.
    pub fn read_keys(
        &self,
        private_key: &KeySource,
        platform_key: &SecretSources,
        context: &AdapterContext,
    ) -> Result<Keys, Invalid> {
        if context.capabilities_only {
            return Ok(Keys::not_loaded());
        }
        let read = |source: &SecretSource, field: &'static str| {
            context.secrets.read(source).map_err(|error| error.with_field(field))
        };
        let mut keys: Option<Keys> = None;
        for source in platform_key {
            let platform = read(source, "platform_key")?;
            let platform = platform.expose().as_bytes();
            let with_this = match (keys, private_key.secret()) {
                (Some(keys), _) => keys.or_verified_by(platform),
                (None, Ok(ours)) => {
                    Keys::parse(read(&ours, "private_key")?.expose().as_bytes(), platform)
                }
                (None, Err(name)) => {
                    let signer = self.0.get(name).ok_or_else(|| {
                        let expected = "the name of a signer registered in code";
                        Invalid::new("private_key.signer", expected)
                    })?;
                    Keys::signed_by(Arc::clone(signer), platform)
                }
            };
            keys = Some(with_this.map_err(unusable)?);
        }
        keys.ok_or_else(|| Invalid::new("platform_key", "at least one source of a key"))
    }
}

/// Signs the text of a request: the very bytes that will be sent.
///
/// # Errors
/// `Configuration`, `NotSent`, where the signer makes no signature.
pub async fn sign(keys: &Keys, operation: Operation, text: &str) -> Result<Signature> {
    let signature = keys.signer.sign(text.as_bytes()).await;
    signature
        .map_err(|cause| not_sent(operation, "the request could not be signed").with_source(cause))
}

fn unusable(error: KeysError) -> Invalid {
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
