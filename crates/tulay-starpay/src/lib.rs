#![doc = include_str!("../README.md")]

mod assumptions;
mod balances;
mod client;
mod codes;
mod collections;
mod config;
mod envelope;
mod inspection;
mod institutions;
mod map;
mod payouts;
mod profile;
mod provider;
mod qr;
mod settings;
mod static_codes;
mod webhooks;
mod wire;

pub use config::StarpayAdapter;
pub use provider::Starpay;
pub use settings::{NameSplit, Paths, Services, Settings, StarpayConfig, TerminalRule};
pub use tulay_crypto::Keys;
