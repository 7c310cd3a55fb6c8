#![doc = include_str!("../README.md")]

mod assumptions;
mod balances;
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
mod settings;
mod webhooks;
mod wire;

pub use config::XenditAdapter;
pub use envelope::Keys;
pub use provider::Xendit;
pub use settings::{Paths, Settings, XenditConfig};
