//! Several crates together: adapters against simulated providers that share no code with them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod find;
mod fixtures;
mod foreign;
mod four_providers;
mod journal;
mod other_merchant;
mod out_of_tree;
mod paymongo;
mod regional;
mod regional_collections;
mod routing;
mod sockets;
mod starpay;
mod starpay_collections;
mod swap;
mod webhook;
