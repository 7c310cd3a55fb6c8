//! From the provider's words to neutral ones.

use crate::{
    client::Client,
    profile::NAME,
    wire::{Intent, Payment, Refund, Resource, Transfer, order_id},
};
use jiff::Timestamp;
use serde::Deserialize;
use tulay_adapter::{
    json::{IfText, Reader, Text, Whole, provider_reference},
    reply::{Reply, matched_by_id},
};
use tulay_core::{
    CollectionStatus, Currency, Error, ErrorKind, Failure, Lookup, Money, Observation, Operation,
    Payout, PayoutStatus, ProviderReference, ProviderTime, Rail, RefundStatus, Result,
    StatedAmount, Status,
};

/// `status` of an intent (payment-acceptance-key-concepts). None says that it failed or expired: an
/// intent that was not paid waits for another attempt.
pub(crate) fn collection_status(word: &str) -> CollectionStatus {
    match word {
        "awaiting_payment_method" | "awaiting_next_action" | "processing" => {
            CollectionStatus::Pending
        }
        "succeeded" => CollectionStatus::Paid,
        other => CollectionStatus::Unknown(other.to_owned()),
    }
}

/// `status` of a refund (reference/refund-resource).
pub(crate) fn refund_status(word: &str) -> RefundStatus {
    match word {
        "pending" | "processing" => RefundStatus::Pending,
        "succeeded" => RefundStatus::Succeeded,
        "failed" => RefundStatus::Failed,
        other => RefundStatus::Unknown(other.to_owned()),
    }
}

/// `status` of a transfer (statuses-messages-webhook-events-1).
fn payout_status(word: &str) -> PayoutStatus {
    match word {
        "pending" => PayoutStatus::Pending,
        "succeeded" => PayoutStatus::Succeeded,
        "failed" => PayoutStatus::Failed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// The intent in an answer, compared with the order that was asked about.
pub(crate) fn collection(
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    reply: &Reply,
) -> Result<Observation<CollectionStatus>> {
    let observation = reply.observe(|resource: Resource<'_>| {
        let reader = reply.reader();
        let intent: Intent<'_> = reader.read(resource.attributes.get())?;
        is_of_this_mode(client, operation, intent.livemode)?;
        self::intent(&reader, &resource, intent)
    })?;
    matched(client, operation, lookup, observation)
}

/// What an intent says of its order.
pub(crate) fn intent(
    reader: &Reader,
    resource: &Resource<'_>,
    intent: Intent<'_>,
) -> Result<Observation<CollectionStatus>> {
    let mut observation = Observation::new(collection_status(&intent.status.0));
    observation.order_id = order_id(intent.metadata);
    observation.provider_reference = provider_reference(&resource.id);
    observation.amount = Some(amount(reader, intent.amount, &intent.currency)?);
    observation.created = time(&intent.created_at);
    let attempts = intent.payments.unwrap_or_default();
    let attempts = attempts.iter().map(|payment| attempt(reader, payment));
    let paid: Vec<_> =
        attempts.filter(|attempt| !matches!(attempt, Ok(None))).collect::<Result<_>>()?;
    let mut paid = paid.into_iter().flatten();
    if let Some((id, stated, fee)) = paid.next() {
        // An intent is paid once, whole (payment-acceptance-qr-ph-api: "single-use").
        if paid.next().is_some() || Some(&stated) != observation.amount.as_ref() {
            return Err(reader.unreadable("payments").with_field("amount"));
        }
        (observation.payment, observation.fee) = (id, fee);
    }
    Ok(observation)
}

type Paid = (Option<ProviderReference>, StatedAmount, Option<StatedAmount>);

/// The id, amount and fee of an attempt that was paid.
fn attempt(reader: &Reader, resource: &Resource<'_>) -> Result<Option<Paid>> {
    let payment: Payment<'_> = reader.read(resource.attributes.get())?;
    if payment.status.0 != "paid" {
        return Ok(None);
    }
    let stated = amount(reader, payment.amount, &payment.currency)?;
    let fee = payment.fee.map(|fee| amount(reader, fee, &payment.currency)).transpose()?;
    Ok(Some((provider_reference(&resource.id), stated, fee)))
}

/// The refund in an answer, compared with the one that was asked about.
pub(crate) fn refund(
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    reply: &Reply,
) -> Result<Observation<RefundStatus>> {
    let observation = reply.observe(|resource: Resource<'_>| {
        let reader = reply.reader();
        let attributes: Refund<'_> = reader.read(resource.attributes.get())?;
        is_of_this_mode(client, operation, attributes.livemode)?;
        refund_observation(&reader, &resource, attributes)
    })?;
    let payment = observation.payment.clone();
    let observation = matched(client, operation, lookup, observation)?;
    if lookup.payment.is_some() && payment != lookup.payment {
        let message = "the answer is about the refund of another payment";
        return Err(reply.error(ErrorKind::Mismatch, message).with_field("payment"));
    }
    Ok(observation)
}

/// What a refund says of itself.
pub(crate) fn refund_observation(
    reader: &Reader,
    resource: &Resource<'_>,
    refund: Refund<'_>,
) -> Result<Observation<RefundStatus>> {
    let mut observation = Observation::new(refund_status(&refund.status.0));
    observation.order_id = order_id(refund.metadata);
    observation.provider_reference = provider_reference(&resource.id);
    observation.payment = provider_reference(&IfText(Some(refund.payment_id)));
    observation.amount = Some(amount(reader, refund.amount, &refund.currency)?);
    observation.created = time(&refund.created_at);
    Ok(observation)
}

/// The transfer in an answer, compared with the payout that was asked about.
pub(crate) fn payout(
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    reply: &Reply,
    transfer: &str,
) -> Result<Payout> {
    let reader = reply.reader();
    let read = || {
        let transfer: Transfer<'_> = reader.read(transfer)?;
        is_of_this_mode(client, operation, transfer.livemode)?;
        let mut payout = Payout::new(payout_status(&transfer.status.0));
        payout.order_id = tulay_adapter::json::order_id(&transfer.reference_number);
        payout.provider_reference = provider_reference(&transfer.id);
        payout.amount = Some(amount(&reader, transfer.amount, &transfer.currency)?);
        payout.fee =
            transfer.fee.map(|fee| amount(&reader, fee, &transfer.currency)).transpose()?;
        payout.created = time(&transfer.created_at);
        payout.rail = match transfer.provider.as_str() {
            Some("instapay") => Some(Rail::InstaPay),
            Some("pesonet") => Some(Rail::PesoNet),
            _ => None,
        };
        payout.rail_reference = transfer.provider_reference_number.into_string();
        payout.failure =
            failure(transfer.provider_error_code.into_string(), transfer.provider_error);
        let named = transfer.merchant_id.as_str();
        let other = named.is_some_and(|id| id != client.settings.organization_id);
        // Transfers name the account, so that one that does not ends nothing.
        if named.is_none() && payout.status.is_final() {
            payout.status = PayoutStatus::Pending;
        }
        Ok((payout, other))
    };
    let (mut payout, other_account) = read().map_err(|error| reply.attach(error))?;
    payout.response = Some(reply.response.clone());
    let payout = matched(client, operation, lookup, payout)?;
    if other_account {
        let message = "the answer is about another organization";
        return Err(reply.error(ErrorKind::Mismatch, message).with_field("merchant_id"));
    }
    Ok(payout)
}

/// A failure with the provider's own code: none is documented.
pub(crate) fn failure(code: Option<String>, message: IfText<'_>) -> Option<Failure> {
    let message = message.into_string();
    if code.is_none() && message.is_none() {
        return None;
    }
    let mut failure = Failure::new(ErrorKind::Unexpected);
    (failure.code, failure.message) = (code, message);
    Some(failure)
}

/// An observation that the answer proves, of the order that was asked about.
fn matched<S: Status>(
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    observation: Observation<S>,
) -> Result<Observation<S>> {
    matched_by_id(observation, operation, &client.settings.guarantees.echoes, lookup)
}

/// Test and live have one host, so that an answer of the other mode is not of this account.
pub(crate) fn is_of_this_mode(client: &Client, operation: Operation, is_live: bool) -> Result<()> {
    if is_live == client.settings.is_live() {
        return Ok(());
    }
    let message = match is_live {
        true => "the message is of the live mode, and the account of the test mode",
        false => "the message is of the test mode, and the account of the live mode",
    };
    Err(Error::new(operation, ErrorKind::Mismatch, message).with_field("livemode"))
}

/// An amount of whole centavos, in the currency that stands beside it.
pub(crate) fn amount(
    reader: &Reader,
    centavos: Whole,
    currency: &Text<'_>,
) -> Result<StatedAmount> {
    let currency = Currency::new(&currency.0).map_err(|_| reader.unreadable("currency"))?;
    Ok(StatedAmount::known(Money::from_minor(centavos.0, currency)))
}

/// Seconds since 1970 (version 1), or RFC 3339.
pub(crate) fn time(text: &IfText<'_>) -> Option<ProviderTime> {
    let text = text.as_str()?;
    let second = || Timestamp::from_second(text.parse().ok()?).ok();
    Some(ProviderTime::new(text, text.parse().ok().or_else(second)))
}

/// Reads a text that stands inside a message.
pub(crate) fn reader(operation: Operation) -> Reader {
    Reader::new(NAME, operation)
}

/// A thing inside a message.
pub(crate) fn read<'a, T: Deserialize<'a>>(operation: Operation, text: &'a str) -> Result<T> {
    reader(operation).read(text)
}
