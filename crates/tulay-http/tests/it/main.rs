//! The verdicts, on real sockets: each fault is made by a server that misbehaves on purpose.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod classification;
mod download;
mod peers;
mod server;
mod tls;
