#![doc = include_str!("../README.md")]

pub mod codes;
mod defaults;
pub mod foreign;
pub mod hosts;
pub mod json;
pub mod keys;
pub mod not_found;
pub mod notify_url;
pub mod policy;
mod provider;
pub mod reply;
pub mod request;
mod settings;
pub mod trace;
pub mod unsigned;
pub mod webhooks;
