#![doc = include_str!("../README.md")]

mod assumptions;
mod balances;
mod channels;
mod client;
mod codes;
mod collections;
mod config;
mod envelope;
mod map;
mod payment_instructions;
mod payouts;
mod profile;
mod provider;
mod refunds;
mod reports;
mod settings;
mod static_codes;
mod webhooks;
mod wire;

pub use config::RegionalAdapter;
pub use provider::Regional;
pub use settings::Channels;
pub use settings::{Paths, PayMethods, RegionalConfig, Settings};
pub use tulay_crypto::Keys;
