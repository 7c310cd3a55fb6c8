//! The backend in use: aws-lc, or `rsa` where that one is not built.

#[cfg(feature = "aws-lc")]
pub use crate::aws_lc::{RsaSigner, RsaVerifier};
#[cfg(feature = "aws-lc")]
pub(crate) use crate::aws_lc::{digest, generate};
#[cfg(all(feature = "rsa", not(feature = "aws-lc")))]
pub use crate::rsa::{RsaSigner, RsaVerifier};
#[cfg(all(feature = "rsa", not(feature = "aws-lc")))]
pub(crate) use crate::rsa::{digest, generate};
