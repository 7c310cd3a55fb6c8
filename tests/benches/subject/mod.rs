//! The adapters that are measured: how to connect each, and what goes over its wire.

mod paymongo;
mod regional;
mod starpay;
mod xendit;

use async_trait::async_trait;
use std::sync::Arc;
use tulay::{
    PayoutRequest, Payouts, SecretFiles,
    adapter::{AdapterContext, HttpSettings, HttpTransport, RandomMessageIds, SystemClock},
};
use tulay_crypto::{
    PrivateKey, PublicKey, RsaSigner, RsaVerifier, SignError, Signature, Signer, Verifier,
    VerifyError,
};

pub(crate) const MERCHANT_KEY: &[u8] =
    include_bytes!("../../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
pub(crate) const MERCHANT_PUBLIC_KEY: &[u8] =
    include_bytes!("../../../crates/tulay-crypto/tests/data/rsa2048.spki.der");
const PLATFORM_KEY: &[u8] =
    include_bytes!("../../../crates/tulay-starpay/tests/it/data/platform.pem");

/// Makes a subject.
pub(crate) type Make = fn(Signing) -> Subject;

/// Connects an adapter to a server.
type Connect = Box<dyn Fn(&str) -> Arc<dyn Payouts>>;

/// Every adapter, as it is measured.
pub(crate) const SUBJECTS: &[(&str, Make)] = &[
    ("starpay", starpay::subject),
    ("regional", regional::subject),
    ("xendit", |_| xendit::subject()),
    ("paymongo", |_| paymongo::subject()),
];

/// One adapter and its wire.
pub(crate) struct Subject {
    pub(crate) connect: Connect,
    pub(crate) request: Arc<PayoutRequest>,
    /// What the server answers, whatever it is asked.
    pub(crate) answer: String,
    /// What a whole request looks like.
    pub(crate) body: String,
    /// The headers of a request, beside that of its type.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// What is signed; `None` where nothing is.
    pub(crate) signatures: Option<Signatures>,
}

/// The texts of an exchange that carry signatures.
pub(crate) struct Signatures {
    /// The text that is signed.
    pub(crate) signed: String,
    /// The text that is verified, where answers are signed.
    pub(crate) verified: Option<String>,
}

/// Whether signatures are made and verified, or cost nothing.
#[derive(Clone, Copy)]
pub(crate) enum Signing {
    Real,
    Free,
}

impl Signing {
    fn signer(self) -> Arc<dyn Signer> {
        match self {
            Self::Real => {
                Arc::new(RsaSigner::new(&PrivateKey::parse(MERCHANT_KEY).unwrap()).unwrap())
            }
            Self::Free => Arc::new(Free(vec![7; 256])),
        }
    }

    fn verifier(self) -> Arc<dyn Verifier> {
        match self {
            Self::Real => {
                let platform = PrivateKey::parse(PLATFORM_KEY).unwrap();
                Arc::new(RsaVerifier::new(platform.public_key()).unwrap())
            }
            Self::Free => Arc::new(Free(Vec::new())),
        }
    }
}

/// A signature of the platform's, in base64.
fn signed_by_platform(text: &str) -> String {
    let platform = RsaSigner::new(&PrivateKey::parse(PLATFORM_KEY).unwrap()).unwrap();
    platform.sign_blocking(text.as_bytes()).unwrap().to_base64()
}

/// The header of HTTP Basic with a key and no password.
fn basic(key: &str) -> String {
    let value = tulay_adapter::request::basic(key, "").unwrap();
    value.to_str().unwrap().to_owned()
}

fn context() -> AdapterContext {
    AdapterContext::new(
        Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap()),
        Arc::new(SystemClock::new()),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    )
}

/// Signs with the same bytes and believes everything.
#[derive(Debug)]
struct Free(Vec<u8>);

#[async_trait]
impl Signer for Free {
    async fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
        Ok(Signature::from_bytes(self.0.clone()))
    }

    fn public_key(&self) -> Option<&PublicKey> {
        None
    }
}

impl Verifier for Free {
    fn verify(&self, _: &[u8], _: &Signature) -> Result<(), VerifyError> {
        Ok(())
    }

    fn verify_digest(&self, _: &[u8; 32], _: &Signature) -> Result<(), VerifyError> {
        Ok(())
    }
}
