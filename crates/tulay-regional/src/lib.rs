#![doc = include_str!("../README.md")]

mod ask;
mod assumptions;
mod config;
mod envelope;
mod error;
mod exchange;
mod keys;
mod map;
mod notify;
mod profile;
mod provider;
mod settings;
mod transfer;
mod wire;

pub use config::{RegionalAdapter, RegionalConfig};
pub use keys::Keys;
pub use provider::Regional;
pub use settings::{Paths, PayMethods, Settings};
