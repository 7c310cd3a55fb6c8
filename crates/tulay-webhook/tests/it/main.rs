//! The endpoint, with a provider whose signature is a word.

#![allow(clippy::unwrap_used, reason = "support of tests")]

mod answers;
mod frameworks;
mod sockets;
mod support;
