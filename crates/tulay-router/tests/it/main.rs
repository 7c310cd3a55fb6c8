//! Rules, situations and providers that can be asked what they can do, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod check;
mod heap;
mod later;
mod next;
mod outline;
mod plan;
mod properties;
mod requirements;
