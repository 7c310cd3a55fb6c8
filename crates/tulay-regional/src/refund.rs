//! Refunds (7.1, 7.2): full or partial, looked up among those of the payment they belong to.

use crate::{
    ask, error, map,
    provider::Regional,
    wire::{self, CreateRefund, Order, RefundsOf},
};
use async_trait::async_trait;
use jiff::SignedDuration;
use tulay_core::{
    Capability, Effect, Error, ErrorKind, Found, Invalid, Lookup, Operation, OrderId, Prepared,
    ProviderReference, Refund, RefundRequest, Refunds, Result,
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
        let profile = self.profile(OPERATION, original.country)?;
        self.allow(&[OPERATION, Operation::RefundFind], profile.country)?;
        self.refunds.admit_request(request)?;
        let invalid = |field, expected: &str| {
            Error::invalid(OPERATION, &Invalid::new(field, expected.to_owned()))
        };
        let paid = request.paid;
        if paid.currency() != request.amount.currency() || request.amount.minor() > paid.minor() {
            // 21406.
            return Err(invalid("amount", "at most what was paid, in the same currency"));
        }
        let reference = reference(original).ok_or_else(|| {
            invalid("original", "a payment whose transactionId, of up to 32 characters, is known")
        })?;
        let of = |error: Invalid| Error::invalid(OPERATION, &error);
        let param = wire::to_json(&CreateRefund {
            mch_refund_order_id: ask::order_id(&(1..=32), order_id).map_err(of)?,
            original_transaction_id: reference.as_str(),
            refund_amount: ask::amount(profile, request.amount).map_err(of)?,
            refund_reason: ask::line("reason", request.reason.as_deref(), LONGEST_REASON)
                .map_err(of)?,
            refund_callback_url: &self.notify_url(OPERATION)?,
        });
        let body = ask::with_instant(request.paid_at, &param);
        let lookup = request.lookup(order_id);
        let contract = self.refunds.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        let lookup = &prepared.lookup;
        let profile = self.profile(OPERATION, lookup.country)?;
        self.allow(&[OPERATION, Operation::RefundFind], profile.country)?;
        let order_id = &lookup.order_id;
        let (paid_at, param) = ask::instant_and_text(&prepared.body).unwrap_or_default();
        let names_order = ask::is_for(param, "mchRefundOrderId", order_id.as_str());
        prepared.check(OPERATION, &self.account, FORM, names_order)?;
        if let Some(paid_at) = paid_at
            && self.connection.context.clock.now().duration_since(paid_at) > REFUNDABLE_FOR
        {
            let message = "regional refunds nothing that was paid more than 60 days ago";
            let error = Error::new(OPERATION, ErrorKind::Limit, message).at("paid_at");
            return Err(error.effect_is(Effect::NotSent));
        }
        let settings = &self.connection.settings;
        let path = profile.path(&settings.paths.refund);
        let reply = self.connection.exchange(OPERATION, &path, Some(order_id), param).await?;
        let order: Order<'_> = reply.read()?;
        of_the_payment(OPERATION, lookup, &order)
            .map_err(|error| error.answered(reply.answer.clone()))?;
        let (order, answer) = (order.of_refund(), &reply.answer);
        let said = map::answered(OPERATION, profile, settings, order_id, order, answer)?;
        let mut said = map::as_refund(said, &settings.contract.bound);
        said.answer = Some(reply.answer);
        said.agreeing(OPERATION, lookup)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let operation = Operation::RefundFind;
        let profile = self.profile(operation, lookup.country)?;
        self.allow(&[operation], profile.country)?;
        let Some(original) = &lookup.original else {
            let message = "a refund is looked up by the payment it belongs to: that is not known";
            let error = Error::new(operation, ErrorKind::Configuration, message);
            return Err(error.at("original"));
        };
        let settings = &self.connection.settings;
        let path = profile.path(&settings.paths.refund_find);
        let asked = wire::to_json(&RefundsOf { original_transaction_id: original.as_str() });
        let sent = self.connection.exchange(operation, &path, Some(&lookup.order_id), &asked);
        let reply = match sent.await {
            Ok(reply) => reply,
            Err(error) => return error::absent(error).map(Found::Absent),
        };
        let rows: Vec<Order<'_>> = reply.rows()?;
        for row in &rows {
            // A refund without its name could be ours: then its absence would be no absence.
            let nameless = row.refund_id().is_none_or(str::is_empty).then(|| {
                let message = "regional lists a refund without its mchRefundOrderId";
                Error::new(operation, ErrorKind::Unrelated, message).at("mchRefundOrderId")
            });
            nameless
                .map_or_else(|| of_the_payment(operation, lookup, row), Err)
                .map_err(|error| error.answered(reply.answer.clone()))?;
        }
        let is_ours = |row: &Order<'_>| row.refund_id() == Some(lookup.order_id.as_str());
        let mut ours = rows.into_iter().filter(is_ours);
        let Some(row) = ours.next() else { return Ok(Found::Absent(reply.answer)) };
        if ours.next().is_some() {
            // One id that means two refunds is what must never be.
            let message = "regional lists two refunds of one mchRefundOrderId";
            let error = Error::new(operation, ErrorKind::Mismatch, message);
            return Err(error.at("mchRefundOrderId").answered(reply.answer));
        }
        let (order, answer) = (row.of_refund(), &reply.answer);
        let said = map::answered(operation, profile, settings, &lookup.order_id, order, answer)?;
        let mut said = map::as_refund(said, &settings.contract.bound);
        said.answer = Some(reply.answer);
        said.agreeing(operation, lookup).map(Found::Found)
    }
}

/// Whether a refund is of the payment that it was asked for, as far as it says.
fn of_the_payment(operation: Operation, lookup: &Lookup, refund: &Order<'_>) -> Result<()> {
    let told = refund.original_transaction_id.as_ref().map(|id| &*id.0);
    let asked = lookup.original.as_ref().map(ProviderReference::as_str);
    match told.zip(asked) {
        Some((told, asked)) if told != asked => {
            let message = "regional's answer is about a refund of another payment";
            let kind = match refund.refund_id() == Some(lookup.order_id.as_str()) {
                true => ErrorKind::Mismatch,
                false => ErrorKind::Unrelated,
            };
            Err(Error::new(operation, kind, message).at("originalTransactionId"))
        }
        _ => Ok(()),
    }
}

/// The provider's name for the payment that is to be given back.
fn reference(original: &Lookup) -> Option<&ProviderReference> {
    let reference = original.provider_reference.as_ref()?;
    Some(reference).filter(|reference| reference.as_str().len() <= LONGEST_ORIGINAL)
}
