//! The kit with real keys, and against a platform that is a function.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod codes;
mod context;
mod exchange;
mod foreign;
mod json;
mod keys;
mod not_found;
mod notify_url;
mod policy;
mod reply;
mod request;
mod unsigned;
mod webhooks;
