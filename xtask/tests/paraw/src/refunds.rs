//! Refunds. A refund names the payment that was made on the collection, and not the collection.

use crate::{
    map,
    profile::{LONGEST_REMARK, NAME},
    provider::Paraw,
    wire,
};
use async_trait::async_trait;
use tulay_adapter::{
    json::{Number, to_json},
    reply::Reply,
    request::{is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Error, ErrorKind, Found, Invalid, Lookup, Operation, OrderId, Prepared, Refund,
    RefundRequest, Refunds, Result,
};

/// The layout of [`Prepared::body`]: the text that makes the refund.
const FORM: u16 = 3;

#[async_trait]
impl Refunds for Paraw {
    fn capability(&self) -> &Capability {
        &self.refunds
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Refund;
        self.allow(&[operation, Operation::RefundFind], request.original.country)?;
        self.refunds.admit_refund(request)?;
        let body = refund(request, order_id).map_err(|error| Error::invalid(operation, &error))?;
        let (lookup, guarantees) = (request.lookup(order_id), self.refunds.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        let operation = Operation::Refund;
        let (lookup, body) = (&prepared.lookup, &prepared.body);
        self.allow(&[operation, Operation::RefundFind], lookup.country)?;
        let names_order = is_for(body, "reference", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let reply = self.client.post(operation, &lookup.order_id, "/refunds", body).await?;
        self.refund(lookup, &reply)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let operation = Operation::RefundFind;
        self.allow(&[operation], lookup.country)?;
        match self.client.look_up(operation, "/refunds", lookup).await? {
            Found::Found(reply) => self.refund(lookup, &reply).map(Found::Found),
            Found::Absent(response) => Ok(Found::Absent(response)),
        }
    }
}

impl Paraw {
    /// The refund in a response, compared with the order and with the payment that is refunded.
    fn refund(&self, lookup: &Lookup, reply: &Reply) -> Result<Refund> {
        let refund = map::order(&self.client, lookup, reply, map::refund_status)?;
        if refund.payment == lookup.payment {
            return Ok(refund);
        }
        let message = "the refund is of another payment";
        Err(reply.error(ErrorKind::Mismatch, message).with_field("payment"))
    }
}

/// The text that makes a refund.
fn refund(request: &RefundRequest, order_id: &OrderId) -> Result<String, Invalid> {
    no_extras(NAME, &request.extras)?;
    let payment = request.original.payment.as_ref().ok_or_else(|| {
        Invalid::new("original.payment", "the payment, which a look-up of the collection returns")
    })?;
    Ok(to_json(&wire::Refund {
        reference: order_id.as_str(),
        payment: payment.as_str(),
        amount: Number(request.amount),
        currency: request.amount.currency().as_str(),
        reason: one_line("reason", request.reason.as_deref(), LONGEST_REMARK)?,
    }))
}
