//! Rules, conditions, and providers that have capabilities and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod check;
mod deferred;
mod outline;
mod past_attempts;
mod plan;
mod properties;
mod requirements;
mod resume;
