#![doc = include_str!("../README.md")]

mod ask;
mod assumptions;
mod channels;
mod codes;
mod collect;
mod config;
mod envelope;
mod error;
mod exchange;
mod map;
mod notify;
mod pay_by;
mod profile;
mod provider;
mod refund;
mod report;
mod settings;
mod transfer;
mod wire;

pub use channels::Channels;
pub use config::RegionalAdapter;
pub use provider::Regional;
pub use settings::{Paths, PayMethods, RegionalConfig, Settings};
pub use tulay_crypto::Keys;
