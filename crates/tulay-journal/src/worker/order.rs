//! The roles that make orders, alike for every operation.

use crate::{machine::facts::Word, record::Record};
use tulay_core::{
    CollectionRequest, Effect, Error, Found, IdRules, Lookup, Observation, Operation, OrderId,
    PayoutRequest, Prepared, Provider, ProviderExt, RefundRequest, Request, Result,
};

/// An order as a provider reports it.
pub(super) type Order = Observation<Word>;

/// The request of a payment; `None`: this version cannot read it.
pub(super) fn request(record: &Record) -> Option<Request> {
    let stored = record.request.expose().as_bytes();
    match record.operation {
        Operation::Payout => PayoutRequest::restore(stored).ok().map(Request::Payout),
        Operation::Refund => RefundRequest::restore(stored).ok().map(Request::Refund),
        Operation::Collection => CollectionRequest::restore(stored).ok().map(Request::Collection),
        _ => None,
    }
}

/// The rules of a provider's order ids.
pub(super) fn id_rules(provider: &dyn Provider, operation: Operation) -> Result<IdRules> {
    match operation {
        Operation::Refund => Ok(provider.refunds()?.capability().ids),
        Operation::Collection => Ok(provider.collections()?.capability().ids),
        _ => Ok(provider.payouts()?.capability().ids),
    }
}

/// What is to be sent. Nothing is.
pub(super) fn prepare(
    provider: &dyn Provider,
    request: &Request,
    order_id: &OrderId,
) -> Result<Prepared> {
    match request {
        Request::Payout(payout) => provider.payouts()?.prepare(payout, order_id),
        Request::Refund(refund) => provider.refunds()?.prepare(refund, order_id),
        Request::Collection(collection) => provider.collections()?.prepare(collection, order_id),
        Request::StaticCode(_) => Err(no_role(request.operation())),
    }
}

/// Sends, once.
pub(super) async fn create(
    provider: &dyn Provider,
    operation: Operation,
    prepared: &Prepared,
) -> Result<Order> {
    let unsent = |error: Error| error.with_effect(Effect::NotSent);
    match operation {
        Operation::Payout => {
            let payout = provider.payouts().map_err(unsent)?.create(prepared).await?;
            Ok(payout.map(|status| Word::of_payout(&status)))
        }
        Operation::Refund => {
            let refund = provider.refunds().map_err(unsent)?.create(prepared).await?;
            Ok(refund.map(|status| Word::of_refund(&status)))
        }
        _ => Err(unsent(no_role(operation))),
    }
}

/// Looks an order up.
pub(super) async fn find(
    provider: &dyn Provider,
    operation: Operation,
    lookup: &Lookup,
) -> Result<Found<Order>> {
    Ok(match operation {
        Operation::Payout => match provider.payouts()?.find(lookup).await? {
            Found::Found(payout) => Found::Found(payout.map(|status| Word::of_payout(&status))),
            Found::Absent(response) => Found::Absent(response),
        },
        Operation::Refund => match provider.refunds()?.find(lookup).await? {
            Found::Found(refund) => Found::Found(refund.map(|status| Word::of_refund(&status))),
            Found::Absent(response) => Found::Absent(response),
        },
        _ => return Err(no_role(operation)),
    })
}

fn no_role(operation: Operation) -> Error {
    Error::unsupported(operation, "the journal sends payouts and refunds")
}
