//! The secrets of an account that proves its requests by an API key.

use super::check_mode;
use tulay_core::{AdapterContext, Environment, Invalid, Result, Secret, SecretSource};

/// The secret API key of an account, and the secrets that notifications are proven by. White space
/// around a secret is left out: files end with a line break, and the beginning of a key gives its
/// mode. `Debug` shows no secret.
///
/// ```
/// use tulay_adapter::keys::ApiKeys;
/// use tulay_core::{Environment, Secret};
/// let keys = ApiKeys::new(Secret::new(" sk_test_1\n")?, Vec::new());
/// assert_eq!(keys.secret_key().map(Secret::expose), Some("sk_test_1"));
/// assert!(keys.check_mode(Environment::Production, &["sk_test_"], &["sk_live_"]).is_err());
/// assert!(ApiKeys::not_loaded().secret_key().is_none());
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Debug)]
pub struct ApiKeys {
    /// `None` where keys are not read.
    secret_key: Option<Secret>,
    webhook_secrets: Vec<Secret>,
}

impl ApiKeys {
    /// The secret API key, and the secrets of notifications: each of them is valid, so that one can
    /// be replaced without losing a notification.
    #[must_use]
    pub fn new(secret_key: Secret, webhook_secrets: Vec<Secret>) -> Self {
        let trimmed = |secret: Secret| Secret::new(secret.expose().trim()).unwrap_or(secret);
        let webhook_secrets = webhook_secrets.into_iter().map(trimmed).collect();
        Self { secret_key: Some(trimmed(secret_key)), webhook_secrets }
    }

    /// Keys that send nothing and open nothing.
    #[must_use]
    pub const fn not_loaded() -> Self {
        Self { secret_key: None, webhook_secrets: Vec::new() }
    }

    /// Reads `secret_key` and, by the name of their field, the secrets of notifications. Where the
    /// context says that no keys are read, the result is [`not_loaded`](Self::not_loaded).
    ///
    /// # Errors
    /// At the field, without the secret.
    pub fn read<'a>(
        context: &AdapterContext,
        secret_key: &SecretSource,
        webhook_field: &'static str,
        webhook_secrets: impl IntoIterator<Item = &'a SecretSource>,
    ) -> Result<Self, Invalid> {
        if context.capabilities_only {
            return Ok(Self::not_loaded());
        }
        let read =
            |source, field| context.secrets.read(source).map_err(|error| error.with_field(field));
        let secret_key = read(secret_key, "secret_key")?;
        let secrets = webhook_secrets.into_iter().map(|source| read(source, webhook_field));
        Ok(Self::new(secret_key, secrets.collect::<Result<_, _>>()?))
    }

    /// Refuses a key of the other mode, as [`check_mode`](super::check_mode). Keys that are not read
    /// are not refused.
    ///
    /// # Errors
    /// At `secret_key`, without the key.
    pub fn check_mode(
        &self,
        environment: Environment,
        test: &[&str],
        live: &[&str],
    ) -> Result<(), Invalid> {
        let Some(key) = &self.secret_key else { return Ok(()) };
        check_mode("secret_key", environment, key, test, live)
    }

    /// The secret API key; `None` where keys are not read.
    #[must_use]
    pub const fn secret_key(&self) -> Option<&Secret> {
        self.secret_key.as_ref()
    }

    /// The secrets of notifications, each of them valid; none where keys are not read.
    #[must_use]
    pub fn webhook_secrets(&self) -> &[Secret] {
        &self.webhook_secrets
    }
}
