//! What a person's statement would make of a payment.

use super::{
    Context, Record,
    decide::carry_out,
    event::{Declaration, Ending, Source},
    step::{Refused, Step, Write},
};
use crate::machine::{Standing, review::is_alive_after_death};
use jiff::Timestamp;

/// What a statement would make of a payment, if nothing else happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// When the statement can be taken.
    pub from: Timestamp,
    /// The payment, once a worker has done what follows.
    pub after: Record,
}

/// Plays a statement on a copy. Nothing is written.
///
/// # Errors
/// Why the statement is not taken. That a process may be sending the payment is no reason: then
/// [`Preview::from`] is later.
pub fn preview(
    record: &Record,
    attempt: u8,
    declaration: Declaration,
    context: &Context<'_>,
) -> Result<Preview, Refused> {
    let mut after = record.clone();
    let mut context = *context;
    let (source, note) = (Source::Person, String::new());
    let step = Step::Declare { attempt, declaration, as_of: None, source, note };
    let write = Write { id: record.id, lease: None, actor: None, step };
    match carry_out(&mut after, &write, &context) {
        Err(Refused::Busy { until }) => {
            after.lease = None;
            context.now = until;
            carry_out(&mut after, &write, &context)?;
        }
        done => drop(done?),
    }
    let from = context.now;
    if after.standing(&context) == Some(Standing::Declared) {
        let (version, ending, reason) = (None, Ending::Failed, None);
        let step = Step::End { version, ending, reason };
        let end = Write { id: record.id, lease: None, actor: None, step };
        // Where it is refused, the payment waits for what the refusal names.
        let _ = carry_out(&mut after, &end, &context);
    }
    Ok(Preview { from, after })
}

impl Record {
    /// The attempts whose orders may have been paid: the open one, and closed ones that turned out
    /// to have an order.
    #[must_use]
    pub fn attempts_alive(&self) -> Vec<u8> {
        let is_alive = |attempt: &&crate::machine::Attempt| {
            attempt.closed_as.is_none() || is_alive_after_death(attempt)
        };
        let attempts = self.attempts.iter().map(|it| &it.attempt);
        attempts.filter(is_alive).map(|it| it.number).collect()
    }
}
