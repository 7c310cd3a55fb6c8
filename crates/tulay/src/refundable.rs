//! What can still be refunded of a payment, as far as the provider lists its refunds.

use tulay_core::{
    Effect, Error, ErrorKind, Found, Lookup, Money, Operation, OrderId, Provider, Refund,
    RefundTotals, Result,
};

/// What can still be refunded of a payment, as far as the provider lists its refunds.
/// [`Tulay::begin_refund`](crate::Tulay::begin_refund) keeps to it.
///
/// ```
/// use tulay::{CallError, Collection, Known, Money, OrderId, Refundable};
/// async fn left(
///     payment: &Known<'_, Collection>,
///     paid: Money,
///     refund: &OrderId,
/// ) -> Result<Option<Money>, CallError> {
///     let provider = payment.provider.as_ref();
///     Ok(Refundable::ask(provider, &payment.lookup, paid, refund).await?.left())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refundable {
    paid: Money,
    /// The other refunds, where the provider lists them and states their amounts.
    others: Option<RefundTotals>,
    own: Option<Refund>,
}

impl Refundable {
    /// Asks the provider for the refunds of a payment, whose look-up carries its provider reference.
    /// `own` is the order id of the refund that is to be made.
    ///
    /// # Errors
    /// Any kind, always `Unknown`, when the list cannot be read, or not be added up. A provider
    /// without a list is no error, nor is one that does not know the payment: then what is left is
    /// not known.
    pub async fn ask(
        provider: &dyn Provider,
        payment: &Lookup,
        paid: Money,
        own: &OrderId,
    ) -> Result<Self> {
        let refunds = match provider.roles().refund_list {
            None => None,
            Some(role) => match role.list(payment).await? {
                Found::Found(refunds) => Some(refunds),
                Found::Absent(_) => None,
            },
        };
        let is_listed = refunds.is_some();
        let refundable = Self::of(refunds, paid, own);
        if is_listed && refundable.own.is_none() && refundable.left().is_none() {
            let message = "the amounts of the listed refunds cannot be added up";
            return Err(Error::new(Operation::RefundFind, ErrorKind::Unexpected, message));
        }
        Ok(refundable)
    }

    fn of(refunds: Option<Vec<Refund>>, paid: Money, own: &OrderId) -> Self {
        let is_own = |refund: &Refund| refund.order_id.as_ref() == Some(own);
        let (own, others): (Vec<_>, Vec<_>) = refunds.iter().flatten().cloned().partition(is_own);
        let others = refunds.and_then(|_| RefundTotals::of(&others, paid.currency()));
        Self { paid, others, own: own.into_iter().next() }
    }

    /// What was paid.
    #[must_use]
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// The refund that is to be made, where it exists.
    #[must_use]
    pub const fn own(&self) -> Option<&Refund> {
        self.own.as_ref()
    }

    /// What the other refunds leave: those that succeeded, are pending or have an unknown status
    /// count. `None` where the provider does not list them, or states no amount of one.
    #[must_use]
    pub fn left(&self) -> Option<Money> {
        self.others?.left_of(self.paid)
    }

    /// How much to refund: as given, or all that is left. A refund that exists keeps its amount, and
    /// is not sent again. Where what is left is not known, every amount is admitted, and all is what
    /// was paid.
    ///
    /// # Errors
    /// `Limit`, `NotSent`, field `amount`, when it is more than what is left. The message has what
    /// was paid, was refunded and is pending.
    pub fn amount(&self, given: Option<Money>) -> Result<Money> {
        if let Some(own) = &self.own {
            let stated = || own.amount.as_ref()?.in_currency(self.paid.currency());
            return Ok(given.or_else(stated).unwrap_or(self.paid));
        }
        let Some((others, left)) = self.others.zip(self.left()) else {
            return Ok(given.unwrap_or(self.paid));
        };
        let amount = given.unwrap_or(left);
        let fits = amount.currency() == left.currency() && amount.minor() <= left.minor();
        if fits && left.minor() > 0 {
            return Ok(amount);
        }
        let problem = match left.minor() {
            0 => "nothing is left to refund".to_owned(),
            _ => format!("expected at most {left}, which is left to refund"),
        };
        let pending = match others.pending.minor() {
            0 => String::new(),
            _ => format!(" and {} pending", others.pending),
        };
        let message = format!(
            "{problem}: {} was paid, {} was refunded{pending}",
            self.paid, others.succeeded
        );
        let error = Error::new(Operation::Refund, ErrorKind::Limit, message);
        Err(error.with_field("amount").with_effect(Effect::NotSent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::{
        Currency,
        RefundStatus::{self, Cancelled, Failed, Pending, Succeeded},
        StatedAmount,
    };

    fn pesos(minor: i64) -> Money {
        Money::from_minor(minor, Currency::PHP)
    }

    fn own_id() -> OrderId {
        OrderId::parse("RCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap()
    }

    fn refund(status: RefundStatus, minor: i64) -> Refund {
        let mut refund = Refund::new(status);
        refund.amount = Some(StatedAmount::known(pesos(minor)));
        refund
    }

    /// Of a payment of 100.00, beside the refund that is to be made.
    fn refundable(refunds: &[(RefundStatus, i64)], own: Option<i64>) -> Refundable {
        let others = refunds.iter().map(|(status, minor)| refund(status.clone(), *minor));
        let own = own.map(|minor| {
            let mut own = refund(Succeeded, minor);
            own.order_id = Some(own_id());
            own
        });
        Refundable::of(Some(others.chain(own).collect()), pesos(10_000), &own_id())
    }

    #[test]
    fn the_other_refunds_reduce_what_is_left() {
        for (refunds, left) in [
            (&[][..], 10_000),
            (&[(Succeeded, 6_000), (Pending, 1_500), (Failed, 2_000), (Cancelled, 9_000)], 2_500),
            (&[(RefundStatus::Unknown("REVIEW".into()), 1)], 9_999),
            (&[(Succeeded, 12_000)], 0),
        ] {
            for own in [None, Some(700)] {
                let left_now = refundable(refunds, own).left();
                assert_eq!(left_now, Some(pesos(left)), "{refunds:?} {own:?}");
            }
        }
    }

    #[test]
    fn all_means_all_that_is_left() {
        let two = [(Succeeded, 6_000), (Pending, 1_500), (Failed, 2_000)];
        for (refundable, given, expected) in [
            (refundable(&[], None), None, 10_000),
            (refundable(&two, None), None, 2_500),
            (refundable(&two, None), Some(2_500), 2_500),
            (refundable(&two, None), Some(1), 1),
            (refundable(&two, Some(700)), None, 700),
            (refundable(&[(Succeeded, 10_000)], Some(300)), Some(300), 300),
        ] {
            assert_eq!(refundable.amount(given.map(pesos)).unwrap(), pesos(expected));
        }
    }

    #[test]
    fn more_than_what_is_left_is_refused_with_the_sum() {
        for (refunds, given, expected) in [
            (
                &[(Succeeded, 6_000), (Succeeded, 2_500)][..],
                Some(1_501),
                "expected at most PHP 15.00, which is left to refund: PHP 100.00 was paid, PHP \
                 85.00 was refunded",
            ),
            (
                &[(Succeeded, 6_000), (Pending, 4_000)],
                None,
                "nothing is left to refund: PHP 100.00 was paid, PHP 60.00 was refunded and PHP \
                 40.00 pending",
            ),
            (
                &[(Succeeded, 12_000)],
                Some(1),
                "nothing is left to refund: PHP 100.00 was paid, PHP 120.00 was refunded",
            ),
        ] {
            let error = refundable(refunds, None).amount(given.map(pesos)).unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Limit, Effect::NotSent));
            assert_eq!(error.field(), Some("amount"));
        }
        let rupiah = Money::from_minor(1, Currency::IDR);
        assert!(refundable(&[], None).amount(Some(rupiah)).is_err());
    }

    #[test]
    fn an_absent_list_leaves_it_unknown() {
        let unlisted = Refundable::of(None, pesos(10_000), &own_id());
        let unstated = Refundable::of(Some(vec![Refund::new(Pending)]), pesos(10_000), &own_id());
        for refundable in [unlisted, unstated] {
            assert_eq!((refundable.left(), refundable.own()), (None, None));
            assert_eq!(refundable.amount(None).unwrap(), pesos(10_000));
            assert_eq!(refundable.amount(Some(pesos(6_000))).unwrap(), pesos(6_000));
        }
    }
}
