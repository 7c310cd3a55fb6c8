#![doc = include_str!("../README.md")]

pub mod machine;
pub mod record;
pub mod store;
mod time;

pub use time::Time;
