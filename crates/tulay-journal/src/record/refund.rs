//! What refunds give back.

use super::{
    Record, Refused, Status,
    original::Original,
    step::{Intent, Step},
};
use tulay_core::Money;

impl Original {
    /// What all refunds of the payment leave of it. One counts unless it is proven that it gave nothing
    /// back.
    ///
    /// # Errors
    /// [`Refused::OtherPaid`] where a refund that counts states that another amount was paid.
    pub fn left<'a>(
        &self,
        refunds: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Money, Refused> {
        let mut left = self.paid.minor();
        for refund in refunds.into_iter().filter(|refund| !refund.gave_nothing_back()) {
            if let Some(known) = refund.progress.original.as_ref().filter(|it| it.paid != self.paid)
            {
                return Err(Refused::OtherPaid { paid: known.paid });
            }
            left = left.saturating_sub(refund.amount.minor());
        }
        Ok(Money::from_minor(left.max(0), self.paid.currency()))
    }
}

/// Refuses one more refund of a payment that would give back more than is left beside all others.
pub(crate) fn may_refund<'a>(
    original: &Original,
    amount: Money,
    others: impl IntoIterator<Item = &'a Record>,
) -> Result<(), Refused> {
    let (paid, left) = (original.paid, original.left(others)?);
    match amount.currency() == paid.currency() && amount.minor() <= left.minor() {
        true => Ok(()),
        false => Err(Refused::MoreThanPaid { paid, left }),
    }
}

/// Refuses a refund that would leave for the first time and does not fit beside the others any more:
/// one that had failed turned out to be made.
pub(crate) fn may_leave<'a>(
    before: &Record,
    step: &Step,
    others: impl IntoIterator<Item = &'a Record>,
) -> Result<(), Refused> {
    let Some(original) = before.progress.original.as_ref().filter(|_| leaves_first(before, step))
    else {
        return Ok(());
    };
    may_refund(original, before.amount, others.into_iter().filter(|it| it.id != before.id))
}

/// Whether a step sends an order of which no copy has left yet.
fn leaves_first(before: &Record, step: &Step) -> bool {
    let Step::Intend { intent, .. } = step else { return false };
    let last = before.attempts.last();
    matches!(intent, Intent::Next(_)) || last.is_some_and(|last| last.attempt.is_unsent())
}

impl Record {
    /// Whether it is proven that a refund gave nothing back, or that what it gave came back.
    #[must_use]
    pub fn gave_nothing_back(&self) -> bool {
        let is_over = matches!(self.status, Status::Failed | Status::Cancelled | Status::Reversed);
        is_over && !self.reviews.iter().any(|reason| reason.doubts_status())
    }
}
