//! The adapter against its platform, which is written from the documents.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod answers;
mod config;
mod conformance;
mod documented;
mod keys;
mod notifications;
mod platform;
mod requests;
mod simulated;
mod support;
mod wrong;
