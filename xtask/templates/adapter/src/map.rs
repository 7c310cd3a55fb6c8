//! From the provider's words to neutral ones.

use crate::{client::Client, codes::FAILURES, wire::Order};
use tulay_adapter::{
    codes::failure,
    json::{order_id, provider_reference},
    reply::Reply,
};
use tulay_core::{Lookup, Payout, PayoutStatus, Result};

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
pub(crate) fn payout(client: &Client, lookup: &Lookup, reply: &Reply) -> Result<Payout> {
    let reader = reply.reader();
    reply.order(&client.settings.guarantees.echoes, lookup, |order: Order<'_>| {
        let mut payout = Payout::new(status(&order.status.0));
        payout.order_id = order_id(&order.reference);
        payout.provider_reference = provider_reference(&order.id);
        payout.amount = reader.amount("amount", order.amount, "currency", order.currency)?;
        payout.failure = order.reason.into_string().map(|code| failure(FAILURES, Some(code), None));
        Ok(payout)
    })
}
