//! What a tracker sends and looks up: payouts, or refunds. Both send money out, so the same rules
//! apply to both.

use tulay::{
    ErrorKind, Failure, Found, Lookup, Observation, Operation, Payout, PayoutStatus, Payouts,
    Prepared, Refund, RefundStatus, Refunds,
    adapter::{Capability, Error, Result},
};

/// A role that sends money out.
#[derive(Clone, Copy)]
pub(crate) enum Orders<'p> {
    Payouts(&'p dyn Payouts),
    Refunds(&'p dyn Refunds),
}

impl Orders<'_> {
    pub(crate) fn capability(&self) -> &Capability {
        match self {
            Self::Payouts(payouts) => payouts.capability(),
            Self::Refunds(refunds) => refunds.capability(),
        }
    }

    /// The operation that their order ids are derived for.
    pub(crate) const fn operation(self) -> Operation {
        match self {
            Self::Payouts(_) => Operation::Payout,
            Self::Refunds(_) => Operation::Refund,
        }
    }

    /// Whether they are looked up in a list that may lag behind what was sent.
    pub(crate) const fn lag(self) -> bool {
        matches!(self, Self::Refunds(_))
    }

    /// Sends what was prepared, once.
    pub(crate) async fn create(self, prepared: &Prepared) -> Result<Payout> {
        match self {
            Self::Payouts(payouts) => payouts.create(prepared).await,
            Self::Refunds(refunds) => refunds.create(prepared).await.map(as_payout),
        }
    }

    /// Asks what became of an order. An order of another amount is found with what the provider
    /// knows of it ([`Observation::other_amount`]); a response that names no order is an error, and
    /// one that does not identify the order ends nothing, whatever the adapter made of it.
    pub(crate) async fn find(self, lookup: &Lookup) -> Result<Found<Payout>> {
        let mut asked = lookup.clone();
        asked.amount = None;
        let (found, operation) = match self {
            Self::Payouts(payouts) => (payouts.find(&asked).await?, Operation::PayoutFind),
            Self::Refunds(refunds) => {
                let found = match refunds.find(&asked).await? {
                    Found::Found(refund) => Found::Found(as_payout(refund)),
                    Found::Absent(response) => Found::Absent(response),
                };
                (found, Operation::RefundFind)
            }
        };
        match found {
            Found::Found(order) if !order.names(lookup) => Err(unrelated(operation, order)),
            Found::Found(order) => {
                let echoes = &self.capability().guarantees.echoes;
                Ok(Found::Found(order.conclude_for(echoes, lookup)))
            }
            absent => Ok(absent),
        }
    }
}

/// A response to a look-up that names no order, or another one.
fn unrelated(operation: Operation, order: Payout) -> Error {
    let message = "the response does not identify the order, so it proves nothing";
    let error = Error::new(operation, ErrorKind::Unrelated, message);
    match order.response {
        Some(response) => error.with_response(response),
        None => error,
    }
}

/// A refund as the payout that it is. One that was withdrawn gave nothing back, which is a failure.
fn as_payout(refund: Refund) -> Payout {
    let withdrawn = refund.status == RefundStatus::Cancelled;
    let mut payout = Observation::map(refund, |status| match status {
        RefundStatus::Pending => PayoutStatus::Pending,
        RefundStatus::Succeeded => PayoutStatus::Succeeded,
        RefundStatus::Failed | RefundStatus::Cancelled => PayoutStatus::Failed,
        RefundStatus::Unknown(word) => PayoutStatus::Unknown(word),
        _ => PayoutStatus::Unknown("unlisted".into()),
    });
    if withdrawn && payout.failure.is_none() {
        payout.failure = Some(Failure::new(ErrorKind::State));
    }
    payout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refund_s_states_are_a_payout_s() {
        for (status, expected) in [
            (RefundStatus::Pending, PayoutStatus::Pending),
            (RefundStatus::Succeeded, PayoutStatus::Succeeded),
            (RefundStatus::Failed, PayoutStatus::Failed),
            (RefundStatus::Cancelled, PayoutStatus::Failed),
            (RefundStatus::Unknown("ODD".into()), PayoutStatus::Unknown("ODD".into())),
        ] {
            assert_eq!(as_payout(Refund::new(status)).status, expected);
        }
        assert!(as_payout(Refund::new(RefundStatus::Cancelled)).failure.is_some());
    }
}
