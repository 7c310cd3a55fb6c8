//! The adapter against its platform: said by a script, and simulated.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod config;
mod conformance;
mod platform;
mod simulated;
mod simulator;
