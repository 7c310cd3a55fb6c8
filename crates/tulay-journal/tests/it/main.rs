//! The machine: its tables row by row, its laws, and a search over schedules.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod collection_search;
mod deliver;
mod laws;
mod named;
mod random;
mod rows;
mod search;
mod store;
mod whole;
mod worker;
