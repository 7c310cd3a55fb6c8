//! What can still be refunded of a payment, as far as the provider lists its refunds.

use super::original::Original;
use crate::{
    error::CliError,
    exit::Exit,
    track::{State, Tracked},
};
use tulay::{Money, OrderId, RefundTotals};

/// A payment and its other refunds.
pub(super) struct Left {
    paid: Money,
    /// The other refunds, where the provider lists them and states their amounts.
    others: Option<RefundTotals>,
    /// The refund of this reference, where it exists, and its amount.
    own: Option<Option<Money>>,
}

impl Left {
    /// Asks the provider for the refunds of the payment. A list that cannot be read stops the
    /// refund; a provider without one does not.
    pub(super) async fn ask(
        original: &Original<'_>,
        paid: Money,
        order_id: &OrderId,
    ) -> Result<Self, CliError> {
        let failed =
            |error| CliError::call(original.provider.id(), Exit::CouldNotRun, &error).unsent();
        let Some(role) = original.provider.roles().refund_list else {
            return Ok(Self { paid, others: None, own: None });
        };
        let list = role.list(&original.lookup).await.map_err(failed)?;
        let is_own = |refund: &&tulay::Refund| refund.order_id.as_ref() == Some(order_id);
        let own = list.iter().find(is_own).map(|refund| {
            refund.amount.as_ref().and_then(|amount| amount.in_currency(paid.currency()))
        });
        let others = list.iter().filter(|refund| !is_own(refund));
        Ok(Self { paid, others: RefundTotals::of(others, paid.currency()), own })
    }

    pub(super) const fn paid(&self) -> Money {
        self.paid
    }

    /// Whether the provider says what was refunded before.
    pub(super) const fn is_known(&self) -> bool {
        self.others.is_some() || self.own.is_some()
    }

    /// How much to refund: as given, or all that is left. More than what is left is refused.
    pub(super) fn amount(&self, given: Option<Money>) -> Result<Money, CliError> {
        // A refund that exists is looked up and not sent.
        if let Some(own) = self.own {
            return Ok(given.or(own).unwrap_or(self.paid));
        }
        let Some((others, left)) = self.others.and_then(|o| Some((o, o.left_of(self.paid)?)))
        else {
            return Ok(given.unwrap_or(self.paid));
        };
        let amount = given.unwrap_or(left);
        if amount.minor() <= left.minor() && left.minor() > 0 {
            return Ok(amount);
        }
        let pending = match others.pending.minor() {
            0 => String::new(),
            _ => format!(" and {} pending", others.pending),
        };
        let problem = match left.minor() {
            0 => "nothing is left to refund".to_owned(),
            _ => format!("expected at most {left}, which is left to refund"),
        };
        Err(CliError::at_field(
            "amount",
            format!(
                "{problem}: {} was paid, {} was refunded{pending}; nothing was sent",
                self.paid, others.succeeded
            ),
        ))
    }

    /// What is left after this refund, unless that is not known.
    pub(super) fn after(&self, tracked: &Tracked) -> Option<Money> {
        let left = self.others?.left_of(self.paid)?;
        let refunded = match tracked.state {
            State::Failed => 0,
            _ => tracked.amount?.minor(),
        };
        let left = left.minor().checked_sub(refunded)?.max(0);
        Some(Money::from_minor(left, self.paid.currency()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::Currency;

    fn pesos(minor: i64) -> Money {
        Money::from_minor(minor, Currency::PHP)
    }

    fn left(paid: i64, refunded: &[(tulay::RefundStatus, i64)], own: Option<Option<i64>>) -> Left {
        let refunds: Vec<tulay::Refund> = refunded
            .iter()
            .map(|(status, minor)| {
                let mut refund = tulay::Refund::new(status.clone());
                refund.amount = Some(tulay::readings::StatedAmount::known(pesos(*minor)));
                refund
            })
            .collect();
        Left {
            paid: pesos(paid),
            others: RefundTotals::of(&refunds, Currency::PHP),
            own: own.map(|own| own.map(pesos)),
        }
    }

    #[test]
    fn all_means_all_that_is_left() {
        use tulay::RefundStatus::{Failed, Pending, Succeeded};
        let two = [(Succeeded, 6_000), (Pending, 1_500), (Failed, 2_000)];
        for (left, given, expected) in [
            (left(10_000, &[], None), None, 10_000),
            (left(10_000, &two, None), None, 2_500),
            (left(10_000, &two, None), Some(2_500), 2_500),
            (left(10_000, &two, None), Some(1), 1),
            (left(10_000, &two, Some(Some(700))), None, 700),
            (left(10_000, &[(Succeeded, 10_000)], Some(Some(300))), Some(300), 300),
        ] {
            assert_eq!(left.amount(given.map(pesos)).unwrap(), pesos(expected));
        }
    }

    #[test]
    fn more_than_what_is_left_is_refused_with_the_sum() {
        use tulay::RefundStatus::{Pending, Succeeded};
        for (refunded, given, expected) in [
            (
                &[(Succeeded, 6_000), (Succeeded, 2_500)][..],
                Some(1_501),
                "expected at most PHP 15.00, which is left to refund: PHP 100.00 was paid, PHP \
                 85.00 was refunded; nothing was sent",
            ),
            (
                &[(Succeeded, 6_000), (Pending, 4_000)],
                None,
                "nothing is left to refund: PHP 100.00 was paid, PHP 60.00 was refunded and PHP \
                 40.00 pending; nothing was sent",
            ),
            (
                &[(Succeeded, 12_000)],
                Some(1),
                "nothing is left to refund: PHP 100.00 was paid, PHP 120.00 was refunded; nothing \
                 was sent",
            ),
        ] {
            let error = left(10_000, refunded, None).amount(given.map(pesos)).unwrap_err();
            assert_eq!(error.message(), format!("amount: {expected}"));
            assert_eq!(error.exit(), Exit::Usage);
        }
    }
}
