#![doc = include_str!("../README.md")]

mod candidate;
mod check;
mod circuit;
mod conditions;
mod corridors;
mod facts;
mod institution;
mod major_amount;
mod no_route;
mod payment;
mod plan;
mod provider_sequence;
mod reasons;
mod requirements;
mod router;
mod rule;
mod unavailability;
mod weights;

pub use candidate::{Candidate, Deferred, Excluded};
pub use check::{Finding, Location};
pub use circuit::Circuits;
pub use conditions::{Conditions, PastAttempt};
pub use major_amount::MajorAmount;
pub use no_route::NoRoute;
pub use payment::Payment;
pub use plan::{Decision, Plan};
pub use provider_sequence::ProviderSequence;
pub use requirements::{Missing, Requirement, Requirements};
pub use router::Router;
pub use rule::{RouteTarget, Rule};
pub use unavailability::{Unavailability, WaitReason};
