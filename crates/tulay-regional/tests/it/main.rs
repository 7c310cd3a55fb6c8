//! The adapter against a scripted platform: every request and answer pinned, every lie refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod amounts;
mod answers;
mod codes;
mod collections;
mod config;
mod conformance;
mod documented;
mod institutions;
mod notifications;
mod published;
mod refunds;
mod reports;
mod requests;
mod secrecy;
mod support;
