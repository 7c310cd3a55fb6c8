#![doc = include_str!("../README.md")]

mod assumptions;
mod client;
mod codes;
mod config;
mod envelope;
mod map;
mod payouts;
mod profile;
mod provider;
mod settings;
mod wire;

pub use config::KawayanAdapter;
pub use envelope::Keys;
pub use provider::Kawayan;
pub use settings::{KawayanConfig, Settings};
