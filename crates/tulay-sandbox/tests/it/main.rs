//! The sandbox from outside: everything goes through its public interface, and messages are
//! signed and verified by code of these tests alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod collecting;
mod control;
mod determinism;
mod faults;
mod keys;
mod notifications;
mod other_provider;
mod paymongo;
mod properties;
mod readings;
mod regional;
mod rejections;
mod samples;
mod settling;
mod shop;
mod sockets;
mod triggers;
mod xendit;
