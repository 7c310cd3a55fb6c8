//! From the provider's words to neutral ones.

use crate::{
    error,
    exchange::Reply,
    manila,
    wire::{IfText, Message, Receiver, Text},
};
use std::borrow::Cow;
use tulay_core::{
    Bound, Channel, CollectionStatus, Country, Credit, Currency, Directory, Error, ErrorKind,
    InstitutionEntry, Money, Name, NamePart, Observation, Operation, OrderId, Party, Payout,
    PayoutStatus, Phone, ProviderReference, ProviderTime, Result, StatedAmount, Terminal,
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
    let unreadable = |member: &'static str| {
        let text = format!("starpay's {member} cannot be read");
        Error::new(operation, ErrorKind::Unexpected, text).at(member)
    };
    let mut said = Observation::new(message.trx_state.map(|text| text.0).unwrap_or_default());
    if let Some(id) = message.original_msg_id {
        said.order_id = Some(OrderId::parse(&id.0).map_err(|_| unreadable("originalMsgId"))?);
    }
    if let Some(number) = message.order_no {
        let number = ProviderReference::new(number.0).map_err(|_| unreadable("orderNo"))?;
        said.provider_reference = Some(number);
    }
    if let Some(amount) = message.trx_amount {
        let centavos = centavos(&amount.0).ok_or_else(|| unreadable("trxAmount"))?;
        said.amount = Some(StatedAmount::known(Money::from_minor(centavos, Currency::PHP)));
    }
    let nonempty = |text: Option<Text<'_>>| text.map(Text::into_string).filter(|t| !t.is_empty());
    let (code, words) = (nonempty(message.error_code), nonempty(message.error_message));
    if code.is_some() || words.is_some() {
        said.failure = Some(error::failure(code, words));
    }
    said.created = message.trx_date.map(|text| {
        let at = manila::read(&text.0);
        ProviderTime::new(text.0, at)
    });
    said.counterparty = payer(message.pay_acct_name, message.pay_acct_no);
    Ok(said)
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

/// The collection of an answer. The answer to 6.1 names the order by its `msgId`.
pub(crate) fn collection(
    operation: Operation,
    bound: &[Bound],
    reply: Reply,
) -> Result<Observation<CollectionStatus>> {
    let observation = answered(operation, &reply, Operation::Collection)?;
    let mut collection = as_collection(observation, bound);
    collection.answer = Some(reply.answer);
    Ok(collection)
}

/// What an answer says of an order, which the answer to its creation names by its `msgId`.
pub(crate) fn answered(
    operation: Operation,
    reply: &Reply,
    creation: Operation,
) -> Result<Observation<Cow<'_, str>>> {
    let mut said = observation(operation, reply.read()?)
        .map_err(|error| error.answered(reply.answer.clone()))?;
    if operation == creation && said.order_id.is_none() {
        said.order_id = reply.answer.message_id.as_deref().and_then(|id| OrderId::parse(id).ok());
    }
    Ok(said)
}

/// The collection, with a status that the message can prove.
pub(crate) fn as_collection(
    observation: Observation<Cow<'_, str>>,
    bound: &[Bound],
) -> Observation<CollectionStatus> {
    observation.map(|word| collection_status(&word)).conclude(bound)
}

/// Whether a payment of a static code has an id by which it is told from the next: `orderNo`, or an
/// `originalMsgId` that is not the code's own.
pub(crate) fn is_told_apart<S>(said: &Observation<S>) -> bool {
    let is_theirs = |id: &OrderId| id.operation() != Some(Operation::Code);
    said.provider_reference.is_some() || said.order_id.as_ref().is_some_and(is_theirs)
}

/// A payment of a static code, as 6.5 notifies it.
///
/// Its `originalMsgId` is a number of the platform, as the payer gave none: it names no order of
/// ours, and distinguishes the payment from others only where `orderNo` is missing. The terminal
/// says which code was paid: a payment without it may be of any code, and is not final.
pub(crate) fn credit(
    mut observation: Observation<Cow<'_, str>>,
    terminal: IfText<'_>,
    reference: IfText<'_>,
) -> Credit {
    let (ours, theirs): (Option<OrderId>, Option<OrderId>) = match observation.order_id.take() {
        Some(id) if id.operation() == Some(Operation::Code) => (Some(id), None),
        id => (None, id),
    };
    observation.order_id = ours;
    if observation.provider_reference.is_none() {
        let theirs = theirs.and_then(|id| ProviderReference::new(id.as_str()).ok());
        observation.provider_reference = theirs;
    }
    let mut credit = Credit::new(observation.map(|word| collection_status(&word)));
    // The code pads it with blanks to eight characters.
    credit.terminal = terminal.0.and_then(|text| Terminal::new(text.0.trim_end()).ok());
    credit.rail_reference =
        reference.0.map(Text::into_string).filter(|reference| !reference.is_empty());
    let code_is_known = credit.observation.order_id.is_some() || credit.terminal.is_some();
    credit.conclude(code_is_known)
}

/// The payout of an answer. The answer to a disbursement names the order by its `msgId`.
pub(crate) fn payout(operation: Operation, bound: &[Bound], reply: Reply) -> Result<Payout> {
    let observation = answered(operation, &reply, Operation::Payout)?;
    let mut payout = as_payout(observation, bound);
    payout.answer = Some(reply.answer);
    Ok(payout)
}

/// The payout, with a status that the message can prove.
pub(crate) fn as_payout(observation: Observation<Cow<'_, str>>, bound: &[Bound]) -> Payout {
    observation.map(|word| payout_status(&word)).conclude(bound)
}

/// A balance in whole centavos, negative when overdrawn.
pub(crate) fn balance(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(owed) => centavos(owed)?.checked_neg(),
        None => centavos(text),
    }
}

/// Whole centavos, as a number or as text; never a fraction.
pub(crate) fn centavos(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// A row of 5.1. `receivingBank` wants the name, so the name is the code.
pub(crate) fn institution(row: Receiver<'_>) -> InstitutionEntry {
    let known = Directory::of(Country::PH)
        .zip(row.swift_code)
        .and_then(|(directory, bic)| directory.with_bic(&bic.0));
    let channel = known.map_or(Channel::Bank, |institution| institution.channel);
    let name = row.bank_name.into_string();
    let mut entry = InstitutionEntry::new(name.clone(), name, channel);
    entry.id = known.and_then(|institution| institution.institution_id());
    entry.closed = row.under_maintenance.is_some_and(|text| text.0 == "true");
    // Texts without a year ("Jun 6, 4:20 PM"): kept as they are.
    let time = |text: Text<'_>| ProviderTime::new(text.0, None);
    let window = row.maintenance_start_time.zip(row.maintenance_end_time);
    entry.maintenance = window.map(|(from, until)| (time(from), time(until)));
    entry
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
    fn final_status_needs_an_identified_order() {
        let bound = [Bound::OrderId, Bound::Amount];
        for (word, status) in [
            ("SUCCESS", PayoutStatus::Succeeded),
            ("FAIL", PayoutStatus::Failed),
            ("REVERSED", PayoutStatus::Reversed),
        ] {
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
    fn centavos_are_whole() {
        assert_eq!(centavos("10000"), Some(10_000));
        for text in ["", "100.00", "-1", "1e2", "+1", " 1", "99999999999999999999"] {
            assert_eq!(centavos(text), None, "{text:?}");
        }
    }
}
