#![doc = include_str!("../README.md")]

mod block_on;
mod case;
mod checks;
mod harness;
mod log;
mod macros;
mod noise;
mod outcome;
mod platform;
mod registry;
mod rewrite;
mod stage;
mod suite;
mod transcript;
mod world;

pub use case::{Ask, Case, Echo, Says, Seal};
pub use harness::{Code, Harness, Misfit, Proves, Reading, Sealed};
pub use registry::names;
pub use suite::{Suite, Verdict};

#[doc(hidden)]
pub use insta;
