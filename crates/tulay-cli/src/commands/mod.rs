//! The commands, a file each.

pub(crate) mod balance;
pub(crate) mod collection;
pub(crate) mod config;
#[cfg(feature = "sandbox")]
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod errors;
pub(crate) mod events;
#[cfg(feature = "sandbox")]
pub(crate) mod init;
pub(crate) mod institutions;
pub(crate) mod journal;
pub(crate) mod keygen;
pub(crate) mod listen;
pub(crate) mod manual;
pub(crate) mod pause;
pub(crate) mod payout;
pub(crate) mod providers;
pub(crate) mod qr;
pub(crate) mod refund;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod route;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
pub(crate) mod serve;
pub(crate) mod sign;
pub(crate) mod static_code;
mod tracked;
#[cfg(feature = "sandbox")]
pub(crate) mod trigger;
pub(crate) mod verify;
