//! What holds while a step is judged.

use super::policy::{Doubt, Policy};
use crate::store::Scope;
use jiff::Timestamp;

/// What holds in the transaction of a step, beside the payment.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a store states all of it")]
pub struct Context<'a> {
    /// The journal's clock.
    pub now: Timestamp,
    /// What the process is configured with.
    pub policy: &'a Policy,
    /// The number of the process.
    pub owner: u32,
    /// What is paused.
    pub pauses: &'a [Scope],
    /// Why the journal may not know every payment of its namespace; `None`: it does.
    pub doubt: Option<&'a Doubt>,
}
