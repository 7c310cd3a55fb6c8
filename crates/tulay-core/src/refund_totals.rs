//! What was refunded of a payment, and what is left.

use crate::{
    money::{Currency, Money},
    observation::Refund,
    status::RefundStatus,
};

/// What the refunds of one payment add up to: those that succeeded, and those that may still.
///
/// ```
/// use tulay_core::{Currency, Money, Refund, RefundStatus, RefundTotals, StatedAmount};
/// let pesos = |text| Money::parse(text, Currency::PHP);
/// let mut refund = Refund::new(RefundStatus::Succeeded);
/// refund.amount = Some(StatedAmount::known(pesos("60.00")?));
/// let totals = RefundTotals::of(&[refund], Currency::PHP).unwrap();
/// assert_eq!(totals.left_of(pesos("100.00")?), Some(pesos("40.00")?));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundTotals {
    /// What was refunded.
    pub succeeded: Money,
    /// What is on its way, or has a status that no table lists.
    pub pending: Money,
}

impl RefundTotals {
    /// Adds them up. Refunds that failed or were withdrawn gave nothing back. `None` where an amount
    /// is missing, is of another currency, or the sum exceeds 64 bits.
    #[must_use]
    pub fn of<'a>(
        refunds: impl IntoIterator<Item = &'a Refund>,
        currency: Currency,
    ) -> Option<Self> {
        let zero = Money::from_minor(0, currency);
        let mut totals = Self { succeeded: zero, pending: zero };
        for refund in refunds {
            let total = match refund.status {
                RefundStatus::Failed | RefundStatus::Cancelled => continue,
                RefundStatus::Succeeded => &mut totals.succeeded,
                RefundStatus::Pending | RefundStatus::Unknown(_) => &mut totals.pending,
            };
            *total = total.checked_add(refund.amount.as_ref()?.in_currency(currency)?)?;
        }
        Some(totals)
    }

    /// What succeeded and what is pending.
    #[must_use]
    pub fn sum(self) -> Option<Money> {
        self.succeeded.checked_add(self.pending)
    }

    /// What can still be refunded of this payment; never less than zero.
    #[must_use]
    pub fn left_of(self, paid: Money) -> Option<Money> {
        let refunded = self.sum().filter(|sum| sum.currency() == paid.currency())?;
        let left = paid.minor().checked_sub(refunded.minor())?;
        Some(Money::from_minor(left.max(0), paid.currency()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stated::StatedAmount;

    fn pesos(minor: i64) -> Money {
        Money::from_minor(minor, Currency::PHP)
    }

    fn refund(status: RefundStatus, minor: i64) -> Refund {
        let mut refund = Refund::new(status);
        refund.amount = Some(StatedAmount::known(pesos(minor)));
        refund
    }

    #[test]
    fn failed_and_withdrawn_refunds_give_nothing_back() {
        let refunds = [
            refund(RefundStatus::Succeeded, 2_500),
            refund(RefundStatus::Succeeded, 1),
            refund(RefundStatus::Pending, 300),
            refund(RefundStatus::Unknown("REVIEW".into()), 40),
            refund(RefundStatus::Failed, 9_000),
            refund(RefundStatus::Cancelled, 9_000),
        ];
        let totals = RefundTotals::of(&refunds, Currency::PHP).unwrap();
        assert_eq!((totals.succeeded, totals.pending), (pesos(2_501), pesos(340)));
        for (paid, left) in [(10_000, 7_159), (2_841, 0), (2_000, 0), (2_842, 1)] {
            assert_eq!(totals.left_of(pesos(paid)), Some(pesos(left)), "{paid}");
        }
        assert_eq!(totals.left_of(Money::from_minor(10_000, Currency::IDR)), None);
    }

    #[test]
    fn what_cannot_be_added_up_is_none() {
        let unstated = Refund::new(RefundStatus::Pending);
        assert_eq!(RefundTotals::of(&[unstated], Currency::PHP), None);
        let mut other = Refund::new(RefundStatus::Succeeded);
        other.amount = Some(StatedAmount::known(Money::from_minor(5, Currency::IDR)));
        assert_eq!(RefundTotals::of(&[other], Currency::PHP), None);
        let huge = [refund(RefundStatus::Pending, i64::MAX), refund(RefundStatus::Pending, 1)];
        assert_eq!(RefundTotals::of(&huge, Currency::PHP), None);
        assert_eq!(RefundTotals::of(&[], Currency::PHP).unwrap().sum(), Some(pesos(0)));
    }
}
