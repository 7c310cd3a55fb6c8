#![doc = include_str!("../README.md")]

mod download;
mod public_names;
mod settings;
mod transport;

pub use download::{Download, DownloadError};
pub use settings::HttpSettings;
pub use transport::{HttpError, HttpTransport};
