//! What is known of a collection, and what follows from it: pure functions, without I/O and clock.
//!
//! A collection asks a payer for an amount. It has up to eight orders, one after the other, and at
//! most one of them is ever *shown*: its way to pay (a code, a page) reached the application. The next
//! order is made only where the last one cannot be shown.
//!
//! * [`Collected`] has the facts. [`Evidence`] is joined in any order and any number of times with the
//!   same result.
//! * An incoming payment is a fact of its own, on whichever order it was made: [`Payment`].
//! * [`status`], [`surprises`] and [`reviews`] are computed from the facts whenever they are needed.
//!   They depend on no clock: each changes with an evidence, never in between.
//! * [`due`] and [`todo()`] say what a worker does next, and when.

mod evidence;
mod facts;
mod payments;
mod schedule;
mod status;
mod surprises;
mod terms;
mod todo;

#[cfg(test)]
mod tests;

pub use evidence::{Evidence, Finding, Report};
pub use facts::{Collected, Ending, Name, OrderFacts, PaymentId, Said, Sighting, Withdrawal};
pub use payments::{Payment, new_payments};
pub use schedule::Order;
pub use status::{Status, status};
pub use surprises::{Review, Surprises, reviews, surprises};
pub use terms::Terms;
pub use todo::{Circumstances, Todo, due, todo};
