#![doc = include_str!("../README.md")]

mod assumptions;
mod code;
mod collect;
mod collections;
mod config;
mod disburse;
mod envelope;
mod error;
mod exchange;
mod manila;
mod map;
mod notify;
mod profile;
mod provider;
mod settings;
mod wire;

pub use config::StarpayAdapter;
pub use provider::Starpay;
pub use settings::{NameSplit, Paths, Services, Settings, StarpayConfig, TerminalRule};
pub use tulay_crypto::Keys;
