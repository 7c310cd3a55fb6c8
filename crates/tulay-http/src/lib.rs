#![doc = include_str!("../README.md")]

mod settings;
mod transport;

pub use settings::HttpSettings;
pub use transport::{HttpError, HttpTransport};
