//! From the provider's words to neutral ones.

use crate::{
    error,
    profile::{self, LONGEST_REMARK},
    settings::{NameSplit, Settings},
    wire::{self, Disburse, Message, Receiver, Text},
};
use tulay_core::{
    AdapterContext, Answer, Bound, Channel, CollectionStatus, Country, Currency, Destination,
    Directory, Error, ErrorKind, InstitutionEntry, Invalid, Money, Name, NamePart, Observation,
    Operation, OrderId, Party, PartyKind, Payout, PayoutRequest, PayoutStatus, ProviderReference,
    ProviderTime, Result, StatedAmount, WalletAccount,
};

/// The text of 5.2's `request`.
pub(crate) fn disburse(
    settings: &Settings,
    request: &PayoutRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<String> {
    let invalid = |invalid| Error::invalid(Operation::Payout, &invalid);
    if request.extras.keys().any(|key| key.starts_with("starpay.")) {
        let expected = "no key under `starpay.`: there is none";
        return Err(invalid(Invalid::new("extras", expected)));
    }
    let names = names(settings.name_split, &request.beneficiary).map_err(invalid)?;
    Ok(wire::to_json(&Disburse {
        msg_id: order_id.as_str(),
        mch_id: &settings.merchant_id,
        acct_no: &account_number(&request.destination).map_err(invalid)?,
        acct_name: names.given.expose(),
        acct_middle_name: names.middle.as_ref().map(NamePart::expose),
        acct_last_name: names.family.as_ref().map(NamePart::expose),
        receiving_bank: receiving_bank(settings, &request.destination)?,
        trx_amount: request.amount.minor().to_string(),
        currency: request.amount.currency().as_str(),
        service: &settings.services.payout,
        attach: remark(request.remark.as_deref()).map_err(invalid)?,
        notify_url,
    }))
}

/// Whether a text is what [`disburse`] makes for this order.
pub(crate) fn is_disburse(body: &str, order_id: &str) -> bool {
    let rest = body.strip_prefix(r#"{"msgId":""#).and_then(|rest| rest.strip_prefix(order_id));
    rest.is_some_and(|rest| rest.starts_with("\","))
}

/// Where notifications of an operation arrive.
pub(crate) fn notify_url(context: &AdapterContext, operation: Operation) -> Option<String> {
    let base = context.notify_url.as_ref()?.to_string();
    Some(format!("{}/{operation}", base.trim_end_matches('/')))
}

/// `acctName`, `acctMiddleName`, `acctLastName`.
struct Names {
    given: NamePart,
    middle: Option<NamePart>,
    family: Option<NamePart>,
}

fn names(split: NameSplit, beneficiary: &Party) -> Result<Names, Invalid> {
    let whole = |name: &Name| Names { given: name.whole(), middle: None, family: None };
    match &beneficiary.name {
        Some(name) if beneficiary.kind == Some(PartyKind::Organization) => Ok(whole(name)),
        Some(Name::Parts { given, middle, family, suffix }) => Ok(Names {
            given: given.clone(),
            middle: middle.clone(),
            family: Some(match suffix {
                None => family.clone(),
                Some(suffix) => NamePart::new(format!("{} {}", family.expose(), suffix.expose()))?,
            }),
        }),
        Some(name) if split == NameSplit::Whole => Ok(whole(name)),
        _ => Err(Invalid::new(
            "family_name",
            "given and family name, as starpay wants parts (or name_split = \"whole\")",
        )),
    }
}

fn account_number(destination: &Destination) -> Result<String, Invalid> {
    match destination {
        Destination::Bank { account, .. }
        | Destination::Wallet { account: WalletAccount::Number(account), .. } => {
            Ok(account.expose().to_owned())
        }
        // A wallet knows its customers by the national form of their number.
        Destination::Wallet { account: WalletAccount::Phone(phone), .. } => phone
            .national(Country::PH)
            .ok_or_else(|| Invalid::new("account", "a mobile number of the Philippines")),
        _ => Err(Invalid::new("destination", "a bank account or a wallet")),
    }
}

/// An institution that has no name here may well have one at another provider.
fn receiving_bank<'a>(settings: &'a Settings, destination: &Destination) -> Result<&'a str> {
    let known = destination.institution().and_then(|id| {
        let configured = settings.institutions.get(id).map(String::as_str);
        configured.or_else(|| profile::receiving_bank(id))
    });
    known.ok_or_else(|| {
        let invalid = Invalid::new("institution", "a bank or wallet that starpay pays to");
        Error::unsupported(Operation::Payout, invalid.to_string()).at(invalid.field)
    })
}

fn remark(text: Option<&str>) -> Result<Option<&str>, Invalid> {
    let fits =
        |text: &str| text.chars().count() <= LONGEST_REMARK && !text.chars().any(char::is_control);
    match text {
        Some(text) if !fits(text) => {
            Err(Invalid::new("remark", format!("at most {LONGEST_REMARK} characters on one line")))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

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
pub(crate) fn observation(operation: Operation, message: Message) -> Result<Observation<String>> {
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
    let nonempty = |text: Option<Text>| text.map(|t| t.0).filter(|t| !t.is_empty());
    let (code, words) = (nonempty(message.error_code), nonempty(message.error_message));
    if code.is_some() || words.is_some() {
        said.failure = Some(error::failure(code, words));
    }
    said.created = message.trx_date.map(|text| {
        let at = text.0.parse().ok();
        ProviderTime::new(text.0, at)
    });
    Ok(said)
}

/// What an answer says of a payout. The answer to a disbursement names the order by its `msgId`.
pub(crate) fn payout(
    operation: Operation,
    bound: &[Bound],
    message: Message,
    answer: Answer,
) -> Result<Payout> {
    let mut said = match observation(operation, message) {
        Ok(said) => said,
        Err(error) => return Err(error.answered(answer)),
    };
    if operation == Operation::Payout && said.order_id.is_none() {
        said.order_id = answer.message_id.as_deref().and_then(|id| OrderId::parse(id).ok());
    }
    said.answer = Some(answer);
    Ok(as_payout(said, bound))
}

/// The payout's status. What cannot be held against the order is not final.
pub(crate) fn as_payout(said: Observation<String>, bound: &[Bound]) -> Payout {
    let is_bound = said.is_bound(bound) && said.amount.is_some();
    let mut payout = said.map(|word| payout_status(&word));
    let last = matches!(
        payout.status,
        PayoutStatus::Succeeded | PayoutStatus::Failed | PayoutStatus::Reversed
    );
    if last && !is_bound {
        payout.status = PayoutStatus::Pending;
    }
    if payout.status == PayoutStatus::Failed && payout.failure.is_none() {
        payout.failure = Some(error::failure(None, None));
    }
    payout
}

/// A balance in whole centavos, negative when overdrawn.
pub(crate) fn balance(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(owed) => centavos(owed)?.checked_neg(),
        None => centavos(text),
    }
}

/// Whole centavos, as a number or as text; never a fraction.
fn centavos(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// A row of 5.1. `receivingBank` wants the name, so the name is the code.
pub(crate) fn institution(row: Receiver) -> InstitutionEntry {
    let known = Directory::of(Country::PH)
        .zip(row.swift_code)
        .and_then(|(directory, bic)| directory.with_bic(&bic.0));
    let channel = known.map_or(Channel::Bank, |institution| institution.channel);
    let mut entry = InstitutionEntry::new(row.bank_name.0.clone(), row.bank_name.0, channel);
    entry.id = known.and_then(|institution| institution.institution_id());
    entry.closed = row.under_maintenance.is_some_and(|text| text.0 == "true");
    // Texts without a year ("Jun 6, 4:20 PM"): kept as they are.
    let time = |text: Text| ProviderTime::new(text.0, None);
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
    fn what_cannot_be_held_against_the_order_is_not_final() {
        let bound = [Bound::OrderId, Bound::Amount];
        for (word, status) in [
            ("SUCCESS", PayoutStatus::Succeeded),
            ("FAIL", PayoutStatus::Failed),
            ("REVERSED", PayoutStatus::Reversed),
        ] {
            let mut said = Observation::new(word.to_owned());
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
