#![doc = include_str!("../README.md")]

mod major_amount;
mod payment;
mod plan;
mod router;
mod rule;

pub use major_amount::MajorAmount;
pub use payment::Payment;
pub use plan::{Candidate, Excluded, NoRoute, Plan};
pub use router::Router;
pub use rule::Rule;
