#![doc = include_str!("../README.md")]

#[cfg(feature = "aws-lc")]
pub mod aws_lc;
mod closed;
mod encoding;
mod key;
mod keys;
#[cfg(feature = "rsa")]
pub mod rsa;
mod signature;
mod signer;
mod verifier;

#[cfg(feature = "aws-lc")]
use crate::aws_lc as backend;
#[cfg(all(feature = "rsa", not(feature = "aws-lc")))]
use crate::rsa as backend;

pub use crate::backend::{RsaSigner, RsaVerifier};
pub use crate::encoding::Base64Error;
pub use crate::key::{KeyError, KeyStage, PrivateKey, PublicKey};
pub use crate::keys::{Keys, KeysError};
pub use crate::signature::Signature;
pub use crate::signer::{SignError, Signer};
pub use crate::verifier::{Verifier, VerifyError};

#[cfg(not(any(feature = "aws-lc", feature = "rsa")))]
compile_error!("tulay-crypto needs a backend: enable feature `aws-lc` (the default) or `rsa`");
