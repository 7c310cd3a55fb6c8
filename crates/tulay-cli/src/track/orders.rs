//! What a tracker sends and asks for: payouts, or refunds. Both are money that leaves, so one rule
//! follows both.

use tulay::{
    Failure, Found, Lookup, Observation, Operation, Payout, PayoutStatus, Payouts, Prepared,
    Refund, RefundStatus, Refunds,
    adapter::{Capability, Result},
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

    /// Which order ids are theirs.
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

    /// Asks what became of an order.
    pub(crate) async fn find(self, lookup: &Lookup) -> Result<Found<Payout>> {
        match self {
            Self::Payouts(payouts) => payouts.find(lookup).await,
            Self::Refunds(refunds) => Ok(match refunds.find(lookup).await? {
                Found::Found(refund) => Found::Found(as_payout(refund)),
                Found::Absent(answer) => Found::Absent(answer),
            }),
        }
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
        payout.failure = Some(Failure::new(tulay::ErrorKind::State));
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
