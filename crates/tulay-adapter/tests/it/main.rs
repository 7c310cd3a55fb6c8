//! The kit with real keys, and against a platform that is a function.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod context;
mod exchange;
mod keys;
mod webhooks;
