//! The suite, held against an adapter that is right and against many that are wrong.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod acme;
mod documented;
mod listed;
mod platform;
mod reference;
mod wrong;
