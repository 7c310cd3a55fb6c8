#![doc = include_str!("../README.md")]

#[cfg(feature = "aws-lc")]
pub mod aws_lc;
mod backend;
mod encoding;
mod key;
mod keygen;
mod keys;
mod keys_not_loaded;
mod misread;
#[cfg(feature = "rsa")]
pub mod rsa;
mod signature;
mod signer;
mod verifier;

pub use backend::{RsaSigner, RsaVerifier};
pub use encoding::Base64Error;
pub use key::{KeyError, KeyStage, PrivateKey, PublicKey};
pub use keys::{Keys, KeysError};
pub use signature::{Signature, SignatureTextError};
pub use signer::{SignError, Signer};
pub use verifier::{Verifier, VerifyError};

#[cfg(not(any(feature = "aws-lc", feature = "rsa")))]
compile_error!("tulay-crypto needs a backend: enable feature `aws-lc` (the default) or `rsa`");
