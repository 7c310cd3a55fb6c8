//! The keys of an account: ours, which signs, and the platform's, which verifies.

mod api_keys;

pub use api_keys::ApiKeys;

use crate::request::not_sent;
use std::{collections::BTreeMap, sync::Arc};
use tulay_core::{
    AdapterContext, Environment, Invalid, KeySource, Operation, Result, Secret, SecretSource,
    SecretSources,
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
    /// says that no keys are read, the result signs nothing and verifies nothing.
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

/// Refuses a key of the other mode, where one host serves test and live and the key tells them
/// apart by how it begins. A live key under a test flag would move money; so `uat` takes only a key
/// that begins as test keys do.
///
/// # Errors
/// At the field, without the key.
///
/// ```
/// use tulay_adapter::keys::check_mode;
/// use tulay_core::{Environment::{Production, Sandbox, Uat}, Secret};
/// let checked = |environment, key: &str| {
///     let key = Secret::new(key).unwrap();
///     check_mode("secret_key", environment, &key, &["sk_test_"], &["sk_live_"])
/// };
/// assert!(checked(Uat, "sk_test_1").is_ok() && checked(Production, "sk_live_1").is_ok());
/// assert!(checked(Uat, "sk_live_1").is_err() && checked(Production, "sk_test_1").is_err());
/// assert!(checked(Sandbox, "simulated").is_ok() && checked(Sandbox, "sk_live_1").is_err());
/// assert!(checked(Uat, "unknown").is_err(), "it may be live");
/// ```
pub fn check_mode(
    field: &'static str,
    environment: Environment,
    key: &Secret,
    test: &[&str],
    live: &[&str],
) -> Result<(), Invalid> {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| key.expose().starts_with(prefix));
    let (is_test, is_live) = (begins(test), begins(live));
    let expected = match environment {
        Environment::Production if is_test => "a live key, found one of the test mode",
        Environment::Uat if is_live => "a key of the test mode, found a live key",
        Environment::Uat if !is_test => "a key that begins as those of the test mode do",
        Environment::Sandbox if is_live => "a key of a simulator, found a live key",
        _ => return Ok(()),
    };
    Err(Invalid::new(field, expected))
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
