//! A Postgres of its own for the tests of one process, from Debian's package: made in a temporary
//! folder, reached over a Unix socket, and stopped when the process ends, however it ends.
//!
//! Where the machine has no Postgres, a test says "skipped: no Postgres found" and ends.
//! `TULAY_FORBID_SKIPS` makes that a failure.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "support of tests")]

mod certificate;
mod cluster;
mod database;
mod guard;
pub mod pgbouncer;
mod programs;
pub mod proxy;

pub use cluster::{Cluster, PASSWORD};
pub use database::Database;
