//! The endpoint, with a provider whose signature is a word.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod answers;
mod frameworks;
mod properties;
mod sockets;
mod support;
