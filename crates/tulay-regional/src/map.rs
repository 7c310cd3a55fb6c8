//! From the provider's words to neutral ones.

use crate::{
    client::Client,
    codes,
    profile::{NAME, Profile},
    wire::Order,
};
use jiff::{civil::DateTime, tz::Offset};
use std::borrow::Cow;
use tulay_adapter::{
    json::{Reader, Text, order_id, provider_reference, whole_number},
    reply::Reply,
};
use tulay_core::{
    CollectionStatus, Error, ErrorKind, Lookup, Money, Observation, Operation, PayoutStatus,
    ProviderTime, RefundStatus, Result, StatedAmount, StaticCodeStatus, Status,
};

/// `transactionStatus` of a payout. `COMPLETE` is how older samples spell it.
pub(crate) fn payout_status(word: &str) -> PayoutStatus {
    match word {
        "PENDING" => PayoutStatus::Pending,
        "COMPLETED" | "COMPLETE" => PayoutStatus::Succeeded,
        "FAILED" => PayoutStatus::Failed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// `transactionStatus` of a collection or of a payment of a static code. An unpaid one ends as
/// `FAILED` too: expiry has no word of its own. The answer to a creation has none: the collection
/// waits for its payer.
pub(crate) fn collection_status(word: &str) -> CollectionStatus {
    match payout_status(word) {
        _ if word.is_empty() => CollectionStatus::Pending,
        PayoutStatus::Pending => CollectionStatus::Pending,
        PayoutStatus::Succeeded => CollectionStatus::Paid,
        PayoutStatus::Failed => CollectionStatus::Failed,
        _ => CollectionStatus::Unknown(word.to_owned()),
    }
}

/// `refundStatus`. Its page could not be read: the words are those of samples, and of the names of
/// events.
pub(crate) fn refund_status(word: &str) -> RefundStatus {
    match word {
        "PENDING" => RefundStatus::Pending,
        "COMPLETE" | "COMPLETED" => RefundStatus::Succeeded,
        "FAILED" => RefundStatus::Failed,
        "CANCEL" | "CANCELLED" => RefundStatus::Cancelled,
        other => RefundStatus::Unknown(other.to_owned()),
    }
}

/// `status` of a static code.
pub(crate) fn static_code_status(word: &str) -> StaticCodeStatus {
    match word {
        "ACTIVE" => StaticCodeStatus::Active,
        "INACTIVE" => StaticCodeStatus::Inactive,
        "CANCEL" | "CANCELLED" => StaticCodeStatus::Cancelled,
        other => StaticCodeStatus::Unknown(other.to_owned()),
    }
}

/// What a message says of an order, the status in the provider's own word.
///
/// The amount is read once for each country that the message may be about: none says which, but
/// for version 2, which names the currency.
pub(crate) fn observation<'a>(
    operation: Operation,
    profiles: &[&Profile],
    offset: Option<Offset>,
    order: Order<'a>,
) -> Result<Observation<Cow<'a, str>>> {
    let reader = Reader::new(NAME, operation);
    let word = order.transaction_status.map(|text| text.0).unwrap_or_default();
    let mut observation = Observation::new(word);
    observation.order_id = order_id(&order.mch_order_id);
    observation.provider_reference = provider_reference(&order.transaction_id);
    let currency = order.currency.as_ref().map(|text| &*text.0).filter(|text| !text.is_empty());
    let mut profiles = profiles.to_vec();
    profiles.retain(|profile| currency.is_none_or(|code| code == profile.currency.as_str()));
    if profiles.is_empty() {
        let message =
            "regional's message names a currency that is not configured or not this order's";
        // Without our order id, the message may be about any order.
        let kind = match observation.order_id {
            Some(_) => ErrorKind::Mismatch,
            None => ErrorKind::Unrelated,
        };
        return Err(Error::new(operation, kind, message).with_field("currency"));
    }
    let amount = |text: Text<'_>| {
        let readings = whole_number(&text.0).and_then(|number| {
            profiles.iter().map(|profile| profile.read_wire(number)).collect::<Option<Vec<Money>>>()
        });
        readings.map(StatedAmount::readings)
    };
    let unreadable = || reader.unreadable("amount");
    let stated = order.amount.map(|text| amount(text).ok_or_else(unreadable));
    observation.amount = stated.transpose()?;
    observation.fee = order.fee_refunded.0.and_then(amount);
    let (code, words) = (order.failed_code.into_string(), order.failed_message.into_string());
    if code.is_some() || words.is_some() {
        observation.failure = Some(codes::failure(code, words));
    }
    let time = |text| time(text, offset);
    observation.created = order.create_time.or(order.transaction_time).into_string().map(time);
    observation.finished = order.return_time.into_string().map(time);
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
    let profile = client.profile(operation, lookup.country)?;
    // First of all: what an answer about another order says of currencies is no contradiction, and
    // nothing but our id says that an answer is about ours.
    match order.mch_order_id.as_str() {
        Some(id) if id == lookup.order_id.as_str() => {}
        Some(_) => {
            let message = "regional's answer is about another order";
            return Err(reply.error(ErrorKind::Unrelated, message).with_field("order_id"));
        }
        None => {
            let message = "the mchOrderId of what it answers is missing";
            let error = Error::new(operation, ErrorKind::Unrelated, message);
            let error = error.with_field("mchOrderId");
            return Err(error.with_response_from(NAME, reply.response.clone()));
        }
    }
    let observation = observation(operation, &[profile], client.settings.offset(), order)
        .map_err(|error| reply.attach(error))?;
    let mut observation = observation.map(|word| status(&word));
    observation.response = Some(reply.response.clone());
    observation.conclude(&client.settings.guarantees.echoes).check_matches(operation, lookup)
}

/// A time as the provider writes it, and the instant where one is known.
pub(crate) fn time(text: String, offset: Option<Offset>) -> ProviderTime {
    let at = instant(&text, offset);
    ProviderTime::new(text, at)
}

/// A balance: decimal text in major units, with its point. Older editions have whole numbers in
/// minor units, so a number without a point is not believed.
pub(crate) fn balance(profile: &Profile, text: &str) -> Option<Money> {
    text.contains('.').then(|| Money::parse(text, profile.currency).ok()).flatten()
}

/// `2023-05-04 11:43:08` in the zone that is configured, or a time that names its own.
fn instant(text: &str, offset: Option<Offset>) -> Option<jiff::Timestamp> {
    // The date has hyphens too.
    let names_a_zone = text.bytes().skip(10).any(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-'));
    if names_a_zone {
        return text.parse().ok();
    }
    offset?.to_timestamp(text.parse::<DateTime>().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::Country;

    #[test]
    fn every_known_word_has_its_status_and_no_other_is_final() {
        for (word, status) in [
            ("PENDING", PayoutStatus::Pending),
            ("COMPLETED", PayoutStatus::Succeeded),
            ("COMPLETE", PayoutStatus::Succeeded),
            ("FAILED", PayoutStatus::Failed),
        ] {
            assert_eq!(payout_status(word), status);
        }
        for word in ["", "completed", "FAIL", "SUCCESS", "CANCEL", "REVERSED"] {
            assert_eq!(payout_status(word), PayoutStatus::Unknown(word.into()));
        }
    }

    #[test]
    fn a_balance_is_decimal_text() {
        let of = |country, text| {
            let profile = Profile::of(country).unwrap();
            balance(profile, text).map(|money| money.to_string())
        };
        assert_eq!(of(Country::PH, "10000.00").as_deref(), Some("PHP 10,000.00"));
        assert_eq!(of(Country::ID, "-2500000.5").as_deref(), Some("IDR -2,500,000.50"));
        for text in ["", "10000", "1,000.00", "1.0e4", "0.001", "."] {
            assert_eq!(of(Country::PH, text), None, "{text}");
        }
    }

    #[test]
    fn times_are_read_where_a_zone_is_known() {
        let at = |text, offset| instant(text, offset).map(|at| at.to_string());
        let manila = Some(jiff::tz::offset(8));
        assert_eq!(at("2023-05-04 11:43:08", manila).as_deref(), Some("2023-05-04T03:43:08Z"));
        assert_eq!(at("2023-05-04 11:43:08", None), None);
        let own = "2024-07-19T14:14:47+08:00";
        assert_eq!(at(own, None).as_deref(), Some("2024-07-19T06:14:47Z"));
        assert_eq!(at("yesterday", manila), None);
    }
}
