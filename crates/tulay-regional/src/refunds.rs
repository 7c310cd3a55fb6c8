//! Refunds (7.1, 7.2): full or partial, looked up among those of the payment they belong to.

use crate::{
    codes,
    envelope::{instant_and_text, with_instant},
    map,
    profile::{self, NAME},
    provider::Regional,
    wire::{CreateRefund, Order, RefundsOf},
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tulay_adapter::{
    json::to_json,
    reply::Reply,
    request::{is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Effect, Error, ErrorKind, Found, Invalid, Lookup, Operation, OrderId, Prepared,
    ProviderReference, Refund, RefundList, RefundRequest, Refunds, Result,
};

const OPERATION: Operation = Operation::Refund;

/// [`Prepared::form`] of a refund: when the original was paid, or `-`; a blank; the text of `param`
/// without its time stamp.
const FORM: u16 = 2;

/// Longest `refundReason`, in characters (7.1).
const LONGEST_REASON: usize = 200;
/// Longest `originalTransactionId`, in characters (7.1).
const LONGEST_ORIGINAL: usize = 32;

/// After that no payment is refunded: 21403.
const REFUNDABLE_FOR: SignedDuration = SignedDuration::from_hours(60 * 24);

#[async_trait]
impl Refunds for Regional {
    fn capability(&self) -> &Capability {
        &self.refunds
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        let original = &request.original;
        self.allow(&[OPERATION, Operation::RefundFind], original.country)?;
        let profile = self.client.profile(OPERATION, original.country)?;
        self.refunds.admit_refund(request)?; // 21406
        self.must_be_recent(request.paid_at)?;
        let reference = reference(original).ok_or_else(|| {
            let expected = "a payment whose transactionId, of up to 32 characters, is known";
            Error::invalid(OPERATION, &Invalid::new("original", expected))
        })?;
        let of = |error: Invalid| Error::invalid(OPERATION, &error);
        no_extras(NAME, &request.extras).map_err(of)?;
        let param = to_json(&CreateRefund {
            mch_refund_order_id: profile::order_id(&(1..=32), order_id).map_err(of)?,
            original_transaction_id: reference.as_str(),
            refund_amount: profile.amount(request.amount).map_err(of)?,
            refund_reason: one_line("reason", request.reason.as_deref(), LONGEST_REASON)
                .map_err(of)?,
            refund_callback_url: &self.client.notify_url(OPERATION, order_id)?,
        });
        let body = with_instant(request.paid_at, &param);
        let lookup = request.lookup(order_id);
        let guarantees = self.refunds.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        let lookup = &prepared.lookup;
        self.allow(&[OPERATION, Operation::RefundFind], lookup.country)?;
        let profile = self.client.profile(OPERATION, lookup.country)?;
        let (paid_at, param) = instant_and_text(&prepared.body).unwrap_or_default();
        let names_order = is_for(param, "mchRefundOrderId", &lookup.order_id);
        prepared.check(OPERATION, &self.account, FORM, names_order)?;
        self.must_be_recent(paid_at)?;
        let path = profile.path(&self.client.settings.paths.refund);
        let order_id = Some(&lookup.order_id);
        let reply = self.client.exchange(OPERATION, &path, order_id, param).await?;
        self.refund(OPERATION, lookup, &reply, reply.read()?)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let order_id = Some(&lookup.order_id);
        let reply = match self.ask_for_refunds(lookup, order_id).await {
            Ok(reply) => reply,
            Err(error) => {
                return codes::absent(self.client.settings.not_found(), error).map(Found::Absent);
            }
        };
        let rows = listed(lookup, &reply)?;
        let is_ours = |row: &Order<'_>| row.refund_id() == Some(lookup.order_id.as_str());
        let mut ours = rows.into_iter().filter(is_ours);
        let Some(row) = ours.next() else { return Ok(Found::Absent(reply.response)) };
        if ours.next().is_some() {
            // One id that means two refunds is what must never be.
            let message = "regional lists two refunds of one mchRefundOrderId";
            return Err(reply.error(ErrorKind::Mismatch, message).with_field("mchRefundOrderId"));
        }
        self.refund(Operation::RefundFind, lookup, &reply, row).map(Found::Found)
    }
}

#[async_trait]
impl RefundList for Regional {
    async fn list(&self, payment: &Lookup) -> Result<Found<Vec<Refund>>> {
        let operation = Operation::RefundFind;
        let mut lookup = payment.clone();
        lookup.original.clone_from(&payment.provider_reference);
        let reply = match self.ask_for_refunds(&lookup, None).await {
            Ok(reply) => reply,
            Err(error) => {
                return codes::absent(self.client.settings.not_found(), error).map(Found::Absent);
            }
        };
        let (profile, settings) =
            (self.client.profile(operation, lookup.country)?, &self.client.settings);
        let read = |row: Order<'_>| {
            let row = row.of_refund();
            let refund = map::observation(operation, &[profile], settings.offset(), row)
                .map_err(|error| reply.attach(error))?;
            let refund = refund.map(|word| map::refund_status(&word));
            Ok(refund.conclude(&settings.guarantees.echoes))
        };
        let refunds = listed(&lookup, &reply)?.into_iter().map(read);
        Ok(Found::Found(refunds.collect::<Result<_>>()?))
    }
}

impl Regional {
    /// 21403.
    fn must_be_recent(&self, paid_at: Option<Timestamp>) -> Result<()> {
        let age = paid_at.map(|paid_at| self.client.context.clock.now().duration_since(paid_at));
        if age.is_none_or(|age| age <= REFUNDABLE_FOR) {
            return Ok(());
        }
        let message = "regional refunds nothing that was paid more than 60 days ago";
        let error = Error::new(OPERATION, ErrorKind::Limit, message).with_field("paid_at");
        Err(error.with_effect(Effect::NotSent))
    }

    /// 7.2: the refunds of the payment that this one belongs to.
    async fn ask_for_refunds(&self, lookup: &Lookup, order_id: Option<&OrderId>) -> Result<Reply> {
        let operation = Operation::RefundFind;
        self.allow(&[operation], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let Some(original) = &lookup.original else {
            let message = "a refund is looked up by the payment it belongs to: that is not known";
            let error = Error::new(operation, ErrorKind::Configuration, message);
            return Err(error.with_field("original"));
        };
        let path = profile.path(&self.client.settings.paths.refund_find);
        let list = to_json(&RefundsOf { original_transaction_id: original.as_str() });
        self.client.exchange(operation, &path, order_id, &list).await
    }

    /// The refund of an answer.
    fn refund(
        &self,
        operation: Operation,
        lookup: &Lookup,
        reply: &Reply,
        order: Order<'_>,
    ) -> Result<Refund> {
        of_the_payment(lookup, reply, &order)?;
        let order = order.of_refund();
        map::order(&self.client, operation, lookup, reply, order, map::refund_status)
    }
}

/// The rows of the list, each of them a refund of this payment.
fn listed<'r>(lookup: &Lookup, reply: &'r Reply) -> Result<Vec<Order<'r>>> {
    let rows: Vec<Order<'_>> = reply.rows()?;
    for row in &rows {
        // A refund without its name could be ours: then its absence would be no absence.
        if row.refund_id().is_none_or(str::is_empty) {
            let message = "regional lists a refund without its mchRefundOrderId";
            return Err(reply.error(ErrorKind::Unrelated, message).with_field("mchRefundOrderId"));
        }
        of_the_payment(lookup, reply, row)?;
    }
    Ok(rows)
}

/// Refuses a refund of another payment, as far as it names one.
fn of_the_payment(lookup: &Lookup, reply: &Reply, refund: &Order<'_>) -> Result<()> {
    let named = refund.original_transaction_id.as_str();
    let original = lookup.original.as_ref().map(ProviderReference::as_str);
    if named.zip(original).is_none_or(|(named, original)| named == original) {
        return Ok(());
    }
    let message = "regional's answer is about a refund of another payment";
    let kind = match refund.refund_id() == Some(lookup.order_id.as_str()) {
        true => ErrorKind::Mismatch,
        false => ErrorKind::Unrelated,
    };
    Err(reply.error(kind, message).with_field("originalTransactionId"))
}

/// The provider's name for the payment that is to be given back.
fn reference(original: &Lookup) -> Option<&ProviderReference> {
    let reference = original.provider_reference.as_ref()?;
    Some(reference).filter(|reference| reference.as_str().len() <= LONGEST_ORIGINAL)
}
