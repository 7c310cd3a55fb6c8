//! Backend over aws-lc: constant-time C and assembly, the fastest measured. The default.

pub(crate) mod digest;
mod generate;
mod signer;
mod verifier;

pub use generate::generate;
pub use signer::RsaSigner;
pub use verifier::RsaVerifier;
