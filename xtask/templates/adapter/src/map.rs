//! From the provider's words to neutral ones.

use crate::{codes::REASONS, wire::Order};
use tulay_adapter::{codes, json::Text, reply::Reply};
use tulay_core::{Bound, Lookup, Operation, Payout, PayoutStatus, Result};

/// Every documented state; an unknown one is never final.
fn status(word: &str) -> PayoutStatus {
    match word {
        "accepted" => PayoutStatus::Pending,
        "paid" => PayoutStatus::Succeeded,
        "failed" => PayoutStatus::Failed,
        "returned" => PayoutStatus::Reversed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// The payout in a response, compared with the order that was asked about.
pub(crate) fn payout(
    operation: Operation,
    bound: &[Bound],
    lookup: &Lookup,
    reply: Reply,
) -> Result<Payout> {
    let reader = reply.reader();
    let read = |order: Order<'_>| {
        let mut payout = Payout::new(status(&order.status.0));
        payout.order_id = reader.order_id("reference", order.reference)?;
        payout.provider_reference = reader.provider_reference("id", order.id)?;
        payout.amount = reader.amount("amount", order.amount, "currency", order.currency)?;
        if payout.status == PayoutStatus::Failed {
            let reason = order.reason.map(Text::into_string);
            payout.failure = Some(codes::failure(REASONS, reason, None));
        }
        Ok(payout)
    };
    let mut payout = read(reply.read()?).map_err(|error| reply.attach(error))?;
    payout.answer = Some(reply.answer);
    payout.conclude_for(bound, lookup).agreeing(operation, lookup)
}
