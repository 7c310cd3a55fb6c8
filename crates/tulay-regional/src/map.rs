//! From the provider's words to neutral ones.

use crate::{
    error,
    exchange::Reply,
    profile::{NAME, Profile},
    settings::Settings,
    wire::{Order, Text},
};
use jiff::{civil::DateTime, tz::Offset};
use std::borrow::Cow;
use tulay_adapter::json::nonempty;
use tulay_core::{
    Answer, Bound, CodeStatus, CollectionStatus, Error, ErrorKind, Money, Observation, Operation,
    OrderId, Payout, PayoutStatus, ProviderReference, ProviderTime, Refund, RefundStatus, Result,
    StatedAmount,
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

/// `transactionStatus` of a collection. An unpaid one ends as `FAILED` too: expiry has no word of
/// its own.
fn collection_status(word: &str) -> CollectionStatus {
    match payout_status(word) {
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
pub(crate) fn code_status(word: &str) -> CodeStatus {
    match word {
        "ACTIVE" => CodeStatus::Active,
        "INACTIVE" => CodeStatus::Inactive,
        "CANCEL" | "CANCELLED" => CodeStatus::Cancelled,
        other => CodeStatus::Unknown(other.to_owned()),
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
    let unreadable = |member: &'static str| {
        let text = format!("regional's {member} cannot be read");
        Error::new(operation, ErrorKind::Unexpected, text).at(member)
    };
    let mut said =
        Observation::new(order.transaction_status.map(|text| text.0).unwrap_or_default());
    if let Some(id) = order.mch_order_id {
        said.order_id = Some(OrderId::parse(&id.0).map_err(|_| unreadable("mchOrderId"))?);
    }
    if let Some(id) = order.transaction_id {
        let id = ProviderReference::new(id.0).map_err(|_| unreadable("transactionId"))?;
        said.provider_reference = Some(id);
    }
    let currency = order.currency.as_ref().map(|text| &*text.0).filter(|text| !text.is_empty());
    let is_meant = |profile: &&&Profile| currency.is_none_or(|c| c == profile.currency.as_str());
    let meant = || profiles.iter().filter(is_meant);
    if meant().next().is_none() {
        let message =
            "regional's message is about a currency that is not configured, or not asked for";
        return Err(Error::new(operation, ErrorKind::Mismatch, message).at("currency"));
    }
    let stated = |text: Text<'_>, member| {
        let readings = whole(&text.0).and_then(|number| {
            meant().map(|profile| profile.read_wire(number)).collect::<Option<Vec<Money>>>()
        });
        readings.map(StatedAmount::readings).ok_or_else(|| unreadable(member))
    };
    said.amount = order.amount.map(|text| stated(text, "amount")).transpose()?;
    said.fee = order.fee_refunded.map(|text| stated(text, "feeRefunded")).transpose()?;
    let (code, words) = (nonempty(order.failed_code), nonempty(order.failed_message));
    if code.is_some() || words.is_some() {
        said.failure = Some(error::failure(code, words));
    }
    let time = |text| time(text, offset);
    said.created = nonempty(order.create_time.or(order.transaction_time)).map(time);
    said.finished = nonempty(order.return_time).map(time);
    Ok(said)
}

/// What an answer says of a payout.
pub(crate) fn payout(
    operation: Operation,
    profile: &Profile,
    settings: &Settings,
    asked: &OrderId,
    reply: Reply,
) -> Result<Payout> {
    let said = answered(operation, profile, settings, asked, reply.read()?, &reply.answer)?;
    let mut payout = as_payout(said, &settings.contract.bound);
    payout.answer = Some(reply.answer);
    Ok(payout)
}

/// What an answer says of an order, the status in the provider's own word. The answer itself is for
/// the caller to keep.
pub(crate) fn answered<'a>(
    operation: Operation,
    profile: &Profile,
    settings: &Settings,
    asked: &OrderId,
    order: Order<'a>,
    answer: &Answer,
) -> Result<Observation<Cow<'a, str>>> {
    // Before all else: what another order's answer says of currencies is no contradiction.
    if order.mch_order_id.as_ref().is_some_and(|id| id.0 != asked.as_str()) {
        let message = "regional's answer is about another order";
        let error = Error::new(operation, ErrorKind::Unrelated, message).at("order_id");
        return Err(error.answered(answer.clone()));
    }
    let said = observation(operation, &[profile], settings.offset(), order)
        .map_err(|error| error.answered(answer.clone()))?;
    // Nothing else tells that a look-up's answer is about what was asked, and an answer without
    // any id is no proof that an order was taken.
    let named = said.order_id.is_some() || operation.writes() && said.provider_reference.is_some();
    if !named {
        let message = "the mchOrderId of what it answers is missing";
        let error = Error::new(operation, ErrorKind::Unrelated, message).at("mchOrderId");
        return Err(error.with_response_from(NAME, answer.clone()));
    }
    Ok(said)
}

/// The payout, with a status that the message can prove.
pub(crate) fn as_payout(observation: Observation<Cow<'_, str>>, bound: &[Bound]) -> Payout {
    observation.map(|word| payout_status(&word)).conclude(bound)
}

/// The collection, with a status that the message can prove.
pub(crate) fn as_collection(
    observation: Observation<Cow<'_, str>>,
    bound: &[Bound],
) -> Observation<CollectionStatus> {
    collected(observation).conclude(bound)
}

/// A collection or a payment of a static code, with the status that the message names.
pub(crate) fn collected(observation: Observation<Cow<'_, str>>) -> Observation<CollectionStatus> {
    // The answer to a creation has no status: the collection waits for its payer.
    observation.map(|word| match &*word {
        "" => CollectionStatus::Pending,
        word => collection_status(word),
    })
}

/// The refund, with a status that the message can prove.
pub(crate) fn as_refund(observation: Observation<Cow<'_, str>>, bound: &[Bound]) -> Refund {
    observation.map(|word| refund_status(&word)).conclude(bound)
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

/// A whole number of units, as a number or as text; never a fraction.
fn whole(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
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
    use tulay_core::{Country, Currency};

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
    fn final_status_needs_an_identified_order() {
        let bound = [Bound::OrderId, Bound::Amount];
        for (word, status) in
            [("COMPLETED", PayoutStatus::Succeeded), ("FAILED", PayoutStatus::Failed)]
        {
            let mut said = Observation::new(Cow::Borrowed(word));
            assert_eq!(as_payout(said.clone(), &bound).status, PayoutStatus::Pending);
            said.amount = Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
            assert_eq!(as_payout(said.clone(), &bound).status, PayoutStatus::Pending);
            said.order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").ok();
            assert_eq!(as_payout(said.clone(), &bound).status, status);
            assert_eq!(as_payout(said, &[]).status, PayoutStatus::Pending);
        }
    }

    #[test]
    fn amounts_are_whole() {
        assert_eq!(whole("10000"), Some(10_000));
        for text in ["", "100.00", "-1", "1e2", "+1", " 1", "99999999999999999999"] {
            assert_eq!(whole(text), None, "{text:?}");
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
