#![doc = include_str!("../README.md")]

mod amount_form;
mod any_status;
mod block_on;
mod case;
mod change;
mod checks;
mod fixture;
mod harness;
mod log;
mod macros;
mod noise;
mod order;
mod outcome;
mod platform;
mod post;
mod reading;
mod registry;
mod request;
mod rewrite;
mod seal;
mod suite;
mod transcript;
mod world;

pub use amount_form::AmountForm;
pub use any_status::AnyStatus;
pub use case::{Ask, Case, Repeats, Says};
pub use harness::{Code, Harness, Misfit, Proves, Reading, Sealed};
pub use registry::{Check, checks, demands};
pub use request::sample;
pub use seal::Seal;
pub use suite::{Suite, Verdict};

#[doc(hidden)]
pub use insta;
