//! Keys that anyone has: their private halves are published, most of them in this repository. A
//! signature that verifies under one proves nothing, neither the provider's nor our own.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tulay_core::{Invalid, Secret, SecretSource, Secrets};
use tulay_crypto::{PrivateKey, PublicKey};

/// Fingerprint and file, one pair a line.
const LIST: &str = include_str!("published_keys.txt");

/// Reads secrets for one provider, and notes which of them are published keys.
#[derive(Debug)]
pub(crate) struct Watched {
    secrets: Arc<dyn Secrets>,
    published: Mutex<Vec<PublishedKey>>,
}

/// A secret that is a published key.
#[derive(Clone, Debug)]
pub(crate) struct PublishedKey {
    pub(crate) source: SecretSource,
    is_private: bool,
}

impl Watched {
    pub(crate) fn new(secrets: Arc<dyn Secrets>) -> Self {
        Self { secrets, published: Mutex::default() }
    }

    /// The first published key that was read.
    pub(crate) fn published(&self) -> Option<PublishedKey> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }
}

impl Secrets for Watched {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        let secret = self.secrets.read(source)?;
        if let Some(is_private) = published(secret.expose().as_bytes()) {
            let key = PublishedKey { source: source.clone(), is_private };
            self.published.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        }
        Ok(secret)
    }
}

impl fmt::Display for PublishedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_private {
            "this private key is published with Tulay, so anyone can sign with it; make one with \
             `tulay keygen`, and register its public half at the provider"
        } else {
            "the private half of this key is published with Tulay, so anyone can forge what it \
             verifies; get the provider's own key from the provider"
        })
    }
}

/// Whether a text is a published key, in any form: `Some(true)` for its private half.
fn published(text: &[u8]) -> Option<bool> {
    let (fingerprint, is_private) = match PrivateKey::parse(text) {
        Ok(key) => (key.public_key().fingerprint(), true),
        Err(_) => (PublicKey::parse(text).ok()?.fingerprint(), false),
    };
    let mut listed = LIST.lines().filter_map(|line| line.split_whitespace().next());
    listed.any(|known| known == fingerprint).then_some(is_private)
}
