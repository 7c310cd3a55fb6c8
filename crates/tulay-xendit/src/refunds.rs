//! Refunds of payment requests, looked up by the provider's id, or among those of their payment.

use crate::{
    codes, map,
    profile::{NAME, REFUND_REASONS},
    provider::Xendit,
    wire::{CreateRefund, Order},
};
use async_trait::async_trait;
use tulay_adapter::{
    json::{Number, to_json},
    reply::Reply,
    request::{is_for, no_extras, path_segment},
};
use tulay_core::{
    Capability, Error, ErrorKind, Found, Invalid, Lookup, Operation, OrderId, Prepared, Refund,
    RefundRequest, Refunds, Result,
};

/// [`Prepared::form`] of a refund: the text that creates it.
const FORM: u16 = 3;

/// The reason of a refund that gives none: the documents require one.
const NO_REASON: &str = "OTHERS";

#[async_trait]
impl Refunds for Xendit {
    fn capability(&self) -> &Capability {
        &self.refunds
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Refund;
        self.allow(&[operation, Operation::RefundFind], request.original.country)?;
        self.refunds.admit_refund(request)?;
        let body = create(request, order_id).map_err(|e| Error::invalid(operation, &e))?;
        let (lookup, guarantees) = (request.lookup(order_id), self.refunds.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        let operation = Operation::Refund;
        let (lookup, body) = (&prepared.lookup, &prepared.body);
        self.allow(&[operation, Operation::RefundFind], lookup.country)?;
        let names_order = is_for(body, "reference_id", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let path = &self.client.settings.paths.refund;
        let reply = self.client.post(operation, path, &lookup.order_id, body).await?;
        let order = reply.read()?;
        map::order(&self.client, operation, lookup, &reply, order, map::refund_status)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let operation = Operation::RefundFind;
        self.allow(&[operation], lookup.country)?;
        self.client.profile(operation, lookup.country)?;
        let path = &self.client.settings.paths.refund;
        let (path, query) = match (&lookup.provider_reference, &lookup.original) {
            (Some(id), _) => {
                (format!("{path}/{}", path_segment(NAME, operation, Some(id))?), String::new())
            }
            (None, Some(original)) => {
                let original = path_segment(NAME, operation, Some(original))?;
                (path.clone(), format!("?payment_request_id={original}"))
            }
            (None, None) => {
                let message = "xendit lists refunds by the payment that they are of";
                let error = Error::new(operation, ErrorKind::State, message);
                return Err(error.with_field("original"));
            }
        };
        let reply = match self.client.get(operation, Some(&lookup.order_id), &path, &query).await {
            Ok(reply) => reply,
            Err(error) => {
                return codes::absent(self.client.settings.not_found(), error).map(Found::Absent);
            }
        };
        let order = match lookup.provider_reference {
            Some(_) => Some(reply.read()?),
            None => our_refund(&reply, &lookup.order_id)?,
        };
        let Some(order) = order else { return Ok(Found::Absent(reply.response)) };
        map::order(&self.client, operation, lookup, &reply, order, map::refund_status)
            .map(Found::Found)
    }
}

/// Our refund among those of its payment, or none.
fn our_refund<'a>(reply: &'a Reply, order_id: &OrderId) -> Result<Option<Order<'a>>> {
    let (rows, more) = map::page(reply)?;
    // A row without an id of ours may be ours all the same.
    let anonymous = rows.iter().any(|order| order.reference_id.as_str().is_none());
    let ours = |order: &Order<'_>| order.reference_id.as_str() == Some(order_id.as_str());
    let order = reply.at_most_one(rows.into_iter().filter(ours))?;
    if order.is_none() && anonymous {
        let message = "xendit lists a refund without reference_id";
        return Err(reply.error(ErrorKind::Unrelated, message).with_field("order_id"));
    }
    if order.is_none() && more {
        let message = "xendit's list of refunds goes on, and this part has none of ours";
        return Err(reply.error(ErrorKind::Unexpected, message).with_field("has_more"));
    }
    Ok(order)
}

/// The text that creates a refund.
fn create(request: &RefundRequest, order_id: &OrderId) -> Result<String, Invalid> {
    no_extras(NAME, &request.extras)?;
    let original = request.original.provider_reference.as_ref();
    let original = original.and_then(|id| id.path_segment()).ok_or_else(|| {
        Invalid::new("original", "a collection whose payment_request_id is known")
    })?;
    let reason = request.reason.as_deref().unwrap_or(NO_REASON);
    if !REFUND_REASONS.contains(&reason) {
        return Err(Invalid::new("reason", format!("one of {}", REFUND_REASONS.join(", "))));
    }
    Ok(to_json(&CreateRefund {
        reference_id: order_id.as_str(),
        payment_request_id: original,
        currency: request.amount.currency().as_str(),
        amount: Number(request.amount),
        reason,
    }))
}
