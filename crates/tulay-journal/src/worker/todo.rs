//! What is to be done next with a payment that is due.

use crate::{
    machine::{
        Standing,
        permission::{Circumstances, may_resend},
        schedule::delay,
    },
    record::{Context, Record},
};
use jiff::Timestamp;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Todo {
    /// Say that it failed: its time to be sent is over.
    EndLate,
    /// Say that it failed: its order has, or evidence says so.
    EndFailed,
    /// Ask the planner for the next account.
    Plan,
    /// Send the same order id again; if that is refused, look up.
    Resend,
    /// Look up the open attempt.
    LookUp,
    /// Look up every attempt of a payment that is final.
    Check,
}

/// What is to be done next by the facts. The store judges every step once more.
pub(super) fn todo(record: &Record, context: &Context<'_>) -> Todo {
    if record.progress.ending.is_some() {
        return Todo::Check;
    }
    let Some((last, standing)) = record.attempts.last().zip(record.standing(context)) else {
        return if record.is_late(context.now) { Todo::EndLate } else { Todo::Plan };
    };
    match standing {
        Standing::Succeeded | Standing::Reversed => Todo::Check,
        Standing::Failed | Standing::Declared => Todo::EndFailed,
        Standing::Pending | Standing::GivenUp => Todo::LookUp,
        Standing::Unsent | Standing::Rejected if record.is_late(context.now) => Todo::EndLate,
        Standing::Unsent | Standing::Rejected => Todo::Plan,
        Standing::InDoubt => {
            let rules = record.rules(last, context);
            let may_resend = may_resend(&last.attempt, &rules, &Circumstances::free(context.now));
            // Where a replay needs no look-up, the two take turns: either may be answered.
            let is_turn =
                !rules.replays || !rules.is_found_by_order_id || record.progress.is_looked_up;
            if may_resend && is_turn { Todo::Resend } else { Todo::LookUp }
        }
    }
}

/// Where nothing left, the wait grows no longer than that of this number: five minutes. The circuit
/// of the account sees to it that an outage is not tried by every payment.
const LONGEST_UNSENT: usize = 4;

/// When an account that was tried is tried again, after an attempt that was not sent or was rejected
/// for a reason that time removes. An account that was not tried need not wait.
pub(super) fn not_before(record: &Record, context: &Context<'_>) -> Option<Timestamp> {
    let last = record.attempts.last()?;
    let sent = last.attempt.sendings.last()?.at;
    let tries: usize = record.attempts.iter().map(|it| it.attempt.sendings.len()).sum();
    let number = tries.saturating_sub(1);
    let number = if last.attempt.is_unsent() { number.min(LONGEST_UNSENT) } else { number };
    let wait = delay(Standing::Pending, number, &last.order_id, context.policy.per_mille)?;
    sent.checked_add(wait).ok()
}
