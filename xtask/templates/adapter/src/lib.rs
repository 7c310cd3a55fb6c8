#![doc = include_str!("../README.md")]

mod assumptions;
mod config;
mod envelope;
mod error;
mod exchange;
mod map;
mod profile;
mod provider;
mod settings;
mod wire;

pub use config::{KawayanAdapter, KawayanConfig};
pub use provider::Kawayan;
pub use settings::Settings;
