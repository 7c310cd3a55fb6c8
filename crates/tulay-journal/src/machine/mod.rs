//! What is known of a payout, and what follows from it: pure functions, without I/O and clock.
//!
//! Everything here follows from *facts*. Facts are added in any order and any number of times with
//! the same result. [`Standing`] is computed from them whenever it is needed and is never stored.
//! An attempt is closed by a transaction of the store, never as a side effect of new facts.

pub mod facts;
pub mod permission;
pub mod review;
pub mod rows;
mod rules;
pub mod schedule;
mod sending;
mod standing;

pub use facts::{Evidence, Facts};
pub use review::ReviewReason;
pub use rows::standing;
pub use rules::{LEAST_ABSENCE_WINDOW, Rules};
pub use sending::{Attempt, Outcome, Sending};
pub use standing::Standing;
