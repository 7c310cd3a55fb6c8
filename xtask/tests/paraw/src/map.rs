//! From the provider's words to neutral ones.

use crate::{client::Client, codes::FAILURES, wire::Order};
use tulay_adapter::{
    codes::failure,
    json::{Reader, order_id, provider_reference},
    reply::Reply,
};
use tulay_core::{
    CollectionStatus, Lookup, Observation, Payout, PayoutStatus, RefundStatus, Result, Status,
};

/// Every documented state of a payout; an unknown one is never final.
pub(crate) fn payout_status(word: &str) -> PayoutStatus {
    match word {
        "accepted" => PayoutStatus::Pending,
        "paid" => PayoutStatus::Succeeded,
        "failed" => PayoutStatus::Failed,
        "returned" => PayoutStatus::Reversed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// Every documented state of a collection.
pub(crate) fn collection_status(word: &str) -> CollectionStatus {
    match word {
        "draft" | "open" => CollectionStatus::Pending,
        "paid" => CollectionStatus::Paid,
        "expired" => CollectionStatus::Expired,
        other => CollectionStatus::Unknown(other.to_owned()),
    }
}

/// Every documented state of a refund.
pub(crate) fn refund_status(word: &str) -> RefundStatus {
    match word {
        "accepted" => RefundStatus::Pending,
        "refunded" => RefundStatus::Succeeded,
        "failed" => RefundStatus::Failed,
        other => RefundStatus::Unknown(other.to_owned()),
    }
}

/// The payout in a response, compared with the order that was asked about.
pub(crate) fn payout(client: &Client, lookup: &Lookup, reply: &Reply) -> Result<Payout> {
    order(client, lookup, reply, payout_status)
}

/// The order in a response, compared with the one that was asked about.
pub(crate) fn order<S: Status>(
    client: &Client,
    lookup: &Lookup,
    reply: &Reply,
    status: fn(&str) -> S,
) -> Result<Observation<S>> {
    reply.order(&client.settings.guarantees.echoes, lookup, |order| {
        observation(reply.reader(), order).map(|order| order.map(|word| status(&word)))
    })
}

/// What a message says of an order, with the status in Paraw's word.
pub(crate) fn observation(reader: Reader, order: Order<'_>) -> Result<Observation<String>> {
    let amount = reader.number("amount", order.amount.as_ref(), "currency", &order.currency)?;
    let mut observation = Observation::new(order.status.into_string());
    observation.order_id = order_id(&order.reference);
    observation.provider_reference = provider_reference(&order.id);
    observation.payment = provider_reference(&order.payment);
    observation.amount = amount;
    observation.failure =
        order.reason.into_string().map(|code| failure(FAILURES, Some(code), None));
    Ok(observation)
}
