//! Backend over the `rsa` crate: pure Rust, and a second opinion on the other backend.
//!
//! It signs blinded, always (RUSTSEC-2023-0071: unblinded, its timing can tell the key).

pub(crate) mod digest;
mod generate;
mod signer;
mod verifier;

pub use generate::generate;
pub use signer::RsaSigner;
pub use verifier::RsaVerifier;
