//! What a tracker sends and looks up.

use tulay::{
    ErrorKind, Failure, Found, Lookup, Observation, Operation, OrderId, Payout, PayoutStatus,
    Prepared, Refund, RefundRequest, RefundStatus, Refunds,
    adapter::{Capability, Error, Result},
};

/// Refunds, whose states are those of payouts.
#[derive(Clone, Copy)]
pub(super) struct Orders<'p>(&'p dyn Refunds);

impl<'p> Orders<'p> {
    pub(super) const fn new(refunds: &'p dyn Refunds) -> Self {
        Self(refunds)
    }

    pub(super) fn capability(&self) -> &Capability {
        self.0.capability()
    }

    pub(super) fn prepare(self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        self.0.prepare(request, order_id)
    }

    /// Sends what was prepared, once.
    pub(super) async fn create(self, prepared: &Prepared) -> Result<Payout> {
        self.0.create(prepared).await.map(as_payout)
    }

    /// Asks what became of an order. An order of another amount is found with what the provider
    /// knows of it ([`Observation::other_amount`]); a response that names no order is an error, and
    /// one that does not identify the order ends nothing, whatever the adapter made of it.
    pub(super) async fn find(self, lookup: &Lookup) -> Result<Found<Payout>> {
        let mut asked = lookup.clone();
        asked.amount = None;
        let found = match self.0.find(&asked).await? {
            Found::Found(refund) => Found::Found(as_payout(refund)),
            Found::Absent(response) => Found::Absent(response),
        };
        match found {
            Found::Found(order) if !order.names(lookup) => Err(unrelated(order)),
            Found::Found(order) => {
                let echoes = &self.capability().guarantees.echoes;
                Ok(Found::Found(order.conclude_for(echoes, lookup)))
            }
            absent => Ok(absent),
        }
    }
}

/// A response to a look-up that names no order, or another one.
fn unrelated(order: Payout) -> Error {
    let message = "the response does not identify the order, so it proves nothing";
    let error = Error::new(Operation::RefundFind, ErrorKind::Unrelated, message);
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
