//! From the provider's words to neutral ones.

use crate::{codes, wire::Order};
use tulay_adapter::reply::Reply;
use tulay_core::{
    Bound, Currency, ErrorKind, Lookup, Money, Operation, OrderId, Payout, PayoutStatus,
    ProviderReference, Result, StatedAmount,
};

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
    let unreadable = |member: &'static str| {
        let message = format!("kawayan's {member} cannot be read");
        reply.error(ErrorKind::Unexpected, message).at(member)
    };
    let order: Order = reply.read()?;
    let word = order.status.ok_or_else(|| unreadable("status"))?;
    let mut payout = Payout::new(status(&word));
    if let Some(reference) = order.reference {
        payout.order_id = Some(OrderId::parse(&reference).map_err(|_| unreadable("reference"))?);
    }
    if let Some(id) = order.id {
        let id = ProviderReference::new(id).map_err(|_| unreadable("id"))?;
        payout.provider_reference = Some(id);
    }
    if let Some(amount) = order.amount {
        let currency = order.currency.as_deref().map(Currency::new);
        let currency = currency.and_then(Result::ok).ok_or_else(|| unreadable("currency"))?;
        let money = Money::parse(&amount, currency).map_err(|_| unreadable("amount"))?;
        payout.amount = Some(StatedAmount::known(money));
    }
    payout.failure =
        (payout.status == PayoutStatus::Failed).then(|| codes::failure(order.reason));
    payout.answer = Some(reply.answer);
    payout.conclude_for(bound, lookup).agreeing(operation, lookup)
}
