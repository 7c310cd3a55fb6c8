//! Two payments of which one replaces the other. Each learns that both may be paid.

use super::{Change, Context, Event, Record, Status};
use crate::machine::{
    ReviewReason,
    review::{is_alive_after_death, is_paid_after_return},
};

/// Notes in both payments that the proof by which one was replaced does not hold any more, or that
/// the replacement is paid after all. Returns the new event of each.
pub(crate) fn link(
    replaced: &mut Record,
    replacement: &mut Record,
    context: &Context<'_>,
) -> [Option<Event>; 2] {
    let is_replaced_alive = replaced.may_be_paid();
    let is_double = is_replaced_alive && replacement.was_sent()
        || replacement.is_alive_after_death() && replaced.was_sent();
    let (replaced_reference, reference) =
        (replaced.reference.clone(), replacement.reference.clone());
    let suspected = ReviewReason::DoublePaymentSuspected;
    match (is_double, is_replaced_alive) {
        (true, _) => [
            note(replaced, reference, suspected, context),
            note(replacement, replaced_reference, suspected, context),
        ],
        // It must not be sent any more.
        (false, true) => {
            let reason = ReviewReason::Contradiction;
            [None, note(replacement, replaced_reference, reason, context)]
        }
        (false, false) => [None, None],
    }
}

fn note(
    record: &mut Record,
    reference: tulay_core::Reference,
    reason: ReviewReason,
    context: &Context<'_>,
) -> Option<Event> {
    if record.progress.linked.contains(&reason) {
        return None;
    }
    let at = context.now.max(record.progress.last_at);
    Some(record.note(at, None, Change::Linked { reference, reason }, context))
}

impl Record {
    /// Whether a payment that was proven unpaid when it was replaced may be paid all the same.
    fn may_be_paid(&self) -> bool {
        let is_ended = matches!(self.status, Status::Failed | Status::Cancelled | Status::Reversed);
        !is_ended
            || !self.progress.found.is_empty()
            || self.is_alive_after_death()
            || self.attempts.iter().any(|it| is_paid_after_return(&it.attempt))
    }

    fn is_alive_after_death(&self) -> bool {
        self.attempts.iter().any(|it| is_alive_after_death(&it.attempt))
    }
}
