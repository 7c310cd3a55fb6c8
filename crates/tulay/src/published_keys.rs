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

/// API keys, tokens and webhook secrets of the simulator, which stand in its source.
const SECRETS: [&str; 7] = [
    "SandboxPesoTokenIsPublic",
    "SandboxRupiahTokenIsPublic",
    "sk_live_SandboxDemoLive",
    "sk_test_SandboxDemoMerchant00001",
    "whsk_SandboxDemoMerchant00001",
    "xnd_development_SandboxPesoAccountIsPublic",
    "xnd_development_SandboxRupiahAccountIsPublic",
];

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
    half: Half,
}

/// What of a key is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Private,
    Public,
    /// A text that both sides have.
    Shared,
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
        if let Some(half) = published(secret.expose().as_bytes()) {
            let key = PublishedKey { source: source.clone(), half };
            self.published.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        }
        Ok(secret)
    }
}

impl fmt::Display for PublishedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.half {
            Half::Private => {
                "this private key is published with Tulay, so anyone can sign with it; make one \
                 with `tulay keygen`, and register its public half at the provider"
            }
            Half::Public => {
                "the private half of this key is published with Tulay, so anyone can forge what it \
                 verifies; get the provider's own key from the provider"
            }
            Half::Shared => {
                "this secret is published with Tulay, so anyone can use it; get your own from the \
                 provider"
            }
        })
    }
}

/// Which half of a published key a text is, in any form.
fn published(text: &[u8]) -> Option<Half> {
    if SECRETS.iter().any(|secret| secret.as_bytes() == text.trim_ascii()) {
        return Some(Half::Shared);
    }
    let (fingerprint, half) = match PrivateKey::parse(text) {
        Ok(key) => (key.public_key().fingerprint(), Half::Private),
        Err(_) => (PublicKey::parse(text).ok()?.fingerprint(), Half::Public),
    };
    let mut listed = LIST.lines().filter_map(|line| line.split_whitespace().next());
    listed.any(|known| known == fingerprint).then_some(half)
}
