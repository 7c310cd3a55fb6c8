//! Refunds of payments that were made on a wallet's page. QR Ph has none (refunding-transactions).
//!
//! No key against duplicates is documented, so a refund is sent once: one whose answer was lost is
//! in doubt until a person has looked.

use crate::{
    codes, map,
    profile::{LONGEST_REMARK, NAME, REFUND_REASONS},
    provider::Paymongo,
    wire::{self, CreateRefund, Metadata},
};
use async_trait::async_trait;
use std::borrow::Cow;
use tulay_adapter::request::one_line;
use tulay_core::{
    Capability, Error, Found, Invalid, Lookup, Operation, OrderId, Prepared, Refund, RefundRequest,
    Refunds, Result,
};

/// [`Prepared::form`] of a refund: the text that is sent.
const FORM: u16 = 2;

/// The text that goes into `notes`.
const NOTES: &str = "paymongo.notes";

#[async_trait]
impl Refunds for Paymongo {
    fn capability(&self) -> &Capability {
        &self.refunds
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Refund;
        let country = request.original.country;
        self.allow(&[operation, Operation::RefundFind], country)?;
        self.refunds.admit_refund(request)?;
        let body =
            refund(request, order_id).map_err(|invalid| Error::invalid(operation, &invalid))?;
        let (lookup, guarantees) = (request.lookup(order_id), self.refunds.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        let operation = Operation::Refund;
        let lookup = &prepared.lookup;
        self.allow(&[operation, Operation::RefundFind], lookup.country)?;
        let names_order = names_order(&prepared.body, &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let path = &self.client.settings.paths.refunds;
        let reply = self.client.post(operation, path, None, prepared.body.clone()).await?;
        map::refund(&self.client, operation, lookup, &reply)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let operation = Operation::RefundFind;
        self.allow(&[operation], lookup.country)?;
        let (path, id) = (&self.client.settings.paths.refunds, lookup.provider_reference.as_ref());
        match self.client.find(operation, path, id).await {
            Ok(reply) => map::refund(&self.client, operation, lookup, &reply).map(Found::Found),
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
        }
    }
}

/// The text of a refund: it names the payment, not the intent.
fn refund(request: &RefundRequest, order_id: &OrderId) -> Result<String, Invalid> {
    let is_ours = |key: &&String| key.strip_prefix(NAME).is_some_and(|k| k.starts_with('.'));
    if request.extras.keys().filter(is_ours).any(|key| key != NOTES) {
        return Err(Invalid::unsupported("extras", format!("the one key here is `{NOTES}`")));
    }
    let payment = request.original.payment.as_ref().ok_or_else(|| {
        Invalid::new("original.payment", "the id of the payment, pay_…, which a look-up returns")
    })?;
    let reason = request.reason.as_deref().unwrap_or("others");
    if !REFUND_REASONS.contains(&reason) {
        return Err(Invalid::new("reason", format!("one of {}", REFUND_REASONS.join(", "))));
    }
    let notes = request.extras.get(NOTES).map(|notes| notes.expose());
    Ok(wire::enclosed(&CreateRefund {
        metadata: Metadata { order_id: Cow::Borrowed(order_id.as_str()) },
        amount: request.amount.minor(),
        payment_id: payment.as_str(),
        reason,
        notes: one_line("extras", notes, LONGEST_REMARK)?,
    }))
}

/// Whether a prepared text is of this order.
fn names_order(body: &str, order_id: &OrderId) -> bool {
    let begin = r#"{"data":{"attributes":{"metadata":{"order_id":""#;
    let rest = body.strip_prefix(begin).and_then(|rest| rest.strip_prefix(order_id.as_str()));
    rest.is_some_and(|rest| rest.starts_with("\"}"))
}
