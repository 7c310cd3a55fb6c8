#![doc = include_str!("../README.md")]

mod applier;
pub mod audit;
pub mod collection;
mod deadline;
mod deliverer;
pub mod machine;
mod planner;
pub mod record;
pub mod store;
mod time;
mod worker;

pub use applier::{Applied, Applier};
pub use deadline::DeadlineTransport;
pub use deliverer::{Deliverer, Handler, HandlerError};
pub use planner::{Planned, Planner};
pub use time::Time;
pub use worker::{Limits, Worker};
