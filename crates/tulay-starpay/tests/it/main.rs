//! The adapter against a scripted platform: every request and answer pinned, every lie refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod answers;
mod collections;
mod config;
mod conformance;
mod notifications;
mod requests;
mod secrecy;
mod support;
