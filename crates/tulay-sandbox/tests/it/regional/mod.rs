//! The simulated regional platform from outside.

mod keys;
mod magic;
mod notifications;
mod refusals;
mod settling;
mod shop;
