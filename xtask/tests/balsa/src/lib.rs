#![doc = include_str!("../README.md")]

mod assumptions;
mod config;
mod envelope;
mod error;
mod exchange;
mod map;
mod notify;
mod profile;
mod provider;
mod settings;
mod wire;

pub use config::{BalsaAdapter, BalsaConfig};
pub use provider::Balsa;
pub use settings::Settings;
