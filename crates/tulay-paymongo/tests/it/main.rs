//! The adapter from outside.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod answers;
mod bad_input;
mod config;
mod conformance;
mod notifications;
mod platform;
mod requests;
mod support;
mod things;
mod wrong;
