//! Configurations, right and wrong, with an adapter that does nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod acme;
mod env_text;
mod files;
mod guarantees;
mod http;
mod json;
mod published_keys;
mod routes;
