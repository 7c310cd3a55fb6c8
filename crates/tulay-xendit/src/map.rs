//! From the provider's words to neutral ones.

use crate::{
    client::Client,
    codes,
    wire::{Order, Page},
};
use std::borrow::Cow;
use tulay_adapter::{
    codes::failure,
    json::{Reader, order_id, provider_reference},
    reply::{Reply, matched_by_id},
};
use tulay_core::{
    CollectionStatus, Error, ErrorKind, Failure, Lookup, Observation, Operation, PayoutStatus,
    ProviderTime, RefundStatus, Result, Status,
};

/// A payout (payout status life cycle).
pub(crate) fn payout_status(word: &str) -> PayoutStatus {
    match word {
        "ACCEPTED" | "REQUESTED" | "PENDING_COMPLIANCE_ASSESSMENT" => PayoutStatus::Pending,
        "SUCCEEDED" => PayoutStatus::Succeeded,
        "FAILED" | REJECTED => PayoutStatus::Failed,
        "CANCELLED" => PayoutStatus::Cancelled,
        "REVERSED" => PayoutStatus::Reversed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// "Request is rejected for compliance reasons", which comes without a failure code.
const REJECTED: &str = "COMPLIANCE_REJECTED";

/// A payment request (get a payment request). What expired cannot be paid by what was shown any
/// more, which does not prove that it was not.
pub(crate) fn collection_status(word: &str) -> CollectionStatus {
    match word {
        "REQUIRES_ACTION" | "ACCEPTING_PAYMENTS" | "AUTHORIZED" => CollectionStatus::Pending,
        "SUCCEEDED" => CollectionStatus::Paid,
        "FAILED" => CollectionStatus::Failed,
        "CANCELED" => CollectionStatus::Closed,
        "EXPIRED" => CollectionStatus::Expired,
        other => CollectionStatus::Unknown(other.to_owned()),
    }
}

/// A payment, which notifications are about: one that did not succeed says nothing about the next
/// of the same request.
pub(crate) fn payment_status(word: &str) -> CollectionStatus {
    match word {
        "SUCCEEDED" => CollectionStatus::Paid,
        "AUTHORIZED" | "PENDING" | "FAILED" | "CANCELED" | "EXPIRED" => CollectionStatus::Pending,
        other => CollectionStatus::Unknown(other.to_owned()),
    }
}

/// A refund (refund a payment request).
pub(crate) fn refund_status(word: &str) -> RefundStatus {
    match word {
        "PENDING" => RefundStatus::Pending,
        "SUCCEEDED" => RefundStatus::Succeeded,
        "FAILED" => RefundStatus::Failed,
        "CANCELLED" => RefundStatus::Cancelled,
        other => RefundStatus::Unknown(other.to_owned()),
    }
}

/// What a message says of an order of this kind, the status in the provider's own word.
pub(crate) fn observation<'a>(
    kind: Operation,
    reader: Reader,
    order: Order<'a>,
) -> Result<Observation<Cow<'a, str>>> {
    let is_collection = kind == Operation::Collection;
    let (member, amount) = match is_collection {
        true => ("request_amount", order.request_amount),
        false => ("amount", order.amount),
    };
    let (rows, id) = match kind {
        Operation::Collection => (codes::PAYMENT_FAILURES, &order.payment_request_id),
        Operation::Refund => (codes::REFUND_FAILURES, &order.id),
        _ => (codes::PAYOUT_FAILURES, &order.id),
    };
    let mut observation = Observation::new(order.status.0);
    observation.order_id = order_id(&order.reference_id);
    observation.provider_reference = provider_reference(id);
    observation.amount = reader.number(member, amount.as_ref(), "currency", &order.currency)?;
    if is_collection {
        observation.payment = provider_reference(&order.latest_payment_id.or(order.payment_id));
    }
    observation.failure = match order.failure_code.into_string() {
        Some(code) => Some(failure(rows, Some(code), None)),
        None if observation.status == REJECTED => Some(Failure::new(ErrorKind::Compliance)),
        None => None,
    };
    observation.created = order.created.into_string().map(|text| {
        let at = text.parse().ok();
        ProviderTime::new(text, at)
    });
    Ok(observation)
}

/// The order in an answer, compared with the one that was asked about.
pub(crate) fn order<S: Status>(
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    reply: &Reply,
    order: Order<'_>,
    status: fn(&str) -> S,
) -> Result<Observation<S>> {
    let kind = match operation {
        Operation::Collection | Operation::CollectionFind => Operation::Collection,
        Operation::Refund | Operation::RefundFind => Operation::Refund,
        _ => Operation::Payout,
    };
    let ours = &client.settings.business_id;
    let other_account = order.business_id.as_str().is_some_and(|named| named != ours);
    let refunded = provider_reference(&order.payment_request_id);
    let other_payment = kind == Operation::Refund
        && refunded.is_some_and(|refunded| Some(refunded) != lookup.original);
    let observation = observation(kind, reply.reader(), order);
    let mut observation = observation.map_err(|error| reply.attach(error))?;
    observation.response = Some(reply.response.clone());
    let observation = observation.map(|word| status(&word));
    let echoes = &client.settings.guarantees.echoes;
    let observation = matched_by_id(observation, operation, echoes, lookup)?;
    let contradiction = |message: &'static str, field: &'static str| -> Error {
        reply.error(ErrorKind::Mismatch, message).with_field(field)
    };
    if other_account {
        return Err(contradiction("the answer is about another account", "business_id"));
    }
    if other_payment {
        return Err(contradiction("the refund is of another payment", "payment_request_id"));
    }
    Ok(observation)
}

/// The rows of a list, and whether there are more: a bare list by the reference, a page by the
/// libraries.
pub(crate) fn rows(reply: &Reply) -> Result<(Vec<Order<'_>>, bool)> {
    if reply.text()?.trim_start().starts_with('[') {
        return Ok((reply.rows()?, false));
    }
    page(reply)
}

/// The rows of a page, and whether there are more.
pub(crate) fn page(reply: &Reply) -> Result<(Vec<Order<'_>>, bool)> {
    let page: Page<'_> = reply.read()?;
    let rows = reply.reader().rows(page.data.get()).map_err(|error| reply.attach(error))?;
    Ok((rows, page.has_more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_undocumented_status_is_final() {
        for word in ["", "succeeded", "SUCCESS", "COMPLETED", "VOIDED", "failed"] {
            assert_eq!(payout_status(word), PayoutStatus::Unknown(word.into()));
            assert_eq!(collection_status(word), CollectionStatus::Unknown(word.into()));
            assert_eq!(payment_status(word), CollectionStatus::Unknown(word.into()));
            assert_eq!(refund_status(word), RefundStatus::Unknown(word.into()));
        }
    }

    #[test]
    fn a_failed_payment_does_not_fail_the_collection() {
        assert_eq!(collection_status("FAILED"), CollectionStatus::Failed);
        assert_eq!(payment_status("FAILED"), CollectionStatus::Pending);
    }
}
