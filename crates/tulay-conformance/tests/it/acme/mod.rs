//! The reference adapter of a fictional provider. It has every role, and a switch for each defect.
//!
//! ```text
//! {"said":{…},"sign":"…"}    both ways; the sign is SHA-256 over a key and the text of "said"
//! ```

mod balances;
mod client;
mod codes;
mod collections;
mod drafts;
mod inspection;
mod institutions;
mod map;
mod own_key;
mod payouts;
mod provider;
mod qr;
mod refunds;
mod reports;
mod static_codes;
mod webhooks;
mod wire;
mod wrong;

pub(crate) use provider::{Acme, Settings, guarantees};
pub(crate) use wrong::Wrong;

use sha2::{Digest, Sha256};

/// What stands for a signature here: it needs a key, and covers every byte.
pub(crate) fn sign(key: &str, text: &str) -> String {
    let digest = Sha256::digest(format!("{key}\n{text}"));
    let digits = |half: &[u8]| u128::from_be_bytes(half.try_into().unwrap());
    format!("{:032x}{:032x}", digits(&digest[..16]), digits(&digest[16..]))
}
