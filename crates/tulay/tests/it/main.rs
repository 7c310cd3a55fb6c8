//! Configurations, right and wrong, with an adapter that does nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod acme;
mod files;
mod guarantees;
mod json;
mod routes;
