//! From the provider's words to neutral ones.

use crate::{client::Client, codes, profile::NAME, wire::Message};
use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{TimeZone, offset},
};
use std::borrow::Cow;
use tulay_adapter::{
    json::{IfText, Reader, order_id, provider_reference, whole_number},
    reply::Reply,
};
use tulay_core::{
    CollectionStatus, Country, Currency, Echo, Error, ErrorKind, IncomingPayment, Lookup, Money,
    Name, NamePart, Observation, Operation, OrderId, Party, PayoutStatus, Phone, ProviderReference,
    ProviderTime, Result, StatedAmount, Status, Terminal,
};

/// `trxState` of a payout (6.2, 6.3; `FAIL` and `REVERSED` from client code, the second spellings
/// from the same platform).
pub(crate) fn payout_status(word: &str) -> PayoutStatus {
    match word {
        "PROCESSING" | "INIT" | "PENDING" => PayoutStatus::Pending,
        "SUCCESS" => PayoutStatus::Succeeded,
        "FAIL" => PayoutStatus::Failed,
        "REVERSED" | "REVERSAL" => PayoutStatus::Reversed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// `trxState` of a collection; `CLOSE` means expired or cancelled unpaid.
pub(crate) fn collection_status(word: &str) -> CollectionStatus {
    match word {
        "PROCESSING" | "INIT" | "PENDING" => CollectionStatus::Pending,
        "SUCCESS" => CollectionStatus::Paid,
        "FAIL" => CollectionStatus::Failed,
        "REVERSED" | "REVERSAL" => CollectionStatus::Reversed,
        "CLOSE" | "CLOSED" => CollectionStatus::Closed,
        other => CollectionStatus::Unknown(other.to_owned()),
    }
}

/// What a message says of an order, the status in the provider's own word.
///
/// `trxAmount` is in centavos, and no message names another currency than the account's.
pub(crate) fn observation<'a>(
    operation: Operation,
    message: Message<'a>,
) -> Result<Observation<Cow<'a, str>>> {
    let reader = Reader::new(NAME, operation);
    let word = message.trx_state.map(|text| text.0).unwrap_or_default();
    let mut observation = Observation::new(word);
    observation.order_id = order_id(&message.original_msg_id);
    observation.provider_reference = provider_reference(&message.order_no);
    if let Some(amount) = message.trx_amount {
        let centavos = whole_number(&amount.0).ok_or_else(|| reader.unreadable("trxAmount"))?;
        observation.amount = Some(StatedAmount::known(Money::from_minor(centavos, Currency::PHP)));
    }
    let (code, words) = (message.error_code.into_string(), message.error_message.into_string());
    if code.is_some() || words.is_some() {
        observation.failure = Some(codes::failure(code, words));
    }
    observation.created = message.trx_date.into_string().map(|text| {
        let at = instant(&text);
        ProviderTime::new(text, at)
    });
    observation.counterparty = payer(message.pay_acct_name, message.pay_acct_no);
    Ok(observation)
}

/// The order in an answer, compared with the one that was asked about. The answer to its creation
/// names it by `msgId`; every other answer has to name it by `originalMsgId`.
pub(crate) fn order<S: Status>(
    client: &Client,
    operation: Operation,
    lookup: &Lookup,
    reply: &Reply,
    status: fn(&str) -> S,
) -> Result<Observation<S>> {
    let creates =
        matches!(operation, Operation::Payout | Operation::Collection | Operation::StaticCode);
    let mut names_account = false;
    let observation = reply.observe(|message: Message<'_>| {
        names_account = message.mch_id.as_str().is_some();
        let named = message.original_msg_id.as_str();
        let named = named.or_else(|| reply.response.message_id.as_deref().filter(|_| creates));
        // First of all: the rest of an answer that names another order, or none, says nothing.
        if named != Some(lookup.order_id.as_str()) {
            let message = match named {
                Some(_) => "starpay's answer is about another order",
                None => "starpay's answer names no order: it has no originalMsgId",
            };
            return Err(Error::new(operation, ErrorKind::Unrelated, message).with_field("order_id"));
        }
        let mut observation = observation(operation, message)?;
        observation.order_id = Some(lookup.order_id.clone());
        Ok(observation.map(|word| status(&word)))
    })?;
    // Without the merchant, where the guarantees list it, nothing is final.
    let echoes = &client.settings.guarantees.echoes;
    let identified = names_account || !echoes.contains(&Echo::Account);
    let echoes: &[Echo] = if identified { echoes } else { &[] };
    observation.conclude(echoes).check_matches(operation, lookup)
}

/// The payer of 6.3, as far as it can be kept: a wallet's account is a mobile number.
fn payer(name: IfText<'_>, account: IfText<'_>) -> Party {
    let mut payer = Party::default();
    payer.name = name.0.and_then(|name| NamePart::new(name.0).ok()).map(Name::Full);
    payer.mobile = account.0.and_then(|account| {
        let national = account.0.strip_prefix("639").map(|rest| ["09", rest].concat());
        Phone::mobile(national.as_deref().unwrap_or(&account.0), Country::PH).ok()
    });
    payer
}

/// Whether a payment of a static code has an id that distinguishes it from the next: `orderNo`, or an
/// `originalMsgId` that is not the code's own.
pub(crate) fn is_distinct<S>(observation: &Observation<S>) -> bool {
    let is_theirs = |id: &OrderId| id.operation() != Some(Operation::StaticCode);
    observation.provider_reference.is_some() || observation.order_id.as_ref().is_some_and(is_theirs)
}

/// A payment of a static code, as 6.5 notifies it.
///
/// Its `originalMsgId` is a number of the platform, as the payer gave none: it names no order of
/// ours, and distinguishes the payment from others only where `orderNo` is missing. The terminal
/// says which code was paid: a payment without it may be of any code, and is not final.
pub(crate) fn incoming_payment(
    mut observation: Observation<Cow<'_, str>>,
    terminal: Option<Terminal>,
) -> IncomingPayment {
    let (ours, theirs): (Option<OrderId>, Option<OrderId>) = match observation.order_id.take() {
        Some(id) if id.operation() == Some(Operation::StaticCode) => (Some(id), None),
        id => (None, id),
    };
    observation.order_id = ours;
    if observation.provider_reference.is_none() {
        let theirs = theirs.and_then(|id| ProviderReference::new(id.as_str()).ok());
        observation.provider_reference = theirs;
    }
    let mut incoming_payment =
        IncomingPayment::new(observation.map(|word| collection_status(&word)));
    incoming_payment.terminal = terminal;
    let code_is_known =
        incoming_payment.observation.order_id.is_some() || incoming_payment.terminal.is_some();
    incoming_payment.conclude(code_is_known)
}

/// A terminal; the code pads it with blanks to eight characters.
pub(crate) fn terminal(text: IfText<'_>) -> Option<Terminal> {
    text.0.and_then(|text| Terminal::new(text.0.trim_end()).ok())
}

/// A balance in whole centavos, negative when overdrawn.
pub(crate) fn balance(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(owed) => whole_number(owed)?.checked_neg(),
        None => whole_number(text),
    }
}

const DIGITS: &str = "%Y%m%d%H%M%S";

/// `yyyyMMddHHmmss` in Manila, as 6.1 takes it (the zone is an assumption).
pub(crate) fn digits(at: Timestamp) -> String {
    at.to_zoned(manila()).strftime(DIGITS).to_string()
}

/// A time as the platform writes it: with its offset (6.2), or without one, in Manila.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let civil = || {
        let all_digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
        let read = if all_digits { DateTime::strptime(DIGITS, text) } else { text.parse() };
        read.ok()?.to_zoned(manila()).ok().map(|zoned| zoned.timestamp())
    };
    text.parse().ok().or_else(civil)
}

/// Manila is eight hours ahead of UTC all year round.
fn manila() -> TimeZone {
    TimeZone::fixed(offset(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_word_has_its_status_and_no_other_is_final() {
        for (word, status) in [
            ("PROCESSING", PayoutStatus::Pending),
            ("INIT", PayoutStatus::Pending),
            ("PENDING", PayoutStatus::Pending),
            ("SUCCESS", PayoutStatus::Succeeded),
            ("FAIL", PayoutStatus::Failed),
            ("REVERSED", PayoutStatus::Reversed),
            ("REVERSAL", PayoutStatus::Reversed),
        ] {
            assert_eq!(payout_status(word), status);
        }
        for word in ["", "success", "FAILED", "CLOSE", "CLOSED", "TIMEOUT"] {
            assert_eq!(payout_status(word), PayoutStatus::Unknown(word.into()));
        }
        assert_eq!(collection_status("CLOSE"), CollectionStatus::Closed);
        assert_eq!(collection_status("CLOSED"), CollectionStatus::Closed);
        assert_eq!(collection_status("PAID"), CollectionStatus::Unknown("PAID".into()));
    }

    #[test]
    fn times_are_manila_s_in_and_out() {
        let at: Timestamp = "2026-11-20T16:05:09Z".parse().unwrap();
        assert_eq!(digits(at), "20261121000509");
        for text in ["2026-11-21T00:05:09+08:00", "20261121000509", "2026-11-21T00:05:09"] {
            assert_eq!(instant(text), Some(at), "{text}");
        }
        for text in ["", "tomorrow", "2026112100050", "20261321000509"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
