#![doc = include_str!("../README.md")]

mod assumptions;
mod balances;
mod client;
mod codes;
mod collections;
mod config;
mod envelope;
mod institutions;
mod map;
mod payouts;
mod profile;
mod provider;
mod qr;
mod refunds;
mod settings;
mod webhooks;
mod wire;

pub use config::PaymongoAdapter;
pub use envelope::Keys;
pub use provider::Paymongo;
pub use settings::{Paths, PaymongoConfig, Settings, SourceAccount};
