//! From the provider's words to neutral ones.

use crate::{client::Client, codes::CODES, wire::Order};
use tulay_adapter::reply::Reply;
use tulay_core::{Lookup, Operation, Payout, PayoutStatus, Result};

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
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    reply: &Reply,
) -> Result<Payout> {
    let reader = reply.reader();
    let payout = reply.observe(|order: Order<'_>| {
        let mut payout = Payout::new(status(&order.status.0));
        payout.order_id = reader.order_id("reference", order.reference)?;
        payout.provider_reference = reader.provider_reference("id", order.id)?;
        payout.amount = reader.amount("amount", order.amount, "currency", order.currency)?;
        payout.failure = order.reason.map(|reason| CODES.failure(reason.into_string()));
        Ok(payout)
    })?;
    payout.conclude_for(&client.settings.guarantees.echoes, lookup).check_matches(operation, lookup)
}
