#![doc = include_str!("../README.md")]

mod check;
mod circuit;
mod few;
mod hold;
mod institution;
mod major_amount;
mod no_route;
mod order;
mod payment;
mod plan;
mod reasons;
mod requirements;
mod router;
mod rule;
mod situation;
mod table;
mod weights;

pub use check::{Finding, Spot};
pub use circuit::{Circuit, CircuitLimits, Circuits};
pub use hold::{Hold, Wait};
pub use major_amount::MajorAmount;
pub use no_route::NoRoute;
pub use order::Order;
pub use payment::Payment;
pub use plan::{Candidate, Decision, Excluded, Later, Plan};
pub use requirements::{Missing, Requirement, Requirements};
pub use router::Router;
pub use rule::{Rule, Use};
pub use situation::{Situation, Tried};
