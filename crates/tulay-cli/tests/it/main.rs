//! The command as people and programs run it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![cfg(feature = "sandbox")]

mod client;
mod collection;
mod demo;
mod doctor;
mod four_providers;
mod guides;
mod journal;
mod keys;
mod listen;
mod log;
mod messages;
mod payout;
mod payout_file;
mod qr;
mod reading;
mod regional;
mod restored;
mod review;
mod routing;
#[cfg(unix)]
mod serve;
mod setup;
mod starpay;
mod support;
mod tour;
mod typed;
